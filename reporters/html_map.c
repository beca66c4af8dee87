/* The journey as a picture: time from left to right, a lane per channel, the customer's messages as
 * rings and the company's as squares, waits as bars, the mood as a curve above, findings as
 * numbered flags. Every figure in it stands in the text too; shapes differ, not only colours.
 *
 * Time is drawn to scale but for two things: neighbours keep a least distance, and a long gap is
 * drawn at a greatest width and marked as broken. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "reporters/html.h"

enum {
    LEFT = 118, RIGHT = 24, WIDTH = 1000,
    GAP_MIN = 17,                 /* between neighbouring marks where there is room */
    MOOD_TOP = 26, MOOD_HEIGHT = 92,
    LANE_FIRST = 150, LANE_HEIGHT = 54, FLAG_HEIGHT = 19, FLAGS_MAX = 4,
    LANES_MAX = 12, MARKS_MAX = 400,
};

/* A message on a lane. */
struct spot {
    const struct event *e;
    size_t lane;
    double x;
    bool broken;                  /* the gap before it is cut short */
};

struct map {
    const struct html_journey *h;
    struct spot *spots;
    size_t count;
    const char *lanes[LANES_MAX];
    double lane_y[LANES_MAX];
    size_t lane_count;
    double height;
    bool any_broken;
};

static bool lane_of(struct map *m, const char *channel, size_t *lane)
{
    for (size_t i = 0; i < m->lane_count; i++) {
        if (!strcmp(m->lanes[i], channel)) {
            *lane = i;
            return true;
        }
    }
    if (m->lane_count == LANES_MAX)
        return false;
    m->lanes[m->lane_count] = channel;
    *lane = m->lane_count++;
    return true;
}

static void find_spots(struct map *m)
{
    const struct transcript *t = m->h->jr->transcript;

    m->spots = mem_zero(MARKS_MAX, sizeof *m->spots);
    for (size_t i = 0; i < t->count && m->count < MARKS_MAX; i++) {
        struct spot *s = &m->spots[m->count];

        if (!view_is_talk(&t->events[i]) || !t->events[i].channel ||
            !lane_of(m, t->events[i].channel, &s->lane))
            continue;
        s->e = &t->events[i];
        m->count++;
    }
}

static double clamp(double v, double low, double high)
{
    return v < low ? low : v > high ? high : v;
}

static double gap_us(const struct map *m, size_t i)
{
    return (double)(m->spots[i].e->t_us - m->spots[i - 1].e->t_us);
}

/* Sum of all gaps at `scale` pixels a microsecond. */
static double width_at(const struct map *m, double scale, double low, double high)
{
    double sum = 0;

    for (size_t i = 1; i < m->count; i++)
        sum += clamp(gap_us(m, i) * scale, low, high);
    return sum;
}

static void place(struct map *m)
{
    double room = WIDTH - LEFT - RIGHT - 24, gaps = (double)(m->count - 1);
    double low = fmin(GAP_MIN, room / gaps / 1.5), high = fmax(room * 0.55, room / gaps);
    double a = 0, b = room, scale;

    for (int i = 0; i < 80; i++) {               /* the width grows with the scale: halve */
        scale = (a + b) / 2;
        if (width_at(m, scale, low, high) > room)
            b = scale;
        else
            a = scale;
    }
    m->spots[0].x = LEFT + 12;
    for (size_t i = 1; i < m->count; i++) {
        m->spots[i].broken = gap_us(m, i) * a > high * 1.02;
        m->any_broken |= m->spots[i].broken;
        m->spots[i].x = m->spots[i - 1].x + clamp(gap_us(m, i) * a, low, high);
    }
}

/* Numbers of the bad findings that become true at event seq. */
static size_t flags_at(const struct map *m, int seq, size_t *numbers)
{
    size_t count = 0;

    for (size_t i = 0; i < m->h->bad_count && count < FLAGS_MAX; i++)
        if (m->h->bad[i]->seq == seq)
            numbers[count++] = i + 1;
    return count;
}

static void place_lanes(struct map *m)
{
    double y = LANE_FIRST;

    for (size_t lane = 0; lane < m->lane_count; lane++) {
        size_t most = 0, numbers[FLAGS_MAX];

        for (size_t i = 0; i < m->count; i++) {
            if (m->spots[i].lane != lane)
                continue;

            size_t n = flags_at(m, m->spots[i].e->seq, numbers);

            most = n > most ? n : most;
        }
        y += (double)(most * FLAG_HEIGHT);
        m->lane_y[lane] = y + 8;
        y += LANE_HEIGHT;
    }
    m->height = y + 34;
}

