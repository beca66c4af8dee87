#ifndef MODEL_MEMBERS_H
#define MODEL_MEMBERS_H
/**
 * Members: typed reading of JSON objects that strangers wrote, with a message for everything that
 * is not as it should be; and the few calls that write what can be read back.
 *
 * Every reader leaves *ret alone when the member is missing or null (an error if it is needed) and
 * reports a wrong type, a value out of range or an over-long text. Unknown members are ignored.
 * Messages read `tickets.jsonl:7: customer.name: expected text, found a number`.
 */
#include <jansson.h>
#include <stdbool.h>

#include "harness/base/diag.h"
#include "harness/model/event.h"

enum need { OPTIONAL, NEEDED };

enum {
    MEMBER_TEXT_MAX = 64 * 1024,  /* names, addresses, subjects */
    MEMBER_LIST_MAX = 10000,      /* items of a list; what may be longer says so itself */
    MEMBER_ERRORS_MAX = 20,       /* after that nobody reads on */
};

/** One object and the way to it. The root's `key` is the file's name, its index the line. */
struct members {
    const struct members *up;
    const char *key;
    int64_t index;                /* in a list, or a line; -1 none */
    const json_t *object;
    struct diags *diags;
    struct arena *arena;          /* texts are copied there, cleaned to valid UTF-8 */
};

/** Report; the text has no full stop. key may be NULL: the object itself. */
void member_error(const struct members *m, const char *key, const char *fmt, ...)
    PRINTF_LIKE(3, 4);
void member_warning(const struct members *m, const char *key, const char *fmt, ...)
    PRINTF_LIKE(3, 4);

/** Present and not null. */
bool member_given(const struct members *m, const char *key);

bool member_text(const struct members *m, const char *key, enum need need, size_t max,
                 const char **ret);
bool member_int(const struct members *m, const char *key, enum need need, int64_t min,
                int64_t max, int64_t *ret);
/** A time in microseconds, 0 to 100 years. */
bool member_us(const struct members *m, const char *key, enum need need, int64_t *ret);
bool member_number(const struct members *m, const char *key, enum need need, double min,
                   double max, double *ret);
bool member_bool(const struct members *m, const char *key, enum need need, bool *ret);
/** names ends with NULL; *ret is the index. */
bool member_choice(const struct members *m, const char *key, enum need need,
                   const char *const *names, int *ret);
/** A member that is an object; false when it is not there. */
bool member_object(const struct members *m, const char *key, enum need need,
                   struct members *ret);
/** A member that is a list of at most max items; NULL when it is not there. */
const json_t *member_list(const struct members *m, const char *key, enum need need, size_t max);
/** Item i of such a list, which must be an object. */
bool member_item(const struct members *m, const char *key, const json_t *list, size_t i,
                 struct members *ret);
/** The same where the list is not at hand: item i of it is j. */
bool member_value(const struct members *m, const char *key, const json_t *j, size_t i,
                  struct members *ret);
bool member_texts(const struct members *m, const char *key, const char ***items, size_t *count);
/** An object of texts, in order. Each text at most max bytes. */
bool member_pairs(const struct members *m, const char *key, size_t max,
                  struct named_text **items, size_t *count);

/** Copy of s as valid UTF-8 without controls, cut at max bytes between characters. s NULL → NULL. */
char *member_clean(struct arena *a, const char *s, size_t len, size_t max);

/* Writing. What is NULL is left out. */
json_t *json_text(const char *s);             /* cleaned when it is not valid UTF-8 */
json_t *json_number(double value);            /* an integer where it is one */
json_t *json_texts(const char *const *items, size_t count);
json_t *json_pairs(const struct named_text *items, size_t count);
void json_put_text(json_t *object, const char *key, const char *s);
void json_put_int(json_t *object, const char *key, int64_t value, int64_t none);

#endif
