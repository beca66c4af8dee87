#ifndef REPORTERS_WORDS_H
#define REPORTERS_WORDS_H
/**
 * Words: what the HTML report says for itself, in each of its languages. What people said, and the
 * customer's sentences about it, stay in the language of their journey.
 *
 * Words are trusted: they are written into the page as they are, and hold no markup.
 */
#include "harness/model/result.h"

/* X(id, English, German, French, Persian); {0} {1} … are filled in. reporters/words_list.h */
#include "reporters/words_list.h"

enum word {
#define X(id, en, de, fr, fa) WORD_##id,
    WORD_LIST(X)
#undef X
    WORD_COUNT
};

enum { LANGUAGE_EN, LANGUAGE_DE, LANGUAGE_FR, LANGUAGE_FA, LANGUAGE_COUNT };

struct words {
    const char *code;                     /* BCP 47 */
    bool rtl;
    const char *decimal;                  /* between units and tenths */
    const char *digits[10];               /* NULL: the usual ones */
    int column;                           /* of the lists */
};
/** Ends with a row without code. */
extern const struct words words_languages[];
extern const char *const words_codes[];   /* the codes alone; ends with NULL */

/** By code; English when there is none. */
const struct words *words_find(const char *code);

const char *word(const struct words *w, enum word id);
/** A word of several at id, id + 1, …: for counted things, one and many. */
const char *word_counted(const struct words *w, enum word one, size_t n);

const char *words_title(const struct words *w, const struct finding_row *row);
const char *words_mark(const struct words *w, enum mark_kind k);
const char *words_mail_kind(const struct words *w, enum mail_kind k);
const char *words_line(const struct words *w, const char *what);

/** Text with {0}, {1} … filled in by already escaped texts; ends with NULL. */
void words_say(struct buf *out, const struct words *w, enum word id, const char *const *args);
#define SAY(out, w, id, ...) words_say((out), (w), (id), (const char *const[]){ __VA_ARGS__, NULL })

/** Numbers as the language writes them. The text lives as long as the whole expression. */
struct number { char text[48]; };
struct number words_int(const struct words *w, long long n);
struct number words_tenths(const struct words *w, double value);
/** Digits of a finished text ("0:46.8", "1.2 s") as the language writes them. Appended. */
void words_digits(struct buf *out, const struct words *w, const char *text);
void words_duration(struct buf *out, const struct words *w, int64_t us);
/** "6 May 2024, 08:00 UTC"; as it is when it looks otherwise. */
void words_date(struct buf *out, const struct words *w, const char *rfc3339);

#endif
