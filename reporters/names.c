#include "reporters/names.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"

/* White space runs become one blank: XML readers of tokens do the same, and names must stay
 * distinct after that. */
static char *tidy(const char *name)
{
    CLEANUP(buf_release) struct buf b = BUF_INIT(VIEW_PART_MAX);
    CLEANUP(buf_release) struct buf out = BUF_INIT(VIEW_PART_MAX);

    text_add_printable(&b, slice_str(name));
    for (const char *p = b.ptr; *p;) {
        p += strspn(p, " \t\n");

        size_t len = strcspn(p, " \t\n");

        if (out.len && len)
            buf_addc(&out, ' ');
        buf_add(&out, p, len);
        p += len;
    }
    if (!out.len)
        buf_adds(&out, "journey");
    return buf_steal(&out);
}

/* A slot of the table. Two names of one hash are taken for the same: one of them gets a number that it
 * did not need. */
struct slot {
    uint64_t hash;                /* 0: free */
    uint64_t times;
};

void names_open(struct names *n, const struct result *r)
{
    static const struct slot last = { 0, 0 };

    *n = (struct names){ .slots = 16 };
    while (n->slots < 2 * (uint64_t)r->count + 2)
        n->slots *= 2;
    scratch_init(&n->seen, r->folder);
    scratch_put(&n->seen, (n->slots - 1) * sizeof last, &last, sizeof last);
}

/* Its slot, or a free one for it; *at is where it lies. */
static struct slot find(struct names *n, const char *name, uint64_t *at)
{
    struct slot wanted = { text_hash(name) | 1, 0 }, s = { 0, 0 };

    for (uint64_t i = wanted.hash >> 20;; i++) {
        *at = (i & (n->slots - 1)) * sizeof s;
        if (!scratch_get(&n->seen, *at, &s, sizeof s) || !s.hash)
            return wanted;
        if (s.hash == wanted.hash)
            return s;
    }
}

static void set(struct names *n, const char *name, uint64_t times)
{
    uint64_t at;
    struct slot s = find(n, name, &at);

    s.times = times;
    scratch_put(&n->seen, at, &s, sizeof s);
}

const char *names_next(struct names *n, const struct journey_result *jr)
{
    char *base = tidy(view_name(jr->transcript)), *name = mem_strdup(base);
    uint64_t at, times = find(n, base, &at).times;

    while (find(n, name, &at).times) {
        free(name);
        name = mem_printf("%s (%llu)", base, (unsigned long long)++times);
    }
    set(n, name, 1);
    if (times)
        set(n, base, times);
    free(base);
    free(n->name);
    return n->name = name;
}

void names_close(struct names *n)
{
    scratch_release(&n->seen);
    free(n->name);
}

static size_t without_ending(const char *file)
{
    static const char *const endings[] = { ".journey.yaml", ".journey.yml", ".yaml", ".yml",
                                           ".jsonl", ".json" };
    size_t len = strlen(file);

    for (size_t i = 0; i < ARRAY_LEN(endings); i++) {
        size_t n = strlen(endings[i]);

        if (len > n && !strcmp(file + len - n, endings[i]))
            return len - n;
    }
    return len;
}

void names_class(struct buf *out, const char *file)
{
    CLEANUP(buf_release) struct buf clean = BUF_INIT(VIEW_PART_MAX);
    size_t start = out->len;

    text_add_printable(&clean, (struct slice){ file, without_ending(file) });
    for (const char *p = clean.ptr; *p; p++) {
        bool edge = out->len == start || out->ptr[out->len - 1] == '.';

        if (*p == '/' || *p == '\\' || *p == '.') {
            if (!edge)
                buf_addc(out, '.');
        } else {
            buf_addc(out, strchr(" \t\n", *p) ? '_' : *p);
        }
    }
    if (out->len == start)
        buf_adds(out, "shopper");
}
