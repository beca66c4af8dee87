/* The first page: what a manager reads in a minute. */
#include <stdlib.h>
#include <string.h>

#include "reporters/html.h"

enum { WORST_SHOWN = 3, DELIGHTS_SHOWN = 5, MEND_SHOWN = 5 };

/** A finding and where it comes from. */
struct moment {
    const struct finding *f;
    size_t journey;               /* index */
    size_t place;                 /* in the journey's list, 1-based; bad findings only */
};

struct moments {
    struct moment *items;
    size_t count, cap;
};

static void collect(const struct result *r, enum view_pick pick, struct moments *m)
{
    for (size_t i = 0; i < r->count; i++) {
        const struct finding **list;
        size_t count = view_findings(r->journeys[i], pick, &list);

        for (size_t k = 0; k < count; k++) {
            MEM_GROW(m->items, m->cap, m->count + 1);
            m->items[m->count++] = (struct moment){ list[k], i, k + 1 };
        }
        free(list);
    }
}

static void journey_link(struct buf *out, const struct result *r, size_t journey)
{
    buf_addf(out, "<a href=\"#j%zu\">", journey + 1);
    html_bdi(out, view_name(r->journeys[journey]->transcript), 80);
    buf_adds(out, "</a>");
}

/* "2 of 4 journeys met their bar, 1 fell short and 1 could not be tested." */
static void lead(struct buf *out, const struct result *r)
{
    size_t n[JOURNEY_STATUS_COUNT];

    result_counts(r, n);
    buf_adds(out, "<p class=\"lead\">");
    if (!r->count)
        buf_adds(out, "No journey was played.");
    else if (r->count == 1)
        buf_addf(out, "The journey %s its bar.", n[JOURNEY_MET] ? "met" : "did not meet");
    else if (n[JOURNEY_MET] == r->count)
        buf_addf(out, "All %zu journeys met their bar.", r->count);
    else if (!n[JOURNEY_MET])
        buf_addf(out, "None of the %zu journeys met its bar.", r->count);
    else
        buf_addf(out, "%zu of %zu journeys met %s bar.", n[JOURNEY_MET], r->count,
                 n[JOURNEY_MET] == 1 ? "its" : "their");
    if (r->count == 1) {
        buf_adds(out, "</p>\n");
        return;
    }
    if (n[JOURNEY_FELL_SHORT])
        buf_addf(out, " %zu fell short of what this customer could expect.",
                 n[JOURNEY_FELL_SHORT]);
    if (n[JOURNEY_NOT_TESTED])
        buf_addf(out, " %zu could not be tested, for reasons on our side.",
                 n[JOURNEY_NOT_TESTED]);
    if (n[JOURNEY_INTERRUPTED])
        buf_addf(out, " %zu %s stopped before the end.", n[JOURNEY_INTERRUPTED],
                 n[JOURNEY_INTERRUPTED] == 1 ? "was" : "were");
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

static void cover(struct buf *out, const struct result *r)
{
    struct score mean = { .known = true };
    size_t scored = 0;

    for (size_t i = 0; i < r->count; i++) {
        const struct score *s = view_known_score(r->journeys[i]);

        mean.value += s ? s->value : 0;
        scored += s != NULL;
    }
    buf_adds(out, "<section class=\"card cover\" aria-label=\"Summary\">\n<div>\n");
    lead(out, r);
    if (scored > 1)
        buf_addf(out, "<p class=\"soft\">The ring shows the average score of the %zu journeys "
                      "that have one.</p>\n", scored);
    for (size_t i = 0; i < r->left_out_count; i++) {
        buf_adds(out, "<p class=\"soft small\">Left out: ");
        html_bdi(out, r->left_out[i], 300);
        buf_adds(out, "</p>\n");
    }
    buf_adds(out, "</div>\n");
    if (scored) {
        mean.value /= (double)scored;
        mean.grade = grade_of(score_rounded(mean.value));
        html_ring(out, &mean);
    }
    buf_adds(out, "</section>\n");
}

static void glance_row(struct buf *out, const struct result *r, size_t i)
{
    const struct journey_result *jr = r->journeys[i];
    const struct score *s = view_known_score(jr);

    buf_adds(out, "<tr><th scope=\"row\">");
    journey_link(out, r, i);
    buf_adds(out, "</th><td>");
    html_chip(out, jr->status);
    if (!s) {
        buf_adds(out, "</td><td class=\"right soft\">no score</td><td></td><td></td><td></td>"
                      "</tr>\n");
        return;
    }
    buf_adds(out, "</td><td class=\"right num\" data-label=\"Score\"><strong>");
    buf_addf(out, "%d</strong>", score_rounded(s->value));
    if (view_range_differs(s))
        buf_addf(out, " <span class=\"soft nowrap\">%d\xE2\x80\x93%d</span>",
                 score_rounded(s->low), score_rounded(s->high));
    buf_adds(out, "</td><td data-label=\"Grade\">");
    view_grade(s, out);
    buf_addf(out, "</td><td class=\"right num\" data-label=\"Effort\">%.1f</td>"
                  "<td data-label=\"Outcome\">%s</td></tr>\n", s->ces, view_outcome(s->outcome));
}

static void glance(struct buf *out, const struct result *r)
{
    if (!r->count)
        return;
    buf_adds(out, "<section class=\"card\">\n<h2>The journeys at a glance</h2>\n"
                  "<table class=\"glance\"><thead><tr><th scope=\"col\">Journey</th>"
                  "<th scope=\"col\">Result</th><th scope=\"col\" class=\"right\">Score</th>"
                  "<th scope=\"col\">Grade</th><th scope=\"col\" class=\"right\">Effort (CES)"
                  "</th><th scope=\"col\">Outcome</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < r->count; i++)
        glance_row(out, r, i);
    buf_adds(out, "</tbody></table>\n</section>\n");
}

static int by_share(const void *a, const void *b)
{
    const struct moment *x = a, *y = b;

    if (x->f->share != y->f->share)
        return x->f->share < y->f->share ? 1 : -1;
    if (x->journey != y->journey)
        return x->journey < y->journey ? -1 : 1;
    return x->place < y->place ? -1 : 1;
}

/* The same thing twice in one journey is one moment here. */
static bool told(const struct moment *const *chosen, size_t count, const struct moment *m)
{
    for (size_t i = 0; i < count; i++)
        if (chosen[i]->journey == m->journey && chosen[i]->f->row == m->f->row)
            return true;
    return false;
}

static void worst_moment(struct buf *out, const struct result *r, const struct moment *m)
{
    const struct transcript *t = r->journeys[m->journey]->transcript;
    const struct event *said = html_quotation(t, m->f);

    buf_adds(out, "<li><blockquote dir=\"auto\">");
    html_clip(out, view_say(m->f), 220);
    buf_adds(out, "</blockquote>\n");
    if (said) {
        buf_adds(out, "<p class=\"said\">");
        html_bdi(out, view_party(t, said), 40);
        buf_adds(out, " said: <q><bdi>");
        html_clip(out, said->text, 180);
        buf_adds(out, "</bdi></q></p>\n");
    }
    buf_addf(out, "<p class=\"small\"><a href=\"#j%zu-f%zu\">%s</a> in ", m->journey + 1, m->place,
             m->f->row->title);
    html_bdi(out, view_name(t), 60);
    if (m->f->share > 0)
        buf_addf(out, ", <span class=\"points\">\xE2\x88\x92%.1f points</span>", m->f->share);
    buf_adds(out, "</p></li>\n");
}

static void worst(struct buf *out, const struct result *r, struct moments *bad)
{
    const struct moment *chosen[WORST_SHOWN];
    size_t count = 0;

    if (bad->count)
        qsort(bad->items, bad->count, sizeof *bad->items, by_share);
    for (size_t i = 0; i < bad->count && count < WORST_SHOWN; i++)
        if (!told(chosen, count, &bad->items[i]))
            chosen[count++] = &bad->items[i];
    if (!count)
        return;
    buf_addf(out, "<section class=\"card\">\n<h2>%s</h2>\n<ol class=\"moments\">\n",
             count == 1 ? "The worst moment" : "The worst moments");
    for (size_t i = 0; i < count; i++)
        worst_moment(out, r, chosen[i]);
    buf_adds(out, "</ol>\n</section>\n");
}

/* Good findings in the order of what they do for a customer. */
static void delights(struct buf *out, const struct result *r, const struct moments *good)
{
    static const char *const order[] = {
        "solved", "compensation", "full_answer", "promise_kept", "unasked_update", "personal",
        "early_reply", "progress", "acknowledgement", "apology", "wait_explained", "time_named",
        "reference",
    };
    size_t shown = 0;

    buf_adds(out, "<section class=\"card\">\n<h2>What delighted</h2>\n");
    if (!good->count)
        buf_adds(out, "<p class=\"soft\">Nothing that a customer would tell a friend about.</p>");
    else
        buf_adds(out, "<ul class=\"plain\">\n");
    for (size_t k = 0; k < ARRAY_LEN(order) && shown < DELIGHTS_SHOWN; k++) {
        const struct moment *first = NULL;
        size_t times = 0;

        for (size_t i = 0; i < good->count; i++) {
            if (strcmp(good->items[i].f->row->kind, order[k]) != 0)
                continue;
            first = first ? first : &good->items[i];
            times++;
        }
        if (!first)
            continue;
        buf_adds(out, "<li><span class=\"dot\"></span><bdi>");
        html_clip(out, view_say(first->f), 160);
        buf_adds(out, "</bdi> <span class=\"soft small\">");
        html_bdi(out, view_name(r->journeys[first->journey]->transcript), 60);
        if (times > 1)
            buf_addf(out, ", and %zu more such %s", times - 1, times == 2 ? "moment" : "moments");
        buf_adds(out, "</span></li>\n");
        shown++;
    }
    if (good->count)
        buf_adds(out, "</ul>\n");
    buf_adds(out, "</section>\n");
}

struct mend {
    const struct finding_row *row;
    double regain;
    size_t times;
};

static int by_regain(const void *a, const void *b)
{
    const struct mend *x = a, *y = b;

    if (x->regain != y->regain)
        return x->regain < y->regain ? 1 : -1;
    return x->row < y->row ? -1 : x->row > y->row;
}

static size_t mend_list(const struct moments *bad, struct mend *list, size_t max)
{
    size_t count = 0;

    for (size_t i = 0; i < bad->count; i++) {
        const struct finding *f = bad->items[i].f;
        size_t k = 0;

        while (k < count && list[k].row != f->row)
            k++;
        if (k == max)
            continue;
        if (k == count)
            list[count++] = (struct mend){ f->row, 0, 0 };
        list[k].regain += f->regain;
        list[k].times++;
    }
    qsort(list, count, sizeof *list, by_regain);
    return count;
}

static void mend_first(struct buf *out, const struct moments *bad)
{
    struct mend list[64];
    size_t count = mend_list(bad, list, ARRAY_LEN(list));

    buf_adds(out, "<section class=\"card\">\n<h2>What to mend first</h2>\n");
    if (!count) {
        buf_adds(out, "<p class=\"soft\">Nothing was found that costs points.</p>\n</section>\n");
        return;
    }
    buf_adds(out, "<table><thead><tr><th scope=\"col\">Finding</th><th scope=\"col\" "
                  "class=\"right\">Times</th><th scope=\"col\" class=\"right\">Points regained"
                  "</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < count && i < MEND_SHOWN; i++) {
        double width = list[0].regain > 0 ? 100 * list[i].regain / list[0].regain : 0;

        buf_addf(out, "<tr><th scope=\"row\">%s</th><td class=\"right num\">%zu</td>"
                      "<td class=\"right num\">+%.1f<svg class=\"bar\" viewBox=\"0 0 100 8\" "
                      "preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect class=\"track\" "
                      "width=\"100\" height=\"8\" rx=\"4\"/><rect class=\"fill\" width=\"%.1f\" "
                      "height=\"8\" rx=\"4\"/></svg></td></tr>\n",
                 list[i].row->title, list[i].times, list[i].regain, width > 0 ? width : 0);
    }
    buf_adds(out, "</tbody></table>\n<p class=\"soft small\">What the scores would gain had it not "
                  "happened, added over the journeys.</p>\n</section>\n");
}

void html_summary(struct buf *out, const struct result *r)
{
    struct moments bad = { 0 }, good = { 0 };

    collect(r, VIEW_BAD, &bad);
    collect(r, VIEW_GOOD, &good);
    cover(out, r);
    worst(out, r, &bad);
    if (bad.count || good.count) {
        buf_adds(out, "<div class=\"columns\">\n");
        delights(out, r, &good);
        mend_first(out, &bad);
        buf_adds(out, "</div>\n");
    }
    glance(out, r);
    free(bad.items);
    free(good.items);
}
