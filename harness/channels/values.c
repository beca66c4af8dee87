#include "harness/channels/values.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"

enum { COLUMNS_DEFAULT = 20, NUMBER_DIGITS = 17, LONGEST_DATE = 64 };

#define MS_PER_MINUTE 60000.0
#define MS_PER_DAY 86400000.0
#define MS_PER_WEEK (7 * MS_PER_DAY)
/* The first Monday that counts for weeks: 29 December 1969. */
#define WEEK_BASE (-3 * MS_PER_DAY)

/* Reading: each reader takes what it needs and moves on */

static bool digits(const char **p, int least, int most, long *ret)
{
    long n = 0;
    int count = 0;

    for (; **p >= '0' && **p <= '9' && count < most; (*p)++, count++)
        n = n * 10 + (**p - '0');
    *ret = n;
    return count >= least;
}

static bool literal(const char **p, char c)
{
    if (**p != c)
        return false;
    (*p)++;
    return true;
}

/** Days since 1 January 1970 in the proleptic Gregorian calendar. */
static double days_of(long year, long month, long day)
{
    long y = month > 2 ? year : year - 1, era = y / 400, of_era = y - era * 400;
    long of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    long of_that = of_era * 365 + of_era / 4 - of_era / 100 + of_year;

    return (double)era * 146097 + (double)of_that - 719468;
}

static long month_days(long year, long month)
{
    static const char lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return month == 2 && leap ? 29 : lengths[month - 1];
}

static bool read_month(const char **p, long *year, long *month)
{
    return digits(p, 4, 6, year) && *year > 0 && *year <= 275760 && literal(p, '-') &&
           digits(p, 2, 2, month) && *month >= 1 && *month <= 12;
}

static bool read_date(const char **p, double *days)
{
    long year, month, day;

    if (!read_month(p, &year, &month) || !literal(p, '-') || !digits(p, 2, 2, &day) || day < 1 ||
        day > month_days(year, month))
        return false;
    *days = days_of(year, month, day);
    return true;
}

static bool read_time(const char **p, double *ms)
{
    long hour, minute, second = 0, part = 0;
    const char *from;
    bool seconds = false;

    if (!digits(p, 2, 2, &hour) || hour > 23 || !literal(p, ':') || !digits(p, 2, 2, &minute) ||
        minute > 59)
        return false;
    if (literal(p, ':')) {
        seconds = true;
        if (!digits(p, 2, 2, &second) || second > 59)
            return false;
    }
    if (seconds && **p == '.') {
        from = ++*p;
        if (!digits(p, 1, 3, &part))
            return false;
        for (long n = *p - from; n < 3; n++)
            part *= 10;
    }
    *ms = (double)hour * 60 * MS_PER_MINUTE + (double)minute * MS_PER_MINUTE +
          (double)second * 1000 + (double)part;
    return true;
}

/** 53 where the year begins on a Thursday, or on a Wednesday in a leap year. */
static long weeks_of(long year)
{
    long first = ((long)days_of(year, 1, 1) % 7 + 7) % 7;         /* 0 is a Thursday */
    bool leap = month_days(year, 2) == 29;

    return first == 0 || (first == 6 && leap) ? 53 : 52;
}

static bool read_week(const char **p, double *ms)
{
    long year, week;
    double fourth;

    if (!digits(p, 4, 6, &year) || year <= 0 || year > 275760 || !literal(p, '-') ||
        !literal(p, 'W') || !digits(p, 2, 2, &week) || week < 1 || week > weeks_of(year))
        return false;
    fourth = days_of(year, 1, 4);                 /* always in the first week */
    fourth -= (double)((((long)fourth + 3) % 7 + 7) % 7);         /* its Monday */
    *ms = fourth * MS_PER_DAY + (double)(week - 1) * MS_PER_WEEK;
    return true;
}

static bool read_moment(const char **p, double *ms)
{
    double days, of_day;

    if (!read_date(p, &days) || !(literal(p, 'T') || literal(p, ' ')) || !read_time(p, &of_day))
        return false;
    *ms = days * MS_PER_DAY + of_day;
    return true;
}

/* "Valid floating-point number": strtod takes more. */
static bool read_float(const char **p, double *ret)
{
    const char *s = *p;
    size_t whole, part = 0;
    char *end;

    s += *s == '-';
    s += whole = strspn(s, "0123456789");
    if (*s == '.')
        s += 1 + (part = strspn(s + 1, "0123456789"));
    if ((!whole && !part) || (s[-1] == '.'))
        return false;
    if (*s == 'e' || *s == 'E') {
        size_t sign = s[1] == '+' || s[1] == '-', power = strspn(s + 1 + sign, "0123456789");

        if (!power)
            return false;
        s += 1 + sign + power;
    }
    *ret = strtod(*p, &end);
    if (end != s || !isfinite(*ret))
        return false;
    *p = s;
    return true;
}

