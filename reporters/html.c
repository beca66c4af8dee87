/* The HTML report: frame of the page and the small parts that the others share. */
#include "reporters/html_survey.h"

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

void html_duration(struct buf *out, const struct words *w, int64_t us)
{
    buf_adds(out, "<span class=\"nowrap\">");
    words_duration(out, w, us);
    buf_adds(out, "</span>");
}

void html_clock(struct buf *out, const struct words *w, int64_t t_us, int64_t total_us)
{
    CLEANUP(buf_release) struct buf b = BUF_INIT(64);

    view_clock(&b, t_us, total_us);
    words_digits(out, w, b.ptr);
}

const char *html_outcome(const struct words *w, int outcome)
{
    return word(w, outcome < 0 ? WORD_NOT_SOLVED : outcome > 0 ? WORD_SOLVED : WORD_OPEN);
}

void html_chip(struct buf *out, const struct words *w, enum journey_status s)
{
    static const struct { const char *class; enum word word; } rows[JOURNEY_STATUS_COUNT] = {
        [JOURNEY_MET] = { "chip good", WORD_MET },
        [JOURNEY_FELL_SHORT] = { "chip bad", WORD_FELL_SHORT },
        [JOURNEY_NOT_TESTED] = { "chip", WORD_NOT_TESTED },
        [JOURNEY_INTERRUPTED] = { "chip", WORD_STOPPED },
    };

    buf_addf(out, "<span class=\"%s\">%s</span>", rows[s].class, word(w, rows[s].word));
}

void html_ring(struct buf *out, const struct words *w, const struct score *s)
{
    int value = s ? score_rounded(s->value) : 0;
    const char grade[] = { s ? s->grade : '-', '\0' };

    buf_addf(out, "<svg class=\"ring%s\" viewBox=\"0 0 100 100\" role=\"img\" aria-label=\"",
             !s || value >= 65 ? "" : value >= 50 ? " mid" : " low");
    if (s)
        SAY(out, w, WORD_RING, words_int(w, value).text, grade);
    else
        buf_adds(out, word(w, WORD_NO_SCORE));
    buf_adds(out, "\"><circle class=\"track\" cx=\"50\" cy=\"50\" r=\"44\" fill=\"none\" "
                  "stroke-width=\"8\"/>");
    if (value > 0)
        buf_addf(out, "<circle class=\"arc\" cx=\"50\" cy=\"50\" r=\"44\" fill=\"none\" "
                      "stroke-width=\"8\" stroke-linecap=\"round\" "
                      "stroke-dasharray=\"%.1f 276.5\" transform=\"rotate(-90 50 50)\"/>",
                 value * 2.765);                 /* of the way round: 2 pi 44 */
    buf_adds(out, "<text class=\"value\" x=\"50\" y=\"55\" text-anchor=\"middle\">");
    if (s) {
        buf_addf(out, "%s</text><text class=\"grade\" x=\"50\" y=\"73\" text-anchor=\"middle\">",
                 words_int(w, value).text);
        SAY(out, w, WORD_GRADE_OF, grade);
        buf_adds(out, "</text></svg>");
    } else {
        buf_adds(out, "\xE2\x80\x93</text></svg>");
    }
}

void html_party(struct buf *out, const struct words *w, const struct transcript *t,
                const struct event *e)
{
    const char *name = e->from == PARTY_CUSTOMER ? t->customer_name
                     : e->from == PARTY_COMPANY ? t->company_name : "shopper";

    if (!name || !*name)
        name = word(w, e->from == PARTY_CUSTOMER ? WORD_CUSTOMER : WORD_COMPANY);
    html_bdi(out, name, 40);
}

static bool proves(const struct finding *f, int seq)
{
    for (size_t i = 0; i < f->event_count; i++)
        if (f->events[i] == seq)
            return true;
    return f->seq == seq;
}

static void flag(struct buf *out, const struct html_journey *h, size_t n)
{
    struct number number = words_int(h->w, (long long)n);

    buf_addf(out, "<a class=\"flag\" href=\"#j%zu-f%zu\" aria-label=\"", h->number, n);
    SAY(out, h->w, WORD_FINDING_NO, number.text);
    buf_addf(out, "\">%s</a> ", number.text);
}

