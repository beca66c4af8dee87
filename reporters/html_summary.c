/* The first page: what a manager reads in a minute. Scores and a sentence; then the cards of
 * html_moments.c; then the list of the journeys, which is written row by row. */
#include <stdlib.h>
#include <string.h>

#include "reporters/html_survey.h"

static void count(struct buf *out, const struct words *w, enum word id, size_t n)
{
    SAY(out, w, id, words_int(w, (long long)n).text);
}

/* "2 of 4 journeys met their bar. 1 fell short … 1 could not be tested …" */
static void lead(struct buf *out, const struct words *w, const struct result *r)
{
    static const struct { enum journey_status status; enum word word; } rows[] = {
        { JOURNEY_FELL_SHORT, WORD_SHORT_OF }, { JOURNEY_NOT_TESTED, WORD_UNTESTED },
        { JOURNEY_INTERRUPTED, WORD_BROKEN_OFF },
    };
    size_t n[JOURNEY_STATUS_COUNT];

    result_counts(r, n);
    buf_adds(out, "<p class=\"lead\">");
    if (!r->count)
        buf_adds(out, word(w, WORD_NONE_PLAYED));
    else if (r->count == 1)
        buf_adds(out, word(w, n[JOURNEY_MET] ? WORD_ONE_MET : WORD_ONE_MISSED));
    else if (n[JOURNEY_MET] == r->count || !n[JOURNEY_MET])
        count(out, w, n[JOURNEY_MET] ? WORD_ALL_MET : WORD_NONE_MET, r->count);
    else
        SAY(out, w, WORD_SOME_MET, words_int(w, (long long)n[JOURNEY_MET]).text,
            words_int(w, (long long)r->count).text);
    for (size_t i = 0; i < ARRAY_LEN(rows) && r->count > 1; i++) {
        if (!n[rows[i].status])
            continue;
        buf_addc(out, ' ');
        count(out, w, rows[i].word, n[rows[i].status]);
    }
    buf_adds(out, "</p>\n");
}

