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

char **names_unique(const struct result *r)
{
    char **names = mem_zero(r->count, sizeof *names);
    json_t *seen = json_object();                /* name → how often so far */

    for (size_t i = 0; i < r->count; i++) {
        char *base = tidy(view_name(r->journeys[i]->transcript)), *name = mem_strdup(base);
        json_int_t n = json_integer_value(json_object_get(seen, base));

        while (json_object_get(seen, name)) {
            free(name);
            name = mem_printf("%s (%lld)", base, (long long)++n);
        }
        json_object_set_new(seen, name, json_integer(1));
        if (n)
            json_object_set_new(seen, base, json_integer(n));
        free(base);
        names[i] = name;
    }
    json_decref(seen);
    return names;
}

void names_free(char **names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(names[i]);
    free(names);
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
