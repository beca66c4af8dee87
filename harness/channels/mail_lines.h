#ifndef CHANNELS_MAIL_LINES_H
#define CHANNELS_MAIL_LINES_H
/**
 * Mail lines: the text of a mail line by line, while history, signature and small print are taken
 * out of it. Used by mail_text.c and mail_signature.c only.
 *
 * The words of mail programs stand in tables here and not in language packs: they are written in
 * the language of the sender's program, whatever language the mail is in.
 */
#include "harness/base/buf.h"

struct line {
    struct slice text;            /* without its line end and blanks at both ends */
    struct slice raw;
    size_t folded;                /* byte of lines.folded; NUL-terminated */
    bool gone;
};

struct lines {
    struct line *items;
    size_t count, cap;
    struct buf folded;            /* text_fold of each line's beginning */
};

const char *lines_folded(const struct lines *l, size_t i);
/** The first line at or after i that has words and is not gone; count when there is none. */
size_t lines_next(const struct lines *l, size_t i);
void lines_drop_from(struct lines *l, size_t i);
/** Does any of the parts stand in the folded text? */
bool lines_any(const char *folded, const char *const *parts, size_t count);

/* mail_signature.c */
/** "Sent from my phone", "reply above this line", "delivered by a ticket system". */
void lines_drop_machines(struct lines *l);
/** "-- " and what follows; the contact block below a closing formula and a name. */
void lines_drop_signature(struct lines *l);
/** Where the closing formula stands ("Kind regards"); count when there is none. */
size_t lines_closing(const struct lines *l);
/** Paragraphs about confidentiality, viruses and trees. */
void lines_drop_disclaimers(struct lines *l);

#endif
