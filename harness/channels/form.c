/* The form channel: gets the page, finds the form, fills it in, sends it once, reads the answer. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "harness/base/text.h"
#include "harness/channels/encode.h"
#include "harness/channels/fields.h"
#include "harness/channels/http.h"

/* People wait longer for a page than for the next line of a chat. */
#define PAGE_PATIENCE_US (300 * US_PER_S)
#define PAGE_PATIENCE_LEAST_US (30 * US_PER_S)

enum { WHY_MAX = 16 * 1024, SENT_MAX = 1024 * 1024 };

struct form_settings {
    const struct template *url, *user, *password;
};

struct form_visit {
    struct visit *visit;
    const char *url;
    struct http *http;

    struct http_exchange *exchange;       /* the act under way */
    struct action action;                 /* its words, copied */
    int64_t began_us;
    struct page *page;                    /* the form's page, until its answer was read */
    struct field_hit *hits;               /* one per field of the action */
    int form, button;
    struct timer *press;                  /* filled in; sent on the next turn of the loop */
    int sent_seq;
};

static int64_t patience(const struct form_visit *f)
{
    int64_t reply = f->visit->scenario->customer.patience.reply;

    if (reply <= 0)
        return PAGE_PATIENCE_US;
    return reply > PAGE_PATIENCE_LEAST_US ? reply : PAGE_PATIENCE_LEAST_US;
}

/* Ends the act: nothing of the visit may be touched afterwards. */
static void act_over(struct form_visit *f, enum done how)
{
    page_free(f->page);
    f->page = NULL;
    visit_done(f->visit, how);
}

static void our_fault(struct form_visit *f, const char *why)
{
    visit_our_failed(f->visit, "%s: %s", f->page ? f->page->url : f->url, why);
    act_over(f, DONE_OUR_FAILED);
}

/* Pages as events */

static bool is_html(const char *type)
{
    return !type || !strncasecmp(type, "text/html", 9) ||
           !strncasecmp(type, "application/xhtml+xml", 21);
}

static bool is_words(const char *type)
{
    return !strncasecmp(type, "text/", 5) || !strncasecmp(type, "application/json", 16);
}

/** What a person reads of an answer; *page is NULL where it is no HTML. */
static void read_answer(const struct http_answer *a, struct page **page, struct buf *text)
{
    *page = NULL;
    if (is_html(a->content_type)) {
        *page = page_parse(a->url, a->content_type, a->body);
        page_text(*page, text);
    } else if (is_words(a->content_type)) {
        text_add_clean(text, a->body);
    }
}

static void emit_page(struct form_visit *f, const struct http_answer *a, const char *text,
                      int reply_to)
{
    struct event e = event_init(EVENT_PAGE, PARTY_COMPANY);

    e.text = text;
    e.url = a->url;
    e.status = a->status;
    e.reply_to = reply_to;
    e.wait_us = a->at_us - f->began_us;
    visit_emit(f->visit, &e);
}

/* The answer to what was sent */

static size_t shared_fields(const struct page *a, int form_a, const struct page *b, int form_b,
                            size_t *count)
{
    size_t shared = 0;

    *count = 0;
    for (size_t i = 0; i < a->control_count; i++) {
        const struct control *x = &a->controls[i];
        bool found = false;

        if (x->form != form_a || !field_fillable(x) || !x->name)
            continue;
        ++*count;
        for (size_t k = 0; k < b->control_count && !found; k++)
            found = b->controls[k].form == form_b && b->controls[k].name &&
                    !strcmp(b->controls[k].name, x->name);
        shared += found;
    }
    return shared;
}

/** Did the page come back with the form we sent? Most of its fields are there again. */
static bool same_form_again(const struct form_visit *f, const struct page *answer)
{
    for (size_t i = 0; i < answer->form_count; i++) {
        size_t count, shared = shared_fields(f->page, f->form, answer, (int)i, &count);

        if (count && shared * 3 >= count * 2)
            return true;
    }
    return false;
}

