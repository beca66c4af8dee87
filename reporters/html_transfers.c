/* Timings per transfer: a table, and in its last column each transfer's phases as a bar on one common
 * scale (a waterfall when they follow each other). */
#include "reporters/html.h"

enum { BAR_WIDTH = 160, BAR_HEIGHT = 12 };

static bool has_row(const struct event *e)
{
    return e->kind == EVENT_TRANSFER && e->has_timings;
}

static void phase(struct buf *out, const struct words *w, int64_t us)
{
    buf_adds(out, "<td class=\"right num nowrap\">");
    if (us == DURATION_UNKNOWN)
        buf_adds(out, "\xE2\x80\x93");
    else
        words_duration(out, w, us);
    buf_adds(out, "</td>");
}

static int64_t longest(const struct transcript *t)
{
    int64_t us = 1;

    for (size_t i = 0; i < t->count; i++)
        if (has_row(&t->events[i]) && t->events[i].timings.total_us > us)
            us = t->events[i].timings.total_us;
    return us;
}

/* Phases are given since the transfer's start: each begins where the one before it ended. */
static void waterfall(struct buf *out, const struct timings *t, int64_t scale_us)
{
    const struct { const char *class; int64_t end_us; } phases[] = {
        { "p1", t->lookup_us }, { "p2", t->connect_us }, { "p3", t->tls_us },
        { "p4", t->first_byte_us }, { "p5", t->total_us },
    };
    double x = 0;

    buf_addf(out, "<td><svg class=\"fall\" viewBox=\"0 0 %d %d\" aria-hidden=\"true\">", BAR_WIDTH,
             BAR_HEIGHT);
    for (size_t i = 0; i < ARRAY_LEN(phases); i++) {
        double end = (double)BAR_WIDTH * (double)phases[i].end_us / (double)scale_us;

        if (phases[i].end_us == DURATION_UNKNOWN || end <= x)
            continue;
        buf_addf(out, "<rect class=\"%s\" x=\"%.1f\" y=\"%zu\" width=\"%.1f\" height=\"%zu\"/>",
                 phases[i].class, x, 5 - i, end - x, 2 + 2 * i);
        x = end;
    }
    buf_adds(out, "</svg></td>");
}

static void row(struct buf *out, const struct html_journey *h, const struct event *e,
                int64_t scale_us)
{
    const struct words *w = h->w;

    buf_adds(out, "<tr><td class=\"num\">");
    html_clock(out, w, e->t_us, h->total_us);
    buf_adds(out, "</td><td>");
    if (e->code)
        html_bdi(out, e->code, 20);
    buf_addc(out, ' ');
    html_bdi(out, e->url ? e->url : "", 90);
    buf_adds(out, "</td><td class=\"right num\">");
    if (e->status)
        buf_adds(out, words_int(w, e->status).text);
    buf_adds(out, "</td>");
    phase(out, w, e->timings.lookup_us);
    phase(out, w, e->timings.connect_us);
    phase(out, w, e->timings.tls_us);
    phase(out, w, e->timings.first_byte_us);
    phase(out, w, e->timings.total_us);
    buf_addf(out, "<td class=\"right num\">%s</td>",
             words_int(w, (long long)e->timings.received_bytes).text);
    waterfall(out, &e->timings, scale_us);
    buf_adds(out, "</tr>\n");
}

static void head(struct buf *out, const struct words *w, bool open)
{
    static const struct { enum word word; bool right; } columns[] = {
        { WORD_AT, false }, { WORD_REQUEST, false }, { WORD_STATUS, true }, { WORD_LOOKUP, true },
        { WORD_CONNECT, true }, { WORD_TLS, true }, { WORD_FIRST_BYTE, true },
        { WORD_TOTAL, true }, { WORD_BYTES_IN, true }, { WORD_WATERFALL, false },
    };

    buf_addf(out, "<details%s><summary>%s</summary>\n<div class=\"scroll\" tabindex=\"0\" "
                  "role=\"region\" aria-label=\"%s\"><table class=\"small\"><thead><tr>",
             open ? " open" : "", word(w, WORD_TRANSFERS), word(w, WORD_TRANSFERS));
    for (size_t i = 0; i < ARRAY_LEN(columns); i++)
        buf_addf(out, "<th scope=\"col\"%s>%s</th>", columns[i].right ? " class=\"right\"" : "",
                 word(w, columns[i].word));
    buf_adds(out, "</tr></thead>\n<tbody>\n");
}

void html_transfers(struct buf *out, const struct html_journey *h)
{
    const struct transcript *t = h->jr->transcript;
    int64_t scale_us = longest(t);
    bool any = false;

    for (size_t i = 0; i < t->count; i++) {
        if (!has_row(&t->events[i]))
            continue;
        if (!any)
            head(out, h->w, h->print);
        any = true;
        row(out, h, &t->events[i], scale_us);
    }
    if (any)
        buf_adds(out, "</tbody></table></div></details>\n");
}
