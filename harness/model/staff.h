#ifndef MODEL_STAFF_H
#define MODEL_STAFF_H
/**
 * Staff: the names of the company's people, found in a journey and taken out of it.
 *
 * Found    where somebody is introduced in what the company wrote: "I am Keti", "my colleague
 *          Jonas", "Kind regards, Anna Berg", "Ms Berg"; English, German, French, Persian; and in
 *          the sender of a mail. Each word of such a name then counts everywhere in the journey.
 * Hidden   in texts, subjects, senders, addresses, what was read, findings, reasons: "[name]".
 *          Marks keep pointing at their words.
 * Kept     the customer's own names, the company's name, words like "Support" and "Team".
 * Limits   a name that is never introduced stays; a nickname for a known name stays; a name that is
 *          also a word is hidden only where it is written with a capital letter, and then always.
 */
#include "harness/model/result.h"

struct staff;

struct staff *staff_new(void);
void staff_free(struct staff *s);                 /* NULL is fine */

/** Hide in one journey, after it was judged. Texts change; times, numbers and kinds do not. */
void staff_hide(const struct staff *s, struct journey_result *jr);
void staff_hide_one(struct journey_result *jr);

#endif
