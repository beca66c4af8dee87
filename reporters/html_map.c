/* The journey as a picture: time from left to right, a lane per channel, the customer's messages as
 * rings and the company's as squares, waits as bars, the mood as a curve above, findings as
 * numbered flags. Every figure in it stands in the text too; shapes differ, not only colours.
 *
 * Time is drawn to scale but for two things: neighbours keep a least distance, and a long gap is
 * drawn at a greatest width and marked as broken. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"
#include "reporters/html.h"

enum {
    LEFT = 118, RIGHT = 24, WIDTH = 1000,        /* the wide edition */
    NARROW_LEFT = 66, NARROW_RIGHT = 12, NARROW_WIDTH = 336, NARROW_NAME = 16,
    NARROW_GAP = 11,              /* where marks are many the narrow edition grows, and is scrolled */
    GAP_MIN = 17,                 /* between neighbouring marks where there is room */
    MOOD_TOP = 26, MOOD_HEIGHT = 92,
    LANE_FIRST = 150, LANE_HEIGHT = 54, FLAG_HEIGHT = 19, FLAGS_MAX = 4,
    LANES_MAX = 12, MARKS_MAX = 400, CLOCK_HALF = 22,
};

/* A message on a lane. */
struct spot {
    const struct event *e;
    size_t lane;
    double x;
    bool broken;                  /* the gap before it is cut short */
};

/* There are two editions: for wide pages and paper, and for narrow screens, where letters keep their
 * size and the lanes' names stand above them. The page shows one of them. */
