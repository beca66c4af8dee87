#include "reporters/view.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"

const char *view_status(enum journey_status s)
{
    static const char *const words[JOURNEY_STATUS_COUNT] = {
        [JOURNEY_MET] = "ok", [JOURNEY_FELL_SHORT] = "fell short",
        [JOURNEY_NOT_TESTED] = "not tested", [JOURNEY_INTERRUPTED] = "stopped",
    };

    return words[s];
}

const char *view_outcome(int outcome)
{
    return outcome < 0 ? "not solved" : outcome > 0 ? "solved" : "open";
}

const char *view_line(const char *what)
{
    static const struct { const char *what, *words; } rows[] = {
        { "outcome", "How the journey ended" },
        { "waits", "Waiting" },
        { "cap for abuse", "Cap for an abusive tone" },
        { "clamping", "Ends of the scale" },
        { "ordinary service", "Good moments that did not come" },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (!strcmp(rows[i].what, what))
            return rows[i].words;
    return what;
}

const char *view_line_words(const char *what)
{
    static const struct { const char *what, *words; } rows[] = {
        { "outcome", "for how it ended" }, { "waits", "for waiting" },
        { "cap for abuse", "by the cap for abuse" }, { "clamping", "by the ends of the scale" },
        { "ordinary service", "for good moments that did not come" },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (!strcmp(rows[i].what, what))
            return rows[i].words;
    return what;
}

static bool picked(const struct finding *f, enum view_pick pick)
{
    if (f->confidence < CONFIDENCE_COUNTS)
        return pick == VIEW_DOUBTS;
    return pick == (f->row->good ? VIEW_GOOD : VIEW_BAD);
}

static int by_points(const void *a, const void *b)
{
    const struct finding *x = *(const struct finding *const *)a;
    const struct finding *y = *(const struct finding *const *)b;

    if (x->share != y->share)
        return x->share < y->share ? 1 : -1;
    if (x->seq != y->seq)
        return x->seq < y->seq ? -1 : 1;
    return x < y ? -1 : x > y;
}

size_t view_findings(const struct journey_result *jr, enum view_pick pick,
                     const struct finding ***ret)
{
    size_t total = jr->judgement ? jr->judgement->findings.count : 0, count = 0;
    const struct finding **list = mem_zero(total, sizeof(struct finding *));

    for (size_t i = 0; i < total; i++)
        if (picked(&jr->judgement->findings.items[i], pick))
            list[count++] = &jr->judgement->findings.items[i];
    if (pick == VIEW_BAD && count)
        qsort(list, count, sizeof(struct finding *), by_points);
    *ret = list;
    return count;
}

const struct score *view_known_score(const struct journey_result *jr)
{
    return jr->judgement && jr->judgement->score.known ? &jr->judgement->score : NULL;
}

bool view_range_differs(const struct score *s)
{
    return score_rounded(s->low) != score_rounded(s->high);
}

bool view_grade_differs(const struct score *s)
{
    return s->grade_low != s->grade_high;
}

void view_score(const struct score *s, struct buf *out)
{
    buf_addf(out, "%d", score_rounded(s->value));
    if (view_range_differs(s))
        buf_addf(out, " (%d-%d)", score_rounded(s->low), score_rounded(s->high));
}

void view_grade(const struct score *s, struct buf *out)
{
    buf_addc(out, s->grade);
    if (view_grade_differs(s))
        buf_addf(out, " (%c to %c)", s->grade_low, s->grade_high);
}

void view_clock(struct buf *out, int64_t t_us, int64_t total_us)
{
    long long tenths = (long long)(t_us / 100000), s = tenths / 10;

    if (total_us < 600 * US_PER_S)
        buf_addf(out, "%lld:%02lld.%lld", s / 60, s % 60, tenths % 10);
    else if (total_us < 86400 * US_PER_S)
        buf_addf(out, "%lld:%02lld:%02lld", s / 3600, s / 60 % 60, s % 60);
    else
        buf_addf(out, "%lld d %02lld:%02lld", s / 86400, s / 3600 % 24, s / 60 % 60);
}

int64_t view_total_us(const struct transcript *t)
{
    return t->count ? t->events[t->count - 1].t_us : 0;
}

const char *view_say(const struct finding *f)
{
    return f->say && *f->say ? f->say : f->row->title;
}

void view_slot(struct buf *out, const char *slot)
{
    for (; *slot; slot++)
        buf_addc(out, *slot == '_' ? ' ' : *slot);
}

void view_events(struct buf *out, const struct finding *f)
{
    if (!f->event_count)
        buf_addf(out, "%d", f->seq);
    for (size_t i = 0; i < f->event_count; i++)
        buf_addf(out, "%s%d", i ? ", " : "", f->events[i]);
}

void view_times(struct buf *out, const struct finding *f)
{
    if (f->actual_us == DURATION_UNKNOWN)
        return;
    buf_adds(out, "took ");
    duration_add(out, f->actual_us);
    if (f->allowed_us == DURATION_UNKNOWN)
        return;
    buf_adds(out, ", expected within ");
    duration_add(out, f->allowed_us);
}

const char *view_party(const struct transcript *t, const struct event *e)
{
    switch (e->from) {
    case PARTY_CUSTOMER: return t->customer_name && *t->customer_name ? t->customer_name
                                                                      : "customer";
    case PARTY_COMPANY: return t->company_name && *t->company_name ? t->company_name : "company";
    default: return "shopper";
    }
}

bool view_is_talk(const struct event *e)
{
    switch (e->kind) {
    case EVENT_SENT: case EVENT_MESSAGE: case EVENT_GAVE_UP: case EVENT_FAILED: return true;
    case EVENT_PAGE: return e->reply_to >= 0;
    default: return false;
    }
}

const char *view_name(const struct transcript *t)
{
    return *t->journey ? t->journey : *t->file ? t->file : "journey";
}

static bool all_digits(const char *s, const char *shape)
{
    for (; *shape; s++, shape++)
        if (*shape == '0' ? *s < '0' || *s > '9' : *s != *shape)
            return false;
    return true;
}

void view_date(struct buf *out, const char *rfc3339)
{
    static const char *const months[] = {
        "January", "February", "March", "April", "May", "June", "July", "August", "September",
        "October", "November", "December",
    };
    int month = all_digits(rfc3339, "0000-00-00T00:00:00")
                    ? (rfc3339[5] - '0') * 10 + rfc3339[6] - '0' : 0;

    if (month < 1 || month > 12) {
        buf_adds(out, rfc3339);
        return;
    }

    const char *zone = rfc3339 + 19;

    if (*zone == '.')                            /* fractions of a second */
        zone += 1 + strspn(zone + 1, "0123456789");
    buf_addf(out, "%d %s %.4s, %.5s", atoi(rfc3339 + 8), months[month - 1], rfc3339,
             rfc3339 + 11);
    if (!strcmp(zone, "Z"))
        buf_adds(out, " UTC");
    else if (*zone)
        buf_addf(out, " (UTC%s)", zone);
}

bool view_flush(struct buf *b, FILE *out)
{
    bool ok = !b->full && fwrite(b->ptr, 1, b->len, out) == b->len;

    buf_clear(b);
    return ok;
}

bool view_keep(struct buf *b, struct scratch *aside)
{
    bool ok = !b->full && scratch_add(aside, b->ptr, b->len);

    buf_clear(b);
    return ok;
}
