/* The cards of the first page: the worst moments, what delighted, what to mend first, where the time
 * went. */
#include <stdlib.h>
#include <string.h>

#include "reporters/html.h"

enum { WORST_SHOWN = 3, DELIGHTS_SHOWN = 5, MEND_SHOWN = 5, CHANNELS_SHOWN = 8,
       WORST_KEPT = 64, KINDS_MAX = 64 };

/* What the cards need of all findings: a few of the worst, the first of each good kind, sums of each
 * bad kind. Its size does not grow with the audit. */
struct survey {
    struct html_moment worst[WORST_KEPT];    /* most points first */
    size_t worst_count;
    struct mend { const struct finding_row *row; double regain; size_t times; } mend[KINDS_MAX];
    size_t mend_count;
    struct delight { struct html_moment first; size_t times; } delights[KINDS_MAX];
    size_t delight_count;
};

static int by_share(const void *a, const void *b)
{
    const struct html_moment *x = a, *y = b;

    if (x->f->share != y->f->share)
        return x->f->share < y->f->share ? 1 : -1;
    if (x->journey != y->journey)
        return x->journey < y->journey ? -1 : 1;
    return x->place < y->place ? -1 : 1;
}

static bool told(const struct html_moment *chosen, size_t count, const struct html_moment *m);

static void keep_worst(struct survey *s, struct html_moment m)
{
    size_t at = s->worst_count;

    if (at == WORST_KEPT && by_share(&s->worst[at - 1], &m) < 0)
        return;
    if (told(s->worst, s->worst_count, &m))
        return;
    if (at == WORST_KEPT)
        at--;
    else
        s->worst_count++;
    for (; at > 0 && by_share(&m, &s->worst[at - 1]) < 0; at--)
        s->worst[at] = s->worst[at - 1];
    s->worst[at] = m;
}

static void add_mend(struct survey *s, const struct finding *f)
{
    size_t k = 0;

    while (k < s->mend_count && s->mend[k].row != f->row)
        k++;
    if (k == KINDS_MAX || !f->row->charged)
        return;
    if (k == s->mend_count)
        s->mend[s->mend_count++] = (struct mend){ f->row, 0, 0 };
    s->mend[k].regain += f->regain;
    s->mend[k].times++;
}

static void add_delight(struct survey *s, struct html_moment m)
{
    size_t k = 0;

    while (k < s->delight_count && s->delights[k].first.f->row != m.f->row)
        k++;
    if (k == KINDS_MAX)
        return;
    if (k == s->delight_count)
        s->delights[s->delight_count++] = (struct delight){ m, 0 };
    s->delights[k].times++;
}

static void collect(const struct result *r, struct survey *s)
{
    for (size_t i = 0; i < r->count; i++) {
        const struct finding **bad, **good;
        size_t bad_count = view_findings(r->journeys[i], VIEW_BAD, &bad);
        size_t good_count = view_findings(r->journeys[i], VIEW_GOOD, &good);

        for (size_t k = 0; k < bad_count; k++) {
            keep_worst(s, (struct html_moment){ bad[k], i, k + 1 });
            add_mend(s, bad[k]);
        }
        for (size_t k = 0; k < good_count; k++)
            add_delight(s, (struct html_moment){ good[k], i, k + 1 });
        free(bad);
        free(good);
    }
}

/* Worst moments */

/* The same thing twice in one journey is one moment here; so is the same sentence in many. */
static bool told(const struct html_moment *chosen, size_t count, const struct html_moment *m)
{
    for (size_t i = 0; i < count; i++)
        if (by_share(&chosen[i], m) <= 0 &&
            ((chosen[i].journey == m->journey && chosen[i].f->row == m->f->row) ||
             !strcmp(view_say(chosen[i].f), view_say(m->f))))
            return true;
    return false;
}

static void worst_moment(struct buf *out, const struct words *w, const struct result *r,
                         const struct html_moment *m)
{
    const struct transcript *t = r->journeys[m->journey]->transcript;
    const struct event *said = html_quotation(t, m->f);

    buf_adds(out, "<li><blockquote dir=\"auto\">");
    html_clip(out, view_say(m->f), 220);
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
             m->place, words_title(w, m->f->row));
    html_bdi(out, view_name(t), 60);
    if (m->f->share > 0) {
        buf_adds(out, " \xC2\xB7 <span class=\"points\">");
        SAY(out, w, WORD_POINTS_LOST, words_tenths(w, m->f->share).text);
        buf_adds(out, "</span>");
    }
    buf_adds(out, "</p></li>\n");
}

