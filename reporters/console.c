/* For a terminal: per journey a line, what the customer felt, and why it fell short. Every foreign
 * character goes through text_add_printable or text_add_clipped: no escapes, no bidi controls. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"
#include "reporters/reporters.h"
#include "reporters/view.h"

enum { EXCERPT_MAX = 12, EXCERPT_TAIL = 6, NAME_INDENT = 19, TEXT_INDENT = 10 };

struct console {
    const struct result *result;
    const struct report_options *o;
    struct buf *out;
    size_t columns;
};

enum ink { INK_PLAIN, INK_GOOD, INK_BAD, INK_WARN, INK_BOLD, INK_DIM };

static void ink(struct console *c, enum ink i)
{
    static const char *const codes[] = { "\x1B[0m", "\x1B[32m", "\x1B[31m", "\x1B[33m",
                                         "\x1B[1m", "\x1B[2m" };

    if (c->o->flags & REPORT_COLOR)
        buf_adds(c->out, codes[i]);
}

/* One clipped line after `indent` blanks. */
static void line(struct console *c, size_t indent, const char *text)
{
    buf_add_repeat(c->out, ' ', indent);
    text_add_clipped(c->out, slice_str(text), c->columns - indent);
    buf_addc(c->out, '\n');
}

enum { WRAP_MAX = 600 };                         /* columns of one paragraph */

/* Words broken into lines of at most the width; the cursor stands at column `indent` already. */
static void wrap(struct console *c, size_t indent, const char *text)
{
    CLEANUP(buf_release) struct buf clean = BUF_INIT(VIEW_PART_MAX);
    size_t used = 0, room = c->columns - indent;

    text_add_clipped(&clean, slice_str(text), WRAP_MAX);
    for (const char *p = clean.ptr; *p;) {
        size_t blanks = strspn(p, " \t\n"), len = strcspn(p + blanks, " \t\n");
        struct slice word = { p + blanks, len };
        size_t width = text_width(word);

        p += blanks + len;
        if (!len)
            break;
        if (used && used + 1 + width > room) {
            buf_addc(c->out, '\n');
            buf_add_repeat(c->out, ' ', indent);
            used = 0;
        }
        if (used)
            buf_addc(c->out, ' ');
        text_add_clipped(c->out, word, room);    /* a word longer than a line is cut */
        used += (used ? 1 : 0) + (width < room ? width : room);
    }
    buf_addc(c->out, '\n');
}

static void paragraph(struct console *c, size_t indent, const char *text)
{
    buf_add_repeat(c->out, ' ', indent);
    wrap(c, indent, text);
}

static void headline(struct console *c, const struct journey_result *jr)
{
    static const struct { const char *word; enum ink ink; } rows[JOURNEY_STATUS_COUNT] = {
        [JOURNEY_MET] = { "ok", INK_GOOD }, [JOURNEY_FELL_SHORT] = { "FELL SHORT", INK_BAD },
        [JOURNEY_NOT_TESTED] = { "NOT TESTED", INK_WARN },
        [JOURNEY_INTERRUPTED] = { "STOPPED", INK_WARN },
    };
    const struct score *s = view_known_score(jr);

    ink(c, rows[jr->status].ink);
    buf_addf(c->out, "%-12s", rows[jr->status].word);
    ink(c, INK_BOLD);
    if (s)
        buf_addf(c->out, "%3d %c  ", score_rounded(s->value), s->grade);
    else
        buf_adds(c->out, "  - -  ");
    text_add_clipped(c->out, slice_str(view_name(jr->transcript)), c->columns - NAME_INDENT);
    ink(c, INK_PLAIN);
    buf_addc(c->out, '\n');
}

static void facts(struct console *c, const struct journey_result *jr)
{
    CLEANUP(buf_release) struct buf b = BUF_INIT(4096);
    const struct score *s = view_known_score(jr);

    if (s) {
        buf_addf(&b, "%s, CES %.1f of 7", view_outcome(s->outcome), s->ces);
        if (view_range_differs(s))
            buf_addf(&b, ", range %d-%d", score_rounded(s->low), score_rounded(s->high));
        if (view_grade_differs(s))
            buf_addf(&b, " (%c to %c)", s->grade_low, s->grade_high);
        if (s->times_unknown)
            buf_adds(&b, ", times unknown");
        buf_adds(&b, ", ");
    }
    duration_add(&b, jr->duration_us);
    line(c, NAME_INDENT, b.ptr);
}