/* Types */

enum shape { SHAPE_DATE, SHAPE_MOMENT, SHAPE_MONTH, SHAPE_NUMBER, SHAPE_TIME, SHAPE_WEEK };

static const struct type_row {
    const char *type;
    enum shape shape;
    double step, scale, base;     /* html.spec.whatwg.org, 4.10.5.3.8 */
} type_rows[] = {
    { "date", SHAPE_DATE, 1, MS_PER_DAY, 0 },
    { "datetime-local", SHAPE_MOMENT, 60, 1000, 0 },
    { "month", SHAPE_MONTH, 1, 1, 0 },
    { "number", SHAPE_NUMBER, 1, 1, 0 },
    { "range", SHAPE_NUMBER, 1, 1, 0 },
    { "time", SHAPE_TIME, 60, 1000, 0 },
    { "week", SHAPE_WEEK, 1, MS_PER_WEEK, WEEK_BASE },
};

static const struct type_row *row_of(const char *type)
{
    for (size_t i = 0; i < ARRAY_LEN(type_rows); i++)
        if (!strcmp(type, type_rows[i].type))
            return &type_rows[i];
    return NULL;
}

bool value_number(const char *type, const char *value, double *ret)
{
    const struct type_row *row = row_of(type);
    const char *p = value;
    double n = 0;
    long year, month;
    bool ok = false;

    if (!row || !value)
        return false;
    switch (row->shape) {
    case SHAPE_DATE:
        ok = read_date(&p, &n);
        n *= MS_PER_DAY;
        break;
    case SHAPE_MOMENT:
        ok = read_moment(&p, &n);
        break;
    case SHAPE_MONTH:
        ok = read_month(&p, &year, &month);
        n = ok ? (double)((year - 1970) * 12 + month - 1) : 0;
        break;
    case SHAPE_NUMBER:
        ok = read_float(&p, &n);
        break;
    case SHAPE_TIME:
        ok = read_time(&p, &n);
        break;
    case SHAPE_WEEK:
        ok = read_week(&p, &n);
        break;
    }
    if (!ok || *p)
        return false;
    *ret = n;
    return true;
}

static bool is_colour(const char *value)
{
    return value[0] == '#' && strlen(value) == 7 &&
           strspn(value + 1, "0123456789abcdefABCDEF") == 6;
}

bool value_fits_type(const char *type, const char *value)
{
    double unused;

    if (!strcmp(type, "color"))
        return is_colour(value);
    return !row_of(type) || value_number(type, value, &unused);
}

/* Steps */

/** The step in the units of value_number; 0 = any. */
static double step_of(const struct control *c, const struct type_row *row)
{
    const char *text = node_attribute(c->node, "step");
    double step;

    if (text && text_same_ascii(text, "any"))
        return 0;
    if (!text || !read_float(&text, &step) || *text || step <= 0)
        step = row->step;
    return step * row->scale;
}

static double base_of(const struct control *c, const struct type_row *row)
{
    double base = row->base;

    if (!value_number(c->type, c->min, &base))
        (void)!value_number(c->type, node_attribute(c->node, "value"), &base);
    return base;
}

bool value_off_step(const struct control *c, const char *value)
{
    const struct type_row *row = row_of(c->type);
    double n, step = row ? step_of(c, row) : 0, off;

    if (step <= 0 || !value_number(c->type, value, &n))
        return false;
    off = fabs(remainder(n - base_of(c, row), step));
    return off > step * 1e-9 && off > fabs(n) * 1e-12;
}

/* Sanitization */

/** The shortest text that reads as the same number again. */
static const char *number_text(struct arena *a, double n)
{
    char text[64];

    for (int digits_kept = 1; digits_kept <= NUMBER_DIGITS; digits_kept++) {
        snprintf(text, sizeof(text), "%.*g", digits_kept, n);
        if (strtod(text, NULL) == n)
            break;
    }
    return arena_strdup(a, text);
}

static const char *within_range(struct arena *a, const struct control *c, const char *value)
{
    const struct type_row *row = row_of(c->type);
    double low = 0, high = 100, n, step = step_of(c, row), base;

    (void)!value_number(c->type, c->min, &low);
    (void)!value_number(c->type, c->max, &high);
    if (!value_number(c->type, value, &n))
        n = high < low ? low : low + (high - low) / 2;
    if (n > high)
        n = high;
    if (n < low)
        n = low;
    base = base_of(c, row);
    if (step > 0) {
        n = base + floor((n - base) / step + .5) * step;
        if (n > high && n - step >= low)
            n -= step;
        if (n < low)
            n += step;
    }
    return number_text(a, n);
}