static double mood_y(double mood)
{
    return MOOD_TOP + MOOD_HEIGHT * (0.512 - clamp(mood, -1, 0.512)) / 1.512;
}

/* Where an event lies; events without a mark of their own at the one before them. */
static double x_of(const struct map *m, int seq)
{
    double x = m->spots[0].x;

    for (size_t i = 0; i < m->count && m->spots[i].e->seq <= seq; i++)
        x = m->spots[i].x;
    return x;
}

/* Where exchange i is felt: at its last event; but one that a later exchange overtakes (a form
 * whose mail comes days after) at its first answer, so that the curve never runs backwards. */
static double exchange_x(const struct map *m, size_t i)
{
    const struct judgement *j = m->h->jr->judgement;
    const struct exchange *x = &j->exchanges[i];
    bool overtaken = i + 1 < j->exchange_count && x->last_seq > x[1].first_seq;

    if (!overtaken)
        return x_of(m, x->last_seq);
    return x_of(m, x->answered_seq >= 0 && x->answered_seq < x[1].first_seq ? x->answered_seq
                                                                            : x->first_seq);
}

static void mood(struct buf *out, const struct map *m)
{
    const struct judgement *j = m->h->jr->judgement;
    double zero = mood_y(0), last = m->spots[0].x;
    size_t low = 0;

    buf_addf(out, "<text class=\"name\" x=\"0\" y=\"%.1f\">Mood</text>"
                  "<text x=\"0\" y=\"%.1f\">good</text><text x=\"0\" y=\"%.1f\">bad</text>"
                  "<line class=\"zero\" x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\"/>",
             zero + 4, mood_y(.512) + 6, mood_y(-1) + 2, LEFT, zero, WIDTH - RIGHT, zero);
    if (!j || !j->exchange_count)
        return;
    for (int area = 1; area >= 0; area--) {
        buf_addf(out, "<path class=\"%s\" d=\"M%.1f %.1f", area ? "area" : "mood",
                 m->spots[0].x, zero);
        for (size_t i = 0; i < j->exchange_count; i++) {
            last = exchange_x(m, i);
            buf_addf(out, "L%.1f %.1f", last, mood_y(j->exchanges[i].mood));
            if (j->exchanges[i].mood < j->exchanges[low].mood)
                low = i;
        }
        if (area)
            buf_addf(out, "L%.1f %.1fZ", last, zero);
        buf_adds(out, "\"/>");
    }
    for (size_t i = 0; i < j->exchange_count && j->exchange_count <= 60; i++)
        buf_addf(out, "<circle class=\"point\" cx=\"%.1f\" cy=\"%.1f\" r=\"3.6\"/>",
                 exchange_x(m, i), mood_y(j->exchanges[i].mood));

    const struct exchange *end = &j->exchanges[j->exchange_count - 1];

    if (low + 1 < j->exchange_count)
        buf_addf(out, "<text class=\"halo\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">end"
                      "</text>",
                 clamp(exchange_x(m, j->exchange_count - 1), LEFT + 14, WIDTH - RIGHT - 14),
                 mood_y(end->mood) - 8);
    if (j->exchanges[low].mood < 0) {
        double x = exchange_x(m, low), y = mood_y(j->exchanges[low].mood);

        buf_addf(out, "<circle class=\"low\" cx=\"%.1f\" cy=\"%.1f\" r=\"4.2\"/>"
                      "<text class=\"halo\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">"
                      "low point</text>", x, y, clamp(x, LEFT + 28, WIDTH - RIGHT - 28), y + 17);
    }
}

static bool is_slow(const struct map *m, int seq)
{
    for (size_t i = 0; i < m->h->bad_count; i++)
        if (m->h->bad[i]->seq == seq && m->h->bad[i]->actual_us != DURATION_UNKNOWN)
            return true;
    return false;
}

/* Where a moment lies that has no mark: between its neighbours, in proportion. */
static double x_at(const struct map *m, int64_t t_us)
{
    const struct spot *first = &m->spots[0];

    if (t_us <= first->e->t_us)
        return first->x;
    for (size_t i = 1; i < m->count; i++) {
        const struct spot *a = &m->spots[i - 1], *b = &m->spots[i];

        if (t_us < b->e->t_us)
            return a->x + (b->x - a->x) * (double)(t_us - a->e->t_us) / gap_us(m, i);
    }
    return m->spots[m->count - 1].x;
}

