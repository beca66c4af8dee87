#ifndef CHANNELS_REFUSAL_H
#define CHANNELS_REFUSAL_H
/**
 * Refusal: what a form that came back says is wrong, and with which of its fields.
 */
#include "harness/channels/form_words.h"
#include "harness/channels/page.h"
#include "harness/model/event.h"

/**
 * The fields that the page itself marks as wrong (aria-invalid, aria-errormessage, aria-describedby,
 * a complaint beside the field), label → what is said of it. In the answer's arena.
 */
struct named_text *refused_fields(const struct page *answer, size_t *count);

/**
 * Append the lines of the answer that complain and did not stand on the page before, by the packs'
 * words.
 * @param came_back  the form is there again: then a plain complaint counts, if no new line thanks;
 *                   else only a line that says that nothing got through.
 */
void refusal_words(const struct lexicons *packs, const struct page *before,
                   const struct page *answer, bool came_back, struct buf *out);

/** Append what alerts and error summaries say (page_errors) that is news, and is no thanks. */
void refusal_alerts(const struct lexicons *packs, const struct page *before,
                    const struct page *answer, struct buf *out);

#endif