static char grade_of(int score)
{
    static const struct { int from; char grade; } rows[] = {
        { 80, 'A' }, { 65, 'B' }, { 50, 'C' }, { 35, 'D' }, { 20, 'E' },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (score >= rows[i].from)
            return rows[i].grade;
    return 'F';
}

static void cover(struct buf *out, const struct words *w, const struct result *r,
                  const struct html_survey *survey)
{
    struct score mean = { .known = true };
    size_t scored = survey->scored;

    buf_addf(out, "<section class=\"card cover\" aria-label=\"%s\">\n<div>\n",
             word(w, WORD_SUMMARY));
    lead(out, w, r);
    if (scored > 1) {
        buf_adds(out, "<p class=\"soft\">");
        count(out, w, WORD_AVERAGE, scored);
        buf_adds(out, "</p>\n");
    }
    for (size_t i = 0; i < r->left_out_count; i++) {
        buf_addf(out, "<p class=\"soft small\">%s ", word(w, WORD_LEFT_OUT));
        html_bdi(out, r->left_out[i], 300);
        buf_adds(out, "</p>\n");
    }
    buf_adds(out, "</div>\n");
    if (scored) {
        mean.value = survey->score_sum / (double)scored;
        mean.grade = grade_of(score_rounded(mean.value));
        html_ring(out, w, &mean);
    }
    buf_adds(out, "</section>\n");
}

/* The list */

void html_glance_row(struct buf *out, const struct words *w, const struct journey_result *jr,
                     size_t i)
{
    const struct score *s = view_known_score(jr);

    buf_addf(out, "<tr data-journey=\"j%zu\" data-status=\"%s\"", i + 1,
             journey_status_names[jr->status]);
    if (s)
        buf_addf(out, " data-score=\"%.3f\"", s->value);
    buf_addf(out, "><th scope=\"row\"><a href=\"#j%zu\">", i + 1);
    html_bdi(out, view_name(jr->transcript), 80);
    buf_adds(out, "</a></th><td>");
    html_chip(out, w, jr->status);
    if (!s) {
        buf_addf(out, "</td><td class=\"right soft\">%s</td><td></td><td></td><td></td></tr>\n",
                 word(w, WORD_NO_SCORE));
        return;
    }
    buf_addf(out, "</td><td class=\"right num\" data-label=\"%s\"><strong>%s</strong>",
             word(w, WORD_SCORE), words_int(w, score_rounded(s->value)).text);
    if (view_range_differs(s))
        buf_addf(out, " <span class=\"soft nowrap\">%s\xE2\x80\x93%s</span>",
                 words_int(w, score_rounded(s->low)).text,
                 words_int(w, score_rounded(s->high)).text);
    buf_addf(out, "</td><td data-label=\"%s\">%c", word(w, WORD_GRADE), s->grade);
    if (view_grade_differs(s)) {
        buf_addc(out, ' ');
        SAY(out, w, WORD_GRADES_TO, (char[]){ s->grade_low, 0 }, (char[]){ s->grade_high, 0 });
    }
    buf_addf(out, "</td><td class=\"right num\" data-label=\"%s\">%s</td>"
                  "<td data-label=\"%s\">%s</td></tr>\n", word(w, WORD_EFFORT_CES),
             words_tenths(w, s->ces).text, word(w, WORD_OUTCOME), html_outcome(w, s->outcome));
}

/* Shown by the script alone: without it nothing here would answer. */
static void controls(struct buf *out, const struct words *w)
{
    static const struct { enum journey_status status; enum word word; } rows[] = {
        { JOURNEY_FELL_SHORT, WORD_FELL_SHORT }, { JOURNEY_MET, WORD_MET },
        { JOURNEY_NOT_TESTED, WORD_NOT_TESTED }, { JOURNEY_INTERRUPTED, WORD_STOPPED },
    };

    buf_addf(out, "<div id=\"find\" class=\"find\" hidden><label>%s <input id=\"find-text\" "
                  "type=\"search\"></label> <label>%s <select id=\"find-status\">"
                  "<option value=\"\">%s</option>", word(w, WORD_FILTER), word(w, WORD_RESULT),
             word(w, WORD_ANY_RESULT));
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        buf_addf(out, "<option value=\"%s\">%s</option>", journey_status_names[rows[i].status],
                 word(w, rows[i].word));
    buf_addf(out, "</select></label> <label>%s <select id=\"find-order\"><option value=\"\">%s</option>"
                  "<option value=\"worst\">%s</option></select></label>", word(w, WORD_ORDER),
             word(w, WORD_AS_PLAYED), word(w, WORD_WORST_FIRST));
    buf_addf(out, " <span class=\"soft\">%s <output id=\"find-count\" "
                  "for=\"find-text find-status\"></output></span></div>\n", word(w, WORD_SHOWN));
}

bool html_glance(struct buf *out, const struct words *w, const struct result *r,
                 struct html_survey *s, FILE *f)
{
    if (!r->count)
        return true;
    buf_addf(out, "<section class=\"card\">\n<h2>%s</h2>\n", word(w, WORD_GLANCE));
    if (r->count > 1)
        controls(out, w);
    buf_addf(out, "<table class=\"glance\"><thead><tr><th scope=\"col\">%s</th>"
                  "<th scope=\"col\">%s</th><th scope=\"col\" class=\"right\">%s</th>"
                  "<th scope=\"col\">%s</th><th scope=\"col\" class=\"right\">%s</th>"
                  "<th scope=\"col\">%s</th></tr></thead>\n<tbody>\n", word(w, WORD_JOURNEY),
             word(w, WORD_RESULT), word(w, WORD_SCORE), word(w, WORD_GRADE),
             word(w, WORD_EFFORT_CES), word(w, WORD_OUTCOME));
    if (!view_flush(out, f) || !scratch_print(&s->rows, f))
        return false;
    buf_adds(out, "</tbody></table>\n</section>\n");
    return true;
}

void html_summary(struct buf *out, const struct words *w, const struct result *r,
                  const struct html_survey *s)
{
    cover(out, w, r, s);
    html_moments(out, w, r, s);
}
