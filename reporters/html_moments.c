/* The cards of the first page: the worst moments, what delighted, what to mend first, where the time
 * went. */
#include <stdlib.h>
#include <string.h>

#include "reporters/html.h"

enum { WORST_SHOWN = 3, DELIGHTS_SHOWN = 5, MEND_SHOWN = 5, CHANNELS_SHOWN = 8 };

static void collect(const struct result *r, enum view_pick pick, struct html_moments *m)
{
    for (size_t i = 0; i < r->count; i++) {
        const struct finding **list;
        size_t count = view_findings(r->journeys[i], pick, &list);

        for (size_t k = 0; k < count; k++) {
            MEM_GROW(m->items, m->cap, m->count + 1);
            m->items[m->count++] = (struct html_moment){ list[k], i, k + 1 };
        }
        free(list);
    }
}

/* Worst moments */

static int by_share(const void *a, const void *b)
{
    const struct html_moment *x = a, *y = b;

    if (x->f->share != y->f->share)
        return x->f->share < y->f->share ? 1 : -1;
    if (x->journey != y->journey)
        return x->journey < y->journey ? -1 : 1;
    return x->place < y->place ? -1 : 1;
}

/* The same thing twice in one journey is one moment here; so is the same sentence in many. */
static bool told(const struct html_moment *const *chosen, size_t count,
                 const struct html_moment *m)
{
    for (size_t i = 0; i < count; i++)
        if ((chosen[i]->journey == m->journey && chosen[i]->f->row == m->f->row) ||
            !strcmp(view_say(chosen[i]->f), view_say(m->f)))
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
                  struct html_moments *bad)
{
    const struct html_moment *chosen[WORST_SHOWN];
    size_t count = 0;

    if (bad->count)
        qsort(bad->items, bad->count, sizeof *bad->items, by_share);
    for (size_t i = 0; i < bad->count && count < WORST_SHOWN; i++)
        if (!told(chosen, count, &bad->items[i]))
            chosen[count++] = &bad->items[i];
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
                     const struct html_moments *good)
{
    static const char *const order[] = {
        "solved", "compensation", "full_answer", "promise_kept", "unasked_update", "personal",
        "early_reply", "progress", "acknowledgement", "apology", "wait_explained", "time_named",
        "reference",
    };
    size_t shown = 0;

    buf_addf(out, "<section class=\"card\">\n<h2>%s</h2>\n", word(w, WORD_DELIGHTED));
    if (!good->count)
        buf_addf(out, "<p class=\"soft\">%s</p>", word(w, WORD_NO_DELIGHT));
    else
        buf_adds(out, "<ul class=\"plain\">\n");
    for (size_t k = 0; k < ARRAY_LEN(order) && shown < DELIGHTS_SHOWN; k++) {
        const struct html_moment *first = NULL;
        size_t times = 0;

        for (size_t i = 0; i < good->count; i++) {
            if (strcmp(good->items[i].f->row->kind, order[k]) != 0)
                continue;
            first = first ? first : &good->items[i];
            times++;
        }
        if (!first)
            continue;
        delight(out, w, r, first, times);
        shown++;
    }
    if (good->count)
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

static size_t mend_list(const struct html_moments *bad, struct mend *list, size_t max)
{
    size_t count = 0;

    for (size_t i = 0; i < bad->count; i++) {
        const struct finding *f = bad->items[i].f;
        size_t k = 0;

        while (k < count && list[k].row != f->row)
            k++;
        if (k == max || !f->row->charged)
            continue;
        if (k == count)
            list[count++] = (struct mend){ f->row, 0, 0 };
        list[k].regain += f->regain;
        list[k].times++;
    }
    if (count)
        qsort(list, count, sizeof *list, by_regain);
    return count;
}

static void mend_first(struct buf *out, const struct words *w, const struct html_moments *bad)
{
    struct mend list[64];
    size_t count = mend_list(bad, list, ARRAY_LEN(list));

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
    struct html_moments bad = { 0 }, good = { 0 };

    collect(r, VIEW_BAD, &bad);
    collect(r, VIEW_GOOD, &good);
    worst(out, w, r, &bad);
    if (bad.count || good.count) {
        buf_adds(out, "<div class=\"columns\">\n");
        delights(out, w, r, &good);
        mend_first(out, w, &bad);
        buf_adds(out, "</div>\n");
    }
    time_went(out, w, r);
    free(bad.items);
    free(good.items);
}
