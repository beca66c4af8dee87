#ifndef MODEL_JSON_OUT_H
#define MODEL_JSON_OUT_H
/**
 * Json out: JSON written straight into a buffer, member by member. A tree of values costs ten times
 * as much, and a big audit is mostly this. What comes out is what json_dumps makes of the same values
 * (test_json_out compares them).
 *
 * Keys     NULL in a list and for the whole; nothing looks for a key that is there twice.
 * Texts    valid UTF-8, or they are cleaned. NULL is left out.
 */
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "harness/base/buf.h"
#include "harness/model/event.h"

enum { JSON_OUT_DEPTH_MAX = 64 };

struct json_out {
    struct buf *to;
    int indent;                   /* blanks a level; 0: one line without any */
    int digits;                   /* of a number that is not whole */
    int depth;                    /* what is open; a document may begin further in */
    uint64_t lists;               /* bit n: what is open at depth n + 1 is a list */
    bool empty;                   /* nothing stands yet in what was opened last */
};

/** One line, numbers as exact as they are. */
struct json_out json_out_line(struct buf *to);
/** For people too: indented, `depth` levels further in; 15 digits, so that 0.9 stays 0.9. */
struct json_out json_out_pretty(struct buf *to, int depth);

void json_out_object(struct json_out *o, const char *key);
void json_out_list(struct json_out *o, const char *key);
void json_out_close(struct json_out *o);  /* the last one opened */

void json_out_text(struct json_out *o, const char *key, const char *s);
void json_out_whole(struct json_out *o, const char *key, int64_t value);
/** Left out when it is `none`. */
void json_out_int(struct json_out *o, const char *key, int64_t value, int64_t none);
void json_out_number(struct json_out *o, const char *key, double value);
void json_out_null(struct json_out *o, const char *key);
void json_out_bool(struct json_out *o, const char *key, bool value);
void json_out_texts(struct json_out *o, const char *key, const char *const *items, size_t count);
/** An object; a text that is NULL is "". */
void json_out_pairs(struct json_out *o, const char *key, const struct named_text *items,
                    size_t count);
/** A value that is there as a tree. */
void json_out_tree(struct json_out *o, const char *key, const json_t *value);

#endif
