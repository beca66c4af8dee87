#include "harness/base/diag.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"

struct source *source_new(const char *name, struct slice text)
{
    struct source *s = mem_zero(1, sizeof *s);
    size_t cap = 0;

    s->name = mem_strdup(name);
    s->text = mem_strndup(text.ptr, text.len);
    s->len = text.len;
    MEM_GROW(s->starts, cap, 1);
    s->starts[s->lines++] = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] != '\n')
            continue;
        MEM_GROW(s->starts, cap, (size_t)s->lines + 1);
        s->starts[s->lines++] = (uint32_t)(i + 1);
    }
    return s;
}

void source_free(struct source *s)
{
    if (!s)
        return;
    free(s->name);
    free(s->text);
    free(s->starts);
    free(s);
}

struct slice source_line(const struct source *s, uint32_t line)
{
    if (line < 1 || line > s->lines)
        return SLICE_LIT("");

    size_t start = s->starts[line - 1];
    size_t end = line < s->lines ? s->starts[line] : s->len;

    while (end > start && (s->text[end - 1] == '\n' || s->text[end - 1] == '\r'))
        end--;
    return (struct slice){ s->text + start, end - start };
}

struct span source_span(const struct source *s, size_t offset, size_t len)
{
    uint32_t lo = 0, hi = s->lines;

    if (offset > s->len)
        offset = s->len;
    while (hi - lo > 1) {
        uint32_t mid = lo + (hi - lo) / 2;

        if (s->starts[mid] <= offset)
            lo = mid;
        else
            hi = mid;
    }

    struct slice before = { s->text + s->starts[lo], offset - s->starts[lo] };
    struct slice line = source_line(s, lo + 1);
    size_t rest = line.ptr + line.len > s->text + offset
                      ? (size_t)(line.ptr + line.len - (s->text + offset)) : 0;
    struct slice inside = { s->text + offset, len < rest ? len : rest };
    uint32_t col = (uint32_t)text_length(before) + 1;

    return (struct span){ lo + 1, col, col + (uint32_t)text_length(inside) };
}

void diags_init(struct diags *d)
{
    *d = (struct diags){ .arena = arena_new() };
}

void diags_release(struct diags *d)
{
    arena_free(d->arena);
    free(d->items);
    *d = (struct diags){ 0 };
}

static void add(struct diags *d, enum severity severity, const struct source *source,
                struct span at, const char *hint, const char *what)
{
    MEM_GROW(d->items, d->cap, d->count + 1);
    d->items[d->count++] = (struct diag){ severity, source, at, what,
                                          arena_strdup(d->arena, hint) };
    if (severity == SEVERITY_ERROR)
        d->errors++;
}

void diag_add(struct diags *d, enum severity severity, const struct source *source,
              struct span at, const char *hint, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    const char *what = arena_vprintf(d->arena, fmt, ap);
    va_end(ap);
    add(d, severity, source, at, hint, what);
}

void diag_error(struct diags *d, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    const char *what = arena_vprintf(d->arena, fmt, ap);
    va_end(ap);
    add(d, SEVERITY_ERROR, NULL, (struct span){ 0, 0, 0 }, NULL, what);
}

/* A diag's place in the order: files as they first came up, then position, then as added. */
struct sorted {
    size_t file, index;
    struct diag diag;
};

static int by_place(const void *a, const void *b)
{
    const struct sorted *x = a, *y = b;

    if (x->file != y->file)
        return x->file < y->file ? -1 : 1;
    if (x->diag.at.line != y->diag.at.line)
        return x->diag.at.line < y->diag.at.line ? -1 : 1;
    if (x->diag.at.col != y->diag.at.col)
        return x->diag.at.col < y->diag.at.col ? -1 : 1;
    return x->index < y->index ? -1 : 1;
}

void diags_sort(struct diags *d)
{
    struct sorted *s = mem_zero(d->count, sizeof *s);

    for (size_t i = 0; i < d->count; i++) {
        size_t first = 0;

        while (d->items[first].source != d->items[i].source)
            first++;
        s[i] = (struct sorted){ first, i, d->items[i] };
    }
    qsort(s, d->count, sizeof *s, by_place);
    for (size_t i = 0; i < d->count; i++)
        d->items[i] = s[i].diag;
    free(s);
}

static const char *severity_name(enum severity s)
{
    static const char *const names[] = { "note", "warning", "error" };

    return names[s];
}

