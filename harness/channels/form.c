/* The form channel: opens pages, follows links, finds the form, fills it in, sends it once, reads the
 * answer. The page that came last stays open for the next step. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "harness/base/text.h"
#include "harness/channels/encode.h"
#include "harness/channels/form_fill.h"
#include "harness/channels/http.h"
#include "harness/channels/page_holes.h"
#include "harness/channels/press.h"
#include "harness/channels/reading.h"

/* "You will be taken on in five seconds": a customer waits that long. */
#define LEADS_ON_US (5 * US_PER_S)

struct form_settings {
    const struct template *url, *user, *password;
    int links;
    const char *ca;
};

/* How the open page came about. */
enum opened {
    OPENED_ON_PURPOSE,            /* by open, click or follow: the next step is about this page */
    OPENED_BY_SENDING,            /* the answer to a form */
};

struct form_visit {
    struct visit *visit;
    const char *url;
    struct http *http;

    struct page *page;            /* the one that is open; NULL none */
    enum opened opened;
    bool scripts;                 /* it has some; only a browser knows what they would do */
    const char *riddle;           /* a CAPTCHA that one of them sets; NULL none */
    bool *of_the_site;            /* per form of the page: the page before had it, too */

    struct http_exchange *exchange;       /* the act under way */
    struct reading *reading;              /* its answer, on a thread */
    struct action action;                 /* its words, copied */
    int64_t began_us;
    struct form_found found;
    struct timer *next;                   /* what follows on the next turn of the loop */
    int sent_seq;                 /* -1: nothing was sent in this act, yet */
    int led_on;                   /* how often pages have led on by themselves in this act */
    struct submission out;        /* what is to be sent when the journal has it */
};

static void close_page(struct form_visit *f)
{
    page_free(f->page);
    f->page = NULL;
    f->of_the_site = NULL;
}

/* Thousands of journeys run at once: a page that no step will look at is not kept. */
static bool needed_later(const struct form_visit *f)
{
    const struct scenario *s = f->visit->scenario;

    for (size_t i = (size_t)f->visit->step; i < s->steps.count; i++) {
        const struct step *step = &s->steps.items[i];

        if (step->channel >= 0 && &s->channels[step->channel] == f->visit->spec &&
            ((int)i > f->visit->step || step->repeat > 1))
            return true;
    }
    return false;
}

static void act_over(struct form_visit *f, enum done how)
{
    if (how == DONE_OUR_FAILED || !needed_later(f))
        close_page(f);
    http_evidence(f->http);
    visit_done(f->visit, how);
}

static void our_fault(struct form_visit *f, const char *why)
{
    visit_our_failed(f->visit, "%s: %s", f->page ? f->page->url : f->url, why);
    act_over(f, DONE_OUR_FAILED);
}

/** What reading and filling in takes us is not the company's time: the wait for its answer is counted
 *  from a turn of the loop of its own. An act never ends inside act(), either. */
static void go_next(struct form_visit *f, timer_fn *fn)
{
    struct loop *l = f->visit->world->loop;

    f->next = timer_start(l, loop_now(l), fn, f);
}

/* Answers */

/** What a person reads of an answer, as an event; the page in it, or NULL. */
static struct page *tell_answer(struct form_visit *f, const struct http_answer *a,
                                const struct reading_result *r)
{
    if (r->page) {
        f->scripts = r->page->scripts;
        f->riddle = r->page->riddle;
    }
    form_tell_page(f->visit, &(struct page_told){
        .url = a->url, .text = r->text.ptr, .status = a->status, .reply_to = f->sent_seq,
        .wait_us = a->at_us - f->began_us, .bytes = a->timings.received_bytes, .requests = 1,
        .page = r->page,
    });
    if (r->page)
        visit_evidence(f->visit, EVIDENCE_PAGE, a->body);
    return r->page;
}

/* Going on by itself */

static void on_page(void *context, const struct http_answer *a);

static void get(struct form_visit *f, const char *url, const char *referrer,
                enum referrer_policy policy)
{
    struct http_request q = { .method = "GET", .url = url, .referrer = referrer, .policy = policy,
                              .patience_us = form_patience(f->visit) };

    if (f->sent_seq < 0)
        f->began_us = loop_moment(f->visit->world->loop);
    f->exchange = http_start(f->http, &q, on_page, f);
}