static void waits(struct console *c, const struct journey_result *jr)
{
    CLEANUP(buf_release) struct buf b = BUF_INIT(64 * 1024);
    struct view_wait *rows;
    size_t count = view_waits(jr, &rows);

    for (size_t i = 0; i < count; i++) {
        const struct { const char *word; int64_t us; } parts[] = {
            { "receipt", rows[i].receipt_us }, { "typing seen", rows[i].typing_us },
            { "first word", rows[i].word_us }, { "first reply", rows[i].first_us },
            { "longest", rows[i].answers > 1 && rows[i].longest_us > rows[i].first_us &&
                         rows[i].longest_us > rows[i].receipt_us ? rows[i].longest_us
                                                                 : DURATION_UNKNOWN },
        };
        const char *between = ": ";

        if (i)
            buf_adds(&b, "; ");
        text_add_clipped(&b, slice_str(rows[i].channel), 30);
        for (size_t k = 0; k < ARRAY_LEN(parts); k++) {
            if (parts[k].us == DURATION_UNKNOWN)
                continue;
            buf_addf(&b, "%s%s ", between, parts[k].word);
            duration_add(&b, parts[k].us);
            between = ", ";
        }
    }
    if (b.len)
        paragraph(c, NAME_INDENT, b.ptr);
    free(rows);
}

/* Two short lines: none of their figures moves a line's end. */
static void form(struct console *c, const struct view_form *f)
{
    CLEANUP(buf_release) struct buf way = BUF_INIT(4096), fields = BUF_INIT(4096);

    text_add_clipped(&way, slice_str(f->channel), 30);
    buf_addf(&fields, "%s: a form of %zu field%s, %zu required", way.ptr, f->fields,
             f->fields == 1 ? "" : "s", f->required);
    if (f->unlabelled)
        buf_addf(&fields, ", %zu without a label", f->unlabelled);
    if (f->pages) {
        buf_adds(&way, ": to the form ");
        duration_add(&way, f->reached_us);
        buf_addf(&way, ", %zu page%s", f->pages, f->pages == 1 ? "" : "s");
    }
    if (f->pages && f->bytes) {
        buf_adds(&way, ", ");
        view_size(&way, f->bytes);
    }
    if (f->pages && f->requests > (int64_t)f->pages)
        buf_addf(&way, " in %lld parts", (long long)f->requests);
    if (f->pages)
        paragraph(c, NAME_INDENT, way.ptr);
    paragraph(c, NAME_INDENT, fields.ptr);
}

static void forms(struct console *c, const struct journey_result *jr)
{
    struct view_form rows[VIEW_FORMS_MAX];
    size_t count = view_forms(jr->transcript, rows, ARRAY_LEN(rows));

    for (size_t i = 0; i < count; i++)
        form(c, &rows[i]);
}

static void finding(struct console *c, const struct journey_result *jr, const struct finding *f)
{
    CLEANUP(buf_release) struct buf b = BUF_INIT(VIEW_PART_MAX);
    const struct transcript *t = jr->transcript;
    const struct event *at = (size_t)f->seq < t->count ? &t->events[f->seq] : NULL;

    if (f->confidence < CONFIDENCE_COUNTS)
        buf_adds(&b, "       ? ");
    else if (f->row->charged)
        buf_addf(&b, "  %6.1f ", -f->share);
    else
        buf_adds(&b, "       - ");
    buf_addf(&b, " %s", f->row->title);
    if (f->slot) {
        buf_adds(&b, ": ");
        view_slot(&b, f->slot);
    }
    if (at) {
        buf_adds(&b, at->channel ? ", " : "");
        buf_adds(&b, at->channel);
        buf_addc(&b, ' ');
        view_clock(&b, at->t_us, view_total_us(t));
    }
    ink(c, f->row->good ? INK_GOOD : f->confidence < CONFIDENCE_COUNTS ? INK_DIM : INK_BAD);
    line(c, 0, b.ptr);
    ink(c, INK_PLAIN);

    buf_clear(&b);
    buf_addf(&b, "\"%s\"", view_say(f));
    paragraph(c, TEXT_INDENT, b.ptr);

    buf_clear(&b);
    buf_adds(&b, f->row->kind);                  /* the name that `bar: never:` takes */
    if (f->variant)
        buf_addf(&b, " (%s)", f->variant);
    buf_adds(&b, f->event_count > 1 ? ", events " : ", event ");
    view_events(&b, f);
    if (f->actual_us != DURATION_UNKNOWN) {
        buf_adds(&b, "; ");
        view_times(&b, f);
    }
    if (f->confidence < CONFIDENCE_COUNTS || c->o->flags & REPORT_VERBOSE)
        buf_addf(&b, "; confidence %.2f", f->confidence);
    ink(c, INK_DIM);
    paragraph(c, TEXT_INDENT, b.ptr);
    if (c->o->flags & REPORT_VERBOSE && f->why)
        paragraph(c, TEXT_INDENT, f->why);
    ink(c, INK_PLAIN);
}