/* Columns that text_add_printable makes of one character. */
static size_t printed_width(struct slice character)
{
    CLEANUP(buf_release) struct buf b = BUF_INIT(16);

    text_add_printable(&b, character);
    return *b.ptr == '\t' ? 1 : text_width(buf_slice(&b));
}

void diag_render(const struct diag *d, struct buf *out)
{
    if (d->source)
        buf_addf(out, "%s:", d->source->name);
    if (d->source && d->at.line)
        buf_addf(out, "%u:%u:", d->at.line, d->at.col);
    buf_addf(out, "%s%s: ", d->source ? " " : "shopper: ", severity_name(d->severity));
    text_add_printable(out, slice_str(d->what));
    buf_addc(out, '\n');

    if (!d->source || !d->at.line) {
        if (d->hint)
            buf_addf(out, "  %s\n", d->hint);
        return;
    }

    struct slice line = source_line(d->source, d->at.line);

    buf_addf(out, "%5u | ", d->at.line);
    text_add_printable(out, line);
    buf_adds(out, "\n      | ");

    size_t carets = 0, i = 0;

    for (size_t col = 1; i < line.len && (col < d->at.col || col < d->at.end_col); col++) {
        int32_t c;
        size_t used = text_decode(line.ptr + i, line.len - i, &c);
        size_t width = printed_width((struct slice){ line.ptr + i, used });

        if (col >= d->at.col)
            carets += width;
        else
            buf_add_repeat(out, c == '\t' ? '\t' : ' ', width);   /* tabs: carets line up */
        i += used;
    }
    buf_add_repeat(out, '^', carets ? carets : 1);
    if (d->hint)
        buf_addf(out, " %s", d->hint);
    buf_addc(out, '\n');
}

void diags_render(const struct diags *d, struct buf *out)
{
    for (size_t i = 0; i < d->count; i++)
        diag_render(&d->items[i], out);
}

enum { SUGGEST_MAX = 48, FEW_NAMES = 14 };

static size_t min3(size_t a, size_t b, size_t c)
{
    size_t m = a < b ? a : b;

    return m < c ? m : c;
}

/* Optimal string alignment distance; both at most SUGGEST_MAX bytes. */
static size_t distance(const char *a, size_t n, const char *b, size_t m)
{
    size_t rows[3][SUGGEST_MAX + 1];
    size_t *before = rows[0], *last = rows[1], *now = rows[2];

    for (size_t j = 0; j <= m; j++)
        last[j] = j;
    memset(before, 0, sizeof rows[0]);
    for (size_t i = 1; i <= n; i++) {
        now[0] = i;
        for (size_t j = 1; j <= m; j++) {
            size_t cost = a[i - 1] != b[j - 1];

            now[j] = min3(last[j] + 1, now[j - 1] + 1, last[j - 1] + cost);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
                before[j - 2] + 1 < now[j])
                now[j] = before[j - 2] + 1;
        }

        size_t *spare = before;

        before = last;
        last = now;
        now = spare;
    }
    return last[m];
}

const char *suggest(const char *typed, const char *const *names, size_t count)
{
    char *want = text_folded(typed);
    size_t n = strlen(want), best = SIZE_MAX;
    const char *found = NULL;

    for (size_t i = 0; n && n <= SUGGEST_MAX && i < count; i++) {
        if (!names[i])
            continue;

        char *have = text_folded(names[i]);
        size_t m = strlen(have), limit = (n > m ? n : m) / 3, d = SIZE_MAX;

        if (m && m <= SUGGEST_MAX) {
            d = distance(want, n, have, m);
            if (n >= 4 && m >= 3 && d > limit &&
                (!strncmp(want, have, n) || !strncmp(want, have, m)))
                d = limit;                       /* an abbreviation, or a plural */
        }
        if (d <= limit && d < best && d > 0) {
            best = d;
            found = names[i];
        } else if (d == 0) {
            best = 0;
            found = names[i];
        }
        free(have);
    }
    free(want);
    return found;
}

const char *names_list(struct arena *a, const char *const *names, size_t count)
{
    CLEANUP(buf_release) struct buf b = BUF_INIT(4096);

    for (size_t i = 0; i < count; i++)
        buf_addf(&b, "%s%s", i ? ", " : "", names[i]);
    return arena_strdup(a, b.ptr);
}

const char *names_hint(struct arena *a, const char *typed, const char *const *names, size_t count)
{
    const char *near = suggest(typed, names, count);

    if (near)
        return arena_printf(a, "did you mean \"%s\"?", near);
    if (!count || count > FEW_NAMES)
        return NULL;
    return arena_printf(a, "one of: %s", names_list(a, names, count));
}