static void go_on(void *context)
{
    struct form_visit *f = context;
    CLEANUP(mem_freep) char *from = mem_strdup(f->page->url);
    CLEANUP(mem_freep) char *to = mem_strdup(f->page->refresh);

    f->next = NULL;
    get(f, to, from, f->page->policy);
}

/** A page that leads on before anybody could do anything with it is on the way only. */
static bool leads_on(struct form_visit *f)
{
    const struct page *p = f->page;
    struct loop *l = f->visit->world->loop;

    if (!p || !p->refresh || p->refresh_us > LEADS_ON_US || f->led_on == HTTP_REDIRECTS_MAX)
        return false;
    if (p->refresh_us && f->sent_seq < 0 && f->action.verb == VERB_FILL && p->form_count)
        return false;             /* it is the page that was meant */
    f->led_on++;
    f->next = timer_start(l, loop_now(l) + p->refresh_us, go_on, f);
    return true;
}

static void on_answer_read(void *context, const struct http_answer *a, struct reading_result *r)
{
    struct form_visit *f = context;
    struct page *page;
    enum done how;

    if (a->fault != HTTP_ANSWERED) {
        act_over(f, http_complain(f->visit, a));
        return;
    }
    page = tell_answer(f, a, r);
    how = form_tell_refused(f->visit, f->page, f->found.form, page, a->status, f->sent_seq)
              ? DONE_COMPANY_FAILED : http_complain(f->visit, a);
    bool *of_the_site = page ? forms_of_the_site(f->page, f->found.form, page) : NULL;

    close_page(f);
    f->page = page;
    f->of_the_site = of_the_site;
    f->opened = OPENED_BY_SENDING;
    if (how != DONE_OK || !leads_on(f))
        act_over(f, how);
}

static void on_answer(void *context, const struct http_answer *a)
{
    struct form_visit *f = context;

    f->exchange = NULL;
    reading_start(f->visit->world, a, on_answer_read, f, &f->reading);
}

/* Sending */

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

static void send_now(void *context)
{
    struct form_visit *f = context;
    struct http_request q = {
        .method = f->out.method, .url = f->out.url, .content_type = f->out.content_type,
        .body = buf_slice(&f->out.body), .referrer = f->page->url,
        .policy = f->page->policy, .patience_us = form_patience(f->visit),
    };

    f->began_us = loop_moment(f->visit->world->loop);
    f->exchange = http_start(f->http, &q, on_answer, f);
    submission_release(&f->out);
}

static void send_form(void *context)
{
    struct form_visit *f = context;
    CLEANUP(buf_release) struct buf why = BUF_INIT(FORM_WHY_MAX);

    f->next = NULL;
    submission_release(&f->out);
    if (form_encode(f->page, f->found.form, f->found.button, boundary(f), &f->out, &why) != ST_OK) {
        our_fault(f, why.ptr);
        return;
    }
    f->began_us = loop_moment(f->visit->world->loop);
    f->sent_seq = form_tell_sent(f->visit, f->page, &f->action, f->found.hits);
    visit_commit(f->visit, send_now, f);
}

/* Opening and pressing */

static void press_link(struct form_visit *f, const char *url, enum referrer_policy policy)
{
    if (!url) {
        our_fault(f, "what this link does is in a script, which needs a browser");
    } else if (!text_starts_with(url, "http://") && !text_starts_with(url, "https://")) {
        our_fault(f, arena_printf(f->page->arena, "the link leads to %s, which is no page", url));
    } else {
        char *from = mem_strdup(f->page->url);

        f->action.verb = VERB_OPEN;               /* the rest is the same */
        get(f, url, from, policy);
        free(from);
    }
}

static void press_button(struct form_visit *f, int control)
{
    const struct control *c = &f->page->controls[control];
    enum done how;

    if (c->kind == CONTROL_BUTTON || c->form < 0) {
        our_fault(f, "what this button does is in a script, which needs a browser");
        return;
    }
    f->found.form = c->form;
    f->found.button = control;
    how = form_tell_violations(f->visit, f->page, f->found.form);
    if (how == DONE_OK)
        go_next(f, send_form);
    else
        act_over(f, how);
}

