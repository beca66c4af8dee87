#ifndef READ_TIDY_H
#define READ_TIDY_H
/**
 * Tidy: a copy of a message that patterns can rely on (model/lexicon.h), cut into sentences.
 */
#include "harness/base/buf.h"
#include "harness/read/words.h"

enum {
    TIDY_MAX_BYTES = 64 * 1024,   /* nobody reads on; neither do we */
    SENTENCE_MAX_BYTES = 2048,
};

struct sentence {
    size_t start, end;            /* bytes of the tidied text */
    bool question;
};

struct tidy {
    struct buf text;
    uint32_t *origin;             /* text.len + 1 byte offsets into the message */
    size_t origin_cap;
    struct sentence *sentences;
    size_t count, cap;
};

struct pack;

void tidy_init(struct tidy *t);
void tidy_release(struct tidy *t);
/** Only the copy. Private-use characters become blanks: they stand for frame words. */
void tidy_copy(struct tidy *t, struct slice message);
/** Its sentences; what a mail quotes from an older one is left out. */
void tidy_sentences(struct tidy *t, const struct pack *p);

#endif
