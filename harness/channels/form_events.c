#include "harness/channels/form_events.h"

#include <string.h>

#include "harness/base/text.h"
#include "harness/channels/http.h"
#include "harness/channels/refusal.h"
#include "harness/channels/walls.h"

/* People wait longer for a page than for the next line of a chat. */
#define PAGE_PATIENCE_US (300 * US_PER_S)
#define PAGE_PATIENCE_LEAST_US (30 * US_PER_S)

enum { COMPLAINTS_MAX = 16 * 1024, SENT_MAX = 1024 * 1024 };

/* With fewer of its fields it is another form that asks for a name, too. */
#define SAME_FORM_SHARE (2.0 / 3)

struct action form_copy_action(struct visit *v, const struct action *a)
{
    struct arena *arena = v->arena;
    struct action copy = *a;
    struct named_text *fields = arena_alloc(arena, (a->field_count + 1) * sizeof(*fields));
    const char **attach = arena_alloc(arena, (a->attach_count + 1) * sizeof(*attach));

    for (size_t i = 0; i < a->field_count; i++)
        fields[i] = (struct named_text){ arena_strdup(arena, a->fields[i].name),
                                         arena_strdup(arena, a->fields[i].text) };
    for (size_t i = 0; i < a->attach_count; i++)
        attach[i] = arena_strdup(arena, a->attach[i]);
    copy.fields = fields;
    copy.attach = attach;
    copy.submit = arena_strdup(arena, a->submit);
    copy.text = arena_strdup(arena, a->text);
    return copy;
}

void form_check_opens(const struct scenario *s, const struct channel_spec *spec,
                      struct diags *diags)
{
    for (size_t i = 0; i < s->steps.count; i++) {
        const struct step *step = &s->steps.items[i];

        if (step->verb == VERB_OPEN && step->channel >= 0 && step->value &&
            &s->channels[step->channel] == spec && strstr(step->value->source, "://"))
            http_check_url(s, spec, step->value, diags);
    }
}

int64_t form_patience(const struct visit *v)
{
    int64_t reply = v->scenario->customer.patience.reply;

    if (reply <= 0)
        return PAGE_PATIENCE_US;
    return reply > PAGE_PATIENCE_LEAST_US ? reply : PAGE_PATIENCE_LEAST_US;
}

const char *const form_links_names[] = { "check", "off", NULL };

static void hand_in_links(struct visit *v, struct page *p, int seq)
{
    size_t count;
    const char *const *urls = page_links(p, &count);

    if (count)
        v->sink->links(v, seq, urls, count);
}

void form_tell_page(struct visit *v, const struct page_told *p)
{
    struct event e = event_init(EVENT_PAGE, PARTY_COMPANY);
    int seq;

    e.text = p->text;
    e.url = p->url;
    e.status = p->status;
    e.reply_to = p->reply_to;
    e.wait_us = p->wait_us;
    e.bytes = p->bytes;
    e.requests = p->requests;
    seq = visit_emit(v, &e);
    if (p->page && p->status < 400 && seq >= 0 && v->tries_links && v->sink->links)
        hand_in_links(v, p->page, seq);
}

void form_tell_form(struct visit *v, const struct page *p, int form)
{
    struct named_text *fields = arena_alloc(p->arena, (p->control_count + 2) * sizeof(*fields));
    const char *riddle = form >= 0 ? form_captcha(p, form, &v->world->lexicons) : NULL;
    struct event e = event_init(EVENT_FORM, PARTY_COMPANY);

    for (size_t i = 0; i < p->control_count; i++) {
        const struct control *c = &p->controls[i];

        if (c->form == form && field_fillable(c))
            fields[e.field_count++] = (struct named_text){
                c->name_count ? c->names[0].text : "",
                arena_printf(p->arena, "%s%s%s", c->type, c->required ? ", required" : "",
                             field_unlabelled(c) ? ", no label" : ""),
            };
    }
    if (riddle)
        fields[e.field_count++] = (struct named_text){ riddle, "captcha" };
    e.fields = fields;
    e.url = p->url;
    e.text = form >= 0 ? p->forms[form].title : "";
    visit_emit(v, &e);
}

/* What the form refuses */

/** A number however it is written: "+43 (1) 234-567". */
static bool same_number(const char *a, const char *b)
{
    enum { DIGITS_MIN = 6 };
    static const char between[] = " -./()";
    size_t digits = 0;

    for (;; a++, b++, digits++) {
        a += strspn(a, between);
        b += strspn(b, between);
        if (*a != *b || !strchr("+0123456789", *a) || !*a)
            return !*a && !*b && digits >= DIGITS_MIN;
    }
}

/** A fact of this customer, not a slip of whoever wrote the scenario. */
static bool is_true_of_customer(struct visit *v, const char *value)
{
    const struct customer *c = &v->scenario->customer;

    if ((v->customer_name && !strcmp(value, v->customer_name)) ||
        (v->customer_email && !strcmp(value, v->customer_email)))
        return true;
    for (size_t i = 0; i < c->knows.count; i++) {
        struct diags diags;
        const char *fact;

        diags_init(&diags);
        fact = visit_render(v, c->knows.items[i].value, &diags);
        diags_release(&diags);
        if (fact && *fact && (!strcmp(value, fact) || same_number(value, fact)))
            return true;
    }
    return false;
}

enum done form_tell_violations(struct visit *v, const struct page *p, int form)
{
    struct named_text *fields = arena_alloc(p->arena, (p->control_count + 1) * sizeof(*fields));
    CLEANUP(buf_release) struct buf all = BUF_INIT(COMPLAINTS_MAX);
    struct event e = event_init(EVENT_FAILED, PARTY_COMPANY);

