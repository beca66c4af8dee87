#ifndef LOAD_VALUE_H
#define LOAD_VALUE_H
/**
 * Value: single texts typed by a row: text, template, pattern, duration, number, choice.
 */
#include "harness/load/object.h"

/** False when n is not a text with something in it (an error then). "" in quotes is something. */
bool value_is_text(struct loader *l, const char *name, const struct node *key,
                   const struct node *n, const char *wanted);

const char *value_text(struct loader *l, const char *name, const struct node *key,
                       const struct node *n);
/** NULL after an error. */
const struct template *value_template(struct loader *l, const char *name, const struct node *key,
                                      const struct node *n);
struct pattern value_pattern(struct loader *l, const char *name, unsigned flags,
                             const struct node *key, const struct node *n);

void value_read_text(struct loader *l, const struct field *f, const struct node *key,
                     const struct node *n, void *slot);
void value_read_template(struct loader *l, const struct field *f, const struct node *key,
                         const struct node *n, void *slot);
void value_read_regex(struct loader *l, const struct field *f, const struct node *key,
                      const struct node *n, void *slot);
void value_read_duration(struct loader *l, const struct field *f, const struct node *key,
                         const struct node *n, void *slot);
void value_read_int(struct loader *l, const struct field *f, const struct node *key,
                    const struct node *n, void *slot);
void value_read_number(struct loader *l, const struct field *f, const struct node *key,
                       const struct node *n, void *slot);
void value_read_bool(struct loader *l, const struct field *f, const struct node *key,
                     const struct node *n, void *slot);
void value_read_choice(struct loader *l, const struct field *f, const struct node *key,
                       const struct node *n, void *slot);

#endif
