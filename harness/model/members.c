#include "harness/model/members.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"

static const int64_t US_MAX = INT64_C(100) * 366 * 86400 * US_PER_S;

static void add_path(struct buf *out, const struct members *m)
{
    if (m->up) {
        add_path(out, m->up);
        buf_adds(out, m->up->up ? "." : ": ");
    }
    text_add_clipped(out, slice_str(m->key), 200);
    if (m->index >= 0)
        buf_addf(out, m->up ? "[%lld]" : ":%lld", (long long)m->index);
}

static void PRINTF_LIKE(4, 0) report(const struct members *m, enum severity severity,
                                     const char *key, const char *fmt, va_list ap)
{
    CLEANUP(buf_release) struct buf what = BUF_INIT(4096);

    add_path(&what, m);
    if (key) {
        buf_adds(&what, m->up ? "." : ": ");
        text_add_clipped(&what, slice_str(key), 80);
    }
    buf_adds(&what, ": ");
    buf_vaddf(&what, fmt, ap);
    diag_add(m->diags, severity, NULL, (struct span){ 0, 0, 0 }, NULL, "%s", what.ptr);
}

void member_error(const struct members *m, const char *key, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    report(m, SEVERITY_ERROR, key, fmt, ap);
    va_end(ap);
}

void member_warning(const struct members *m, const char *key, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    report(m, SEVERITY_WARNING, key, fmt, ap);
    va_end(ap);
}

static const char *type_words(const json_t *j)
{
    switch (json_typeof(j)) {
    case JSON_OBJECT: return "an object";
    case JSON_ARRAY: return "a list";
    case JSON_STRING: return "text";
    case JSON_INTEGER: return "a whole number";
    case JSON_REAL: return "a number";
    case JSON_TRUE: case JSON_FALSE: return "true or false";
    case JSON_NULL: break;
    }
    return "nothing";
}

bool member_given(const struct members *m, const char *key)
{
    const json_t *j = json_object_get(m->object, key);

    return j && !json_is_null(j);
}

/* The member if it is there; an error if it is needed and is not. */
static const json_t *get(const struct members *m, const char *key, enum need need,
                         const char *expected)
{
    if (member_given(m, key))
        return json_object_get(m->object, key);
    if (need == NEEDED)
        member_error(m, key, "missing; expected %s", expected);
    return NULL;
}

static void wrong(const struct members *m, const char *key, const char *expected,
                  const json_t *found)
{
    member_error(m, key, "expected %s, found %s", expected, type_words(found));
}

char *member_clean(struct arena *a, const char *s, size_t len, size_t max)
{
    if (!s)
        return NULL;
    if (len <= max && text_is_plain((struct slice){ s, len }))
        return arena_strndup(a, s, len);

    CLEANUP(buf_release) struct buf b = BUF_INIT(max);

    text_add_clean(&b, (struct slice){ s, len });
    return arena_strndup(a, b.ptr, b.len);
}

static bool take_text(const struct members *m, const char *key, const json_t *j, size_t max,
                      const char **ret)
{
    if (!json_is_string(j)) {
        wrong(m, key, "text", j);
        return false;
    }
    if (json_string_length(j) > max) {
        member_error(m, key, "text of %zu bytes; at most %zu are read", json_string_length(j),
                     max);
        return false;
    }
    *ret = member_clean(m->arena, json_string_value(j), json_string_length(j), max * 3);
    return true;
}

bool member_text(const struct members *m, const char *key, enum need need, size_t max,
                 const char **ret)
{
    const json_t *j = get(m, key, need, "text");

    return j ? take_text(m, key, j, max, ret) : need == OPTIONAL;
}

bool member_int(const struct members *m, const char *key, enum need need, int64_t min,
                int64_t max, int64_t *ret)
{
    const json_t *j = get(m, key, need, "a whole number");
    int64_t value;

    if (!j)
        return need == OPTIONAL;
    if (json_is_integer(j)) {
        value = json_integer_value(j);
    } else if (json_is_real(j) && fabs(json_real_value(j)) < 9e15 &&
               floor(json_real_value(j)) == json_real_value(j)) {
        value = (int64_t)json_real_value(j);     /* 3.0, as some languages write it */
    } else {
        wrong(m, key, "a whole number", j);
        return false;
    }
    if (value < min || value > max) {
        member_error(m, key, "%lld is out of range; expected %lld to %lld", (long long)value,
                     (long long)min, (long long)max);
        return false;
    }
    *ret = value;
    return true;
}

bool member_us(const struct members *m, const char *key, enum need need, int64_t *ret)
{
    return member_int(m, key, need, 0, US_MAX, ret);
}

bool member_number(const struct members *m, const char *key, enum need need, double min,
                   double max, double *ret)
{
    const json_t *j = get(m, key, need, "a number");

    if (!j)
        return need == OPTIONAL;
    if (!json_is_number(j)) {
        wrong(m, key, "a number", j);
        return false;
    }

    double value = json_number_value(j);

    if (!(value >= min && value <= max)) {
        member_error(m, key, "%g is out of range; expected %g to %g", value, min, max);
        return false;
    }
    *ret = value;
    return true;
}

bool member_bool(const struct members *m, const char *key, enum need need, bool *ret)
{
    const json_t *j = get(m, key, need, "true or false");

    if (!j)
        return need == OPTIONAL;
    if (!json_is_boolean(j)) {
        wrong(m, key, "true or false", j);
        return false;
    }
    *ret = json_is_true(j);
    return true;
}

