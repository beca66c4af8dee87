#include "harness/cli/explain.h"

#include <string.h>

#include "harness/base/text.h"
#include "reporters/words.h"

enum { TEXT_COLUMNS = 160, SPAN_COLUMNS = 48 };

/* What is said, and in the words of the report's language. */
struct teller {
    struct buf *out;
    const struct reader *reader;
    const struct transcript *t;
    const struct judgement *j;
};

static const char *words(const struct teller *l, const char *section, const char *name)
{
    const char *key = arena_printf(l->j->arena, "%s.%s", section, name);
    const char *text = reader_phrase(l->reader, reader_says_in(l->reader), key, 0, NULL, 0,
                                     l->j->arena);

    return text ? text : name;
}

static const char *who(const struct teller *l, const struct event *e)
{
    return words(l, "explain", e->from == PARTY_COMPANY ? "company"
                               : e->from == PARTY_CUSTOMER ? "customer" : "harness");
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

static void add_mark(const struct teller *l, const struct event *e, const struct mark *m)
{
    struct buf *out = l->out;

    buf_addf(out, "          %s", words_mark(words_find(reader_says_in(l->reader)), m->kind));
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

static void add_place(const struct teller *l, const struct finding *f, int seq)
{
    const struct event *e = &l->t->events[seq];

    buf_addf(l->out, "    %s %3d %-8s  ", seq == f->seq ? ">" : " ", seq, who(l, e));
    if (e->channel)
        buf_addf(l->out, "%s  ", e->channel);
    text_add_clipped(l->out, slice_str(e->text), TEXT_COLUMNS);
    buf_addc(l->out, '\n');
    for (size_t i = 0; i < l->j->marks.count; i++)
        if (l->j->marks.items[i].seq == seq && matters(f, &l->j->marks.items[i]))
            add_mark(l, e, &l->j->marks.items[i]);
}

static void add_finding(const struct teller *l, const struct finding *f)
{
    struct buf *out = l->out;

    buf_addf(out, "  %s %d  %s%s%s%s%s  %s %.2f", words(l, "explain", "turn"), f->seq, f->row->kind,
             f->variant ? " " : "", f->variant ? f->variant : "", f->slot ? " " : "",
             f->slot ? f->slot : "", words(l, "explain", "sure"), f->confidence);
    if (f->confidence < CONFIDENCE_COUNTS)
        buf_addf(out, " (%s)", words(l, "explain", "doubt"));
    buf_adds(out, "\n    \"");
    text_add_printable(out, slice_str(f->say));
    buf_adds(out, "\"\n");
    for (size_t i = 0; i < f->event_count; i++)
        add_place(l, f, f->events[i]);
    buf_addf(out, "    %s: ", words(l, "explain", "why"));
    text_add_printable(out, slice_str(f->why));
    buf_addc(out, '\n');
}

void explain(struct buf *out, const struct reader *reader, const struct transcript *t,
             const struct judgement *j, bool doubts)
{
    const struct teller l = { out, reader, t, j };
    bool any = false;

    text_add_printable(out, slice_str(t->journey && *t->journey ? t->journey
                                                                : words(&l, "explain", "no_name")));
    buf_addc(out, '\n');
    for (size_t i = 0; i < j->findings.count; i++) {
        const struct finding *f = &j->findings.items[i];

        if (f->confidence < CONFIDENCE_COUNTS && !doubts)
            continue;
        add_finding(&l, f);
        any = true;
    }
    if (!any)
        buf_addf(out, "  %s\n", words(&l, "explain", "nothing"));
}