void html_flags(struct buf *out, const struct html_journey *h, int seq)
{
    for (size_t i = 0; i < h->bad_count; i++)
        if (proves(h->bad[i], seq))
            flag(out, h, i + 1);
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

/* Names of the companies, as a title. */
static void company_names(struct buf *out, const struct words *w, const struct html_survey *s)
{
    CLEANUP(buf_release) struct buf names = BUF_INIT(64 * 1024);

    for (size_t i = 0; i < s->company_count; i++) {
        buf_adds(&names, !i ? "" : w->rtl ? "\xD8\x8C " : ", ");
        html_clip(&names, s->companies[i], 80);
    }
    if (s->more_companies)
        SAY(out, w, WORD_AND_OTHERS, names.ptr);
    else
        buf_adds(out, s->company_count ? names.ptr : word(w, WORD_SHOPPED));
}

void html_page_head(struct buf *out, const struct words *w, const char *title, bool pictures)
{
    buf_addf(out, "<!DOCTYPE html>\n<html lang=\"%s\"%s>\n<head>\n<meta charset=\"utf-8\">\n"
                  "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                  "style-src 'sha256-%s'; script-src 'sha256-%s'; %sbase-uri 'none'; "
                  "form-action 'none'\">\n"
                  "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                  "<meta name=\"referrer\" content=\"no-referrer\">\n"
                  "<title>%s \xE2\x80\x93 %s</title>\n<style>",
             w->code, w->rtl ? " dir=\"rtl\"" : "", html_style_sha256, html_script_sha256,
             pictures ? "img-src data:; " : "", title, word(w, WORD_REPORT));
    for (size_t i = 0; html_style[i]; i++)
        buf_adds(out, html_style[i]);
    buf_addf(out, "</style>\n</head>\n<body>\n<header class=\"top\">\n"
                  "<p class=\"kicker\">%s</p>\n<h1>%s</h1>\n", word(w, WORD_REPORT), title);
}

/* "6 May 2024, 08:00 UTC · 4 journeys · played in 12 s" */
static void when(struct buf *out, const struct words *w, const struct result *r)
{
    if (r->started) {
        CLEANUP(buf_release) struct buf date = BUF_INIT(VIEW_PART_MAX);

        words_date(&date, w, r->started);
        html_bdi(out, date.ptr, 80);
        buf_adds(out, " \xC2\xB7 ");
    }
    SAY(out, w, r->count == 1 ? WORD_JOURNEY_1 : WORD_JOURNEY_N,
        words_int(w, (long long)r->count).text);
    if (r->duration_us > 0) {
        CLEANUP(buf_release) struct buf took = BUF_INIT(256);

        html_duration(&took, w, r->duration_us);
        buf_adds(out, " \xC2\xB7 ");
        SAY(out, w, WORD_PLAYED_IN, took.ptr);
    }
}

static void head(struct buf *out, const struct words *w, const struct result *r,
                 const struct html_survey *s, const struct report_options *o)
{
    CLEANUP(buf_release) struct buf title = BUF_INIT(64 * 1024), below = BUF_INIT(64 * 1024);

    company_names(&title, w, s);
    when(&below, w, r);
    if (o->flags & REPORT_PRINT) {
        html_print_head(out, w, r, o, title.ptr, below.ptr);
        return;
    }
    html_page_head(out, w, title.ptr, o->evidence != NULL);
    buf_addf(out, "<p class=\"soft\">%s</p>\n</header>\n<main>\n", below.ptr);
}

static void foot(struct buf *out, const struct words *w, const struct result *r, bool script)
{
    CLEANUP(buf_release) struct buf tool = BUF_INIT(4096);

    html_clip(&tool, r->tool, 60);
    buf_adds(out, "</main>\n<footer><p>");
    SAY(out, w, WORD_MADE_BY, tool.ptr);
    if (r->expectations) {
        CLEANUP(buf_release) struct buf name = BUF_INIT(4096);

        html_clip(&name, r->expectations, 80);
        buf_addc(out, ' ');
        SAY(out, w, WORD_YARDSTICK, name.ptr);
    }
    for (size_t i = 0; i < r->change_count; i++) {
        if (!i)
            buf_addf(out, " %s", word(w, WORD_CHANGED));
        buf_adds(out, i ? "; " : " ");
        html_bdi(out, r->changes[i], 200);
    }
    buf_addf(out, " %s</p></footer>\n", word(w, WORD_SCALE));
    if (script) {
        buf_adds(out, "<script>");
        for (size_t i = 0; html_script[i]; i++)
            buf_adds(out, html_script[i]);
        buf_adds(out, "</script>\n");
    }
    buf_adds(out, "</body>\n</html>\n");
}

static bool journeys(struct buf *b, const struct words *w, const struct result *r,
                     const struct report_options *o, FILE *out)
{
    struct html_pictures pictures = { .folder = o->evidence };
    bool ok = true, print = o->flags & REPORT_PRINT;

    for (size_t i = 0; ok && i < r->count; i++) {
        struct html_journey h = { .jr = result_journey(r, i), .w = w, .number = i + 1,
                                  .many = r->count > HTML_MANY && !print, .print = print,
                                  .pictures = o->evidence ? &pictures : NULL };

        h.bad_count = view_findings(h.jr, VIEW_BAD, &h.bad);
        h.good_count = view_findings(h.jr, VIEW_GOOD, &h.good);
        if (o->flags & REPORT_DOUBTS)
            h.doubt_count = view_findings(h.jr, VIEW_DOUBTS, &h.doubts);
        h.total_us = view_total_us(h.jr->transcript);
        html_journey(b, &h);
        free(h.bad);
        free(h.good);
        free(h.doubts);
        ok = view_flush(b, out);
    }
    return ok;
}

/* Twice over the journeys: what the first page says of all of them, then each. */
static enum status write_html(const struct result *r, const struct report_options *o, FILE *out)
{
    CLEANUP(buf_release) struct buf b = BUF_INIT(VIEW_PART_MAX);
    const struct words *w = words_find(o->language);
    struct html_survey *s = mem_zero(1, sizeof *s);
    bool ok = html_survey(s, w, r);

    head(&b, w, r, s, o);
    html_summary(&b, w, r, s);
    ok = ok && html_glance(&b, w, r, s, out) && view_flush(&b, out) &&
         journeys(&b, w, r, o, out);
    foot(&b, w, r, !(o->flags & REPORT_PRINT));
    ok = view_flush(&b, out) && ok;
    html_survey_release(s);
    free(s);
    return ok ? ST_OK : ST_IO;
}

const struct reporter reporter_html = {
    .name = "html", .extension = "html", .help = "a self-contained page to hand on",
    .write = write_html,
};