bool member_choice(const struct members *m, const char *key, enum need need,
                   const char *const *names, int *ret)
{
    CLEANUP(buf_release) struct buf list = BUF_INIT(4096);
    size_t count = 0;

    for (; names[count]; count++)
        buf_addf(&list, "%s%s", count ? ", " : "one of ", names[count]);

    const json_t *j = get(m, key, need, list.ptr);

    if (!j)
        return need == OPTIONAL;
    if (!json_is_string(j)) {
        wrong(m, key, list.ptr, j);
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (!strcmp(names[i], json_string_value(j))) {
            *ret = (int)i;
            return true;
        }
    }

    CLEANUP(buf_release) struct buf typed = BUF_INIT(256);
    const char *near = suggest(json_string_value(j), names, count);

    text_add_clipped(&typed, slice_str(json_string_value(j)), 40);
    if (near)
        member_error(m, key, "unknown \"%s\"; did you mean \"%s\"?", typed.ptr, near);
    else
        member_error(m, key, "unknown \"%s\"; expected %s", typed.ptr, list.ptr);
    return false;
}

bool member_object(const struct members *m, const char *key, enum need need,
                   struct members *ret)
{
    const json_t *j = get(m, key, need, "an object");

    if (!j)
        return false;
    if (!json_is_object(j)) {
        wrong(m, key, "an object", j);
        return false;
    }
    *ret = (struct members){ m, key, -1, j, m->diags, m->arena };
    return true;
}

const json_t *member_list(const struct members *m, const char *key, enum need need, size_t max)
{
    const json_t *j = get(m, key, need, "a list");

    if (!j)
        return NULL;
    if (!json_is_array(j)) {
        wrong(m, key, "a list", j);
        return NULL;
    }
    if (json_array_size(j) > max) {
        member_error(m, key, "%zu items; at most %zu are read", json_array_size(j), max);
        return NULL;
    }
    return j;
}

bool member_value(const struct members *m, const char *key, const json_t *j, size_t i,
                  struct members *ret)
{
    *ret = (struct members){ m, key, (int64_t)i, j, m->diags, m->arena };
    if (json_is_object(j))
        return true;
    member_error(ret, NULL, "expected an object, found %s", type_words(j));
    return false;
}

bool member_item(const struct members *m, const char *key, const json_t *list, size_t i,
                 struct members *ret)
{
    return member_value(m, key, json_array_get(list, i), i, ret);
}

bool member_texts(const struct members *m, const char *key, const char ***items, size_t *count)
{
    size_t before = m->diags->errors;
    const json_t *list = member_list(m, key, OPTIONAL, MEMBER_LIST_MAX);
    size_t n = json_array_size(list);

    if (!n)
        return m->diags->errors == before;

    const char **texts = arena_alloc(m->arena, n * sizeof *texts);

    for (size_t i = 0; i < n; i++)
        if (!take_text(m, key, json_array_get(list, i), MEMBER_TEXT_MAX, &texts[i]))
            return false;
    *items = texts;
    *count = n;
    return true;
}

bool member_pairs(const struct members *m, const char *key, size_t max,
                  struct named_text **items, size_t *count)
{
    size_t before = m->diags->errors;
    struct members inside;

    if (!member_object(m, key, OPTIONAL, &inside))
        return m->diags->errors == before;

    size_t n = json_object_size(inside.object), i = 0;

    if (n > MEMBER_LIST_MAX) {
        member_error(m, key, "%zu members; at most %d are read", n, MEMBER_LIST_MAX);
        return false;
    }

    struct named_text *pairs = arena_alloc(m->arena, n * sizeof *pairs);

    for (void *it = json_object_iter((json_t *)(uintptr_t)inside.object); it;
         it = json_object_iter_next((json_t *)(uintptr_t)inside.object, it), i++) {
        const char *name = json_object_iter_key(it);

        pairs[i].name = member_clean(m->arena, name, strlen(name), MEMBER_TEXT_MAX);
        if (!take_text(&inside, name, json_object_iter_value(it), max, &pairs[i].text))
            return false;
    }
    *items = pairs;
    *count = n;
    return true;
}

json_t *json_text(const char *s)
{
    struct slice text = slice_str(s);

    if (text_is_valid(text))
        return json_stringn_nocheck(text.ptr, text.len);

    CLEANUP(buf_release) struct buf b = BUF_INIT(text.len * 3);

    text_add_clean(&b, text);
    return json_stringn_nocheck(b.ptr, b.len);
}

json_t *json_number(double value)
{
    if (!isfinite(value))                        /* JSON has no word for it */
        return json_null();
    if (fabs(value) < 1e15 && floor(value) == value)
        return json_integer((json_int_t)value);
    return json_real(value);
}

json_t *json_texts(const char *const *items, size_t count)
{
    json_t *list = json_array();

    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, json_text(items[i]));
    return list;
}

json_t *json_pairs(const struct named_text *items, size_t count)
{
    json_t *object = json_object();

    for (size_t i = 0; i < count; i++)
        json_put_text(object, items[i].name, items[i].text ? items[i].text : "");
    return object;
}

void json_put_text(json_t *object, const char *key, const char *s)
{
    if (s)
        json_object_set_new(object, key, json_text(s));
}

void json_put_int(json_t *object, const char *key, int64_t value, int64_t none)
{
    if (value != none)
        json_object_set_new(object, key, json_integer(value));
}
