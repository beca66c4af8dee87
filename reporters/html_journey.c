/* One journey: facts first, then the story, the map, the findings, and the talk itself. */
#include <string.h>
#include <stdlib.h>

#include "reporters/html.h"

/* "rude_tone: They were rude." is told by the finding's title; its name is for the scenario's bar. */
static void reason(struct buf *out, const struct words *w, const char *text)
{
    CLEANUP(buf_release) struct buf kind = BUF_INIT(64);
    const char *colon = strstr(text, ": ");
    const struct finding_row *row;

    buf_add(&kind, text, strcspn(text, " :"));
    row = colon ? finding_row_find(kind.ptr) : NULL;
    if (row) {
        buf_addf(out, "<strong>%s.</strong> ", words_title(w, row));
        text = colon + 2;
    }
    html_bdi(out, text, 400);
}

static void header(struct buf *out, const struct html_journey *h)
{
    const struct transcript *t = h->jr->transcript;

    buf_addf(out, "<article class=\"card\" id=\"j%zu\">\n<header><div>", h->number);
    html_chip(out, h->w, h->jr->status);
    buf_adds(out, "<h2>");
    html_bdi(out, view_name(t), 110);
    buf_adds(out, "</h2>\n<p class=\"soft small\">");
    if (t->customer_name && *t->customer_name) {
        CLEANUP(buf_release) struct buf name = BUF_INIT(4096);

        html_bdi(&name, t->customer_name, 60);
        SAY(out, h->w, WORD_PLAYED_AS, name.ptr);
        buf_adds(out, " \xC2\xB7 ");
    }
    buf_adds(out, "<bdi>");
    html_clip(out, t->file, 120);
    if (t->line)
        buf_addf(out, ":%u", t->line);
    for (size_t i = 0; i < t->tag_count; i++) {
        buf_adds(out, i ? ", " : "</bdi> \xC2\xB7 <bdi>");
        html_clip(out, t->tags[i], 40);
    }
    buf_adds(out, "</bdi></p></div>\n");
    html_ring(out, h->w, view_known_score(h->jr));
    buf_adds(out, "</header>\n");
    if (!h->jr->reason_count)
        return;
    buf_addf(out, "<div class=\"why%s\">",
             h->jr->status == JOURNEY_FELL_SHORT ? "" : " warn");
    for (size_t i = 0; i < h->jr->reason_count; i++) {
        buf_adds(out, "<p>");
        reason(out, h->w, h->jr->reasons[i]);
        buf_adds(out, "</p>");
    }
    buf_adds(out, "</div>\n");
}

static void evidence(struct buf *out, const struct html_journey *h, const struct finding *f)
{
    size_t count = f->event_count ? f->event_count : 1;
    const int *events = f->event_count ? f->events : &f->seq;

    buf_addf(out, "%s ", word_counted(h->w, WORD_EVENT_1, count));
    for (size_t i = 0; i < count; i++)
        buf_addf(out, "%s<a href=\"#j%zu-e%d\">%s</a>", i ? ", " : "", h->number, events[i],
                 words_int(h->w, events[i]).text);
}

static void finding_title(struct buf *out, const struct words *w, const struct finding *f)
{
    buf_adds(out, words_title(w, f->row));
    if (f->slot) {
        CLEANUP(buf_release) struct buf slot = BUF_INIT(VIEW_PART_MAX);

        view_slot(&slot, f->slot);
        buf_adds(out, ": ");
        html_bdi(out, slot.ptr, 60);
    }
}

/* "took 5.5 s, expected within 3 s; confidence 0.7" */
static void figures(struct buf *out, const struct words *w, const struct finding *f)
{
    const struct { enum word word; int64_t us; } times[] = {
        { WORD_TOOK, f->actual_us }, { WORD_EXPECTED, f->allowed_us },
    };
    const char *gap = "; ";

    for (size_t i = 0; i < ARRAY_LEN(times) && f->actual_us != DURATION_UNKNOWN; i++) {
        CLEANUP(buf_release) struct buf time = BUF_INIT(256);

        if (times[i].us == DURATION_UNKNOWN)
            continue;
        words_duration(&time, w, times[i].us);
        buf_adds(out, gap);
        SAY(out, w, times[i].word, time.ptr);
        gap = w->rtl ? "\xD8\x8C " : ", ";
    }
    if (f->confidence < .8) {
        CLEANUP(buf_release) struct buf sure = BUF_INIT(256);
        char figure[32];

        snprintf(figure, sizeof figure, "%.2f", f->confidence);
        words_digits(&sure, w, figure);
        buf_adds(out, "; ");
        SAY(out, w, WORD_CONFIDENCE, sure.ptr);
    }
}

static void points_lost(struct buf *out, const struct words *w, const struct finding *f)
{
    if (f->share > 0) {
        buf_adds(out, "<span class=\"points num\">");
        SAY(out, w, WORD_POINTS_LOST, words_tenths(w, f->share).text);
        buf_adds(out, "</span>");
    } else {
        buf_addf(out, "<span class=\"soft small\">%s</span>", word(w, WORD_NOT_CHARGED));
    }
}

