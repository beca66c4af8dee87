/* Score, longest wait and findings of each journey over time. Plays stand at even distances: what
 * matters is what came after what; the dates are in the table. */
#include "reporters/trend_page.h"

#include <string.h>

#include "reporters/html.h"

enum {
    WIDTH = 1000, LEFT = 118, RIGHT = 24, TOP = 14, SCORE_HEIGHT = 130, WAIT_TOP = 172,
    WAIT_HEIGHT = 46, FOUND_TOP = 246, FOUND_HEIGHT = 20, KINDS_MAX = 10,
};

struct plot {
    const struct trend *t;
    const struct words *w;
    size_t number;                        /* 1-based, for ids */
    const char *kinds[KINDS_MAX];         /* findings ever made, in the order met */
    size_t kind_count;
    int64_t longest_us;
};

static double on_paper(const struct plot *p, double x)
{
    return p->w->rtl ? WIDTH - x : x;
}

static double x_of(const struct plot *p, size_t i)
{
    double room = WIDTH - LEFT - RIGHT - 24;

    return on_paper(p, LEFT + 12 + (p->t->count > 1 ? room * (double)i / (double)(p->t->count - 1)
                                                    : room / 2));
}

static double score_y(double score)
{
    return TOP + SCORE_HEIGHT * (100 - score) / 100;
}

static void survey(struct plot *p)
{
    for (size_t i = 0; i < p->t->count; i++) {
        const struct trend_play *play = &p->t->plays[i];

        if (play->longest_us > p->longest_us)
            p->longest_us = play->longest_us;
        for (size_t f = 0; f < play->finding_count; f++) {
            size_t k = 0;

            while (k < p->kind_count && strcmp(p->kinds[k], play->findings[f].kind) != 0)
                k++;
            if (k == p->kind_count && k < KINDS_MAX)
                p->kinds[p->kind_count++] = play->findings[f].kind;
        }
    }
}

static void label(struct buf *out, const struct plot *p, double y, const char *class,
                  const char *text)
{
    buf_addf(out, "<text%s x=\"%.0f\" y=\"%.1f\">%s</text>", class, on_paper(p, 0), y, text);
}

static void score_plot(struct buf *out, const struct plot *p)
{
    static const struct { char grade; int from; } grades[] = { { 'A', 80 }, { 'C', 50 },
                                                               { 'E', 20 } };
    bool open = false;

    label(out, p, TOP + 4, " class=\"name\"", word(p->w, WORD_SCORE));
    for (size_t i = 0; i < ARRAY_LEN(grades); i++) {
        CLEANUP(buf_release) struct buf b = BUF_INIT(256);

        buf_addf(&b, "%c %s", grades[i].grade, words_int(p->w, grades[i].from).text);
        label(out, p, score_y(grades[i].from) + 4, "", b.ptr);
        buf_addf(out, "<line class=\"lane\" x1=\"%.0f\" y1=\"%.1f\" x2=\"%.0f\" y2=\"%.1f\"/>",
                 on_paper(p, LEFT), score_y(grades[i].from), on_paper(p, WIDTH - RIGHT),
                 score_y(grades[i].from));
    }
    for (size_t i = 0; i < p->t->count; i++) {
        const struct trend_play *play = &p->t->plays[i];

        if (play->known)
            buf_addf(out, "%s%.1f %.1f", open ? "L" : "<path class=\"mood\" d=\"M", x_of(p, i),
                     score_y(play->score));
        open |= play->known;
    }
    if (open)
        buf_adds(out, "\"/>");
    for (size_t i = 0; i < p->t->count && p->t->count <= 120; i++)
        if (p->t->plays[i].known)
            buf_addf(out, "<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"3.6\"/>",
                     p->t->plays[i].status == JOURNEY_MET ? "point" : "low", x_of(p, i),
                     score_y(p->t->plays[i].score));
}

