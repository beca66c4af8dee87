#include "reporters/html_survey.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"

static int by_share(const struct html_moment *x, const struct html_moment *y)
{
    if (x->share != y->share)
        return x->share < y->share ? 1 : -1;
    if (x->journey != y->journey)
        return x->journey < y->journey ? -1 : 1;
    return x->place < y->place ? -1 : 1;
}

bool html_told(const struct html_moment *chosen, size_t count, const struct html_moment *m)
{
    for (size_t i = 0; i < count; i++)
        if (by_share(&chosen[i], m) <= 0 &&
            ((chosen[i].journey == m->journey && chosen[i].row == m->row) ||
             chosen[i].said == m->said))
            return true;
    return false;
}

static void keep_worst(struct html_survey *s, struct html_moment m)
{
    size_t at = s->worst_count;

    if (at == SURVEY_WORST && by_share(&s->worst[at - 1], &m) < 0)
        return;
    if (html_told(s->worst, s->worst_count, &m))
        return;
    if (at == SURVEY_WORST)
        at--;
    else
        s->worst_count++;
    for (; at > 0 && by_share(&m, &s->worst[at - 1]) < 0; at--)
        s->worst[at] = s->worst[at - 1];
    s->worst[at] = m;
}

static void add_mend(struct html_survey *s, const struct finding *f)
{
    size_t k = 0;

    while (k < s->mend_count && s->mend[k].row != f->row)
        k++;
    if (k == SURVEY_KINDS || !f->row->charged)
        return;
    if (k == s->mend_count)
        s->mend[s->mend_count++] = (struct html_mend){ f->row, 0, 0 };
    s->mend[k].regain += f->regain;
    s->mend[k].times++;
}

static void add_delight(struct html_survey *s, struct html_moment m)
{
    size_t k = 0;

    while (k < s->delight_count && s->delights[k].first.row != m.row)
        k++;
    if (k == SURVEY_KINDS)
        return;
    if (k == s->delight_count)
        s->delights[s->delight_count++] = (struct html_delight){ m, 0 };
    s->delights[k].times++;
}

static void add_findings(struct html_survey *s, const struct journey_result *jr, size_t index)
{
    for (int good = 0; good < 2; good++) {
        const struct finding **list;
        size_t count = view_findings(jr, good ? VIEW_GOOD : VIEW_BAD, &list);

        for (size_t k = 0; k < count; k++) {
            struct html_moment m = { index, (size_t)(list[k] - jr->judgement->findings.items),
                                     k + 1, list[k]->row, list[k]->share,
                                     text_hash(view_say(list[k])) };

            if (good) {
                add_delight(s, m);
            } else {
                keep_worst(s, m);
                add_mend(s, list[k]);
            }
        }
        free(list);
    }
}

static void spend(struct html_survey *s, const struct view_waited *wait)
{
    size_t k = 0;

    s->waited_us += wait->us;
    while (k < s->spent_count && (s->spent[k].kind != wait->kind ||
                                  strcmp(s->spent[k].channel, wait->channel) != 0))
        k++;
    if (k == SURVEY_WAITS)
        return;
    if (k == s->spent_count)
        s->spent[s->spent_count++] = (struct html_spent){ .channel = mem_strdup(wait->channel),
                                                          .kind = wait->kind };
    s->spent[k].total_us += wait->us;
    s->spent[k].times++;
    if (wait->us > s->spent[k].longest_us)
        s->spent[k].longest_us = wait->us;
}

static void add_waits(struct html_survey *s, const struct journey_result *jr)
{
    struct view_waited *list;
    size_t count = view_waited(jr, &list);

    for (size_t i = 0; i < count; i++)
        spend(s, &list[i]);
    free(list);
    s->took_us += jr->duration_us;
}

static void add_company(struct html_survey *s, const char *name)
{
    if (!name || !*name)
        return;
    for (size_t i = 0; i < s->company_count; i++)
        if (!strcmp(s->companies[i], name))
            return;
    if (s->company_count < SURVEY_COMPANIES)
        s->companies[s->company_count++] = mem_strdup(name);
    else
        s->more_companies = true;
}

static int by_total(const void *a, const void *b)
{
    const struct html_spent *x = a, *y = b;

    if (x->total_us != y->total_us)
        return x->total_us < y->total_us ? 1 : -1;
    return x->kind != y->kind ? (int)x->kind - (int)y->kind : strcmp(x->channel, y->channel);
}

bool html_survey(struct html_survey *s, const struct words *w, const struct result *r)
{
    CLEANUP(buf_release) struct buf row = BUF_INIT(VIEW_PART_MAX);
    bool ok = true;

    *s = (struct html_survey){ .company_count = 0 };
    scratch_init(&s->rows, r->folder);
    for (size_t i = 0; ok && i < r->count; i++) {
        const struct journey_result *jr = result_journey(r, i);
        const struct score *score = view_known_score(jr);

        add_company(s, jr->transcript->company_name);
        s->score_sum += score ? score->value : 0;
        s->scored += score != NULL;
        add_findings(s, jr, i);
        add_waits(s, jr);
        html_glance_row(&row, w, jr, i);
        ok = view_keep(&row, &s->rows);
    }
    if (s->spent_count)
        qsort(s->spent, s->spent_count, sizeof *s->spent, by_total);
    return ok;
}

void html_survey_release(struct html_survey *s)
{
    for (size_t i = 0; i < s->company_count; i++)
        free(s->companies[i]);
    for (size_t i = 0; i < s->spent_count; i++)
        free(s->spent[i].channel);
    scratch_release(&s->rows);
}
