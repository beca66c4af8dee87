#include "harness/play/dates.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"

enum { PARTS = 3, IRANS_MONTHS = 20, DAYS_MAX = 31, MONTHS_MAX = 12 };
enum part { PART_DAY, PART_MONTH, PART_YEAR };

/* What a form is made of */

struct form {
    enum part parts[PARTS];
    size_t widths[PARTS];         /* digits; 0 as many as it has */
    char separator;
};

static bool is_code(struct slice part, enum part what)
{
    static const char *const codes[PARTS][3] = {
        { "dd", "d", NULL }, { "mm", "m", NULL }, { "yyyy", "yy", NULL },
    };

    for (size_t i = 0; i < ARRAY_LEN(codes[0]) && codes[what][i]; i++)
        if (slice_eq(part, codes[what][i]))
            return true;
    return false;
}

static bool read_part(const struct question_words *w, struct slice part, struct form *f, size_t i)
{
    static const char *const keys[PARTS] = { "day", "month", "year" };

    for (size_t what = 0; what < PARTS; what++) {
        if (!questions_is(w, keys[what], part) && !is_code(part, (enum part)what))
            continue;
        f->parts[i] = (enum part)what;
        f->widths[i] = what == PART_YEAR ? (part.len == 2 ? 2 : 4) : part.len == 1 ? 0 : 2;
        return true;
    }
    return false;
}

/** One word: three parts, each another one, with the same sign between. */
static bool read_form(const struct question_words *w, struct slice word, struct form *f)
{
    size_t at = 0;

    for (size_t i = 0; i < PARTS; i++) {
        size_t len = 0;

        while (at + len < word.len && !strchr("/.-", word.ptr[at + len]))
            len++;
        if (!len || !read_part(w, (struct slice){ word.ptr + at, len }, f, i))
            return false;
        at += len;
        if (i + 1 == PARTS)
            break;
        if (at == word.len || (i && word.ptr[at] != f->separator))
            return false;
        f->separator = word.ptr[at++];
    }
    return at == word.len && f->parts[0] != f->parts[1] && f->parts[1] != f->parts[2] &&
           f->parts[0] != f->parts[2];
}

static bool find_form(const struct question_words *w, const char *text, struct form *f)
{
    char *folded = text_folded(text);
    bool found = false;

    for (const char *at = folded; *at && !found; at += strcspn(at, " \n()[]\"',:;")) {
        struct slice word;

        at += strspn(at, " \n()[]\"',:;");
        word = (struct slice){ at, strcspn(at, " \n()[]\"',:;?!") };
        while (word.len && word.ptr[word.len - 1] == '.')
            word.len--;
        found = read_form(w, word, f);
    }
    free(folded);
    return found;
}

bool dates_form(const struct question_words *w, const char *text)
{
    return find_form(w, text, &(struct form){ 0 });
}

/* What a date says */

struct date {
    long parts[PARTS];            /* 0 = not said */
};

static long month_named(const struct question_words *w, struct slice word)
{
    const struct lexicons all = reader_lexicons(w->reader);

    for (size_t i = 0; i < all.count; i++) {
        const struct pairs *months = &all.items[i]->months;

        for (size_t k = 0; k < months->count && !strcmp(all.items[i]->language, w->language); k++) {
            char *name = text_folded(months->items[k].name);
            bool same = slice_eq(word, name);

            free(name);
            if (same) {
                long number = strtol(months->items[k].value->source, NULL, 10);

                return number > IRANS_MONTHS ? number - IRANS_MONTHS : number;
            }
        }
    }
    return 0;
}

/** Three numbers by their sizes: a year in front, or else at the end. */
static void order_numbers(struct date *d, const long *numbers)
{
    bool year_first = numbers[0] > DAYS_MAX;
    size_t day = year_first ? 2 : 0;

    d->parts[PART_YEAR] = numbers[year_first ? 0 : 2];
    if (numbers[1] > MONTHS_MAX)
        day = 1;                  /* 05/13/1984 */
    d->parts[PART_DAY] = numbers[day];
    d->parts[PART_MONTH] = numbers[day == 1 ? (year_first ? 2 : 0) : 1];
}

static bool read_date(const struct question_words *w, const char *value, struct date *d)
{
    char *folded = text_folded(value);
    long numbers[PARTS] = { 0 };
    size_t count = 0;

    *d = (struct date){ { 0 } };
    for (const char *at = folded; *at;) {
        struct slice word = { at, 0 };

        while (isalnum((unsigned char)at[word.len]) || (unsigned char)at[word.len] >= 0x80)
            word.len++;
        at += word.len ? word.len : 1;
        if (word.len && isdigit((unsigned char)*word.ptr) && count < PARTS)
            numbers[count++] = strtol(word.ptr, NULL, 10);
        else if (word.len && !d->parts[PART_MONTH])
            d->parts[PART_MONTH] = month_named(w, word);
    }
    free(folded);
    if (count == PARTS && !d->parts[PART_MONTH]) {
        order_numbers(d, numbers);
    } else if (count == 2 && d->parts[PART_MONTH]) {
        bool year_first = numbers[0] > DAYS_MAX;

        d->parts[PART_YEAR] = numbers[!year_first];
        d->parts[PART_DAY] = numbers[year_first];
    }
    return d->parts[PART_DAY] > 0 && d->parts[PART_DAY] <= DAYS_MAX && d->parts[PART_MONTH] > 0 &&
           d->parts[PART_MONTH] <= MONTHS_MAX && d->parts[PART_YEAR] > DAYS_MAX;
}

bool dates_is(const struct question_words *w, const char *value)
{
    struct date d;

    return read_date(w, value, &d);
}

/* Writing it */

/** Persian digits where the customer writes such. */
static const char *in_own_digits(const char *text, const char *value, struct arena *a)
{
    CLEANUP(buf_release) struct buf out = BUF_INIT(128);
    bool persian = strstr(value, "\u06f0") || strstr(value, "\u06f1");

    for (; *text; text++) {
        if (persian && isdigit((unsigned char)*text))
            buf_add(&out, (char[]){ (char)0xdb, (char)(0xb0 + *text - '0') }, 2);
        else
            buf_addc(&out, *text);
    }
    return arena_strndup(a, out.ptr, out.len);
}

const char *dates_as_asked(const struct question_words *w, const char *text, const char *value,
                           struct arena *a)
{
    CLEANUP(buf_release) struct buf out = BUF_INIT(128);
    struct form f = { .separator = 0 };
    struct date d;

    if (!find_form(w, text, &f) || !read_date(w, value, &d))
        return NULL;
    for (size_t i = 0; i < PARTS; i++) {
        long number = d.parts[f.parts[i]];

        if (f.parts[i] == PART_YEAR && f.widths[i] == 2)
            number %= 100;
        buf_addf(&out, "%.*s%0*ld", i ? 1 : 0, &f.separator, (int)f.widths[i], number);
    }
    return in_own_digits(out.ptr, value, a);
}