static void wait_plot(struct buf *out, const struct plot *p)
{
    CLEANUP(buf_release) struct buf most = BUF_INIT(256);
    double base = WAIT_TOP + WAIT_HEIGHT;

    if (p->longest_us <= 0)
        return;
    words_duration(&most, p->w, p->longest_us);
    label(out, p, WAIT_TOP + 10, " class=\"name\"", word(p->w, WORD_LONGEST));
    label(out, p, WAIT_TOP + 26, "", most.ptr);
    buf_addf(out, "<line class=\"axis\" x1=\"%.0f\" y1=\"%.1f\" x2=\"%.0f\" y2=\"%.1f\"/>",
             on_paper(p, LEFT), base, on_paper(p, WIDTH - RIGHT), base);
    for (size_t i = 0; i < p->t->count; i++) {
        int64_t us = p->t->plays[i].longest_us;
        double height = us > 0 ? WAIT_HEIGHT * (double)us / (double)p->longest_us : 0;

        if (height > 0)
            buf_addf(out, "<line class=\"wait\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>",
                     x_of(p, i), base - 3, x_of(p, i), base - 3 - height);
    }
}

static bool found(const struct trend_play *play, const char *kind)
{
    for (size_t f = 0; f < play->finding_count; f++)
        if (!strcmp(play->findings[f].kind, kind))
            return true;
    return false;
}

/* What a result calls a finding, in words; one that nobody knows any more as it is. */
static void kind_name(struct buf *out, const struct words *w, const char *kind)
{
    const struct finding_row *row = finding_row_find(kind);

    if (row)
        buf_adds(out, words_title(w, row));
    else
        html_clip(out, kind, 40);
}

static void found_plot(struct buf *out, const struct plot *p)
{
    for (size_t k = 0; k < p->kind_count; k++) {
        CLEANUP(buf_release) struct buf name = BUF_INIT(4096), cut = BUF_INIT(4096);
        double y = FOUND_TOP + (double)(k * FOUND_HEIGHT);

        kind_name(&name, p->w, p->kinds[k]);
        html_clip(&cut, name.ptr, 20);
        label(out, p, y + 4, "", cut.ptr);
        for (size_t i = 0; i < p->t->count; i++)
            buf_addf(out, "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%d\" height=\"%d\"/>",
                     found(&p->t->plays[i], p->kinds[k]) ? "flagged" : "lane",
                     x_of(p, i) - (found(&p->t->plays[i], p->kinds[k]) ? 4 : 1), y - 4,
                     found(&p->t->plays[i], p->kinds[k]) ? 8 : 2, 8);
    }
}

static const struct trend_play *last_scored(const struct trend *t)
{
    for (size_t i = t->count; i-- > 0;)
        if (t->plays[i].known)
            return &t->plays[i];
    return NULL;
}

static void describe(struct buf *out, const struct plot *p)
{
    CLEANUP(buf_release) struct buf name = BUF_INIT(4096);
    const struct trend_play *last = last_scored(p->t);
    double low = 100, high = 0;

    for (size_t i = 0; i < p->t->count; i++) {
        if (!p->t->plays[i].known)
            continue;
        low = p->t->plays[i].score < low ? p->t->plays[i].score : low;
        high = p->t->plays[i].score > high ? p->t->plays[i].score : high;
    }
    html_clip(&name, p->t->journey, 80);
    buf_addf(out, "<title id=\"t%zu\">", p->number);
    if (last)
        SAY(out, p->w, WORD_PLOT_SAYS, name.ptr, words_int(p->w, score_rounded(low)).text,
            words_int(p->w, score_rounded(high)).text,
            words_int(p->w, score_rounded(last->score)).text,
            words_int(p->w, (long long)p->t->count).text);
    else
        buf_adds(out, name.ptr);
    buf_adds(out, "</title>");
}