static void findings(struct console *c, const struct journey_result *jr, enum view_pick pick)
{
    const struct finding **list;
    size_t count = view_findings(jr, pick, &list);

    for (size_t i = 0; i < count; i++)
        finding(c, jr, list[i]);
    free(list);
}

/* Where every point went, beneath the findings that took some. */
static void account(struct console *c, const struct journey_result *jr)
{
    CLEANUP(buf_release) struct buf b = BUF_INIT(4096);
    const struct finding **list;
    size_t count = view_findings(jr, VIEW_BAD, &list);

    free(list);
    view_account(&b, jr);
    if (!b.len || (!count && !(c->o->flags & REPORT_VERBOSE)))
        return;
    ink(c, INK_DIM);
    buf_adds(c->out, "  points: ");
    wrap(c, TEXT_INDENT, b.ptr);
    ink(c, INK_PLAIN);
}

/* "good: Progress, Receipt x2", each title once. */
static void good(struct console *c, const struct journey_result *jr)
{
    CLEANUP(buf_release) struct buf b = BUF_INIT(64 * 1024);
    const struct finding **list;
    size_t count = view_findings(jr, VIEW_GOOD, &list);

    for (size_t r = 0; r < finding_row_count; r++) {
        size_t times = 0;

        for (size_t i = 0; i < count; i++)
            times += list[i]->row == &finding_rows[r];
        if (times)
            buf_addf(&b, "%s%s", b.len ? ", " : "", finding_rows[r].title);
        if (times > 1)
            buf_addf(&b, " x%zu", times);
    }
    free(list);
    if (!b.len)
        return;
    ink(c, INK_GOOD);
    buf_adds(c->out, "   good:  ");
    ink(c, INK_PLAIN);
    wrap(c, TEXT_INDENT, b.ptr);
}

static void event_line(struct console *c, const struct transcript *t, const struct event *e)
{
    CLEANUP(buf_release) struct buf b = BUF_INIT(VIEW_PART_MAX);

    view_clock(&b, e->t_us, view_total_us(t));
    buf_add_repeat(c->out, ' ', b.len < 9 ? 9 - b.len : 0);
    buf_addf(c->out, "%s  ", b.ptr);
    buf_clear(&b);
    text_add_clipped(&b, slice_str(view_party(t, e)), 14);

    size_t width = text_width(buf_slice(&b));

    buf_adds(c->out, b.ptr);
    buf_add_repeat(c->out, ' ', 16 - width);
    buf_clear(&b);
    if (e->kind == EVENT_GAVE_UP || e->kind == EVENT_FAILED)
        buf_addf(&b, "[%s] ", e->kind == EVENT_FAILED && e->code ? e->code : "gave up");
    buf_adds(&b, e->text);
    text_add_clipped(c->out, buf_slice(&b), c->columns - 27);
    buf_addc(c->out, '\n');
}

static bool broke(const struct event *e)
{
    return e->kind == EVENT_FAILED || e->kind == EVENT_GAVE_UP;
}

static size_t show_all(const struct transcript *t, bool *show)
{
    size_t shown = 0;

    for (size_t i = 0; i < t->count; i++)
        shown += show[i] = view_is_talk(&t->events[i]);
    return shown;
}

/* A short journey as a whole; of a longer one the events that prove the bad findings and what
 * broke; without any, the last words. */
