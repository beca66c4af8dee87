/* needless_effort and unlabelled_field: what a form costs beyond what it is for. */
#include <string.h>

#include "harness/base/text.h"
#include "harness/judge/detector.h"

enum { NAMES_MAX = 2000 };

static const double RULE_SURE = .85, RIDDLE_SURE = .8, AGAIN_SURE = .7, LABEL_SURE = .9;

/* The form's own rule refused what is true of this customer, before anything was sent. */
static void hidden_rule(struct view *v, const struct event *e)
{
    if (e->kind != EVENT_FAILED || e->from != PARTY_COMPANY || !e->code || e->reply_to >= 0 ||
        strcmp(e->code, failure_code(FAILURE_REFUSED_INPUT)) != 0 || !e->field_count)
        return;

    struct finding *f = finding_add(v, "needless_effort", "hidden_rule", "effort", e->seq,
                                    RULE_SURE);

    finding_say(v, f, "as_told", "text", e->fields[0].text, NULL);
}

static void riddle(struct view *v, const struct event *e)
{
    for (size_t i = 0; e->kind == EVENT_FORM && i < e->field_count; i++) {
        if (strcmp(e->fields[i].text, "captcha") != 0)
            continue;

        struct finding *f = finding_add(v, "needless_effort", "verification", "effort", e->seq,
                                        RIDDLE_SURE);

        finding_say(v, f, "guarded", "text", e->fields[i].name, NULL);
        return;
    }
}

static void unlabelled(struct view *v, const struct event *e)
{
    static const char mark[] = ", no label";
    CLEANUP(buf_release) struct buf names = BUF_INIT(NAMES_MAX);

    for (size_t i = 0; e->kind == EVENT_FORM && i < e->field_count; i++)
        if (strstr(e->fields[i].text, mark))
            buf_addf(&names, "%s\"%s\"", names.len ? ", " : "", e->fields[i].name);
    if (!names.len)
        return;

    struct finding *f = finding_add(v, "unlabelled_field", NULL, NULL, e->seq, LABEL_SURE);

    finding_say(v, f, "only_in_code", "text", names.ptr, NULL);
}

/* Asked again */

static const char *value_of(const struct mark *m)
{
    return m->kind == MARK_TELLS && m->slot && m->value ? m->value : NULL;
}

static const struct mark *told_in(const struct view *v, int seq, const struct mark *again)
{
    const struct mark *end, *m = view_marks(v, seq, &end);

    for (; m < end; m++)
        if (value_of(m) && !strcmp(m->slot, again->slot) && text_same(m->value, again->value))
            return m;
    return NULL;
}

/* Who writes in must say who they are, on every channel; facts of the matter are known by then. */
static bool introduces(const char *slot)
{
    static const char *const slots[] = { "name", "first_name", "last_name", "email" };

    for (size_t i = 0; i < ARRAY_LEN(slots); i++)
        if (!strcmp(slot, slots[i]))
            return true;
    return false;
}

/** The next page of the same form: its page answered what was sent before, and had no complaint. The
 *  same form once more after one is no new question. */
static bool goes_on(const struct view *v, const struct event *before, int form)
{
    for (int i = before->seq + 1; i < form; i++) {
        const struct event *e = view_event(v, i);

        if (e->kind == EVENT_PAGE && view_same_channel(e, before) && e->reply_to != before->seq)
            return false;
        if (e->kind == EVENT_FAILED && e->reply_to == before->seq)
            return false;
    }
    return true;
}

/** Something that was told before, and that this form wanted once more; -1 nothing. */
static int told_before(const struct view *v, const struct event *sent, int form,
                       const struct mark *again)
{
    for (int i = form - 1; i >= 0; i--) {
        const struct event *e = view_event(v, i);

        if (e->kind != EVENT_SENT || e->from != PARTY_CUSTOMER || !told_in(v, i, again))
            continue;
        if (view_same_channel(e, sent) ? goes_on(v, e, form) : !introduces(again->slot))
            return i;
    }
    return -1;
}

static void asked_again(struct view *v, const struct event *e)
{
    const struct mark *end, *m;
    int form = e->kind == EVENT_SENT && view_family(v, e) == FAMILY_FORM && e->field_count
                   ? view_form_of(v, e) : -1;

    if (form < 0 || e->repeats_seq >= 0)
        return;
    for (m = view_marks(v, e->seq, &end); m < end; m++) {
        int told = value_of(m) ? told_before(v, e, form, m) : -1;

        if (told < 0)
            continue;

        struct finding *f = finding_add(v, "needless_effort", "asked_again", "effort", e->seq,
                                        AGAIN_SURE * m->confidence);

        f->slot = m->slot;
        finding_evidence(v, f, told);
        finding_evidence(v, f, form);
        finding_say(v, f, "field_again", "event", judge_number(v, told), NULL);
        return;
    }
}

void detect_effort(struct view *v)
{
    for (size_t i = 0; i < v->t->count; i++) {
        const struct event *e = &v->t->events[i];

        hidden_rule(v, e);
        riddle(v, e);
        unlabelled(v, e);
        asked_again(v, e);
    }
}
