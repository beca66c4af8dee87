/* Facts first: figures, then yes or no to what a customer asks about first. */
#include <stdlib.h>
#include <string.h>

#include "reporters/html.h"

static void fact(struct buf *out, const char *name, const char *value, const char *detail)
{
    buf_addf(out, "<div><dt>%s</dt><dd><bdi>%s</bdi>", name, value);
    if (detail && *detail)
        buf_addf(out, "<span><bdi>%s</bdi></span>", detail);
    buf_adds(out, "</dd></div>\n");
}

static enum word effort_word(double ces)
{
    return ces >= 6 ? WORD_VERY_EASY : ces >= 5 ? WORD_EASY : ces >= 3.5 ? WORD_SOME_EFFORT
         : ces >= 2 ? WORD_HARD : WORD_VERY_HARD;
}

static void score_facts(struct buf *out, const struct words *w, const struct score *s)
{
    CLEANUP(buf_release) struct buf value = BUF_INIT(4096);
    CLEANUP(buf_release) struct buf detail = BUF_INIT(16 * 1024);

    if (s->outcome_why)
        html_clip(&detail, s->outcome_why, 240);
    fact(out, word(w, WORD_OUTCOME), html_outcome(w, s->outcome), detail.ptr);
    buf_clear(&detail);
    SAY(&value, w, WORD_SCORE_GRADE, words_int(w, score_rounded(s->value)).text,
        (char[]){ s->grade, 0 });
    if (view_range_differs(s))
        SAY(&detail, w, WORD_BETWEEN, words_int(w, score_rounded(s->low)).text,
            words_int(w, score_rounded(s->high)).text);
    if (view_grade_differs(s)) {
        buf_addc(&detail, ' ');
        SAY(&detail, w, WORD_GRADES_TO, (char[]){ s->grade_low, 0 }, (char[]){ s->grade_high, 0 });
    }
    if (s->times_unknown)
        buf_addf(&detail, "%s%s", detail.len ? "; " : "", word(w, WORD_TIMES_UNKNOWN));
    fact(out, word(w, WORD_SCORE), value.ptr, detail.ptr);
    buf_clear(&value);
    SAY(&value, w, WORD_OF_SEVEN, words_tenths(w, s->ces).text);
    fact(out, word(w, WORD_EFFORT_CES), value.ptr, word(w, effort_word(s->ces)));
}

static void say_duration(struct buf *out, const struct words *w, enum word id, int64_t us)
{
    CLEANUP(buf_release) struct buf time = BUF_INIT(256);

    words_duration(&time, w, us);
    SAY(out, w, id, time.ptr);
}

static void wait_fact(struct buf *out, const struct words *w, const struct view_wait *row)
{
    CLEANUP(buf_release) struct buf value = BUF_INIT(256);
    CLEANUP(buf_release) struct buf detail = BUF_INIT(1024);
    CLEANUP(buf_release) struct buf channel = BUF_INIT(4096);
    CLEANUP(buf_release) struct buf name = BUF_INIT(4096);
    bool receipt = row->receipt_us != DURATION_UNKNOWN;
    bool first = row->first_us != DURATION_UNKNOWN;
    int64_t shown = first ? row->first_us : row->receipt_us;
    const struct { enum word word; int64_t us; } more[] = {
        { WORD_TYPING_AFTER, row->typing_us }, { WORD_WORD_AFTER, row->word_us },
        { WORD_LONGEST_OF, row->longest_us > shown ? row->longest_us : DURATION_UNKNOWN },
    };

    words_duration(&value, w, shown);
    if (receipt && first)
        say_duration(&detail, w, WORD_RECEIPT_AFTER, row->receipt_us);
    for (size_t i = 0; i < ARRAY_LEN(more); i++) {
        if (more[i].us == DURATION_UNKNOWN)
            continue;
        buf_adds(&detail, detail.len ? "; " : "");
        say_duration(&detail, w, more[i].word, more[i].us);
    }
    html_clip(&channel, row->channel, 30);
    SAY(&name, w, first ? WORD_FIRST_REPLY : WORD_RECEIPT_IN, channel.ptr);
    fact(out, name.ptr, value.ptr, detail.ptr);
}

static void form_fact(struct buf *out, const struct words *w, const struct view_form *f)
{
    CLEANUP(buf_release) struct buf name = BUF_INIT(4096), channel = BUF_INIT(4096);
    CLEANUP(buf_release) struct buf value = BUF_INIT(256), detail = BUF_INIT(1024);
    CLEANUP(buf_release) struct buf size = BUF_INIT(64);

    html_clip(&channel, f->channel, 30);
    SAY(&name, w, WORD_TO_THE_FORM, channel.ptr);
    words_duration(&value, w, f->reached_us);
    SAY(&detail, w, WORD_FORM_FIELDS, words_int(w, (long long)f->fields).text,
        words_int(w, (long long)f->required).text);
    if (f->unlabelled) {
        buf_adds(&detail, "; ");
        SAY(&detail, w, WORD_FORM_UNLABELLED, words_int(w, (long long)f->unlabelled).text);
    }
    buf_adds(&detail, "; ");
    SAY(&detail, w, WORD_FORM_PAGES, words_int(w, (long long)f->pages).text);
    if (f->bytes) {
        view_size(&size, f->bytes);
        buf_adds(&detail, "; ");
        words_digits(&detail, w, size.ptr);
    }
    if (f->requests > (int64_t)f->pages) {
        buf_adds(&detail, "; ");
        SAY(&detail, w, WORD_FORM_PARTS, words_int(w, f->requests).text);
    }
    fact(out, name.ptr, value.ptr, detail.ptr);
}

