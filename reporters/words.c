/* The languages of the HTML report, and how its words and numbers are put together. */
#include "reporters/words.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/duration.h"

#define PERSIAN_DIGITS                                                                     \
    { "\xDB\xB0", "\xDB\xB1", "\xDB\xB2", "\xDB\xB3", "\xDB\xB4", "\xDB\xB5", "\xDB\xB6",  \
      "\xDB\xB7", "\xDB\xB8", "\xDB\xB9" }

/* To add a language: a row here, its code below, a column in words_list.h and words_names.c. */
const struct words words_languages[] = {
    { "en", false, ".", { NULL }, LANGUAGE_EN }, { "de", false, ",", { NULL }, LANGUAGE_DE },
    { "fr", false, ",", { NULL }, LANGUAGE_FR },
    { "fa", true, "\xD9\xAB", PERSIAN_DIGITS, LANGUAGE_FA },
    { NULL, false, NULL, { NULL }, 0 },
};

const char *const words_codes[] = { "en", "de", "fr", "fa", NULL };

static const char *const list[WORD_COUNT][LANGUAGE_COUNT] = {
#define X(id, en, de, fr, fa) { en, de, fr, fa },
    WORD_LIST(X)
#undef X
};

const struct words *words_find(const char *code)
{
    for (size_t i = 0; code && words_languages[i].code; i++)
        if (!strcmp(words_languages[i].code, code))
            return &words_languages[i];
    return &words_languages[0];
}

const char *word(const struct words *w, enum word id)
{
    return list[id][w->column];
}

const char *word_counted(const struct words *w, enum word one, size_t n)
{
    return list[n == 1 ? one : one + 1][w->column];
}

static void fill(struct buf *out, const char *pattern, const char *const *args)
{
    size_t count = 0;

    while (args[count])
        count++;
    for (const char *p = pattern; *p; p++) {
        if (*p == '{' && p[1] >= '0' && p[1] <= '9' && p[2] == '}') {
            size_t i = (size_t)(p[1] - '0');

            buf_adds(out, i < count ? args[i] : "");
            p += 2;
        } else {
            buf_addc(out, *p);
        }
    }
}

void words_say(struct buf *out, const struct words *w, enum word id, const char *const *args)
{
    fill(out, word(w, id), args);
}

void words_digits(struct buf *out, const struct words *w, const char *text)
{
    for (const char *p = text; *p; p++) {
        bool digit = *p >= '0' && *p <= '9';
        bool point = *p == '.' && p > text && p[-1] >= '0' && p[-1] <= '9' && p[1] >= '0' &&
                     p[1] <= '9';

        if (digit && w->digits[0])
            buf_adds(out, w->digits[*p - '0']);
        else if (point)
            buf_adds(out, w->decimal);
        else
            buf_addc(out, *p);
    }
}

static struct number number(const struct words *w, const char *text)
{
    CLEANUP(buf_release) struct buf b = BUF_INIT(256);
    struct number n = { { 0 } };

    words_digits(&b, w, text);
    if (b.len < sizeof n.text)
        memcpy(n.text, b.ptr, b.len);
    return n;
}

struct number words_int(const struct words *w, long long n)
{
    char text[32];

    snprintf(text, sizeof text, "%lld", n);
    return number(w, text);
}

struct number words_tenths(const struct words *w, double value)
{
    char text[32];

    snprintf(text, sizeof text, "%.1f", value);
    return number(w, text);
}

void words_duration(struct buf *out, const struct words *w, int64_t us)
{
    static const struct { const char *unit; enum word word; } units[] = {
        { "ms", WORD_UNIT_MS }, { "min", WORD_UNIT_MIN }, { "s", WORD_UNIT_S },
        { "h", WORD_UNIT_H }, { "d", WORD_UNIT_D }, { "unknown", WORD_UNKNOWN },
    };
    CLEANUP(buf_release) struct buf b = BUF_INIT(256);

    duration_add(&b, us);
    const char *gap = "";
    char *rest = b.ptr;

    for (char *part; (part = strtok_r(rest, " ", &rest)) != NULL; gap = " ") {
        const char *said = NULL;

        for (size_t i = 0; i < ARRAY_LEN(units); i++)
            if (!strcmp(units[i].unit, part))
                said = word(w, units[i].word);
        buf_adds(out, gap);
        if (said)
            buf_adds(out, said);
        else
            words_digits(out, w, part);
    }
}

static const char *month(const struct words *w, int n, size_t *len)
{
    const char *p = word(w, WORD_MONTHS);

    for (; n > 1 && *p; n--)
        p += strcspn(p, "|") + 1;
    *len = strcspn(p, "|");
    return p;
}

void words_date(struct buf *out, const struct words *w, const char *rfc3339)
{
    static const char shape[] = "0000-00-00T00:00";
    char month_name[64] = "", time[16] = "", zone[32] = "";
    bool ok = strlen(rfc3339) >= sizeof "0000-00-00T00:00:00Z" - 1;

    for (size_t i = 0; ok && shape[i]; i++)
        ok = shape[i] == '0' ? rfc3339[i] >= '0' && rfc3339[i] <= '9' : rfc3339[i] == shape[i];

    int n = ok ? (rfc3339[5] - '0') * 10 + rfc3339[6] - '0' : 0;

    if (n < 1 || n > 12) {
        buf_adds(out, rfc3339);
        return;
    }

    size_t len;
    const char *name = month(w, n, &len), *rest = rfc3339 + 19;

    snprintf(month_name, sizeof month_name, "%.*s", (int)len, name);
    snprintf(time, sizeof time, "%.5s", rfc3339 + 11);
    if (*rest == '.')                            /* fractions of a second */
        rest += 1 + strspn(rest + 1, "0123456789");
    if (!strcmp(rest, "Z"))
        snprintf(zone, sizeof zone, " UTC");
    else if (*rest)
        snprintf(zone, sizeof zone, " (UTC%.8s)", rest);

    CLEANUP(buf_release) struct buf b = BUF_INIT(1024);
    char year[8];

    snprintf(year, sizeof year, "%.4s", rfc3339);
    words_digits(&b, w, time);
    buf_adds(&b, zone);
    SAY(out, w, WORD_DATE, words_int(w, atoi(rfc3339 + 8)).text, month_name,
        number(w, year).text, b.ptr);
}