static void choose(const struct journey_result *jr, bool *show)
{
    const struct transcript *t = jr->transcript;
    const struct finding **list;
    size_t count, shown = 0;

    if (show_all(t, show) <= EXCERPT_MAX)
        return;
    memset(show, 0, t->count * sizeof *show);
    count = view_findings(jr, VIEW_BAD, &list);
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < list[i]->event_count && shown < EXCERPT_MAX; k++) {
            int seq = list[i]->events[k];

            shown += !show[seq] && view_is_talk(&t->events[seq]);
            show[seq] = view_is_talk(&t->events[seq]);
        }
    }
    free(list);
    for (size_t i = 0; i < t->count && shown < EXCERPT_MAX; i++) {
        shown += !show[i] && broke(&t->events[i]);
        show[i] |= broke(&t->events[i]);
    }
    for (size_t i = t->count, last = 0; i-- > 0 && !shown && last < EXCERPT_TAIL;) {
        show[i] = view_is_talk(&t->events[i]);
        last += show[i];
    }
}

static void excerpt(struct console *c, const struct journey_result *jr)
{
    const struct transcript *t = jr->transcript;
    bool *show = mem_zero(t->count, sizeof *show), gap = false, any = false;

    if (c->o->flags & REPORT_VERBOSE)
        show_all(t, show);
    else
        choose(jr, show);
    for (size_t i = 0; i < t->count; i++) {
        if (!show[i]) {
            gap |= view_is_talk(&t->events[i]);
            continue;
        }
        if (gap && any)
            buf_adds(c->out, "      ...\n");
        gap = false;
        any = true;
        event_line(c, t, &t->events[i]);
    }
    free(show);
}

static void journey(struct console *c, const struct journey_result *jr)
{
    headline(c, jr);
    facts(c, jr);
    waits(c, jr);
    forms(c, jr);
    for (size_t i = 0; i < jr->reason_count; i++) {
        ink(c, INK_BAD);
        buf_adds(c->out, "  why:    ");
        ink(c, INK_PLAIN);
        wrap(c, TEXT_INDENT, jr->reasons[i]);
    }
    findings(c, jr, VIEW_BAD);
    account(c, jr);
    if (c->o->flags & REPORT_DOUBTS)
        findings(c, jr, VIEW_DOUBTS);
    good(c, jr);
    if (jr->status == JOURNEY_FELL_SHORT || c->o->flags & REPORT_VERBOSE)
        excerpt(c, jr);
    buf_addc(c->out, '\n');
}

static void summary(struct console *c)
{
    const struct result *r = c->result;
    size_t n[JOURNEY_STATUS_COUNT];
    const char *between = ": ";

    result_counts(r, n);
    ink(c, INK_BOLD);
    buf_addf(c->out, "%zu %s", r->count, r->count == 1 ? "journey" : "journeys");
    for (int i = 0; i < JOURNEY_STATUS_COUNT; i++) {
        if (!n[i])
            continue;
        buf_addf(c->out, "%s%zu %s", between, n[i], view_status((enum journey_status)i));
        between = ", ";
    }
    ink(c, INK_PLAIN);
    if (r->duration_us > 0) {
        buf_adds(c->out, "; ");
        duration_add(c->out, r->duration_us);
    }
    buf_addc(c->out, '\n');
    for (size_t i = 0; i < r->left_out_count; i++) {
        ink(c, INK_WARN);
        buf_adds(c->out, "left out: ");
        ink(c, INK_PLAIN);
        wrap(c, TEXT_INDENT, r->left_out[i]);
    }
    for (size_t i = 0; i < r->change_count; i++) {
        if (!i) {
            buf_adds(c->out, "judged by ");
            line(c, 0, r->expectations ? r->expectations : "other expectations");
        }
        paragraph(c, TEXT_INDENT, r->changes[i]);
    }
    if (c->o->command && n[JOURNEY_FELL_SHORT]) {
        buf_adds(c->out, "again:    ");
        wrap(c, TEXT_INDENT, c->o->command);
    }
}

static enum status write_console(const struct result *r, const struct report_options *o,
                                 FILE *out)
{
    CLEANUP(buf_release) struct buf b = BUF_INIT(VIEW_PART_MAX);
    struct console c = { r, o, &b, o->columns >= 40 ? (size_t)o->columns : 80 };

    for (size_t i = 0; i < r->count; i++) {
        journey(&c, result_journey(r, i));
        if (!view_flush(&b, out))
            return ST_IO;
    }
    summary(&c);
    return view_flush(&b, out) ? ST_OK : ST_IO;
}

const struct reporter reporter_console = {
    .name = "console", .extension = NULL, .help = "a summary for the terminal",
    .write = write_console,
};