static void form_facts(struct buf *out, const struct html_journey *h)
{
    struct view_form rows[VIEW_FORMS_MAX];
    size_t count = view_forms(h->jr->transcript, rows, ARRAY_LEN(rows));

    for (size_t i = 0; i < count; i++)
        if (rows[i].pages)
            form_fact(out, h->w, &rows[i]);
}

static void bar_fact(struct buf *out, const struct words *w, const struct transcript *t)
{
    CLEANUP(buf_release) struct buf value = BUF_INIT(256);
    CLEANUP(buf_release) struct buf list = BUF_INIT(VIEW_PART_MAX);
    CLEANUP(buf_release) struct buf never = BUF_INIT(VIEW_PART_MAX);
    CLEANUP(buf_release) struct buf shown = BUF_INIT(256);
    char figure[32];

    snprintf(figure, sizeof figure, "%g", t->bar_score);
    words_digits(&shown, w, figure);
    SAY(&value, w, WORD_BAR_SCORE, shown.ptr);
    for (size_t i = 0; i < t->bar_never_count; i++) {
        buf_adds(&list, i ? ", " : "");
        html_clip(&list, t->bar_never[i], 60);
    }
    if (list.len)
        SAY(&never, w, WORD_BAR_NEVER, list.ptr);
    fact(out, word(w, WORD_BAR), value.ptr, never.ptr);
}

void html_facts(struct buf *out, const struct html_journey *h)
{
    const struct score *s = view_known_score(h->jr);
    struct view_wait *rows;
    size_t count = view_waits(h->jr, &rows);
    CLEANUP(buf_release) struct buf value = BUF_INIT(256);

    buf_adds(out, "<dl class=\"facts\">\n");
    if (s)
        score_facts(out, h->w, s);
    for (size_t i = 0; i < count; i++)
        wait_fact(out, h->w, &rows[i]);
    free(rows);
    form_facts(out, h);
    bar_fact(out, h->w, h->jr->transcript);
    words_duration(&value, h->w, h->jr->duration_us);
    fact(out, word(h->w, WORD_DURATION), value.ptr, NULL);
    buf_adds(out, "</dl>\n");
    if (s)
        html_indicators(out, h);
}

/* Yes or no */

enum { KINDS_MAX = 3 };

/* No: one of these was found. Yes: one of those was, or (without any to look for) nothing spoke
 * against it. Neither: it never came up, and the row is left out. */
static const struct indicator {
    enum word word;
    const char *no[KINDS_MAX], *yes[KINDS_MAX];
    bool needs_times;
} indicators[] = {
    { WORD_FACT_RECEIPT, { "missed_acknowledgement" }, { "acknowledgement" }, false },
    { WORD_FACT_ANSWERED, { "unanswered" }, { NULL }, false },
    { WORD_FACT_PROMISES, { "broken_promise" }, { "promise_kept" }, false },
    { WORD_FACT_QUICK, { "slow_reply", "unanswered" }, { NULL }, true },
    { WORD_FACT_ONCE, { "repeated_question" }, { NULL }, false },
    { WORD_FACT_UNDERSTOOD, { "not_understood", "off_topic" }, { NULL }, false },
    { WORD_FACT_STAYED, { "deflection", "dead_end" }, { NULL }, false },
    { WORD_FACT_POLITE, { "rude_tone" }, { NULL }, false },
    { WORD_FACT_LANGUAGE, { "wrong_language" }, { NULL }, false },
};

static bool found(const struct html_journey *h, const char *const *kinds)
{
    const struct findings *f = &h->jr->judgement->findings;

    for (size_t i = 0; i < f->count; i++)
        for (size_t k = 0; k < KINDS_MAX && kinds[k]; k++)
            if (f->items[i].confidence >= CONFIDENCE_COUNTS &&
                !strcmp(f->items[i].row->kind, kinds[k]))
                return true;
    return false;
}

static void indicator(struct buf *out, const struct words *w, enum word id, bool yes)
{
    buf_addf(out, "<li class=\"%s\"><span aria-hidden=\"true\">%s</span> %s: <strong>%s</strong>"
                  "</li>\n", yes ? "yes" : "no", yes ? "\xE2\x9C\x93" : "\xE2\x9C\x97",
             word(w, id), word(w, yes ? WORD_YES : WORD_NO));
}

void html_indicators(struct buf *out, const struct html_journey *h)
{
    const struct score *s = &h->jr->judgement->score;

    buf_addf(out, "<ul class=\"yesno\" aria-label=\"%s\">\n", word(h->w, WORD_FACTS));
    indicator(out, h->w, WORD_FACT_SOLVED, s->outcome == OUTCOME_SOLVED);
    for (size_t i = 0; i < ARRAY_LEN(indicators); i++) {
        const struct indicator *x = &indicators[i];
        bool no = found(h, x->no);

        if (!no && ((x->needs_times && s->times_unknown) || (x->yes[0] && !found(h, x->yes))))
            continue;
        indicator(out, h->w, x->word, !no);
    }
    buf_adds(out, "</ul>\n");
}