static void press(struct form_visit *f)
{
    CLEANUP(buf_release) struct buf why = BUF_INIT(FORM_WHY_MAX);
    struct press p = page_press(f->page, f->action.text, &why);

    if (!p.node)
        our_fault(f, why.ptr);
    else if (p.control >= 0)
        press_button(f, p.control);
    else
        press_link(f, p.url, p.policy);
}

static void fill(struct form_visit *f)
{
    CLEANUP(buf_release) struct buf why = BUF_INIT(FORM_WHY_MAX);
    enum done how;

    if (!f->page->form_count || !form_find(f->page, &f->action, &f->found, &why)) {
        act_over(f, form_tell_none(f->visit, f->page, &f->action, f->scripts, why.ptr));
        return;
    }
    if (why.len)
        visit_note(f->visit, "%s: %s", f->page->url, why.ptr);
    form_tell_form(f->visit, f->page, f->found.form);
    how = form_fill_in(f->visit, f->page, &f->action, &f->found, f->riddle);
    if (how == DONE_OK)
        go_next(f, send_form);
    else
        act_over(f, how);
}

/* With the page open, what the step is about. */
static void on_open_page(void *context)
{
    struct form_visit *f = context;

    f->next = NULL;
    if (f->action.verb == VERB_CLICK)
        press(f);
    else
        fill(f);
}

/** The page that came is what the next step is about, or what this one goes on with. */
static void take_page(struct form_visit *f, const struct http_answer *a,
                      const struct reading_result *r)
{
    struct page *page = tell_answer(f, a, r);
    bool *of_the_site = page && f->page && f->sent_seq >= 0
                            ? forms_of_the_site(f->page, -1, page) : NULL;

    close_page(f);
    f->page = page;
    f->of_the_site = of_the_site;
    f->opened = f->sent_seq >= 0 && page ? OPENED_BY_SENDING : OPENED_ON_PURPOSE;
}

static void on_page_read(void *context, const struct http_answer *a, struct reading_result *r)
{
    struct form_visit *f = context;
    enum done how;

    if (a->fault == HTTP_ANSWERED)
        take_page(f, a, r);
    how = http_complain(f->visit, a);
    if (how == DONE_OK && f->page && f->page->cut)
        visit_note(f->visit, "%s is larger or deeper than any page for people: part of it was "
                   "left out", a->url);
    if (how == DONE_OK && leads_on(f))
        return;
    if (how != DONE_OK || f->sent_seq >= 0 || f->action.verb == VERB_OPEN ||
        f->action.verb == VERB_FOLLOW) {
        act_over(f, how);
    } else if (!f->page) {
        visit_company_failed(f->visit, FAILURE_NO_FORM, "%s is no web page but %s", a->url,
                             a->content_type);
        act_over(f, DONE_COMPANY_FAILED);
    } else {
        on_open_page(f);
    }
}

static void on_page(void *context, const struct http_answer *a)
{
    struct form_visit *f = context;

    f->exchange = NULL;
    reading_start(f->visit->world, a, on_page_read, f, &f->reading);
}

/** Is the step about the page that is open? After a form was sent only if its fields are there. */
static bool stays(struct form_visit *f)
{
    CLEANUP(buf_release) struct buf why = BUF_INIT(FORM_WHY_MAX);

    if (!f->page || f->opened == OPENED_ON_PURPOSE || f->action.verb == VERB_CLICK)
        return f->page != NULL;
    return f->page->form_count && form_find(f->page, &f->action, &f->found, &why) &&
           !f->of_the_site[f->found.form];
}

/* The vtable */

