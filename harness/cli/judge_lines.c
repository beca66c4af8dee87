#include "harness/cli/judge_lines.h"

#include <string.h>

#include "harness/base/text.h"

/* Bytes from i on that stand in JSON as they are. */
static size_t plain_run(struct slice text, size_t i)
{
    size_t end = i;

    while (end < text.len && text.ptr[end] >= ' ' && text.ptr[end] < 0x7F &&
           text.ptr[end] != '"' && text.ptr[end] != '\\')
        end++;
    return end - i;
}

/* A string as RFC 8259 section 7 wants it, in ASCII: whoever reads a line need not know UTF-8. */
static void add_string(struct buf *out, const char *s)
{
    struct slice text = slice_str(s);

    buf_addc(out, '"');
    for (size_t i = 0; i < text.len;) {
        int32_t c;
        size_t run = plain_run(text, i);

        if (run) {
            buf_add(out, text.ptr + i, run);
            i += run;
            continue;
        }
        i += text_decode(text.ptr + i, text.len - i, &c);
        if (c == '"' || c == '\\')
            buf_addf(out, "\\%c", c);
        else if (c == '\n' || c == '\t')
            buf_adds(out, c == '\n' ? "\\n" : "\\t");
        else if (c < 0x10000)
            buf_addf(out, "\\u%04X", (unsigned)c);
        else
            buf_addf(out, "\\u%04X\\u%04X", 0xD800 + ((unsigned)c - 0x10000) / 0x400,
                     0xDC00 + ((unsigned)c - 0x10000) % 0x400);
    }
    buf_addc(out, '"');
}

static void add_number(struct buf *out, int n)
{
    char digits[12], *p = digits + sizeof digits;

    for (unsigned left = n < 0 ? 0 : (unsigned)n; left || p == digits + sizeof digits; left /= 10)
        *--p = (char)('0' + left % 10);
    buf_add(out, p, (size_t)(digits + sizeof digits - p));
}

/* ,"name":"value"; nothing when there is no value. */
static void add_text(struct buf *out, const char *name, const char *value)
{
    if (!value)
        return;
    buf_adds(out, ",\"");
    buf_adds(out, name);
    buf_adds(out, "\":");
    add_string(out, value);
}

/* Three digits say enough, and a million findings are printed. */
static void add_confidence(struct buf *out, double confidence)
{
    int thousandths = (int)(confidence * 1000 + .5);
    char digits[] = { (char)('0' + thousandths / 100 % 10), (char)('0' + thousandths / 10 % 10),
                      (char)('0' + thousandths % 10) };
    size_t len = thousandths % 10 ? 3 : thousandths % 100 ? 2 : thousandths % 1000 ? 1 : 0;

    buf_adds(out, ",\"confidence\":");
    buf_addc(out, thousandths >= 1000 ? '1' : '0');
    buf_addc(out, '.');
    buf_add(out, len ? digits : (const char[]){ '0' }, len ? len : 1);
}

static void begin(struct buf *out, const char *id, const char *type, int turn)
{
    buf_adds(out, "{\"id\":");
    add_string(out, id);
    add_text(out, "type", type);
    buf_adds(out, ",\"turn\":");
    add_number(out, turn);
}

/* ,"name":n */
static void add_member(struct buf *out, const char *name, int n)
{
    buf_adds(out, ",\"");
    buf_adds(out, name);
    buf_adds(out, "\":");
    add_number(out, n);
}

/* Where it stands: bytes of the turn's text, and the words themselves. */
static void add_span(struct buf *out, const struct event *e, const struct mark *m)
{
    CLEANUP(buf_release) struct buf words = BUF_INIT(TRANSCRIPT_MAX_BYTES);

    if (m->end <= m->start || m->end > strlen(e->text))
        return;
    add_member(out, "start", (int)m->start);
    add_member(out, "end", (int)m->end);
    buf_add(&words, e->text + m->start, m->end - m->start);
    add_text(out, "text", words.ptr);
}

static void add_mark(struct buf *out, const char *id, const struct transcript *t,
                     const struct mark *m)
{
    begin(out, id, "mark", m->seq);
    add_text(out, "kind", mark_name(m->kind));
    add_text(out, "slot", m->slot);
    add_text(out, "value", m->value);
    if (m->within_us != DURATION_UNKNOWN)
        add_member(out, "within_s", (int)(m->within_us / US_PER_S));
    add_span(out, &t->events[m->seq], m);
    add_confidence(out, m->confidence);
    add_text(out, "rule", m->rule);
    buf_adds(out, "}\n");
}

static void add_finding(struct buf *out, const char *id, const struct finding *f)
{
    begin(out, id, "finding", f->seq);
    add_text(out, "kind", f->row->kind);
    add_text(out, "variant", f->variant);
    add_text(out, "slot", f->slot);
    add_confidence(out, f->confidence);
    add_text(out, "why", f->why);
    buf_adds(out, "}\n");
}

static void add_row(struct buf *out, const char *id, const struct finding *f)
{
    buf_addf(out, "%s\tturn %d\t%s\t%s\t%s\t%.2f\n", id, f->seq, f->row->kind,
             f->variant ? f->variant : "-", f->slot ? f->slot : "-", f->confidence);
}

/* `turn` is the event's number: in a dialogue event i is turn i. */
void judge_lines(struct buf *out, const struct judge_lines *how, const struct transcript *t,
                 const struct judgement *j)
{
    const char *id = t->journey;

    for (size_t i = 0; how->jsonl && how->marks && i < j->marks.count; i++)
        if (how->doubts || j->marks.items[i].confidence >= CONFIDENCE_COUNTS)
            add_mark(out, id, t, &j->marks.items[i]);
    for (size_t i = 0; i < j->findings.count; i++) {
        const struct finding *f = &j->findings.items[i];

        if (f->confidence < CONFIDENCE_COUNTS && !how->doubts)
            continue;
        if (how->jsonl)
            add_finding(out, id, f);
        else
            add_row(out, id, f);
    }
}
