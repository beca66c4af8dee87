/* The HTML report: frame of the page and the small parts that the others share. */
#include "reporters/html.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"
#include "reporters/reporters.h"

void html_text(struct buf *out, const char *s)
{
    text_add_xml(out, slice_str(s));
}

void html_clip(struct buf *out, const char *s, size_t columns)
{
    CLEANUP(buf_release) struct buf b = BUF_INIT(VIEW_PART_MAX);

    text_add_clipped(&b, slice_str(s), columns);
    text_add_xml(out, buf_slice(&b));
}

void html_bdi(struct buf *out, const char *s, size_t columns)
{
    buf_adds(out, "<bdi>");
    html_clip(out, s, columns);
    buf_adds(out, "</bdi>");
}

void html_duration(struct buf *out, int64_t us)
{
    buf_adds(out, "<span class=\"nowrap\">");
    duration_add(out, us);
    buf_adds(out, "</span>");
}

void html_chip(struct buf *out, enum journey_status s)
{
    static const char *const classes[JOURNEY_STATUS_COUNT] = {
        [JOURNEY_MET] = "chip good", [JOURNEY_FELL_SHORT] = "chip bad",
        [JOURNEY_NOT_TESTED] = "chip", [JOURNEY_INTERRUPTED] = "chip",
    };

    buf_addf(out, "<span class=\"%s\">%s</span>", classes[s],
             s == JOURNEY_MET ? "met its bar" : view_status(s));
}

void html_ring(struct buf *out, const struct score *s)
{
    int value = s ? score_rounded(s->value) : 0;

    buf_addf(out, "<svg class=\"ring%s\" viewBox=\"0 0 100 100\" role=\"img\" aria-label=\"",
             !s || value >= 65 ? "" : value >= 50 ? " mid" : " low");
    if (s)
        buf_addf(out, "Score %d of 100, grade %c", value, s->grade);
    else
        buf_adds(out, "No score");
    buf_adds(out, "\"><circle class=\"track\" cx=\"50\" cy=\"50\" r=\"44\" fill=\"none\" "
                  "stroke-width=\"8\"/>");
    if (value > 0)
        buf_addf(out, "<circle class=\"arc\" cx=\"50\" cy=\"50\" r=\"44\" fill=\"none\" "
                      "stroke-width=\"8\" stroke-linecap=\"round\" "
                      "stroke-dasharray=\"%.1f 276.5\" transform=\"rotate(-90 50 50)\"/>",
                 value * 2.765);                 /* of the way round: 2 pi 44 */
    buf_adds(out, "<text class=\"value\" x=\"50\" y=\"55\" text-anchor=\"middle\">");
    if (s)
        buf_addf(out, "%d</text><text class=\"grade\" x=\"50\" y=\"73\" text-anchor=\"middle\">"
                      "grade %c</text></svg>", value, s->grade);
    else
        buf_adds(out, "\xE2\x80\x93</text></svg>");
}

static bool proves(const struct finding *f, int seq)
{
    for (size_t i = 0; i < f->event_count; i++)
        if (f->events[i] == seq)
            return true;
    return f->seq == seq;
}

void html_flags(struct buf *out, const struct html_journey *h, int seq)
{
    for (size_t i = 0; i < h->bad_count; i++)
        if (proves(h->bad[i], seq))
            buf_addf(out, "<a class=\"flag\" href=\"#j%zu-f%zu\" aria-label=\"finding %zu\">%zu"
                          "</a> ", h->number, i + 1, i + 1, i + 1);
}

static bool is_quotable(const struct event *e)
{
    return e->from == PARTY_COMPANY && *e->text &&
           (e->kind == EVENT_MESSAGE || e->kind == EVENT_PAGE);
}

const struct event *html_quotation(const struct transcript *t, const struct finding *f)
{
    if (f->seq >= 0 && (size_t)f->seq < t->count && is_quotable(&t->events[f->seq]))
        return &t->events[f->seq];
    for (size_t i = f->event_count; i-- > 0;)
        if (is_quotable(&t->events[f->events[i]]))
            return &t->events[f->events[i]];
    return NULL;
}