static bool marked_invalid(const struct page *answer)
{
    for (size_t i = 0; i < answer->control_count; i++) {
        const char *invalid = node_attribute(answer->controls[i].node, "aria-invalid");

        if (invalid && text_same_ascii(invalid, "true"))
            return true;
    }
    return false;
}

/** True when the form came back with complaints: the `failed` event has been emitted. */
static bool refused_input(struct form_visit *f, const struct http_answer *a,
                          const struct page *answer)
{
    CLEANUP(buf_release) struct buf errors = BUF_INIT(WHY_MAX);

    if (!answer || !same_form_again(f, answer))
        return false;
    page_errors(answer, &errors);
    if (!errors.len && !marked_invalid(answer) && a->status < 400)
        return false;
    visit_company_failed(f->visit, FAILURE_REFUSED_INPUT, "%s",
                         errors.len ? errors.ptr : failure_text(FAILURE_REFUSED_INPUT));
    return true;
}

static void on_answer(void *context, const struct http_answer *a)
{
    struct form_visit *f = context;
    CLEANUP(buf_release) struct buf text = BUF_INIT(PAGE_TEXT_MAX);
    struct page *page;
    enum done how;

    f->exchange = NULL;
    if (a->fault != HTTP_ANSWERED) {
        act_over(f, http_complain(f->visit, a));
        return;
    }
    read_answer(a, &page, &text);
    emit_page(f, a, text.ptr, f->sent_seq);
    how = refused_input(f, a, page) ? DONE_COMPANY_FAILED : http_complain(f->visit, a);
    page_free(page);
    act_over(f, how);
}

/* Sending */

static void emit_form(struct form_visit *f)
{
    const struct page *p = f->page;
    struct named_text *fields = arena_alloc(p->arena, (p->control_count + 1) * sizeof(*fields));
    struct event e = event_init(EVENT_FORM, PARTY_COMPANY);

    for (size_t i = 0; i < p->control_count; i++) {
        const struct control *c = &p->controls[i];

        if (c->form == f->form && field_fillable(c))
            fields[e.field_count++] = (struct named_text){
                c->name_count ? c->names[0].text : "", c->type,
            };
    }
    e.fields = fields;
    e.url = p->url;
    e.text = p->forms[f->form].title;
    visit_emit(f->visit, &e);
}

static bool is_password(const struct page *p, const struct field_hit *h)
{
    return h->kind == HIT_CONTROL && !strcmp(p->controls[h->control].type, "password");
}

