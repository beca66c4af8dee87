#include "harness/model/json_out.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "harness/base/text.h"

enum { NUMBER_MAX = 64, ESCAPED_MAX = 6, DIGITS_ALL = 17, DIGITS_PRETTY = 15, INDENT_PRETTY = 2 };

struct json_out json_out_line(struct buf *to)
{
    return (struct json_out){ .to = to, .digits = DIGITS_ALL, .empty = true };
}

struct json_out json_out_pretty(struct buf *to, int depth)
{
    return (struct json_out){ .to = to, .indent = INDENT_PRETTY, .digits = DIGITS_PRETTY,
                              .depth = depth, .empty = true };
}

/* Texts */

static bool stands_as_it_is(char c)
{
    return (unsigned char)c >= ' ' && c != '"' && c != '\\';
}

static void put_escaped(struct buf *to, char c)
{
    static const char shorts[] = "\"\"\\\\\bb\ff\nn\rr\tt";

    for (const char *s = shorts; *s; s += 2) {
        if (*s == c) {
            buf_add(to, (char[]){ '\\', s[1] }, 2);
            return;
        }
    }
    buf_addf(to, "\\u%04X", (unsigned)c);
}

static void put_valid(struct buf *to, struct slice s)
{
    size_t from = 0;

    buf_addc(to, '"');
    for (size_t i = 0; i < s.len; i++) {
        if (stands_as_it_is(s.ptr[i]))
            continue;
        buf_add(to, s.ptr + from, i - from);
        put_escaped(to, s.ptr[i]);
        from = i + 1;
    }
    buf_add(to, s.ptr + from, s.len - from);
    buf_addc(to, '"');
}

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))
#define ANY_ZERO(x) (((x) - EACH(1)) & ~(x) & EACH(0x80))

/** Is it all ASCII that stands as it is? Eight bytes at a time. */
static bool is_plain(struct slice s)
{
    uint64_t bad = 0, x;

    if (s.len < sizeof x) {
        for (size_t i = 0; i < s.len; i++)
            if (!stands_as_it_is(s.ptr[i]) || (unsigned char)s.ptr[i] >= 0x80)
                return false;
        return true;
    }
    for (size_t i = 0; i < s.len; i += sizeof x) {       /* the last eight may be looked at twice */
        memcpy(&x, s.ptr + (i + sizeof x <= s.len ? i : s.len - sizeof x), sizeof x);
        bad |= (x & EACH(0x80)) | ((x - EACH(' ')) & ~x & EACH(0x80)) | ANY_ZERO(x ^ EACH('"')) |
               ANY_ZERO(x ^ EACH('\\'));
    }
    return !bad;
}

static bool is_ascii(struct slice s)
{
    unsigned char all = 0;

    for (size_t i = 0; i < s.len; i++)
        all |= (unsigned char)s.ptr[i];
    return all < 0x80;
}

static void put_other(struct buf *to, struct slice s)
{
    if (is_ascii(s) || text_is_valid(s)) {
        put_valid(to, s);
        return;
    }

    CLEANUP(buf_release) struct buf clean = BUF_INIT(s.len * 3);

    text_add_clean(&clean, s);
    put_valid(to, buf_slice(&clean));
}

static void put_text(struct buf *to, const char *text)
{
    struct slice s = slice_str(text);
    char *at;

    if (!is_plain(s)) {
        put_other(to, s);
    } else if ((at = buf_extend(to, s.len + 2))) {
        *at = '"';
        memcpy(at + 1, s.ptr, s.len);
        at[s.len + 1] = '"';
    }
}

/* Layout */

static void new_line(struct json_out *o, bool comma)
{
    size_t blanks = (size_t)(o->indent * o->depth);
    char *at = buf_extend(o->to, (size_t)comma + (o->indent ? blanks + 1 : 0));

    if (!at)
        return;
    if (comma)
        *at++ = ',';
    if (!o->indent)
        return;
    *at++ = '\n';
    for (size_t i = 0; i < blanks; i++)
        at[i] = ' ';
}

/** What stands before a value. */
static void begin(struct json_out *o, const char *key)
{
    bool whole = !key && !(o->depth && o->lists >> (o->depth - 1) & 1);

    if (whole)
        return;
    new_line(o, !o->empty);
    o->empty = false;
    if (!key)
        return;
    put_text(o->to, key);
    buf_add(o->to, ": ", o->indent ? 2 : 1);
}

static void open(struct json_out *o, const char *key, bool list)
{
    assert(o->depth < JSON_OUT_DEPTH_MAX);
    begin(o, key);
    buf_addc(o->to, list ? '[' : '{');
    o->lists = (o->lists & ~(UINT64_C(1) << o->depth)) | (uint64_t)list << o->depth;
    o->depth++;
    o->empty = true;
}

void json_out_object(struct json_out *o, const char *key)
{
    open(o, key, false);
}

void json_out_list(struct json_out *o, const char *key)
{
    open(o, key, true);
}