static void bad_finding(struct buf *out, const struct html_journey *h, size_t place)
{
    const struct finding *f = h->bad[place];
    const struct transcript *t = h->jr->transcript;
    const struct event *said = html_quotation(t, f);
    buf_addf(out, "<li id=\"j%zu-f%zu\"><span><span class=\"flag\">%s</span></span><div><h4>",
             h->number, place + 1, words_int(h->w, (long long)place + 1).text);
    finding_title(out, h->w, f);
    buf_adds(out, "</h4>\n<p class=\"serif\" dir=\"auto\">\xE2\x80\x9C");
    html_clip(out, view_say(f), 400);
    buf_adds(out, "\xE2\x80\x9D</p>\n");
    if (said) {
        buf_adds(out, "<p class=\"said\">");
        html_party(out, h->w, t, said);
        buf_adds(out, ": <q><bdi>");
        html_clip(out, said->text, 240);
        buf_adds(out, "</bdi></q></p>\n");
    }
    buf_adds(out, "<p class=\"soft small\">");
    evidence(out, h, f);
    figures(out, h->w, f);
    if (f->why && *f->why) {
        buf_adds(out, ". ");
        html_bdi(out, f->why, 240);
    }
    buf_adds(out, "</p></div>");
    points_lost(out, h->w, f);
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
                 list[i]->row->good ? "<span class=\"dot\"></span>" : "",
                 words_title(h->w, list[i]->row));
        if (list[i]->say && *list[i]->say)
            html_clip(out, list[i]->say, 200);
        buf_adds(out, "</bdi> <span class=\"soft small\">");
        evidence(out, h, list[i]);
        if (list[i]->confidence < CONFIDENCE_COUNTS)
            figures(out, h->w, list[i]);
        buf_adds(out, "</span></li>\n");
    }
    buf_adds(out, "</ul>\n");
}

static void findings(struct buf *out, const struct html_journey *h)
{
    if (h->bad_count) {
        buf_addf(out, "<h3>%s</h3>\n<ol class=\"findings\">\n", word(h->w, WORD_WENT_WRONG));
        for (size_t i = 0; i < h->bad_count; i++)
            bad_finding(out, h, i);
        buf_adds(out, "</ol>\n");
    }
    short_list(out, h, word(h->w, WORD_WENT_WELL), h->good, h->good_count);
    short_list(out, h, word(h->w, WORD_DOUBTS), h->doubts, h->doubt_count);
}

static void point_row(struct buf *out, const struct words *w, const char *what, double share)
{
    buf_adds(out, "<tr><th scope=\"row\">");
    html_bdi(out, what, 100);
    buf_addf(out, "</th><td class=\"right num\">%s%s%s</td></tr>\n",
             w->rtl ? "\xE2\x80\x8E" : "",        /* the sign stays left of its number */
             share > 0 ? "\xE2\x88\x92" : share < 0 ? "+" : "",
             words_tenths(w, share < 0 ? -share : share).text);
}

/* Every lost point leads somewhere: with these lines the shares add up to 100 minus the score. */
static void points(struct buf *out, const struct html_journey *h)
{
    const struct score *s = view_known_score(h->jr);
    const struct words *w = h->w;

    if (!s || (!s->line_count && !h->bad_count))
        return;
    buf_addf(out, "<details%s><summary>%s</summary>\n<table><thead><tr><th scope=\"col\">%s</th>"
                  "<th scope=\"col\" class=\"right\">%s</th></tr></thead>\n<tbody>\n"
                  "<tr><th scope=\"row\">%s</th><td class=\"right num\">%s</td></tr>\n",
             h->print ? " open" : "", word(w, WORD_ACCOUNT), word(w, WORD_WHAT), word(w, WORD_POINTS),
             word(w, WORD_PERFECT), words_tenths(w, 100).text);
    for (size_t i = 0; i < h->bad_count; i++) {
        CLEANUP(buf_release) struct buf what = BUF_INIT(VIEW_PART_MAX);

        if (!h->bad[i]->row->charged)
            continue;
        buf_addf(&what, "%s. %s", words_int(w, (long long)i + 1).text,
                 words_title(w, h->bad[i]->row));
        point_row(out, w, what.ptr, h->bad[i]->share);
    }
    for (size_t i = 0; i < s->line_count; i++)
        point_row(out, w, words_line(w, s->lines[i].what), s->lines[i].share);
    buf_addf(out, "</tbody><tfoot><tr><th scope=\"row\">%s</th><td class=\"right num\">%s"
                  "</td></tr></tfoot></table></details>\n", word(w, WORD_SCORE),
             words_tenths(w, score_tenths(s->value)).text);
}

void html_journey(struct buf *out, const struct html_journey *h)
{
    header(out, h);
    html_facts(out, h);
    html_story(out, h);
    html_map(out, h);
    findings(out, h);
    points(out, h);
    html_transcript(out, h);
    html_transfers(out, h);
    buf_adds(out, "</article>\n");
}