struct map {
    const struct html_journey *h;
    bool narrow;
    double left, right, width;    /* of the picture: margins of the time axis */
    double name_y[LANES_MAX];
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

/* Where a place lies on paper: from right to left where people read so. */
static double on_paper(const struct map *m, double x)
{
    return m->h->w->rtl ? m->width - x : x;
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
    double room = m->width - m->left - m->right - 24, gaps = (double)(m->count - 1);
    double low = fmin(GAP_MIN, room / gaps / 1.5), high = fmax(room * 0.55, room / gaps);
    double a = 0, b = room, scale;

    for (int i = 0; i < 80; i++) {               /* the width grows with the scale: halve */
        scale = (a + b) / 2;
        if (width_at(m, scale, low, high) > room)
            b = scale;
        else
            a = scale;
    }
    m->spots[0].x = m->left + 12;
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
        m->name_y[lane] = y + 6;
        y += (double)(most * FLAG_HEIGHT + (m->narrow ? NARROW_NAME : 0));
        m->lane_y[lane] = y + 8;
        if (!m->narrow)
            m->name_y[lane] = m->lane_y[lane] + 4;
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

/* A word on the map, with a rim that keeps it legible. */
static void label(struct buf *out, const struct map *m, double x, double y, const char *text)
{
    buf_addf(out, "<text class=\"halo\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">%s</text>",
             on_paper(m, x), y, text);
}

static void mood_frame(struct buf *out, const struct map *m)
{
    const struct { enum word word; const char *class; double y; } rows[] = {
        { WORD_MOOD, " class=\"name\"", mood_y(0) + 4 }, { WORD_GOOD, "", mood_y(.512) + 6 },
        { WORD_BAD, "", mood_y(-1) + 2 },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        buf_addf(out, "<text%s x=\"%.0f\" y=\"%.1f\">%s</text>", rows[i].class, on_paper(m, 0),
                 rows[i].y, word(m->h->w, rows[i].word));
    buf_addf(out, "<line class=\"zero\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>",
             on_paper(m, m->left), mood_y(0), on_paper(m, m->width - m->right), mood_y(0));
}

static void line_to(struct buf *out, const struct map *m, double *last, double x, double mood)
{
    if (x < *last)
        return;                                  /* a wait that another exchange overtook */
    buf_addf(out, "L%.1f %.1f", on_paper(m, x), mood_y(mood));
    *last = x;
}

/* The curve through the exchanges, or the area between it and the line of no mood. Until the customer
 * speaks again the mood stays; while nothing comes it goes where the wait takes it. */
static void curve(struct buf *out, const struct map *m, const char *class)
{
    const struct judgement *j = m->h->jr->judgement;
    bool area = !strcmp(class, "area");
    double last = m->spots[0].x, before = 0;

    buf_addf(out, "<path class=\"%s\" d=\"M%.1f %.1f", class, on_paper(m, last), mood_y(0));
    for (size_t i = 0; i < j->exchange_count; i++) {
        const struct exchange *x = &j->exchanges[i];
        double end = exchange_x(m, i);

        if (x->asked_seq >= 0 && x_of(m, x->asked_seq) < end)
            line_to(out, m, &last, x_of(m, x->asked_seq), before);
        for (size_t k = 0; k < x->waiting_count && x_at(m, x->waiting[k].t_us) <= end; k++)
            line_to(out, m, &last, x_at(m, x->waiting[k].t_us), x->waiting[k].mood);
        line_to(out, m, &last, end > last ? end : last, x->mood);
        before = x->mood;
    }
    if (area)
        buf_addf(out, "L%.1f %.1fZ", on_paper(m, last), mood_y(0));
    buf_adds(out, "\"/>");
}

static void mood_labels(struct buf *out, const struct map *m, size_t low)
{
    const struct judgement *j = m->h->jr->judgement;
    size_t end = j->exchange_count - 1;

    if (low < end)
        label(out, m, clamp(exchange_x(m, end), m->left + 14, m->width - m->right - 14),
              mood_y(j->exchanges[end].mood) - 8, word(m->h->w, WORD_END));
    if (j->exchanges[low].mood < 0) {
        double x = exchange_x(m, low), y = mood_y(j->exchanges[low].mood);
        CLEANUP(buf_release) struct buf words = BUF_INIT(1024);

        buf_adds(&words, word(m->h->w, WORD_LOW_POINT));
        if (low == end)
            buf_addf(&words, "%s%s", m->h->w->rtl ? "\xD8\x8C " : ", ", word(m->h->w, WORD_END));

        buf_addf(out, "<circle class=\"low\" cx=\"%.1f\" cy=\"%.1f\" r=\"4.2\"/>", on_paper(m, x),
                 y);
        double half = 3.3 * (double)text_width(buf_slice(&words));

        label(out, m, clamp(x, m->left + half, m->width - m->right - half), y + 17, words.ptr);
    }
}

static void mood(struct buf *out, const struct map *m)
{
    const struct judgement *j = m->h->jr->judgement;
    size_t low = 0;

    mood_frame(out, m);
    if (!j || !j->exchange_count)
        return;
    for (size_t i = 1; i < j->exchange_count; i++)
        if (j->exchanges[i].mood < j->exchanges[low].mood)
            low = i;
    curve(out, m, "area");
    curve(out, m, "mood");
    for (size_t i = 0; i < j->exchange_count && j->exchange_count <= 60; i++)
        buf_addf(out, "<circle class=\"point\" cx=\"%.1f\" cy=\"%.1f\" r=\"3.6\"/>",
                 on_paper(m, exchange_x(m, i)), mood_y(j->exchanges[i].mood));
    mood_labels(out, m, low);
}

static bool is_slow(const struct map *m, int seq)
{
    static const char *const kinds[] = { "slow_reply", "broken_promise", "unanswered",
                                         "missed_acknowledgement" };

    for (size_t i = 0; i < m->h->bad_count; i++)
        for (size_t k = 0; m->h->bad[i]->seq == seq && k < ARRAY_LEN(kinds); k++)
            if (!strcmp(m->h->bad[i]->row->kind, kinds[k]))
                return true;
    return false;
}

/* A bar for the time the customer felt before this answer, or until giving up. */
static void wait_bar(struct buf *out, const struct map *m, const struct spot *s)
{
    bool in_vain = view_in_vain(m->h->jr->transcript, s->e);
    int64_t wait = in_vain ? s->e->wait_us : view_felt_wait(m->h->jr, s->e->seq);
    double y = m->lane_y[s->lane], from = s->x;

    if (wait != DURATION_UNKNOWN)
        from = x_at(m, s->e->t_us - wait);
    if (s->x - from < 14)
        return;
    buf_addf(out, "<line class=\"wait%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>",
             in_vain || is_slow(m, s->e->seq) ? " bad" : "", on_paper(m, from + 9), y,
             on_paper(m, s->x - 9), y);
    if (s->x - from > 58) {
        CLEANUP(buf_release) struct buf time = BUF_INIT(256);

        words_duration(&time, m->h->w, wait);
        label(out, m, (from + s->x) / 2, y - 8, time.ptr);
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
    buf_addf(out, "<path class=\"promise\" d=\"M%.1f %.1fv6m0 -3H%.1fm0 -3v6\"/>",
             on_paper(m, from), y - 3, on_paper(m, due));
    if (!kept)
        buf_addf(out, "<path class=\"overdue\" d=\"M%.1f %.1fH%.1f\"/>", on_paper(m, due + 2), y,
                 on_paper(m, s->x));
    if (s->x - from > 96) {
        CLEANUP(buf_release) struct buf time = BUF_INIT(256);
        CLEANUP(buf_release) struct buf text = BUF_INIT(1024);

        words_duration(&time, m->h->w, f->allowed_us);
        SAY(&text, m->h->w, kept ? WORD_KEPT : WORD_BROKEN, time.ptr);
        label(out, m, (from + s->x) / 2, y + 14, text.ptr);
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
    double x = on_paper(m, s->x), y = m->lane_y[s->lane];

    for (size_t i = 0; i < m->h->good_count && !count; i++) {
        if (m->h->good[i]->seq != s->e->seq)
            continue;
        buf_addf(out, "<path class=\"plus\" d=\"M%.1f %.1fh8m-4 -4v8\"/>", x - 4, y - 15);
        break;
    }
    if (count)
        buf_addf(out, "<line class=\"stem\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>",
                 x, y - 7, x, y - 7 - (double)(count * FLAG_HEIGHT));
    for (size_t i = 0; i < count; i++) {
        double top = y - 10 - (double)((i + 1) * FLAG_HEIGHT);

        buf_addf(out, "<rect class=\"flagged\" x=\"%.1f\" y=\"%.1f\" width=\"20\" height=\"16\" "
                      "rx=\"3\"/><text class=\"flagno\" x=\"%.1f\" y=\"%.1f\" "
                      "text-anchor=\"middle\">%s</text>",
                 m->h->w->rtl ? x - 19 : x - 1, top, m->h->w->rtl ? x - 9 : x + 9, top + 12,
                 words_int(m->h->w, (long long)numbers[i]).text);
    }
}

static void spot(struct buf *out, const struct map *m, const struct spot *s)
{
    double x = on_paper(m, s->x), y = m->lane_y[s->lane];

    if (s->e->kind == EVENT_FAILED || s->e->kind == EVENT_GAVE_UP)
        buf_addf(out, "<path class=\"cross\" d=\"M%.1f %.1fl12 12m0 -12l-12 12\"/>", x - 6,
                 y - 6);
    else if (s->e->from == PARTY_CUSTOMER)
        buf_addf(out, "<circle class=\"out\" cx=\"%.1f\" cy=\"%.1f\" r=\"6\"/>", x, y);
    else
        buf_addf(out, "<rect class=\"in\" x=\"%.1f\" y=\"%.1f\" width=\"12\" height=\"12\" "
                      "rx=\"2.5\"/>", x - 6, y - 6);
    flags(out, m, s);
}

static void axis(struct buf *out, const struct map *m)
{
    double y = m->height - 26, last = -100;

    buf_addf(out, "<line class=\"axis\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>",
             on_paper(m, m->left), y, on_paper(m, m->width - m->right), y);
    for (size_t i = 0; i < m->count; i++) {
        const struct spot *s = &m->spots[i];
        double x = on_paper(m, s->x);
        bool end = i + 1 == m->count;

        if (s->broken)
            buf_addf(out, "<path class=\"break\" d=\"M%.1f %.1fl6 -12m2 12l6 -12\"/>",
                     on_paper(m, (s->x + m->spots[i - 1].x) / 2) - 7, y + 6);
        if (s->x - last < 74 || (!end && m->spots[m->count - 1].x - s->x < 74))
            continue;
        buf_addf(out, "<line class=\"axis\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>"
                      "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">",
                 x, y, x, y + 5, on_paper(m, fmin(s->x, m->width - CLOCK_HALF)), y + 19);
        if (m->h->total_us < US_PER_S)
            words_duration(out, m->h->w, s->e->t_us);
        else
            html_clock(out, m->h->w, s->e->t_us, m->h->total_us);
        buf_adds(out, "</text>");
        last = s->x;
    }
}

static void lanes(struct buf *out, const struct map *m)
{
    for (size_t i = 0; i < m->lane_count; i++) {
        buf_addf(out, "<line class=\"lane\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>"
                      "<text class=\"name\" x=\"%.0f\" y=\"%.1f\">",
                 on_paper(m, m->narrow ? 0 : m->left), m->lane_y[i],
                 on_paper(m, m->width - m->right), m->lane_y[i], on_paper(m, 0), m->name_y[i]);
        html_clip(out, m->lanes[i], m->narrow ? 40 : 15);
        buf_adds(out, "</text>");
    }
}

static struct number mood_number(const struct words *w, double mood)
{
    CLEANUP(buf_release) struct buf b = BUF_INIT(64);
    char text[32];
    struct number n = { { 0 } };

    snprintf(text, sizeof text, "%.2f", mood);
    words_digits(&b, w, text);
    snprintf(n.text, sizeof n.text, "%s", b.ptr);
    return n;
}

/* For those who hear the page: what the picture shows, in one breath. */
static void describe(struct buf *out, const struct map *m)
{
    const struct judgement *j = m->h->jr->judgement;
    const struct words *w = m->h->w;
    CLEANUP(buf_release) struct buf name = BUF_INIT(4096);
    CLEANUP(buf_release) struct buf time = BUF_INIT(256);

    html_clip(&name, view_name(m->h->jr->transcript), 80);
    words_duration(&time, w, m->h->total_us);
    buf_addf(out, "<title id=\"j%zu-map%s\">", m->h->number, m->narrow ? "n" : "");
    SAY(out, w, WORD_MAP_OF, name.ptr);
    buf_addf(out, "</title><desc id=\"j%zu-map%sd\">", m->h->number, m->narrow ? "n" : "");
    SAY(out, w, WORD_MAP_SAYS, words_int(w, (long long)m->count).text,
        words_int(w, (long long)m->lane_count).text, time.ptr);
    if (j && j->exchange_count) {
        const struct exchange *low = &j->exchanges[0];

        for (size_t i = 1; i < j->exchange_count; i++)
            low = j->exchanges[i].mood < low->mood ? &j->exchanges[i] : low;
        buf_addc(out, ' ');
        SAY(out, w, WORD_MAP_MOOD, mood_number(w, j->exchanges[0].mood).text,
            mood_number(w, low->mood).text,
            mood_number(w, j->exchanges[j->exchange_count - 1].mood).text);
    }
    buf_addc(out, ' ');
    SAY(out, w, WORD_MAP_BAD, words_int(w, (long long)m->h->bad_count).text);
    buf_adds(out, "</desc>");
}

static void head(struct buf *out, const struct map *m)
{
    const char *n = m->narrow ? "n" : "";

    buf_addf(out, "<svg class=\"map %s\" viewBox=\"0 0 %.0f %.0f\"",
             !m->narrow ? "wide" : m->width > NARROW_WIDTH ? "narrow" : "narrow fit", m->width,
             m->height);
    if (m->narrow)
        buf_addf(out, " width=\"%.0f\" height=\"%.0f\"", m->width, m->height);
    buf_addf(out, " role=\"img\" aria-labelledby=\"j%zu-map%s j%zu-map%sd\">", m->h->number, n,
             m->h->number, n);
    describe(out, m);
}

static void edition(struct buf *out, struct map *m, bool narrow)
{
    double least = NARROW_LEFT + NARROW_RIGHT + 24 + NARROW_GAP * (double)(m->count - 1);

    m->narrow = narrow;
    m->left = narrow ? NARROW_LEFT : LEFT;
    m->right = narrow ? NARROW_RIGHT : RIGHT;
    m->width = narrow ? clamp(least, NARROW_WIDTH, WIDTH) : WIDTH;
    place(m);
    place_lanes(m);
    head(out, m);
    mood(out, m);
    lanes(out, m);
    for (size_t i = 0; i < m->count; i++)
        wait_bar(out, m, &m->spots[i]);
    promises(out, m);
    for (size_t i = 0; i < m->count; i++)
        spot(out, m, &m->spots[i]);
    axis(out, m);
    buf_adds(out, "</svg>");
}

void html_map(struct buf *out, const struct html_journey *h)
{
    struct map m = { .h = h };

    find_spots(&m);
    if (m.count < 2) {
        free(m.spots);
        return;
    }
    buf_adds(out, "<figure><div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"");
    SAY(out, h->w, WORD_MAP_OF, words_int(h->w, (long long)h->number).text);
    buf_adds(out, "\">\n");
    edition(out, &m, false);
    if (!h->print)
        edition(out, &m, true);
    buf_addf(out, "</div>\n<figcaption>%s", word(h->w, WORD_CAPTION));
    if (m.any_broken)
        buf_addf(out, " %s", word(h->w, WORD_CAPTION_BREAK));
    buf_adds(out, "</figcaption></figure>\n");
    free(m.spots);
}