/* Names of the companies, each once, as a title. */
static void company_names(struct buf *out, const struct result *r)
{
    const char *shown[3];
    size_t count = 0;

    for (size_t i = 0; i < r->count; i++) {
        const char *name = r->journeys[i]->transcript->company_name;
        bool known = !name || !*name;

        for (size_t k = 0; !known && k < count; k++)
            known = strcmp(shown[k], name) == 0;
        if (known)
            continue;
        if (count == ARRAY_LEN(shown)) {
            buf_adds(out, " and others");
            return;
        }
        shown[count++] = name;
        if (count > 1)
            buf_adds(out, ", ");
        html_clip(out, name, 80);
    }
    if (!count)
        buf_adds(out, "Shopped journeys");
}

static void head(struct buf *out, const struct result *r, const struct report_options *o)
{
    buf_addf(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                  "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                  "style-src 'sha256-%s'; %sbase-uri 'none'; form-action 'none'\">\n"
                  "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                  "<meta name=\"referrer\" content=\"no-referrer\">\n<title>",
             html_style_sha256, o->evidence ? "img-src data:; " : "");
    company_names(out, r);
    buf_adds(out, " \xE2\x80\x93 mystery-shopper report</title>\n<style>");
    for (size_t i = 0; html_style[i]; i++)
        buf_adds(out, html_style[i]);
    buf_adds(out, "</style>\n</head>\n<body>\n<header class=\"top\">\n"
                  "<p class=\"kicker\">Mystery-shopper report</p>\n<h1>");
    company_names(out, r);
    buf_adds(out, "</h1>\n<p class=\"soft\">");
    if (r->started) {
        CLEANUP(buf_release) struct buf date = BUF_INIT(VIEW_PART_MAX);

        view_date(&date, r->started);
        html_clip(out, date.ptr, 80);
        buf_adds(out, " \xC2\xB7 ");
    }
    buf_addf(out, "%zu %s", r->count, r->count == 1 ? "journey" : "journeys");
    if (r->duration_us > 0) {
        buf_adds(out, " \xC2\xB7 played in ");
        html_duration(out, r->duration_us);
    }
    buf_adds(out, "</p>\n</header>\n<main>\n");
}

static void foot(struct buf *out, const struct result *r)
{
    buf_adds(out, "</main>\n<footer><p>Made by ");
    html_clip(out, r->tool, 60);
    if (r->expectations) {
        buf_adds(out, ". Where the company promised nothing, waits are measured against the "
                      "expectations \xE2\x80\x9C");
        html_clip(out, r->expectations, 80);
        buf_adds(out, "\xE2\x80\x9D");
    }
    buf_adds(out, ". Score: 0 to 100, as this customer would remember the journey. Effort (CES): "
                  "7 is very easy, 1 very hard.</p></footer>\n</body>\n</html>\n");
}

static enum status write_html(const struct result *r, const struct report_options *o, FILE *out)
{
    CLEANUP(buf_release) struct buf b = BUF_INIT(VIEW_PART_MAX);
    struct html_pictures pictures = { .folder = o->evidence };
    bool ok;

    head(&b, r, o);
    html_summary(&b, r);
    ok = view_flush(&b, out);
    for (size_t i = 0; ok && i < r->count; i++) {
        struct html_journey h = { .jr = r->journeys[i], .number = i + 1,
                                  .pictures = o->evidence ? &pictures : NULL };

        h.bad_count = view_findings(h.jr, VIEW_BAD, &h.bad);
        h.good_count = view_findings(h.jr, VIEW_GOOD, &h.good);
        if (o->flags & REPORT_DOUBTS)
            h.doubt_count = view_findings(h.jr, VIEW_DOUBTS, &h.doubts);
        h.total_us = view_total_us(h.jr->transcript);
        html_journey(&b, &h);
        free(h.bad);
        free(h.good);
        free(h.doubts);
        ok = view_flush(&b, out);
    }
    foot(&b, r);
    return view_flush(&b, out) && ok ? ST_OK : ST_IO;
}

const struct reporter reporter_html = {
    .name = "html", .extension = "html", .help = "a self-contained page to hand on",
    .write = write_html,
};