static void form_check(const struct scenario *s, const struct channel_spec *spec,
                       const struct channel_world *world, struct diags *diags)
{
    const struct form_settings *set = spec->settings;

    (void)world;
    http_check_url(s, spec, set->url, diags);
    form_check_opens(s, spec, diags);
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
    v->tries_links = set->links == FORM_LINKS_CHECK;
    v->ca = set->ca;
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

static void open_page(struct form_visit *f, const char *text)
{
    char *url = http_resolve(f->page ? f->page->base : f->url, text);

    get(f, url ? url : text, NULL, REFERRER_DEFAULT);
    free(url);
}

static enum status form_act(struct visit *v, const struct action *a)
{
    struct form_visit *f = v->state;

    if (!(v->channel->verbs & 1u << a->verb))
        return ST_UNSUPPORTED;
    f->action = form_copy_action(v, a);
    f->found.hits = NULL;
    f->sent_seq = -1;
    f->led_on = 0;
    if (a->verb == VERB_OPEN || a->verb == VERB_FOLLOW)
        open_page(f, f->action.text);
    else if (stays(f))
        go_next(f, on_open_page);
    else
        get(f, f->url, NULL, REFERRER_DEFAULT);
    return ST_OK;
}

static void form_rest(struct visit *v)
{
    struct form_visit *f = v->state;

    http_rest(f->http);
}

static void form_cancel(struct visit *v)
{
    struct form_visit *f = v->state;

    http_cancel(f->exchange);
    f->exchange = NULL;
    reading_cancel(f->reading);
    f->reading = NULL;
    timer_cancel(f->next);
    f->next = NULL;
    submission_release(&f->out);
    close_page(f);
}

static void form_close(struct visit *v)
{
    struct form_visit *f = v->state;

    form_cancel(v);
    http_free(f->http);
    f->http = NULL;
}

/* Going on in a later process: it parses the open page again. */

static json_t *form_save(struct visit *v)
{
    struct form_visit *f = v->state;
    json_t *o = json_object(), *own;
    char *html;

    json_object_set_new(o, "cookies", http_cookies(f->http));
    if (!f->page)
        return o;
    own = json_array();
    for (size_t i = 0; f->of_the_site && i < f->page->form_count; i++)
        json_array_append_new(own, json_boolean(f->of_the_site[i]));
    json_object_set_new(o, "url", json_string(f->page->url));
    html = page_html(f->page);
    json_object_set_new(o, "html", json_string(html));
    free(html);
    json_object_set_new(o, "opened", json_integer(f->opened));
    json_object_set_new(o, "scripts", json_boolean(f->scripts));
    json_object_set_new(o, "of_the_site", own);
    return o;
}

static void form_restore(struct visit *v, const json_t *saved)
{
    struct form_visit *f = v->state;
    const char *url = json_string_value(json_object_get(saved, "url"));
    const char *html = json_string_value(json_object_get(saved, "html"));
    const json_t *own = json_object_get(saved, "of_the_site");

    http_take_cookies(f->http, json_object_get(saved, "cookies"));
    if (!url || !html)
        return;
    f->page = page_parse(&v->world->lexicons, url, "text/html; charset=utf-8", slice_str(html));
    f->opened = json_integer_value(json_object_get(saved, "opened")) == OPENED_BY_SENDING
                    ? OPENED_BY_SENDING : OPENED_ON_PURPOSE;
    f->scripts = json_is_true(json_object_get(saved, "scripts"));
    f->of_the_site = arena_alloc(f->page->arena, f->page->form_count + 1);
    for (size_t i = 0; i < f->page->form_count; i++)
        f->of_the_site[i] = json_is_true(json_array_get(own, i));
}

static const struct field form_fields[] = {
    { .name = "url", .type = FIELD_TEMPLATE, .offset = offsetof(struct form_settings, url),
      .flags = FIELD_REQUIRED, .help = "the page with the form" },
    { .name = "user", .type = FIELD_TEMPLATE, .offset = offsetof(struct form_settings, user),
      .help = "for Basic authentication, on this site only" },
    { .name = "password", .type = FIELD_TEMPLATE,
      .offset = offsetof(struct form_settings, password),
      .help = "for Basic authentication; never shown in a report" },
    { .name = "links", .type = FIELD_CHOICE, .offset = offsetof(struct form_settings, links),
      .choices = form_links_names, .fallback = "check", .help = FORM_LINKS_HELP },
    { .name = "ca", .type = FIELD_TEXT, .offset = offsetof(struct form_settings, ca),
      .help = "file of certificates to trust instead of the system's" },
    { 0 },
};

static const struct object form_object = {
    "form channel", sizeof(struct form_settings), form_fields, SIZE_MAX,
};

const struct channel channel_form = {
    .name = "form",
    .family = FAMILY_FORM,
    .verbs = 1u << VERB_FILL | 1u << VERB_OPEN | 1u << VERB_CLICK | 1u << VERB_FOLLOW,
    .settings = &form_object,
    .state_size = sizeof(struct form_visit),
    .check = form_check,
    .open = form_open,
    .act = form_act,
    .rest = form_rest,
    .cancel = form_cancel,
    .close = form_close,
    .save = form_save,
    .restore = form_restore,
};
