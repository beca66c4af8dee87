/* The cards of the first page: the worst moments, what delighted, what to mend first, where the time
 * went. */
#include <stdlib.h>
#include <string.h>

#include "reporters/html_survey.h"

enum { WORST_SHOWN = 3, DELIGHTS_SHOWN = 5, MEND_SHOWN = 5, WAITS_SHOWN = 10 };

/* Worst moments */

/* NULL: the journey could not be read again. */
static const struct finding *moment_finding(const struct journey_result *jr,
                                            const struct html_moment *m)
{
    return jr->judgement && m->finding < jr->judgement->findings.count
               ? &jr->judgement->findings.items[m->finding] : NULL;
}

static void worst_moment(struct buf *out, const struct words *w, const struct result *r,
                         const struct html_moment *m)
{
    const struct journey_result *jr = result_journey(r, m->journey);
    const struct finding *f = moment_finding(jr, m);
    const struct transcript *t = jr->transcript;
    const struct event *said = f ? html_quotation(t, f) : NULL;

    if (!f)
        return;

    buf_adds(out, "<li><blockquote dir=\"auto\">");
    html_clip(out, view_say(f), 220);
    buf_adds(out, "</blockquote>\n");
    if (said) {
        CLEANUP(buf_release) struct buf who = BUF_INIT(4096);

        html_party(&who, w, t, said);
        buf_adds(out, "<p class=\"said\">");
        SAY(out, w, WORD_SAID, who.ptr);
        buf_adds(out, " <q><bdi>");
        html_clip(out, said->text, 180);
        buf_adds(out, "</bdi></q></p>\n");
    }
    buf_addf(out, "<p class=\"small\"><a href=\"#j%zu-f%zu\">%s</a> \xC2\xB7 ", m->journey + 1,
             m->place, words_title(w, m->row));
    html_bdi(out, view_name(t), 60);
    if (m->share > 0) {
        buf_adds(out, " \xC2\xB7 <span class=\"points\">");
        SAY(out, w, WORD_POINTS_LOST, words_tenths(w, m->share).text);
        buf_adds(out, "</span>");
    }
    buf_adds(out, "</p></li>\n");
}

static void worst(struct buf *out, const struct words *w, const struct result *r,
                  const struct html_survey *s)
{
    const struct html_moment *chosen[WORST_SHOWN];
    size_t count = 0;

    /* A worse one may have come after its like: the list can still tell the same twice. */
    for (size_t i = 0; i < s->worst_count && count < WORST_SHOWN; i++)
        if (!html_told(s->worst, i, &s->worst[i]))
            chosen[count++] = &s->worst[i];
    if (!count)
        return;
    buf_addf(out, "<section class=\"card\">\n<h2>%s</h2>\n<ol class=\"moments\">\n",
             word_counted(w, WORD_WORST_1, count));
    for (size_t i = 0; i < count; i++)
        worst_moment(out, w, r, chosen[i]);
    buf_adds(out, "</ol>\n</section>\n");
}

/* Delights: good findings in the order of what they do for a customer. */

static void delight(struct buf *out, const struct words *w, const struct result *r,
                    const struct html_moment *first, size_t times)
{
    const struct journey_result *jr = result_journey(r, first->journey);
    const struct finding *f = moment_finding(jr, first);

    buf_adds(out, "<li><span class=\"dot\"></span><bdi>");
    html_clip(out, f ? view_say(f) : words_title(w, first->row), 160);
    buf_adds(out, "</bdi> <span class=\"soft small\">");
    html_bdi(out, view_name(jr->transcript), 60);
    if (times > 1) {
        buf_adds(out, w->rtl ? "\xD8\x8C " : ", ");
        SAY(out, w, WORD_MORE_SUCH, words_int(w, (long long)times - 1).text);
    }
    buf_adds(out, "</span></li>\n");
}

static void delights(struct buf *out, const struct words *w, const struct result *r,
                     const struct html_survey *s)
{
    static const char *const order[] = {
        "solved", "compensation", "full_answer", "promise_kept", "unasked_update", "personal",
        "early_reply", "progress", "acknowledgement", "apology", "wait_explained", "time_named",
        "reference",
    };
    size_t shown = 0;

    buf_addf(out, "<section class=\"card\">\n<h2>%s</h2>\n", word(w, WORD_DELIGHTED));
    if (!s->delight_count)
        buf_addf(out, "<p class=\"soft\">%s</p>", word(w, WORD_NO_DELIGHT));
    else
        buf_adds(out, "<ul class=\"plain\">\n");
    for (size_t k = 0; k < ARRAY_LEN(order) && shown < DELIGHTS_SHOWN; k++) {
        for (size_t i = 0; i < s->delight_count; i++) {
            if (strcmp(s->delights[i].first.row->kind, order[k]) != 0)
                continue;
            delight(out, w, r, &s->delights[i].first, s->delights[i].times);
            shown++;
        }
    }
    if (s->delight_count)
        buf_adds(out, "</ul>\n");
    buf_adds(out, "</section>\n");
}

/* A table whose last column is a bar. */

static void bar(struct buf *out, double part, double whole)
{
    double width = whole > 0 && part > 0 ? 100 * part / whole : 0;

    buf_addf(out, "<svg class=\"bar\" viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\" "
                  "aria-hidden=\"true\"><rect class=\"track\" width=\"100\" height=\"8\" "
                  "rx=\"4\"/><rect class=\"fill\" width=\"%.1f\" height=\"8\" rx=\"4\"/></svg>",
             width);
}