static void worst(struct buf *out, const struct words *w, const struct result *r,
                  const struct survey *s)
{
    const struct html_moment *chosen[WORST_SHOWN];
    size_t count = 0;

    /* A worse one may have come after its like: the list can still tell the same twice. */
    for (size_t i = 0; i < s->worst_count && count < WORST_SHOWN; i++)
        if (!told(s->worst, i, &s->worst[i]))
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
    buf_adds(out, "<li><span class=\"dot\"></span><bdi>");
    html_clip(out, view_say(first->f), 160);
    buf_adds(out, "</bdi> <span class=\"soft small\">");
    html_bdi(out, view_name(r->journeys[first->journey]->transcript), 60);
    if (times > 1) {
        buf_adds(out, w->rtl ? "\xD8\x8C " : ", ");
        SAY(out, w, WORD_MORE_SUCH, words_int(w, (long long)times - 1).text);
    }
    buf_adds(out, "</span></li>\n");
}

static void delights(struct buf *out, const struct words *w, const struct result *r,
                     const struct survey *s)
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
            if (strcmp(s->delights[i].first.f->row->kind, order[k]) != 0)
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
    const struct mend *x = a, *y = b;

    if (x->regain != y->regain)
        return x->regain < y->regain ? 1 : -1;
    return x->row < y->row ? -1 : x->row > y->row;
}

static void mend_first(struct buf *out, const struct words *w, struct survey *s)
{
    const struct mend *list = s->mend;
    size_t count = s->mend_count;

    if (count)
        qsort(s->mend, count, sizeof *s->mend, by_regain);

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

/* Where the time went: felt waits, added up for every channel by its name. */

struct spent {
    const char *channel;
    int64_t total_us, longest_us;
    size_t answers;
};

static int by_total(const void *a, const void *b)
{
    const struct spent *x = a, *y = b;

    if (x->total_us != y->total_us)
        return x->total_us < y->total_us ? 1 : -1;
    return strcmp(x->channel, y->channel);
}

static void spend(struct spent *list, size_t *count, size_t max, const char *channel, int64_t us)
{
    size_t k = 0;

    while (k < *count && strcmp(list[k].channel, channel) != 0)
        k++;
    if (k == max)
        return;
    if (k == *count)
        list[(*count)++] = (struct spent){ channel, 0, 0, 0 };
    list[k].total_us += us;
    list[k].answers++;
    list[k].longest_us = us > list[k].longest_us ? us : list[k].longest_us;
}

static size_t spent_list(const struct result *r, struct spent *list, size_t max)
{
    size_t count = 0;

    for (size_t i = 0; i < r->count; i++) {
        const struct transcript *t = r->journeys[i]->transcript;

        for (size_t e = 0; e < t->count; e++) {
            int64_t us = view_felt_wait(r->journeys[i], (int)e);

            if (us != DURATION_UNKNOWN && t->events[e].channel)
                spend(list, &count, max, t->events[e].channel, us);
        }
    }
    if (count)
        qsort(list, count, sizeof *list, by_total);
    return count;
}

static void time_went(struct buf *out, const struct words *w, const struct result *r)
{
    struct spent list[64];
    size_t count = spent_list(r, list, ARRAY_LEN(list));

    if (!count)
        return;
    buf_addf(out, "<section class=\"card\">\n<h2>%s</h2>\n<table><thead><tr>"
                  "<th scope=\"col\">%s</th><th scope=\"col\" class=\"right\">%s</th>"
                  "<th scope=\"col\" class=\"right\">%s</th>"
                  "<th scope=\"col\" class=\"right\">%s</th></tr></thead>\n<tbody>\n",
             word(w, WORD_TIME_WENT), word(w, WORD_CHANNEL), word(w, WORD_ANSWERS),
             word(w, WORD_LONGEST), word(w, WORD_WAITED));
    for (size_t i = 0; i < count && i < CHANNELS_SHOWN; i++) {
        buf_adds(out, "<tr><th scope=\"row\">");
        html_bdi(out, list[i].channel, 40);
        buf_addf(out, "</th><td class=\"right num\">%s</td><td class=\"right num\">",
                 words_int(w, (long long)list[i].answers).text);
        html_duration(out, w, list[i].longest_us);
        buf_adds(out, "</td><td class=\"right num\">");
        html_duration(out, w, list[i].total_us);
        bar(out, (double)list[i].total_us, (double)list[0].total_us);
        buf_adds(out, "</td></tr>\n");
    }
    buf_addf(out, "</tbody></table>\n<p class=\"soft small\">%s</p>\n</section>\n",
             word(w, WORD_TIME_NOTE));
}

void html_moments(struct buf *out, const struct words *w, const struct result *r)
{
    struct survey *s = mem_zero(1, sizeof *s);

    collect(r, s);
    worst(out, w, r, s);
    if (s->mend_count || s->delight_count || s->worst_count) {
        buf_adds(out, "<div class=\"columns\">\n");
        delights(out, w, r, s);
        mend_first(out, w, s);
        buf_adds(out, "</div>\n");
    }
    time_went(out, w, r);
    free(s);
}