    for (size_t i = 0; i < p->control_count; i++) {
        const struct control *c = &p->controls[i];
        size_t from = all.len;

        if (!field_violates(p, form, i, &all) || !*c->value || !is_true_of_customer(v, c->value))
            continue;
        fields[e.field_count++] = (struct named_text){
            c->name_count ? c->names[0].text : c->type,
            arena_strndup(p->arena, all.ptr + from, all.len - from - (all.len > from)),
        };
    }
    if (!all.len)
        return DONE_OK;
    buf_trim_right(&all);
    visit_note(v, "not sent: a browser would not let it pass\n%s", all.ptr);
    if (!e.field_count) {
        visit_our_failed(v, "%s: %s", p->url, all.ptr);
        return DONE_OUR_FAILED;
    }
    e.text = all.ptr;
    e.code = failure_code(FAILURE_REFUSED_INPUT);
    e.fields = fields;
    e.url = p->url;
    visit_emit(v, &e);
    return DONE_COMPANY_FAILED;
}

static bool is_password(const struct page *p, const struct field_hit *h)
{
    return h->kind == HIT_CONTROL && !strcmp(p->controls[h->control].type, "password");
}

int form_tell_sent(struct visit *v, const struct page *p, const struct action *a,
                   const struct field_hit *hits)
{
    CLEANUP(buf_release) struct buf text = BUF_INIT(SENT_MAX);
    struct named_text *fields =
        arena_alloc(p->arena, (a->field_count + a->attach_count + 1) * sizeof(*fields));
    struct event e = event_init(EVENT_SENT, PARTY_CUSTOMER);

    for (size_t i = 0; i < a->field_count; i++) {
        bool hidden = is_password(p, &hits[i]);

        if (hidden && *a->fields[i].text)
            v->sink->secret(v, a->fields[i].text);
        fields[e.field_count++] = (struct named_text){
            field_label(p, &hits[i]), hidden ? "***" : a->fields[i].text,
        };
    }
    for (size_t i = 0; i < a->attach_count; i++) {
        const char *slash = strrchr(a->attach[i], '/');

        fields[e.field_count++] = (struct named_text){
            "Attachment", slash ? slash + 1 : a->attach[i],
        };
    }
    for (size_t i = 0; i < e.field_count; i++)
        buf_addf(&text, "%s%s: %s", i ? "\n" : "", fields[i].name, fields[i].text);
    if (a->verb == VERB_CLICK)
        buf_addf(&text, "[%s]", a->text);
    e.text = text.ptr;
    e.fields = fields;
    e.repeats_seq = a->repeats_seq;
    return visit_emit(v, &e);
}

/* The answer to what was sent */

bool form_is_again(const struct page *from, int form, const struct page *page, int again,
                   double share)
{
    size_t count = 0, shared = 0;

    for (size_t i = 0; i < from->control_count; i++) {
        const struct control *x = &from->controls[i];
        bool found = false;

        if (x->form != form || !field_fillable(x) || !x->name)
            continue;
        count++;
        for (size_t k = 0; k < page->control_count && !found; k++)
            found = page->controls[k].form == again && page->controls[k].name &&
                    !strcmp(page->controls[k].name, x->name);
        shared += found;
    }
    return count && (double)shared >= share * (double)count;
}

bool *forms_of_the_site(const struct page *before, int sent, const struct page *answer)
{
    bool *of_the_site = arena_alloc(answer->arena, (answer->form_count + 1) * sizeof(bool));

    for (size_t i = 0; i < answer->form_count; i++)
        for (size_t k = 0; k < before->form_count && !of_the_site[i]; k++)
            of_the_site[i] = (int)k != sent && form_is_again(answer, (int)i, before, (int)k, 1);
    return of_the_site;
}

static bool came_back(const struct page *sent_from, int form, const struct page *answer)
{
    for (size_t i = 0; i < answer->form_count; i++)
        if (form_is_again(sent_from, form, answer, (int)i, SAME_FORM_SHARE))
            return true;
    return false;
}

/** What the answer says is wrong, as text and as fields; "" and none: nothing. */
static void find_complaints(struct visit *v, const struct page *sent_from,
                            const struct page *answer, bool back, struct buf *errors,
                            struct event *e)
{
    const struct lexicons *packs = &v->world->lexicons;

    if (back) {
        refusal_alerts(packs, sent_from, answer, errors);
        e->fields = refused_fields(answer, &e->field_count);
    }
    if (!errors->len && !e->field_count)
        refusal_words(packs, sent_from, answer, back, errors);
    for (size_t i = 0; !errors->len && i < e->field_count; i++)
        buf_addf(errors, "%s%s", i ? "\n" : "", e->fields[i].text);
}

bool form_tell_refused(struct visit *v, const struct page *sent_from, int form,
                       struct page *answer, int status, int sent_seq)
{
    CLEANUP(buf_release) struct buf errors = BUF_INIT(COMPLAINTS_MAX);
    struct event e = event_init(EVENT_FAILED, PARTY_COMPANY);
    bool back = answer && came_back(sent_from, form, answer);

    if (!answer || (!back && status >= 400))
        return false;
    find_complaints(v, sent_from, answer, back, &errors, &e);
    if (!errors.len && status < 400)
        return false;
    answer->refused = true;
    e.text = errors.len ? errors.ptr : failure_text(FAILURE_REFUSED_INPUT);
    e.code = failure_code(FAILURE_REFUSED_INPUT);
    e.url = answer->url;
    e.reply_to = sent_seq;
    visit_emit(v, &e);
    return true;
}
