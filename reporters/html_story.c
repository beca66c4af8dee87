/* The journey as a story: exchange by exchange who wrote what and when, what came back after how
 * long, and what the customer thought of it, in their own words. */
#include <string.h>

#include "reporters/html.h"

enum { EXCHANGES_TOLD = 10, QUOTE_COLUMNS = 220 };

static void quote(struct buf *out, const char *text)
{
    buf_adds(out, " <q><bdi>");
    html_clip(out, text, QUOTE_COLUMNS);
    buf_adds(out, "</bdi></q>");
}

/* "At 0:05.1 Maya wrote (chat):" */
static void who_when(struct buf *out, const struct html_journey *h, enum word id,
                     const struct event *e)
{
    CLEANUP(buf_release) struct buf when = BUF_INIT(256);
    CLEANUP(buf_release) struct buf who = BUF_INIT(4096);
    CLEANUP(buf_release) struct buf where = BUF_INIT(4096);

    html_clock(&when, h->w, e->t_us, h->total_us);
    html_party(&who, h->w, h->jr->transcript, e);
    html_bdi(&where, e->channel ? e->channel : "\xE2\x80\x93", 40);
    buf_adds(out, "<p>");
    SAY(out, h->w, id, when.ptr, who.ptr, where.ptr);
    quote(out, e->text);
    buf_adds(out, "</p>");
}

static void answered(struct buf *out, const struct html_journey *h, const struct exchange *x)
{
    const struct event *e = &h->jr->transcript->events[x->answered_seq];
    CLEANUP(buf_release) struct buf who = BUF_INIT(4096);
    CLEANUP(buf_release) struct buf wait = BUF_INIT(256);

    html_party(&who, h->w, h->jr->transcript, e);
    buf_adds(out, "<p>");
    if (x->wait_us == DURATION_UNKNOWN) {
        SAY(out, h->w, WORD_STORY_ANSWER, who.ptr);
    } else {
        html_duration(&wait, h->w, x->wait_us);
        SAY(out, h->w, WORD_STORY_ANSWERED, wait.ptr, who.ptr);
    }
    quote(out, e->text);
    buf_adds(out, "</p>");
}

/* What was more than the first answer: mails that came later, of which the last counts. */
static void later(struct buf *out, const struct html_journey *h, const struct exchange *x)
{
    const struct transcript *t = h->jr->transcript;

    for (int seq = x->last_seq; seq > x->answered_seq && x->answered_seq >= 0; seq--) {
        const struct event *e = &t->events[seq];

        if (e->kind != EVENT_MESSAGE || e->from != PARTY_COMPANY)
            continue;
        who_when(out, h, WORD_STORY_CAME, e);
        return;
    }
}

static void thoughts(struct buf *out, const struct html_journey *h, size_t exchange)
{
    for (size_t i = 0; i < h->bad_count; i++) {
        const struct finding *f = h->bad[i];

        if (f->exchange < 0 || (size_t)f->exchange != exchange)
            continue;
        buf_adds(out, "<p><em dir=\"auto\">");
        html_clip(out, view_say(f), QUOTE_COLUMNS);
        buf_addf(out, "</em> <a class=\"flag\" href=\"#j%zu-f%zu\" aria-label=\"", h->number,
                 i + 1);
        SAY(out, h->w, WORD_FINDING_NO, words_int(h->w, (long long)i + 1).text);
        buf_addf(out, "\">%s</a></p>", words_int(h->w, (long long)i + 1).text);
    }
}

static void exchange(struct buf *out, const struct html_journey *h, size_t k)
{
    const struct transcript *t = h->jr->transcript;
    const struct exchange *x = &h->jr->judgement->exchanges[k];

    buf_adds(out, "<li>");
    if (x->asked_seq >= 0)
        who_when(out, h, WORD_STORY_WROTE, &t->events[x->asked_seq]);
    if (x->answered_seq >= 0 && x->asked_seq < 0)
        who_when(out, h, WORD_STORY_CAME, &t->events[x->answered_seq]);
    else if (x->answered_seq >= 0)
        answered(out, h, x);
    else
        buf_addf(out, "<p>%s</p>", word(h->w, WORD_STORY_SILENCE));
    later(out, h, x);
    thoughts(out, h, k);
    buf_adds(out, "</li>\n");
}

void html_story(struct buf *out, const struct html_journey *h)
{
    const struct judgement *j = h->jr->judgement;
    size_t told = j ? j->exchange_count : 0;

    if (!told)
        return;
    buf_addf(out, "<details%s><summary>%s</summary>\n<ol class=\"story\">\n",
             h->many ? "" : " open", word(h->w, WORD_STORY));
    for (size_t k = 0; k < told && k < EXCHANGES_TOLD; k++)
        exchange(out, h, k);
    buf_adds(out, "</ol>\n<p>");
    if (told > EXCHANGES_TOLD) {
        SAY(out, h->w, WORD_STORY_MORE, words_int(h->w, (long long)(told - EXCHANGES_TOLD)).text);
        buf_addc(out, ' ');
    }
    if (j->score.known)
        SAY(out, h->w, WORD_STORY_END, html_outcome(h->w, j->score.outcome));
    buf_adds(out, "</p></details>\n");
}
