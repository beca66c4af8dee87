#include "harness/cli/explain.h"

#include <string.h>

#include "harness/base/text.h"

enum { TEXT_COLUMNS = 160, SPAN_COLUMNS = 48 };

static const char *who(const struct event *e)
{
    return e->from == PARTY_COMPANY ? "company" : e->from == PARTY_CUSTOMER ? "customer" : "harness";
}

/* The words a mark stands on; nothing for those of a whole message. */
static void add_span(struct buf *out, const struct event *e, const struct mark *m)
{
    size_t len = strlen(e->text);

    if (m->end <= m->start || m->end > len)
        return;
    buf_adds(out, " \"");
    text_add_clipped(out, (struct slice){ e->text + m->start, m->end - m->start }, SPAN_COLUMNS);
    buf_addc(out, '"');
}

static void add_mark(struct buf *out, const struct event *e, const struct mark *m)
{
    buf_addf(out, "          %s", mark_text(m->kind));
    if (m->slot)
        buf_addf(out, " [%s]", m->slot);
    add_span(out, e, m);
    buf_addf(out, "  %.2f  %s\n", m->confidence, m->rule ? m->rule : "");
}

/* Where the finding became true everything read there matters; elsewhere what it has to do with it. */
static bool matters(const struct finding *f, const struct mark *m)
{
    if (m->kind == MARK_LANGUAGE && strcmp(f->row->kind, "wrong_language") != 0)
        return false;
    return m->seq == f->seq || !f->slot || !m->slot || !strcmp(m->slot, f->slot);
}

static void add_place(struct buf *out, const struct transcript *t, const struct judgement *j,
                      const struct finding *f, int seq)
{
    const struct event *e = &t->events[seq];

    buf_addf(out, "    %s %3d %-8s  ", seq == f->seq ? ">" : " ", seq, who(e));
    if (e->channel)
        buf_addf(out, "%s  ", e->channel);
    text_add_clipped(out, slice_str(e->text), TEXT_COLUMNS);
    buf_addc(out, '\n');
    for (size_t i = 0; i < j->marks.count; i++)
        if (j->marks.items[i].seq == seq && matters(f, &j->marks.items[i]))
            add_mark(out, e, &j->marks.items[i]);
}

static void add_finding(struct buf *out, const struct transcript *t, const struct judgement *j,
                        const struct finding *f)
{
    buf_addf(out, "  turn %d  %s%s%s%s%s  confidence %.2f%s\n", f->seq, f->row->kind,
             f->variant ? " " : "", f->variant ? f->variant : "", f->slot ? " " : "",
             f->slot ? f->slot : "", f->confidence,
             f->confidence < CONFIDENCE_COUNTS ? " (a doubt, not counted)" : "");
    buf_adds(out, "    \"");
    text_add_printable(out, slice_str(f->say));
    buf_adds(out, "\"\n");
    for (size_t i = 0; i < f->event_count; i++)
        add_place(out, t, j, f, f->events[i]);
    buf_adds(out, "    why: ");
    text_add_printable(out, slice_str(f->why));
    buf_addc(out, '\n');
}

void explain(struct buf *out, const struct transcript *t, const struct judgement *j, bool doubts)
{
    bool any = false;

    text_add_printable(out, slice_str(t->journey && *t->journey ? t->journey : "(no name)"));
    buf_addc(out, '\n');
    for (size_t i = 0; i < j->findings.count; i++) {
        const struct finding *f = &j->findings.items[i];

        if (f->confidence < CONFIDENCE_COUNTS && !doubts)
            continue;
        add_finding(out, t, j, f);
        any = true;
    }
    if (!any)
        buf_adds(out, "  nothing was found\n");
}
