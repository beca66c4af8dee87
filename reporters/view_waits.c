/* Felt waits per channel: what people ask about first. */
#include <stdlib.h>
#include <string.h>

#include "reporters/view.h"

/* The exchange that event seq belongs to; exchanges are in time order. */
static const struct exchange *exchange_of(const struct judgement *j, int seq)
{
    size_t lo = 0, hi = j ? j->exchange_count : 0;

    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;

        if (j->exchanges[mid].last_seq < seq)
            lo = mid + 1;
        else
            hi = mid;
    }
    return j && lo < j->exchange_count && j->exchanges[lo].first_seq <= seq ? &j->exchanges[lo]
                                                                             : NULL;
}

static bool is_receipt(const struct judgement *j, int seq)
{
    for (size_t i = 0; i < j->findings.count; i++)
        if (j->findings.items[i].seq == seq &&
            !strcmp(j->findings.items[i].row->kind, "acknowledgement"))
            return true;
    return false;
}

/* The first message that answers a mail or a form, and is more than a receipt. What a chat says
 * meanwhile is none. */
static int first_answer(const struct journey_result *jr, const struct exchange *x)
{
    for (int seq = x->first_seq; seq <= x->last_seq; seq++) {
        const struct event *e = &jr->transcript->events[seq];

        if (e->from == PARTY_COMPANY && e->kind == EVENT_MESSAGE &&
            !(e->channel && transcript_family(jr->transcript, e->channel) == FAMILY_CHAT) &&
            !is_receipt(jr->judgement, seq))
            return seq;
    }
    return -1;
}

int64_t view_felt_wait(const struct journey_result *jr, int seq)
{
    const struct event *e = &jr->transcript->events[seq];

    if (e->from != PARTY_COMPANY || (e->kind != EVENT_MESSAGE && e->kind != EVENT_PAGE))
        return DURATION_UNKNOWN;
    if (e->wait_us != DURATION_UNKNOWN)
        return e->wait_us;

    const struct exchange *x = exchange_of(jr->judgement, seq);

    if (x && x->answered_seq == seq)
        return x->wait_us;
    return x && x->answer_us != DURATION_UNKNOWN && first_answer(jr, x) == seq ? x->answer_us
                                                                               : DURATION_UNKNOWN;
}

static struct view_wait *channel_row(struct view_wait *rows, size_t *count,
                                     const struct transcript *t, const char *channel)
{
    for (size_t i = 0; i < *count; i++)
        if (!strcmp(rows[i].channel, channel))
            return &rows[i];
    rows[*count] = (struct view_wait){
        .channel = channel, .family = transcript_family(t, channel),
        .receipt_us = DURATION_UNKNOWN, .first_us = DURATION_UNKNOWN, .typing_us = DURATION_UNKNOWN,
        .word_us = DURATION_UNKNOWN, .longest_us = DURATION_UNKNOWN,
    };
    return &rows[(*count)++];
}

static void mark_receipts(const struct judgement *j, bool *receipt, size_t count)
{
    for (size_t i = 0; j && i < j->findings.count; i++) {
        const struct finding *f = &j->findings.items[i];

        if (!strcmp(f->row->kind, "acknowledgement") && f->seq >= 0 && (size_t)f->seq < count)
            receipt[f->seq] = true;
    }
}

size_t view_waits(const struct journey_result *jr, struct view_wait **ret)
{
    enum { CHANNELS_SHOWN = 64 };
    const struct transcript *t = jr->transcript;
    struct view_wait *rows = mem_zero(CHANNELS_SHOWN, sizeof *rows);
    bool *receipt = mem_zero(t->count, sizeof *receipt);
    size_t count = 0;

    mark_receipts(jr->judgement, receipt, t->count);
    for (size_t i = 0; i < t->count && count < CHANNELS_SHOWN; i++) {
        int64_t wait = view_felt_wait(jr, (int)i);

        if (wait == DURATION_UNKNOWN || !t->events[i].channel)
            continue;

        struct view_wait *row = channel_row(rows, &count, t, t->events[i].channel);
        int64_t *slot = receipt[i] && row->family == FAMILY_EMAIL ? &row->receipt_us
                                                                  : &row->first_us;

        row->answers++;
        if (*slot == DURATION_UNKNOWN)
            *slot = wait;
        if (row->typing_us == DURATION_UNKNOWN)
            row->typing_us = t->events[i].typing_us;
        if (row->word_us == DURATION_UNKNOWN)
            row->word_us = t->events[i].first_word_us;
        if (wait > row->longest_us)
            row->longest_us = wait;
    }
    free(receipt);
    *ret = rows;
    return count;
}

static bool is_first_of(const struct view_waited *list, size_t count, const char *channel)
{
    for (size_t i = 0; i < count; i++)
        if (list[i].kind == WAIT_KIND_FIRST && !strcmp(list[i].channel, channel))
            return false;
    return true;
}

/* Who left a talk after an answer did not wait in vain. */
bool view_in_vain(const struct transcript *t, const struct event *e)
{
    const char *channel = e->channel;

    if (e->kind != EVENT_GAVE_UP || e->wait_us == DURATION_UNKNOWN || !channel)
        return false;
    for (int i = e->seq; i-- > 0 && transcript_family(t, channel) == FAMILY_CHAT;) {
        const struct event *before = &t->events[i];

        if (before->channel && !strcmp(before->channel, channel) &&
            (before->kind == EVENT_SENT || before->kind == EVENT_MESSAGE))
            return before->kind == EVENT_SENT;
    }
    return true;
}

size_t view_waited(const struct journey_result *jr, struct view_waited **ret)
{
    const struct transcript *t = jr->transcript;
    struct view_waited *list = mem_zero(t->count, sizeof *list);
    bool *receipt = mem_zero(t->count, sizeof *receipt);
    size_t count = 0;

    mark_receipts(jr->judgement, receipt, t->count);
    for (size_t i = 0; i < t->count; i++) {
        const struct event *e = &t->events[i];
        bool in_vain = view_in_vain(t, e);
        int64_t us = in_vain ? e->wait_us : view_felt_wait(jr, (int)i);
        enum view_wait_kind kind = WAIT_KIND_ANSWER;

        if (us == DURATION_UNKNOWN || !e->channel)
            continue;
        if (in_vain)
            kind = WAIT_KIND_VAIN;
        else if (e->kind == EVENT_PAGE)
            kind = WAIT_KIND_PAGE;
        else if (transcript_family(t, e->channel) == FAMILY_CHAT)
            kind = is_first_of(list, count, e->channel) ? WAIT_KIND_FIRST : WAIT_KIND_NEXT;
        else if (receipt[i])
            kind = WAIT_KIND_RECEIPT;
        list[count++] = (struct view_waited){ e->channel, kind, us };
    }
    free(receipt);
    *ret = list;
    return count;
}