static void table_row(struct buf *out, const struct plot *p, const struct trend_play *play)
{
    CLEANUP(buf_release) struct buf date = BUF_INIT(4096);

    words_date(&date, p->w, play->started);
    buf_adds(out, "<tr><th scope=\"row\">");
    html_bdi(out, date.ptr, 60);
    buf_adds(out, "</th><td>");
    html_chip(out, p->w, play->status);
    buf_adds(out, "</td><td class=\"right num\">");
    if (play->known)
        buf_addf(out, "%s %c", words_int(p->w, score_rounded(play->score)).text, play->grade);
    buf_adds(out, "</td><td class=\"right num\">");
    if (play->longest_us != DURATION_UNKNOWN)
        html_duration(out, p->w, play->longest_us);
    buf_adds(out, "</td><td>");
    for (size_t f = 0; f < play->finding_count; f++) {
        buf_adds(out, f ? ", " : "");
        kind_name(out, p->w, play->findings[f].kind);
        if (play->findings[f].times > 1)
            buf_addf(out, " \xC3\x97%s", words_int(p->w, play->findings[f].times).text);
    }
    buf_adds(out, "</td></tr>\n");
}

static void table(struct buf *out, const struct plot *p)
{
    static const struct { enum word word; bool right; } columns[] = {
        { WORD_DATE_HEAD, false }, { WORD_RESULT, false }, { WORD_SCORE, true },
        { WORD_LONGEST, true }, { WORD_FINDINGS, false },
    };

    buf_addf(out, "<details><summary>%s</summary>\n<table><thead><tr>", word(p->w, WORD_AS_TABLE));
    for (size_t i = 0; i < ARRAY_LEN(columns); i++)
        buf_addf(out, "<th scope=\"col\"%s>%s</th>", columns[i].right ? " class=\"right\"" : "",
                 word(p->w, columns[i].word));
    buf_adds(out, "</tr></thead>\n<tbody>\n");
    for (size_t i = p->t->count; i-- > 0;)
        table_row(out, p, &p->t->plays[i]);
    buf_adds(out, "</tbody></table></details>\n");
}

static void journey(struct buf *out, const struct words *w, const struct trend *t, size_t number)
{
    struct plot p = { .t = t, .w = w, .number = number };

    survey(&p);
    buf_addf(out, "<article class=\"card\" id=\"j%zu\">\n<h2>", number);
    html_bdi(out, *t->journey ? t->journey : t->file, 110);
    buf_adds(out, "</h2>\n<p class=\"soft small\">");
    html_bdi(out, t->file, 120);
    buf_addf(out, "</p>\n<figure><div class=\"scroll\" tabindex=\"0\" role=\"region\" "
                  "aria-labelledby=\"t%zu\"><svg class=\"map\" viewBox=\"0 0 %d %zu\" role=\"img\" "
                  "aria-labelledby=\"t%zu\">", number, WIDTH,
             FOUND_TOP + p.kind_count * FOUND_HEIGHT, number);
    describe(out, &p);
    score_plot(out, &p);
    wait_plot(out, &p);
    found_plot(out, &p);
    buf_adds(out, "</svg></div></figure>\n");
    table(out, &p);
    buf_adds(out, "</article>\n");
}

enum status trend_page(const struct trends *t, const char *language, FILE *out)
{
    CLEANUP(buf_release) struct buf b = BUF_INIT(VIEW_PART_MAX);
    const struct words *w = words_find(language);
    bool ok;

    html_page_head(&b, w, word(w, WORD_TREND), false);
    buf_adds(&b, "</header>\n<main>\n");
    ok = view_flush(&b, out);
    for (size_t i = 0; ok && i < t->count; i++) {
        journey(&b, w, &t->items[i], i + 1);
        ok = view_flush(&b, out);
    }
    buf_addf(&b, "</main>\n<footer><p>%s</p></footer>\n</body>\n</html>\n", word(w, WORD_SCALE));
    return view_flush(&b, out) && ok ? ST_OK : ST_IO;
}