/* A bar for the time the customer felt before this answer. */
static void wait_bar(struct buf *out, const struct map *m, const struct spot *s)
{
    int64_t wait = view_felt_wait(m->h->jr, s->e->seq);
    double y = m->lane_y[s->lane], from = s->x;

    if (wait != DURATION_UNKNOWN)
        from = x_at(m, s->e->t_us - wait);
    if (s->x - from < 14)
        return;
    buf_addf(out, "<line class=\"wait%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>",
             is_slow(m, s->e->seq) ? " bad" : "", from + 9, y, s->x - 9, y);
    if (s->x - from > 58) {
        buf_addf(out, "<text class=\"halo\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">",
                 (from + s->x) / 2, y - 8);
        duration_add(out, wait);
        buf_adds(out, "</text>");
    }
}

/* A spoken or published time under its lane: a span from when it was given to when it fell due,
 * closed by a tick; past that, until the answer came, dotted. */
static void promise(struct buf *out, const struct map *m, const struct finding *f)
{
    const struct spot *s = NULL;

    for (size_t i = 0; i < m->count; i++)
        if (m->spots[i].e->seq == f->seq)
            s = &m->spots[i];
    if (!s || f->actual_us == DURATION_UNKNOWN || f->allowed_us == DURATION_UNKNOWN)
        return;

    int64_t begun = s->e->t_us - f->actual_us;
    double y = m->lane_y[s->lane] + 14, from = x_at(m, begun);
    double due = f->allowed_us < f->actual_us ? x_at(m, begun + f->allowed_us) : s->x;
    bool kept = f->row->good;

    if (s->x - from < 6)
        return;
    buf_addf(out, "<path class=\"promise\" d=\"M%.1f %.1fv6m0 -3H%.1fm0 -3v6\"/>", from, y - 3, due);
    if (!kept)
        buf_addf(out, "<path class=\"overdue\" d=\"M%.1f %.1fH%.1f\"/>", due + 2, y, s->x);
    if (s->x - from > 96) {
        buf_addf(out, "<text class=\"halo\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">%s ",
                 (from + s->x) / 2, y + 14, kept ? "kept:" : "broken:");
        duration_add(out, f->allowed_us);
        buf_adds(out, "</text>");
    }
}

static void promises(struct buf *out, const struct map *m)
{
    for (size_t i = 0; i < m->h->good_count; i++)
        if (!strcmp(m->h->good[i]->row->kind, "promise_kept"))
            promise(out, m, m->h->good[i]);
    for (size_t i = 0; i < m->h->bad_count; i++)
        if (!strcmp(m->h->bad[i]->row->kind, "broken_promise"))
            promise(out, m, m->h->bad[i]);
}

static void flags(struct buf *out, const struct map *m, const struct spot *s)
{
    size_t numbers[FLAGS_MAX], count = flags_at(m, s->e->seq, numbers);
    double y = m->lane_y[s->lane];

    for (size_t i = 0; i < m->h->good_count && !count; i++) {
        if (m->h->good[i]->seq != s->e->seq)
            continue;
        buf_addf(out, "<path class=\"plus\" d=\"M%.1f %.1fh8m-4 -4v8\"/>", s->x - 4, y - 15);
        break;
    }
    if (count)
        buf_addf(out, "<line class=\"stem\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>",
                 s->x, y - 7, s->x, y - 7 - (double)(count * FLAG_HEIGHT));
    for (size_t i = 0; i < count; i++) {
        double top = y - 10 - (double)((i + 1) * FLAG_HEIGHT);

        buf_addf(out, "<rect class=\"flagged\" x=\"%.1f\" y=\"%.1f\" width=\"20\" height=\"16\" "
                      "rx=\"3\"/><text class=\"flagno\" x=\"%.1f\" y=\"%.1f\" "
                      "text-anchor=\"middle\">%zu</text>",
                 s->x - 1, top, s->x + 9, top + 12, numbers[i]);
    }
}

static void spot(struct buf *out, const struct map *m, const struct spot *s)
{
    double y = m->lane_y[s->lane];

    if (s->e->kind == EVENT_FAILED || s->e->kind == EVENT_GAVE_UP)
        buf_addf(out, "<path class=\"cross\" d=\"M%.1f %.1fl12 12m0 -12l-12 12\"/>", s->x - 6,
                 y - 6);
    else if (s->e->from == PARTY_CUSTOMER)
        buf_addf(out, "<circle class=\"out\" cx=\"%.1f\" cy=\"%.1f\" r=\"6\"/>", s->x, y);
    else
        buf_addf(out, "<rect class=\"in\" x=\"%.1f\" y=\"%.1f\" width=\"12\" height=\"12\" "
                      "rx=\"2.5\"/>", s->x - 6, y - 6);
    flags(out, m, s);
}