void json_out_close(struct json_out *o)
{
    o->depth--;
    if (!o->empty)
        new_line(o, false);
    buf_addc(o->to, o->lists >> o->depth & 1 ? ']' : '}');
    o->empty = false;
}

/* Values */

void json_out_text(struct json_out *o, const char *key, const char *s)
{
    if (!s)
        return;
    begin(o, key);
    put_text(o->to, s);
}

void json_out_whole(struct json_out *o, const char *key, int64_t value)
{
    char digits[NUMBER_MAX], *p = digits + NUMBER_MAX;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

    do
        *--p = (char)('0' + rest % 10);
    while (rest /= 10);
    if (value < 0)
        *--p = '-';
    begin(o, key);
    buf_add(o->to, p, (size_t)(digits + NUMBER_MAX - p));
}

void json_out_int(struct json_out *o, const char *key, int64_t value, int64_t none)
{
    if (value != none)
        json_out_whole(o, key, value);
}

/** "1e-05" → "1e-5", "1e+15" → "1e15", "12" → "12.0" */
static void put_real(struct buf *to, double value, int digits)
{
    char text[NUMBER_MAX], *e, *from;

    snprintf(text, sizeof text, "%.*g", digits, value);
    e = strchr(text, 'e');
    buf_add(to, text, e ? (size_t)(e - text) : strlen(text));
    if (!e) {
        if (!strchr(text, '.'))
            buf_adds(to, ".0");
        return;
    }
    from = e + 1 + (e[1] == '+' || e[1] == '-');
    while (*from == '0')
        from++;
    buf_adds(to, e[1] == '-' ? "e-" : "e");
    buf_adds(to, from);
}

/** Numbers of few places, as most of ours are: "0.99". The decimal number of at most DIGITS_PRETTY
 *  digits that is nearest to such a value is that number itself. False: it is none. */
static bool put_short(struct buf *to, double value, int digits)
{
    enum { PLACES = 4, ONE = 10000 };
    double scaled = round(fabs(value) * ONE);
    char text[NUMBER_MAX], *p = text + NUMBER_MAX;
    uint64_t rest = (uint64_t)(scaled < 1e12 ? scaled : 0);
    int places = PLACES;

    if (digits != DIGITS_PRETTY || !rest || (double)rest / ONE != fabs(value))
        return false;
    for (; places && rest % 10 == 0; places--)
        rest /= 10;
    for (int i = 0; i < places; i++, rest /= 10)
        *--p = (char)('0' + rest % 10);
    if (places)
        *--p = '.';
    do
        *--p = (char)('0' + rest % 10);
    while (rest /= 10);
    if (value < 0)
        *--p = '-';
    buf_add(to, p, (size_t)(text + NUMBER_MAX - p));
    return true;
}

void json_out_null(struct json_out *o, const char *key)
{
    begin(o, key);
    buf_adds(o->to, "null");
}

void json_out_number(struct json_out *o, const char *key, double value)
{
    if (isfinite(value) && fabs(value) < 1e15 && floor(value) == value) {
        json_out_whole(o, key, (int64_t)value);
        return;
    }
    if (!isfinite(value)) {               /* JSON has no word for it */
        json_out_null(o, key);
        return;
    }
    begin(o, key);
    if (!put_short(o->to, value, o->digits))
        put_real(o->to, value, o->digits);
}

void json_out_bool(struct json_out *o, const char *key, bool value)
{
    begin(o, key);
    buf_adds(o->to, value ? "true" : "false");
}

void json_out_texts(struct json_out *o, const char *key, const char *const *items, size_t count)
{
    json_out_list(o, key);
    for (size_t i = 0; i < count; i++)
        json_out_text(o, NULL, items[i] ? items[i] : "");
    json_out_close(o);
}

void json_out_pairs(struct json_out *o, const char *key, const struct named_text *items,
                    size_t count)
{
    json_out_object(o, key);
    for (size_t i = 0; i < count; i++)
        json_out_text(o, items[i].name, items[i].text ? items[i].text : "");
    json_out_close(o);
}

static void put_object(struct json_out *o, const char *key, const json_t *value)
{
    const char *name;
    json_t *v;

    json_out_object(o, key);
    json_object_foreach((json_t *)value, name, v)     /* its macro wants it so; nothing is changed */
        json_out_tree(o, name, v);
    json_out_close(o);
}

void json_out_tree(struct json_out *o, const char *key, const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT: put_object(o, key, value); return;
    case JSON_ARRAY:
        json_out_list(o, key);
        for (size_t i = 0; i < json_array_size(value); i++)
            json_out_tree(o, NULL, json_array_get(value, i));
        json_out_close(o);
        return;
    case JSON_STRING: json_out_text(o, key, json_string_value(value)); return;
    case JSON_INTEGER: json_out_whole(o, key, json_integer_value(value)); return;
    case JSON_REAL:
        begin(o, key);
        put_real(o->to, json_real_value(value), o->digits);
        return;
    case JSON_TRUE: case JSON_FALSE: json_out_bool(o, key, json_is_true(value)); return;
    case JSON_NULL: json_out_null(o, key); return;
    }
}
