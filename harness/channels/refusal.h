#ifndef CHANNELS_REFUSAL_H
#define CHANNELS_REFUSAL_H
/**
 * Refusal: what a form that came back says is wrong, and with which of its fields.
 */
#include "harness/channels/page.h"
#include "harness/model/event.h"

/**
 * The fields that the page itself marks as wrong (aria-invalid, aria-errormessage, aria-describedby,
 * a complaint beside the field), label → what is said of it. In the answer's arena.
 */
struct named_text *refused_fields(const struct page *answer, size_t *count);

/** Append the new lines that complain; nothing where a new line thanks or confirms. */
void refusal_words(const struct page *before, const struct page *answer, struct buf *out);

#endif
