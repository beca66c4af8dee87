#include "harness/base/duration.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static const struct unit { const char *name; int64_t us; } units[] = {
    { "us", 1 },
    { "ms", US_PER_MS },
    { "s", US_PER_S },
    { "m", 60 * US_PER_S },
    { "min", 60 * US_PER_S },
    { "h", 3600 * US_PER_S },
    { "d", 86400 * US_PER_S },
    { "w", 7 * 86400 * US_PER_S },
};

static const int64_t longest = INT64_C(100) * 366 * 86400 * US_PER_S;

/* Digits with at most one point; no sign, exponent or locale. Returns the end or NULL. */
static const char *read_number(const char *p, double *value)
{
    const char *start = p;
    double v = 0, scale = 0;
    bool point = false;

    for (; (*p >= '0' && *p <= '9') || (*p == '.' && !point); p++) {
        if (*p == '.') {
            point = true;
            scale = 1;
        } else if (point) {
            scale /= 10;
            v += (*p - '0') * scale;
        } else {
            v = v * 10 + (*p - '0');
        }
    }
    *value = v;
    return p == start || (p == start + 1 && *start == '.') ? NULL : p;
}

enum status duration_parse(const char *text, int64_t *us)
{
    double total = 0;
    const char *p = text;

    if (!*p)
        return ST_INVALID;
    while (*p) {
        double value;

        while (*p == ' ')
            p++;
        p = read_number(p, &value);
        if (!p)
            return ST_INVALID;
        while (*p == ' ')
            p++;

        size_t len = 0;

        while (p[len] >= 'a' && p[len] <= 'z')
            len++;

        const struct unit *u = NULL;

        for (size_t i = 0; i < ARRAY_LEN(units); i++)
            if (strlen(units[i].name) == len && !strncmp(units[i].name, p, len))
                u = &units[i];
        if (!u)
            return ST_INVALID;
        total += value * (double)u->us;
        p += len;
    }
    if (total > (double)longest)
        return ST_LIMIT;
    *us = (int64_t)floor(total + .5);
    return ST_OK;
}

void duration_add(struct buf *out, int64_t us)
{
    if (us < 0) {
        buf_adds(out, "unknown");
        return;
    }
    /* The limits are where rounding would reach the next unit: never "1000 ms" or "24 h". */
    if (us < 999500) {
        if (us && us < 9950)
            buf_addf(out, "%.1f ms", (double)us / 1000);
        else
            buf_addf(out, "%lld ms", (long long)(us + 500) / 1000);
        return;
    }
    if (us < 59950 * US_PER_MS) {
        long long tenths = (us + 50 * US_PER_MS) / (100 * US_PER_MS);

        buf_addf(out, "%lld", tenths / 10);
        if (tenths % 10)
            buf_addf(out, ".%lld", tenths % 10);
        buf_adds(out, " s");
        return;
    }

    int64_t s = (us + US_PER_S / 2) / US_PER_S;

    if (s < 3600) {
        buf_addf(out, "%lld min", (long long)(s / 60));
        if (s % 60)
            buf_addf(out, " %lld s", (long long)(s % 60));
    } else if (s < 86400 - 30) {
        int64_t min = (s + 30) / 60;

        buf_addf(out, "%lld h", (long long)(min / 60));
        if (min % 60)
            buf_addf(out, " %lld min", (long long)(min % 60));
    } else {
        int64_t h = (s + 1800) / 3600;

        buf_addf(out, "%lld d", (long long)(h / 24));
        if (h % 24)
            buf_addf(out, " %lld h", (long long)(h % 24));
    }
}

char *duration_text(int64_t us)
{
    struct buf b = BUF_INIT(64);

    duration_add(&b, us);
    return buf_steal(&b);
}

enum status size_parse(const char *text, int64_t *bytes)
{
    double value;
    const char *p = read_number(text, &value);

    if (!p)
        return ST_INVALID;
    while (*p == ' ')
        p++;
    switch (*p) {
    case 'k': case 'K': value *= 1024; p++; break;
    case 'm': case 'M': value *= 1024. * 1024; p++; break;
    case 'g': case 'G': value *= 1024. * 1024 * 1024; p++; break;
    default: break;
    }
    if (*p == 'i' && p[1] == 'B' && p != text)
        p++;
    if (*p == 'B')
        p++;
    if (*p)
        return ST_INVALID;
    if (value > 9e15)
        return ST_LIMIT;
    *bytes = (int64_t)value;
    return ST_OK;
}