static int by_regain(const void *a, const void *b)
{
    const struct html_mend *x = a, *y = b;

    if (x->regain != y->regain)
        return x->regain < y->regain ? 1 : -1;
    return x->row < y->row ? -1 : x->row > y->row;
}

static void mend_first(struct buf *out, const struct words *w, const struct html_survey *s)
{
    struct html_mend list[SURVEY_KINDS];
    size_t count = s->mend_count;

    memcpy(list, s->mend, sizeof list);
    qsort(list, count, sizeof *list, by_regain);
    buf_addf(out, "<section class=\"card\">\n<h2>%s</h2>\n", word(w, WORD_MEND));
    if (!count) {
        buf_addf(out, "<p class=\"soft\">%s</p>\n</section>\n", word(w, WORD_NO_MEND));
        return;
    }
    buf_addf(out, "<table><thead><tr><th scope=\"col\">%s</th><th scope=\"col\" "
                  "class=\"right\">%s</th><th scope=\"col\" class=\"right\">%s</th></tr></thead>"
                  "\n<tbody>\n", word(w, WORD_FINDING), word(w, WORD_TIMES),
             word(w, WORD_REGAINED));
    for (size_t i = 0; i < count && i < MEND_SHOWN; i++) {
        buf_addf(out, "<tr><th scope=\"row\">%s</th><td class=\"right num\">%s</td>"
                      "<td class=\"right num\">%s+%s", words_title(w, list[i].row),
                 words_int(w, (long long)list[i].times).text, w->rtl ? "\xE2\x80\x8E" : "",
                 words_tenths(w, list[i].regain).text);
        bar(out, list[i].regain, list[0].regain);
        buf_adds(out, "</td></tr>\n");
    }
    buf_addf(out, "</tbody></table>\n<p class=\"soft small\">%s</p>\n</section>\n",
             word(w, WORD_REGAIN_NOTE));
}

/* Where the time went: felt waits, by what was waited for and in which channel. */

static const enum word kinds[WAIT_KIND_COUNT] = {
    [WAIT_KIND_RECEIPT] = WORD_WAIT_RECEIPT, [WAIT_KIND_ANSWER] = WORD_WAIT_ANSWER,
    [WAIT_KIND_FIRST] = WORD_WAIT_FIRST, [WAIT_KIND_NEXT] = WORD_WAIT_NEXT,
    [WAIT_KIND_PAGE] = WORD_WAIT_PAGE, [WAIT_KIND_VAIN] = WORD_WAIT_VAIN,
};

static void spent_cell(struct buf *out, const struct words *w, enum word label, int64_t us)
{
    buf_addf(out, "<td class=\"right num\" data-label=\"%s\">", word(w, label));
    html_duration(out, w, us);
}

static void spent_row(struct buf *out, const struct words *w, const struct html_spent *x,
                      int64_t waited_us)
{
    buf_addf(out, "<tr><th scope=\"row\">%s <span class=\"soft\">\xC2\xB7 ", word(w, kinds[x->kind]));
    html_bdi(out, x->channel, 40);
    buf_addf(out, "</span></th><td class=\"right num\" data-label=\"%s\">%s</td>",
             word(w, WORD_TIMES), words_int(w, (long long)x->times).text);
    spent_cell(out, w, WORD_ON_AVERAGE, x->total_us / (int64_t)x->times);
    buf_adds(out, "</td>");
    spent_cell(out, w, WORD_LONGEST, x->longest_us);
    buf_adds(out, "</td>");
    spent_cell(out, w, WORD_IN_ALL, x->total_us);
    bar(out, (double)x->total_us, (double)waited_us);
    buf_adds(out, "</td></tr>\n");
}

static void time_went(struct buf *out, const struct words *w, const struct html_survey *s)
{
    static const enum word columns[] = { WORD_TIMES, WORD_ON_AVERAGE, WORD_LONGEST, WORD_IN_ALL };
    CLEANUP(buf_release) struct buf waited = BUF_INIT(256);
    CLEANUP(buf_release) struct buf took = BUF_INIT(256);

    if (!s->spent_count)
        return;
    words_duration(&waited, w, s->waited_us);
    words_duration(&took, w, s->took_us);
    buf_addf(out, "<section class=\"card\">\n<h2>%s</h2>\n<p>", word(w, WORD_TIME_WENT));
    if (s->took_us >= s->waited_us)
        SAY(out, w, WORD_TIME_OF, waited.ptr, took.ptr);
    else
        SAY(out, w, WORD_TIME_SUM, waited.ptr);
    buf_addf(out, "</p>\n<table class=\"waits\"><thead><tr><th scope=\"col\">%s</th>",
             word(w, WORD_WAITED_FOR));
    for (size_t i = 0; i < ARRAY_LEN(columns); i++)
        buf_addf(out, "<th scope=\"col\" class=\"right\">%s</th>", word(w, columns[i]));
    buf_adds(out, "</tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < s->spent_count && i < WAITS_SHOWN; i++)
        spent_row(out, w, &s->spent[i], s->waited_us);
    buf_addf(out, "</tbody></table>\n<p class=\"soft small\">%s</p>\n</section>\n",
             word(w, WORD_TIME_NOTE));
}

void html_moments(struct buf *out, const struct words *w, const struct result *r,
                  const struct html_survey *s)
{
    worst(out, w, r, s);
    if (s->mend_count || s->delight_count || s->worst_count) {
        buf_adds(out, "<div class=\"columns\">\n");
        delights(out, w, r, s);
        mend_first(out, w, s);
        buf_adds(out, "</div>\n");
    }
    time_went(out, w, s);
}
