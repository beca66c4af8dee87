#ifndef CLI_LETTER_H
#define CLI_LETTER_H
/**
 * Letter: one mail from a file, as the customer of a journey would take it.
 */
#include <jansson.h>

#include "harness/channels/mail_kind.h"
#include "harness/read/read.h"

/**
 * What is read in a mail: kind, confidence, rule, subject, from, text, promise (with `due`, where the
 * mail has a date), attachments, links, reference, delivery, verdicts. New reference.
 */
json_t *letter_json(const struct reader *r, struct slice bytes);

#endif
