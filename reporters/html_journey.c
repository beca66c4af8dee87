/* One journey: facts first, then the map, the findings, and the talk itself. */
#include <string.h>
#include <stdlib.h>

#include "reporters/html.h"

static void fact(struct buf *out, const char *name, const char *value, const char *detail)
{
    buf_addf(out, "<div><dt>%s</dt><dd>", name);
    html_bdi(out, value, 200);
    if (detail && *detail) {
        buf_adds(out, "<span>");
        html_bdi(out, detail, 240);
        buf_adds(out, "</span>");
    }
    buf_adds(out, "</dd></div>\n");
}

static void header(struct buf *out, const struct html_journey *h)
{
    const struct transcript *t = h->jr->transcript;

    buf_addf(out, "<article class=\"card\" id=\"j%zu\">\n<header><div>", h->number);
    html_chip(out, h->jr->status);
    buf_adds(out, "<h2>");
    html_bdi(out, view_name(t), 110);
    buf_adds(out, "</h2>\n<p class=\"soft small\">");
    if (t->customer_name && *t->customer_name) {
        buf_adds(out, "Played as ");
        html_bdi(out, t->customer_name, 60);
        buf_adds(out, " \xC2\xB7 ");
    }
    html_bdi(out, t->file, 120);
    if (t->line)
        buf_addf(out, ":%u", t->line);
    for (size_t i = 0; i < t->tag_count; i++) {
        buf_adds(out, i ? ", " : " \xC2\xB7 ");
        html_bdi(out, t->tags[i], 40);
    }
    buf_adds(out, "</p></div>\n");
    html_ring(out, view_known_score(h->jr));
    buf_adds(out, "</header>\n");
    if (!h->jr->reason_count)
        return;
    buf_addf(out, "<div class=\"why%s\">",
             h->jr->status == JOURNEY_FELL_SHORT ? "" : " warn");
    for (size_t i = 0; i < h->jr->reason_count; i++) {
        buf_adds(out, "<p>");
        html_bdi(out, h->jr->reasons[i], 400);
        buf_adds(out, "</p>");
    }
    buf_adds(out, "</div>\n");
}

static const char *effort_words(double ces)
{
    return ces >= 6 ? "very easy" : ces >= 5 ? "easy" : ces >= 3.5 ? "some effort"
                                           : ces >= 2 ? "hard" : "very hard";
}

static void score_facts(struct buf *out, const struct score *s)
{
    CLEANUP(buf_release) struct buf value = BUF_INIT(256);
    CLEANUP(buf_release) struct buf detail = BUF_INIT(256);

    fact(out, "Outcome", view_outcome(s->outcome), s->outcome_why);
    buf_addf(&value, "%d, grade %c", score_rounded(s->value), s->grade);
    if (view_range_differs(s))
        buf_addf(&detail, "between %d and %d", score_rounded(s->low), score_rounded(s->high));
    if (view_grade_differs(s))
        buf_addf(&detail, " (%c to %c)", s->grade_low, s->grade_high);
    if (s->times_unknown)
        buf_addf(&detail, "%stimes unknown", detail.len ? "; " : "");
    fact(out, "Score", value.ptr, detail.ptr);
    buf_clear(&value);
    buf_addf(&value, "%.1f of 7", s->ces);
    fact(out, "Effort (CES)", value.ptr, effort_words(s->ces));
}

