/* What a company's own expectations say otherwise than the industry's: for every report. */
#include <string.h>

#include "harness/model/expectations.h"

enum { LINE_MAX_BYTES = 2048 };

struct changes {
    struct arena *a;
    struct texts list;
    size_t cap;
};

static void add(struct changes *c, const char *name, const char *what, const char *source)
{
    ARENA_GROW(c->a, c->list.items, c->cap, c->list.count + 1);
    c->list.items[c->list.count++] = source ? arena_printf(c->a, "%s: %s (%s)", name, what, source)
                                            : arena_printf(c->a, "%s: %s", name, what);
}

static void add_time(struct changes *c, const char *name, int64_t was, int64_t is,
                     const char *source)
{
    CLEANUP(buf_release) struct buf b = BUF_INIT(LINE_MAX_BYTES);

    if (was == is)
        return;
    duration_add(&b, is);
    if (was == DURATION_UNKNOWN) {
        buf_adds(&b, ", new");
    } else {
        buf_adds(&b, " instead of ");
        duration_add(&b, was);
    }
    add(c, name, b.ptr, source);
}

static void add_weight(struct changes *c, const struct weight *was, const struct weight *is)
{
    const struct { const char *word; double was, is; } parts[] = {
        { "loss", was ? was->loss : 0, is->loss }, { "gain", was ? was->gain : 0, is->gain },
        { "effort", was ? was->effort : 0, is->effort },
    };
    CLEANUP(buf_release) struct buf b = BUF_INIT(LINE_MAX_BYTES);

    for (size_t i = 0; i < ARRAY_LEN(parts); i++)
        if (parts[i].was < parts[i].is || parts[i].was > parts[i].is)
            buf_addf(&b, "%s%s %g instead of %g", b.len ? ", " : "", parts[i].word, parts[i].is,
                     parts[i].was);
    if (b.len)
        add(c, is->name, b.ptr, is->source);
}

struct texts expectations_changes(const struct expectations *base,
                                  const struct expectations *used, struct arena *a)
{
    struct changes c = { .a = a };

    for (size_t i = 0; i < used->times.count; i++) {
        const struct expected_time *is = LIST_ITEM(struct expected_time, used->times, i);
        const struct expected_time *was = expectations_time(base, is->name);

        add_time(&c, is->name, was ? was->within_us : DURATION_UNKNOWN, is->within_us, is->source);
    }
    for (size_t i = 0; i < used->weights.count; i++) {
        const struct weight *is = LIST_ITEM(struct weight, used->weights, i);

        add_weight(&c, expectations_weight(base, is->name), is);
    }
    for (size_t i = 0; i < base->times.count; i++) {
        const struct expected_time *was = LIST_ITEM(struct expected_time, base->times, i);

        if (!expectations_time(used, was->name))
            add(&c, was->name, "no expectation", NULL);
    }
    for (size_t i = 0; i < base->weights.count; i++) {
        const struct weight *was = LIST_ITEM(struct weight, base->weights, i);

        if (!expectations_weight(used, was->name))
            add(&c, was->name, "not charged", NULL);
    }
    add_time(&c, "chat_timeout", base->chat_timeout, used->chat_timeout, NULL);
    add_time(&c, "mail_timeout", base->mail_timeout, used->mail_timeout, NULL);
    return c.list;
}