static const char *without_line_ends(struct arena *a, const char *value)
{
    char *copy, *out;

    if (!strpbrk(value, "\r\n"))
        return value;
    copy = out = arena_strdup(a, value);
    for (const char *s = value; *s; s++)
        if (*s != '\r' && *s != '\n')
            *out++ = *s;
    *out = '\0';
    return copy;
}

static const char *trimmed(struct arena *a, const char *value)
{
    struct slice s = text_trim(slice_str(value));

    return s.len == strlen(value) ? value : arena_strndup(a, s.ptr, s.len);
}

/** "a@x , b@x": each without blanks around it. */
static const char *trimmed_list(struct arena *a, const char *value)
{
    CLEANUP(buf_release) struct buf out = BUF_INIT(strlen(value) + 1);

    for (const char *s = value;; s++) {
        size_t len = strcspn(s, ",");
        struct slice one = text_trim((struct slice){ s, len });

        buf_add(&out, one.ptr, one.len);
        s += len;
        if (!*s)
            break;
        buf_addc(&out, ',');
    }
    return arena_strndup(a, out.ptr, out.len);
}

static const char *colour(struct arena *a, const char *value)
{
    char *copy;

    if (!is_colour(value))
        return "#000000";
    copy = arena_strdup(a, value);
    for (char *p = copy; *p; p++)
        *p = *p >= 'A' && *p <= 'F' ? (char)(*p + 32) : *p;
    return copy;
}

/** "2026-11-22 09:30:00" is written "2026-11-22T09:30". */
static const char *moment(struct arena *a, const char *value)
{
    char *copy = arena_strdup(a, value), *t = strpbrk(copy, "T "), *end;

    *t = 'T';
    end = t + strlen(t);
    if (strchr(t, '.')) {
        while (end[-1] == '0')
            *--end = '\0';
        if (end[-1] == '.')
            *--end = '\0';
    }
    if (end - t == 9 && !strcmp(end - 3, ":00"))
        end[-3] = '\0';
    return copy;
}

const char *value_sanitized(struct arena *a, const struct control *c, const char *value)
{
    static const char *const lines[] = { "text", "search", "tel", "password", "url", "email" };

    if (!strcmp(c->type, "range"))
        return within_range(a, c, value);
    if (!strcmp(c->type, "color"))
        return colour(a, value);
    if (row_of(c->type)) {
        if (!value_fits_type(c->type, value) || strlen(value) > LONGEST_DATE)
            return "";
        return strcmp(c->type, "datetime-local") ? value : moment(a, value);
    }
    for (size_t i = 0; i < ARRAY_LEN(lines); i++)
        if (!strcmp(c->type, lines[i]))
            value = without_line_ends(a, value);
    if (!strcmp(c->type, "email") && c->multiple)
        return trimmed_list(a, value);
    return !strcmp(c->type, "email") || !strcmp(c->type, "url") ? trimmed(a, value) : value;
}

/* Wrapping */

/** Bytes of the first `columns` letters of a line; all of it when it is shorter. */
static size_t columns_bytes(const char *s, size_t len, long columns)
{
    size_t at = 0;

    for (int32_t cp; columns > 0 && at < len; columns--)
        at += text_decode(s + at, len - at, &cp);
    return at;
}

/* Blanks at the end of a line hang over it. */
static size_t line_bytes(const char *s, size_t len, long columns)
{
    size_t fits = columns_bytes(s, len, columns), at = fits;

    if (fits == len)
        return len;
    if (s[fits] != ' ') {
        while (at > 0 && s[at - 1] != ' ' && s[at - 1] != '-')
            at--;
        if (at == 0)
            at = fits;            /* one long word is broken */
    }
    while (at < len && s[at] == ' ')
        at++;
    return at;
}

const char *value_wrapped(struct arena *a, const char *value, long columns)
{
    CLEANUP(buf_release) struct buf out = BUF_INIT(strlen(value) * 2 + 1);

    columns = columns > 0 ? columns : COLUMNS_DEFAULT;
    while (*value) {
        size_t len = strcspn(value, "\n");

        for (size_t n; len && (n = line_bytes(value, len, columns)) < len; len -= n, value += n) {
            buf_add(&out, value, n);
            buf_addc(&out, '\n');
        }
        buf_add(&out, value, len);
        value += len;
        if (*value)
            buf_addc(&out, *value++);
    }
    return arena_strndup(a, out.ptr, out.len);
}
