#ifndef CHANNELS_FIELDS_H
#define CHANNELS_FIELDS_H
/**
 * Fields: finding a form and its fields as a person does, by what is written there, and filling
 * them in.
 *
 * Names  compared folded, without asterisks, colons and "(required)". A whole name beats one that
 *        only contains the words; a label beats a placeholder beats a name nobody sees. Two fields
 *        that fit equally well are an error, not a guess.
 */
#include "harness/channels/page.h"
#include "harness/model/event.h"

enum hit_kind {
    HIT_NONE,
    HIT_CONTROL,
    HIT_GROUP,                    /* radio buttons or checkboxes under one name or legend */
};

struct field_hit {
    enum hit_kind kind;
    int control;                  /* HIT_GROUP: one of them */
    int rival;                    /* fits as well; -1 none */
    int score;
};

/** The field called `wanted` in one form. */
struct field_hit field_find(const struct page *p, int form, const char *wanted);

/** What to call a hit in a message or a report: as the page writes it. */
const char *field_label(const struct page *p, const struct field_hit *h);

/** May a customer fill it in? Not buttons, not what is hidden. */
bool field_fillable(const struct control *c);

/**
 * The form that has all of `fields`; never simply the first.
 *
 * @param submit  text of the button to press; NULL any.
 * @param hits    one per field, filled in on success.
 * @param why     on failure what a person would need to know: the field that is missing, what is
 *                there instead, what may have been meant. On success empty, or a remark: several
 *                forms fit equally well and the first of them was taken.
 * @return its index; -1.
 */
int form_choose(const struct page *p, const struct named_text *fields, size_t count,
                const char *submit, struct field_hit *hits, struct buf *why);

/** Does `whole` contain `part` as words of its own, three letters at least? Both folded. */
bool name_has_words(const char *whole, const char *part);

/** Append "Your name, Email, Topic (Delivery, Refund)" */
void form_describe(const struct page *p, int form, struct buf *out);

/**
 * Put a value where `h` points. Yes and no tick and untick; lists and radio buttons go by what is
 * shown, then by value.
 * @return false with the reason in why: no such choice, read-only, …
 */
bool field_fill(struct page *p, const struct field_hit *h, const char *value, struct buf *why);

/** Give files to the form's file fields, in order. False with the reason in why. */
bool form_attach(struct page *p, int form, const char *const *paths, size_t count,
                 struct buf *why);

/**
 * The button to press: the one that says `submit`, else the form's first.
 * @return its index; -1 no button (a form may be sent without); -2 none that says so: why.
 */
int form_button(const struct page *p, int form, const char *submit, struct buf *why);

/**
 * What the browser would refuse to send (html.spec.whatwg.org, 4.10.21.3): required, minlength,
 * maxlength, pattern, min, max, and what an email address, a number or a URL looks like. Appends a
 * line each.
 * @return how many.
 */
size_t form_violations(const struct page *p, int form, struct buf *out);
/** The same of one control. */
bool field_violates(const struct page *p, int form, size_t control, struct buf *out);

/** Has it no name that anybody could read beside it or in it? */
bool field_unlabelled(const struct control *c);

#endif
