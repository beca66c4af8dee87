/* The account: what a perfect journey would have scored, and where the points went. */
#include <math.h>

#include "reporters/view.h"

static void term(struct buf *out, double points, const char *what)
{
    if (points > 0 || points < 0)
        buf_addf(out, " %c %.1f %s", points > 0 ? '-' : '+', fabs(points), what);
}

void view_account(struct buf *out, const struct journey_result *jr)
{
    const struct score *s = view_known_score(jr);
    double charged = 0;

    if (!s)
        return;
    for (size_t i = 0; i < jr->judgement->findings.count; i++)
        charged += jr->judgement->findings.items[i].share;
    buf_adds(out, "100");
    term(out, charged, "for these findings");
    for (size_t i = 0; i < s->line_count; i++)
        term(out, s->lines[i].share, view_line_words(s->lines[i].what));
    buf_addf(out, " = %.1f", score_tenths(s->value));
}