static void wait_facts(struct buf *out, const struct html_journey *h)
{
    struct view_wait *rows;
    size_t count = view_waits(h->jr, &rows);

    for (size_t i = 0; i < count; i++) {
        CLEANUP(buf_release) struct buf value = BUF_INIT(256);
        CLEANUP(buf_release) struct buf detail = BUF_INIT(256);
        CLEANUP(buf_release) struct buf name = BUF_INIT(4096);
        bool receipt = rows[i].receipt_us != DURATION_UNKNOWN;
        bool first = rows[i].first_us != DURATION_UNKNOWN;

        duration_add(&value, first ? rows[i].first_us : rows[i].receipt_us);
        if (receipt && first) {
            buf_adds(&detail, "receipt after ");
            duration_add(&detail, rows[i].receipt_us);
        }
        if (rows[i].longest_us > (first ? rows[i].first_us : rows[i].receipt_us)) {
            buf_adds(&detail, detail.len ? "; longest " : "longest ");
            duration_add(&detail, rows[i].longest_us);
        }
        buf_adds(&name, first ? "First reply, " : "Receipt, ");
        html_clip(&name, rows[i].channel, 30);
        fact(out, name.ptr, value.ptr, detail.ptr);
    }
    free(rows);
}

static void facts(struct buf *out, const struct html_journey *h)
{
    const struct score *s = view_known_score(h->jr);
    const struct transcript *t = h->jr->transcript;
    CLEANUP(buf_release) struct buf value = BUF_INIT(256);
    CLEANUP(buf_release) struct buf never = BUF_INIT(VIEW_PART_MAX);

    buf_adds(out, "<dl class=\"facts\">\n");
    if (s)
        score_facts(out, s);
    wait_facts(out, h);
    buf_addf(&value, "score %g", t->bar_score);
    for (size_t i = 0; i < t->bar_never_count; i++)
        buf_addf(&never, "%s%s", i ? ", " : "never ", t->bar_never[i]);
    fact(out, "Bar", value.ptr, never.ptr);
    buf_clear(&value);
    duration_add(&value, h->jr->duration_us);
    fact(out, "Duration", value.ptr, NULL);
    buf_adds(out, "</dl>\n");
}

static void evidence(struct buf *out, const struct html_journey *h, const struct finding *f)
{
    size_t count = f->event_count ? f->event_count : 1;
    const int *events = f->event_count ? f->events : &f->seq;

    buf_adds(out, count == 1 ? "Event " : "Events ");
    for (size_t i = 0; i < count; i++)
        buf_addf(out, "%s<a href=\"#j%zu-e%d\">%d</a>", i ? ", " : "", h->number, events[i],
                 events[i]);
}

static void finding_title(struct buf *out, const struct finding *f)
{
    buf_adds(out, f->row->title);
    if (f->slot) {
        CLEANUP(buf_release) struct buf slot = BUF_INIT(VIEW_PART_MAX);

        view_slot(&slot, f->slot);
        buf_adds(out, ": ");
        html_bdi(out, slot.ptr, 60);
    }
}

static void bad_finding(struct buf *out, const struct html_journey *h, size_t place)
{
    const struct finding *f = h->bad[place];
    const struct transcript *t = h->jr->transcript;
    const struct event *said = html_quotation(t, f);
    CLEANUP(buf_release) struct buf times = BUF_INIT(256);

    buf_addf(out, "<li id=\"j%zu-f%zu\"><span><span class=\"flag\">%zu</span></span><div><h4>",
             h->number, place + 1, place + 1);
    finding_title(out, f);
    buf_adds(out, "</h4>\n<p class=\"serif\" dir=\"auto\">\xE2\x80\x9C");
    html_clip(out, view_say(f), 400);
    buf_adds(out, "\xE2\x80\x9D</p>\n");
    if (said) {
        buf_adds(out, "<p class=\"said\">");
        html_bdi(out, view_party(t, said), 40);
        buf_adds(out, ": <q><bdi>");
        html_clip(out, said->text, 240);
        buf_adds(out, "</bdi></q></p>\n");
    }
    buf_adds(out, "<p class=\"soft small\">");
    evidence(out, h, f);
    view_times(&times, f);
    buf_addf(out, "%s%s", times.len ? "; " : "", times.ptr);
    if (f->confidence < 0.8)
        buf_addf(out, "; confidence %.2f", f->confidence);
    if (f->why && *f->why) {
        buf_adds(out, ". ");
        html_bdi(out, f->why, 240);
    }
    buf_adds(out, "</p></div>");
    if (f->share > 0)
        buf_addf(out, "<span class=\"points num\">\xE2\x88\x92%.1f points</span>", f->share);
    else
        buf_adds(out, "<span class=\"soft small\">not charged</span>");
    buf_adds(out, "</li>\n");
}

