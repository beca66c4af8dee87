#include <stdarg.h>

#include "harness/channels/channel.h"

enum { FAILURE_TEXT_MAX = 16 * 1024 };

int visit_emit(struct visit *v, const struct event *e)
{
    return v->sink->emit(v, e);
}

int visit_emit_past(struct visit *v, const struct event *e, int64_t at_us)
{
    int seq;

    v->happened = &at_us;
    seq = v->sink->emit(v, e);
    v->happened = NULL;
    return seq;
}

void visit_looked(struct visit *v)
{
    if (v->sink->looked)
        v->sink->looked(v);
}

void visit_done(struct visit *v, enum done how)
{
    v->sink->done(v, how);
}

void visit_left(struct visit *v)
{
    if (v->sink->left)
        v->sink->left(v);
}

void visit_typing(struct visit *v)
{
    if (v->sink->typing)
        v->sink->typing(v);
}

const char *visit_render(struct visit *v, const struct template *t, struct diags *diags)
{
    return v->sink->render(v, t, diags);
}

void visit_evidence(struct visit *v, enum evidence_kind kind, struct slice bytes)
{
    if (v->evidence && bytes.len)
        v->evidence(v, kind, bytes);
}

void visit_commit(struct visit *v, timer_fn *fn, void *context)
{
    if (v->sink->commit)
        v->sink->commit(v, fn, context);
    else
        fn(context);
}

void visit_settled(struct visit *v)
{
    if (v->sink->settled)
        v->sink->settled(v);
}

static void PRINTF_LIKE(5, 0)
emit_text(struct visit *v, enum event_kind kind, enum party from, const char *code,
          const char *fmt, va_list ap)
{
    CLEANUP(buf_release) struct buf text = BUF_INIT(FAILURE_TEXT_MAX);
    struct event e = event_init(kind, from);

    buf_vaddf(&text, fmt, ap);
    e.text = text.ptr;
    e.code = code;
    visit_emit(v, &e);
}

void visit_company_failed(struct visit *v, enum failure f, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    emit_text(v, EVENT_FAILED, PARTY_COMPANY, failure_code(f), fmt, ap);
    va_end(ap);
}

void visit_our_failed(struct visit *v, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    emit_text(v, EVENT_FAILED, PARTY_HARNESS, NULL, fmt, ap);
    va_end(ap);
}

void visit_note(struct visit *v, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    emit_text(v, EVENT_NOTE, PARTY_HARNESS, NULL, fmt, ap);
    va_end(ap);
}