/** What the customer sends, as they would tell it. */
static void emit_sent(struct form_visit *f)
{
    const struct action *a = &f->action;
    struct arena *arena = f->page->arena;
    CLEANUP(buf_release) struct buf text = BUF_INIT(SENT_MAX);
    struct named_text *fields =
        arena_alloc(arena, (a->field_count + a->attach_count + 1) * sizeof(*fields));
    struct event e = event_init(EVENT_SENT, PARTY_CUSTOMER);

    for (size_t i = 0; i < a->field_count; i++) {
        bool hidden = is_password(f->page, &f->hits[i]);

        if (hidden && *a->fields[i].text)
            f->visit->sink->secret(f->visit, a->fields[i].text);
        fields[e.field_count++] = (struct named_text){
            field_label(f->page, &f->hits[i]), hidden ? "***" : a->fields[i].text,
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
    e.text = text.ptr;
    e.fields = fields;
    e.repeats_seq = a->repeats_seq;
    f->began_us = loop_now(f->visit->world->loop);
    f->sent_seq = visit_emit(f->visit, &e);
}

/* Long and particular enough not to stand in anybody's file by chance. */
static const char *boundary(const struct form_visit *f)
{
    uint64_t hash = 14695981039346656037u;

    for (const char *s = f->visit->run_id; s && *s; s++)
        hash = (hash ^ (unsigned char)*s) * 1099511628211u;
    for (const char *s = f->visit->journey_id; s && *s; s++)
        hash = (hash ^ (unsigned char)*s) * 1099511628211u;
    hash ^= (uint64_t)f->began_us * 0x9E3779B97F4A7C15u;
    return arena_printf(f->page->arena, "----ShopperFormBoundary%016llx",
                        (unsigned long long)hash);
}

/* Reading and filling in took us time that is not the company's: the wait is counted from a turn of
 * the loop of its own. */
static void send_form(void *context)
{
    struct form_visit *f = context;
    CLEANUP(buf_release) struct buf why = BUF_INIT(WHY_MAX);
    struct submission s;

    f->press = NULL;
    if (form_encode(f->page, f->form, f->button, boundary(f), &s, &why) != ST_OK) {
        our_fault(f, why.ptr);
        return;
    }
    emit_sent(f);

    struct http_request q = {
        .method = s.method, .url = s.url, .content_type = s.content_type,
        .body = buf_slice(&s.body), .referrer = f->page->url, .patience_us = patience(f),
    };
    f->exchange = http_start(f->http, &q, on_answer, f);
    submission_release(&s);
}

/* Filling in */

/** False: the act is over, and why has been said. */
static bool fill_in(struct form_visit *f)
{
    const struct action *a = &f->action;
    CLEANUP(buf_release) struct buf why = BUF_INIT(WHY_MAX);
    bool ok = true;

    for (size_t i = 0; ok && i < a->field_count; i++)
        ok = field_fill(f->page, &f->hits[i], a->fields[i].text, &why);
    if (ok)
        ok = form_attach(f->page, f->form, a->attach, a->attach_count, &why);
    if (ok) {
        f->button = form_button(f->page, f->form, a->submit, &why);
        ok = f->button != -2;
    }
    if (ok && form_violations(f->page, f->form, &why)) {
        buf_trim_right(&why);
        visit_note(f->visit, "not sent: a browser would not let it pass\n%s", why.ptr);
        ok = false;
    }
    if (!ok)
        our_fault(f, why.ptr);
    return ok;
}

static bool has_loose_fields(const struct page *p)
{
    for (size_t i = 0; i < p->control_count; i++)
        if (p->controls[i].form < 0 && field_fillable(&p->controls[i]))
            return true;
    return false;
}

static bool has_scripts(struct slice html)
{
    for (size_t i = 0; i + 7 < html.len; i++)
        if (html.ptr[i] == '<' && !strncasecmp(html.ptr + i, "<script", 7))
            return true;
    return false;
}

/** The page has no form. Whose fault that is depends on whether a browser would show one. */
static void no_form(struct form_visit *f, const struct http_answer *a)
{
    if (has_loose_fields(f->page)) {
        our_fault(f, "the fields are in no form: scripts send them, which needs a browser");
        return;
    }
    visit_company_failed(f->visit, FAILURE_NO_FORM, "%s has no form%s", a->url,
                         has_scripts(a->body) ? " (scripts may draw one: that needs a browser)"
                                              : "");
    act_over(f, DONE_COMPANY_FAILED);
}

static void on_page(void *context, const struct http_answer *a)
{
    struct form_visit *f = context;
    CLEANUP(buf_release) struct buf text = BUF_INIT(PAGE_TEXT_MAX);
    CLEANUP(buf_release) struct buf why = BUF_INIT(WHY_MAX);
    enum done how;

    f->exchange = NULL;
    if (a->fault == HTTP_ANSWERED) {
        read_answer(a, &f->page, &text);
        emit_page(f, a, text.ptr, -1);
    }
    how = http_complain(f->visit, a);
    if (how != DONE_OK) {
        act_over(f, how);
        return;
    }
    if (!f->page) {
        visit_company_failed(f->visit, FAILURE_NO_FORM, "%s is no web page but %s", a->url,
                             a->content_type);
        act_over(f, DONE_COMPANY_FAILED);
        return;
    }
    if (f->page->cut)
        visit_note(f->visit, "%s is larger or deeper than any page for people: part of it was "
                   "left out", a->url);
    if (f->page->form_count == 0) {
        no_form(f, a);
        return;
    }

    struct loop *l = f->visit->world->loop;

    f->hits = arena_alloc(f->page->arena, (f->action.field_count + 1) * sizeof(*f->hits));
    f->form = form_choose(f->page, f->action.fields, f->action.field_count, f->action.submit,
                          f->hits, &why);
    if (f->form < 0) {
        our_fault(f, why.ptr);
        return;
    }
    if (why.len)
        visit_note(f->visit, "%s: %s", a->url, why.ptr);
    emit_form(f);
    if (fill_in(f))
        f->press = timer_start(l, loop_now(l), send_form, f);
}

/* The vtable */

static void form_check(const struct scenario *s, const struct channel_spec *spec,
                       const struct channel_world *world, struct diags *diags)
{
    const struct form_settings *set = spec->settings;

    (void)world;
    http_check_url(s, spec, set->url, diags);
    if (set->password && !set->user)
        diag_add(diags, SEVERITY_ERROR, s->source, spec->at, "add `user:`",
                 "channel \"%s\": a password without a user", spec->name);
}

static enum status form_open(struct visit *v, struct diags *diags)
{
    const struct form_settings *set = v->spec->settings;
    struct form_visit *f = v->state;
    const char *user = NULL, *password = NULL;
    enum status st;

    f->visit = v;
    st = http_open_url(v, set->url, diags, &f->url);
    if (st)
        return st;
    if (set->user && !(user = visit_render(v, set->user, diags)))
        return ST_NOT_FOUND;
    if (set->password && !(password = visit_render(v, set->password, diags)))
        return ST_NOT_FOUND;
    if (password)
        v->sink->secret(v, password);
    f->http = http_new(v);
    if (user)
        http_login(f->http, f->url, user, password);
    return ST_OK;
}

static void copy_action(struct form_visit *f, const struct action *a)
{
    struct arena *arena = f->visit->arena;
    struct named_text *fields = arena_alloc(arena, (a->field_count + 1) * sizeof(*fields));
    const char **attach = arena_alloc(arena, (a->attach_count + 1) * sizeof(*attach));

    for (size_t i = 0; i < a->field_count; i++)
        fields[i] = (struct named_text){ arena_strdup(arena, a->fields[i].name),
                                         arena_strdup(arena, a->fields[i].text) };
    for (size_t i = 0; i < a->attach_count; i++)
        attach[i] = arena_strdup(arena, a->attach[i]);
    f->action = *a;
    f->action.fields = fields;
    f->action.attach = attach;
    f->action.submit = a->submit ? arena_strdup(arena, a->submit) : NULL;
}

static enum status form_act(struct visit *v, const struct action *a)
{
    struct form_visit *f = v->state;
    struct http_request q = { .method = "GET", .url = f->url, .patience_us = patience(f) };

    if (a->verb != VERB_FILL)
        return ST_UNSUPPORTED;
    copy_action(f, a);
    f->began_us = loop_now(v->world->loop);
    f->exchange = http_start(f->http, &q, on_page, f);
    return ST_OK;
}

static void form_cancel(struct visit *v)
{
    struct form_visit *f = v->state;

    http_cancel(f->exchange);
    f->exchange = NULL;
    timer_cancel(f->press);
    f->press = NULL;
    page_free(f->page);
    f->page = NULL;
}

static void form_close(struct visit *v)
{
    struct form_visit *f = v->state;

    form_cancel(v);
    http_free(f->http);
    f->http = NULL;
}

static const struct field form_fields[] = {
    { .name = "url", .type = FIELD_TEMPLATE, .offset = offsetof(struct form_settings, url),
      .flags = FIELD_REQUIRED, .help = "the page with the form" },
    { .name = "user", .type = FIELD_TEMPLATE, .offset = offsetof(struct form_settings, user),
      .help = "for Basic authentication, on this site only" },
    { .name = "password", .type = FIELD_TEMPLATE,
      .offset = offsetof(struct form_settings, password),
      .help = "for Basic authentication; never shown in a report" },
    { 0 },
};

static const struct object form_object = {
    "form channel", sizeof(struct form_settings), form_fields, SIZE_MAX,
};

const struct channel channel_form = {
    .name = "form",
    .family = FAMILY_FORM,
    .verbs = 1u << VERB_FILL,
    .settings = &form_object,
    .state_size = sizeof(struct form_visit),
    .check = form_check,
    .open = form_open,
    .act = form_act,
    .cancel = form_cancel,
    .close = form_close,
};