static void short_list(struct buf *out, const struct html_journey *h, const char *heading,
                       const struct finding *const *list, size_t count)
{
    if (!count)
        return;
    buf_addf(out, "<h3>%s</h3>\n<ul class=\"goods\">\n", heading);
    for (size_t i = 0; i < count; i++) {
        buf_addf(out, "<li>%s<strong>%s.</strong> <bdi>",
                 list[i]->row->good ? "<span class=\"dot\"></span>" : "", list[i]->row->title);
        if (list[i]->say && *list[i]->say)
            html_clip(out, list[i]->say, 200);
        buf_adds(out, "</bdi> <span class=\"soft small\">");
        evidence(out, h, list[i]);
        if (list[i]->confidence < CONFIDENCE_COUNTS)
            buf_addf(out, "; confidence %.2f", list[i]->confidence);
        buf_adds(out, "</span></li>\n");
    }
    buf_adds(out, "</ul>\n");
}

static void findings(struct buf *out, const struct html_journey *h)
{
    if (h->bad_count) {
        buf_adds(out, "<h3>What went wrong</h3>\n<ol class=\"findings\">\n");
        for (size_t i = 0; i < h->bad_count; i++)
            bad_finding(out, h, i);
        buf_adds(out, "</ol>\n");
    }
    short_list(out, h, "What went well", h->good, h->good_count);
    short_list(out, h, "Doubts, not counted", h->doubts, h->doubt_count);
}

static void point_row(struct buf *out, const char *what, double share)
{
    buf_adds(out, "<tr><th scope=\"row\">");
    html_bdi(out, what, 100);
    buf_addf(out, "</th><td class=\"right num\">%s%.1f</td></tr>\n",
             share > 0 ? "\xE2\x88\x92" : share < 0 ? "+" : "", share < 0 ? -share : share);
}

/* Every lost point leads somewhere: with these lines the shares add up to 100 minus the score. */
static void points(struct buf *out, const struct html_journey *h)
{
    const struct score *s = view_known_score(h->jr);

    if (!s || (!s->line_count && !h->bad_count))
        return;
    buf_adds(out, "<details><summary>Where the points went</summary>\n<table><thead><tr>"
                  "<th scope=\"col\">What</th><th scope=\"col\" class=\"right\">Points</th></tr>"
                  "</thead>\n<tbody>\n<tr><th scope=\"row\">A perfect journey</th>"
                  "<td class=\"right num\">100.0</td></tr>\n");
    for (size_t i = 0; i < h->bad_count; i++) {
        CLEANUP(buf_release) struct buf what = BUF_INIT(VIEW_PART_MAX);

        if (!h->bad[i]->row->charged)
            continue;
        buf_addf(&what, "%zu. %s", i + 1, h->bad[i]->row->title);
        point_row(out, what.ptr, h->bad[i]->share);
    }
    for (size_t i = 0; i < s->line_count; i++)
        point_row(out, view_line(s->lines[i].what), s->lines[i].share);
    buf_addf(out, "</tbody><tfoot><tr><th scope=\"row\">Score</th><td class=\"right num\">%.1f"
                  "</td></tr></tfoot></table></details>\n", score_tenths(s->value));
}

void html_journey(struct buf *out, const struct html_journey *h)
{
    header(out, h);
    facts(out, h);
    html_map(out, h);
    findings(out, h);
    points(out, h);
    html_transcript(out, h);
    html_transfers(out, h);
    buf_adds(out, "</article>\n");
}