static void axis(struct buf *out, const struct map *m)
{
    double y = m->height - 26, last = -100;

    buf_addf(out, "<line class=\"axis\" x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\"/>", LEFT, y,
             WIDTH - RIGHT, y);
    for (size_t i = 0; i < m->count; i++) {
        const struct spot *s = &m->spots[i];
        bool end = i + 1 == m->count;

        if (s->broken) {
            double x = (s->x + m->spots[i - 1].x) / 2;

            buf_addf(out, "<path class=\"break\" d=\"M%.1f %.1fl6 -12m2 12l6 -12\"/>", x - 7,
                     y + 6);
        }
        if (s->x - last < 74 || (!end && m->spots[m->count - 1].x - s->x < 74))
            continue;
        buf_addf(out, "<line class=\"axis\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>"
                      "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">",
                 s->x, y, s->x, y + 5, s->x, y + 19);
        view_clock(out, s->e->t_us, m->h->total_us);
        buf_adds(out, "</text>");
        last = s->x;
    }
}

static void lanes(struct buf *out, const struct map *m)
{
    for (size_t i = 0; i < m->lane_count; i++) {
        buf_addf(out, "<line class=\"lane\" x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\"/>"
                      "<text class=\"name\" x=\"0\" y=\"%.1f\">", LEFT, m->lane_y[i],
                 WIDTH - RIGHT, m->lane_y[i], m->lane_y[i] + 4);
        html_clip(out, m->lanes[i], 15);
        buf_adds(out, "</text>");
    }
}

/* For those who hear the page: what the picture shows, in one breath. */
static void describe(struct buf *out, const struct map *m)
{
    const struct judgement *j = m->h->jr->judgement;

    buf_addf(out, "<title id=\"j%zu-map\">Map of the journey ", m->h->number);
    html_clip(out, view_name(m->h->jr->transcript), 80);
    buf_addf(out, "</title><desc id=\"j%zu-mapd\">%zu messages on %zu %s in ", m->h->number,
             m->count, m->lane_count, m->lane_count == 1 ? "channel" : "channels");
    duration_add(out, m->h->total_us);
    buf_adds(out, ".");
    if (j && j->exchange_count) {
        const struct exchange *low = &j->exchanges[0];

        for (size_t i = 1; i < j->exchange_count; i++)
            low = j->exchanges[i].mood < low->mood ? &j->exchanges[i] : low;
        buf_addf(out, " On a scale from -1 to 0.5 the mood starts at %.2f, is lowest at %.2f and "
                      "ends at %.2f.", j->exchanges[0].mood, low->mood,
                 j->exchanges[j->exchange_count - 1].mood);
    }
    buf_addf(out, " Findings against the company: %zu. The list and the transcript below hold the "
                  "same facts.</desc>", m->h->bad_count);
}

void html_map(struct buf *out, const struct html_journey *h)
{
    struct map m = { .h = h };

    find_spots(&m);
    if (m.count < 2) {
        free(m.spots);
        return;
    }
    place(&m);
    place_lanes(&m);
    buf_addf(out, "<figure><div class=\"scroll\" tabindex=\"0\" role=\"region\" "
                  "aria-label=\"Map of journey %zu\">\n<svg class=\"map\" viewBox=\"0 0 %d "
                  "%.0f\" role=\"img\" aria-labelledby=\"j%zu-map j%zu-mapd\">", h->number, WIDTH,
             m.height, h->number, h->number);
    describe(out, &m);
    mood(out, &m);
    lanes(out, &m);
    for (size_t i = 0; i < m.count; i++)
        wait_bar(out, &m, &m.spots[i]);
    promises(out, &m);
    for (size_t i = 0; i < m.count; i++)
        spot(out, &m, &m.spots[i]);
    axis(out, &m);
    buf_adds(out, "</svg></div>\n<figcaption>Rings: the customer. Squares: the company. Bars: "
                  "waits, dotted where too long. Thin spans below them: promised times, up to the tick; "
                  "dotted: overdue. Numbered flags: what went wrong; plus signs: what went well.");
    if (m.any_broken)
        buf_adds(out, " A gap marked // was longer than it is drawn.");
    buf_adds(out, "</figcaption></figure>\n");
    free(m.spots);
}
