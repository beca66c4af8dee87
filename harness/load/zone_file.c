/* Time zones from the system's zoneinfo files (TZif, RFC 9636). */
#include <string.h>

#include "harness/load/scenario_loader.h"

enum { ZONE_MAX_BYTES = 256 * 1024, HEADER_BYTES = 44, TYPE_BYTES = 6, RULES_MAX = 200 };

static const char *const folders[] = { "/usr/share/zoneinfo", "/usr/lib/zoneinfo",
                                       "/usr/share/lib/zoneinfo" };

/* Counts of one data block, in the order of its header. */
struct counts {
    uint32_t utc, std, leaps, changes, types, chars;
};

static uint32_t big32(const unsigned char *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static int64_t big64(const unsigned char *p)
{
    return (int64_t)((uint64_t)big32(p) << 32 | big32(p + 4));
}

static bool read_counts(const unsigned char *p, struct counts *c)
{
    uint32_t *to[] = { &c->utc, &c->std, &c->leaps, &c->changes, &c->types, &c->chars };

    for (size_t i = 0; i < sizeof to / sizeof *to; i++) {
        *to[i] = big32(p + 20 + 4 * i);
        if (*to[i] > ZONE_MAX_BYTES)
            return false;
    }
    return c->types > 0;
}

static size_t block_bytes(const struct counts *c, size_t time_bytes)
{
    return c->changes * (time_bytes + 1) + c->types * TYPE_BYTES + c->chars +
           c->leaps * (time_bytes + 4) + c->std + c->utc;
}

static enum status read_block(struct arena *a, const unsigned char *p, const struct counts *c,
                              struct zone *z)
{
    const unsigned char *index = p + c->changes * 8, *types = index + c->changes;
    int64_t *at = arena_alloc(a, (c->changes + 1) * sizeof *at);
    int32_t *offset = arena_alloc(a, (c->changes + 1) * sizeof *offset);

    /* Before the first change the first type holds. */
    at[0] = INT64_MIN / 2;
    offset[0] = (int32_t)big32(types);
    for (uint32_t i = 0; i < c->changes; i++) {
        if (index[i] >= c->types)
            return ST_INVALID;
        at[i + 1] = big64(p + i * 8);
        offset[i + 1] = (int32_t)big32(types + index[i] * TYPE_BYTES);
        if (at[i + 1] <= at[i] || offset[i + 1] < -90000 || offset[i + 1] > 90000)
            return ST_INVALID;
    }
    z->at = at;
    z->offset = offset;
    z->count = c->changes + 1;
    return ST_OK;
}

static enum status parse(struct arena *a, struct slice file, struct zone *z)
{
    const unsigned char *p = (const unsigned char *)file.ptr;
    struct counts c;
    size_t skip, end;

    if (file.len < HEADER_BYTES || memcmp(p, "TZif", 4) || p[4] < '2' || !read_counts(p, &c))
        return ST_INVALID;
    skip = HEADER_BYTES + block_bytes(&c, 4);
    if (file.len < skip + HEADER_BYTES || memcmp(p + skip, "TZif", 4) ||
        !read_counts(p + skip, &c))
        return ST_INVALID;
    end = skip + HEADER_BYTES + block_bytes(&c, 8);
    if (file.len < end || read_block(a, p + skip + HEADER_BYTES, &c, z) != ST_OK)
        return ST_INVALID;

    const char *rules = file.ptr + end;
    size_t left = file.len - end;

    if (left < 2 || *rules != '\n')
        return ST_INVALID;
    rules++;

    const char *stop = memchr(rules, '\n', left - 1);

    if (!stop || stop - rules > RULES_MAX)
        return ST_INVALID;
    z->rules = arena_strndup(a, rules, (size_t)(stop - rules));
    return zone_rules_ok(z->rules) ? ST_OK : ST_INVALID;
}

static bool is_name(const char *name)
{
    size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+-/");

    return *name && !name[n] && *name != '/' && !strstr(name, "//");
}

enum status zone_load(struct arena *a, const char *name, struct zone *ret)
{
    CLEANUP(buf_release) struct buf file = BUF_INIT(ZONE_MAX_BYTES);

    *ret = (struct zone){ .name = name, .rules = "" };
    if (!strcmp(name, "UTC"))
        return ST_OK;
    for (size_t i = 0; is_name(name) && i < sizeof folders / sizeof *folders; i++)
        if (buf_read_file(&file, arena_printf(a, "%s/%s", folders[i], name)) == ST_OK && file.len)
            return parse(a, buf_slice(&file), ret);
    if (!zone_rules_ok(name))
        return ST_NOT_FOUND;
    ret->rules = name;
    return ST_OK;
}
