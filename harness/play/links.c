/* Links in what the company says: finding them, whether one of them leads to a page (`expect`), and
 * whether those of a mail or of the pages on the way do. Trying must do nothing: a HEAD, no cookies, and
 * never a link that may confirm, rate or unsubscribe when it is opened. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"
#include "harness/channels/http.h"
#include "harness/play/journey.h"
#include "harness/play/link_memory.h"

enum { LINKS_MAX = 10, TOKEN_MIN = 16, PASSED_MAX = 40 };
#define LINK_PATIENCE_US (30 * US_PER_S)
#define MAIL_LINK_PATIENCE_US (10 * US_PER_S)
/* For all links of one page. */
#define PAGE_LINKS_PATIENCE_US (30 * US_PER_S)

static bool ends_url(char c)
{
    return (unsigned char)c <= ' ' || strchr("<>\"'|\\^`{}", c);
}

struct slice links_next(const char **text)
{
    for (const char *p = *text; *p; p++) {
        size_t len = 0;

        if (!text_starts_with(p, "http://") && !text_starts_with(p, "https://"))
            continue;
        while (p[len] && !ends_url(p[len]))
            len++;
        *text = p + len;
        while (len && strchr(".,;:!?)]*_", p[len - 1]))
            len--;
        return (struct slice){ p, len };
    }
    return (struct slice){ NULL, 0 };
}

/* In the address of a link that does something. */
static const char *const acting_words[] = {
    "confirm", "subscri", "optout", "opt-out", "optin", "opt-in", "verif", "activat", "validat",
    "approv", "accept", "reject", "declin", "cancel", "delet", "remov", "reset", "passw", "token",
    "login", "signin", "sign-in", "logout", "auth", "magic", "rate", "rating", "survey", "feedback",
    "satisf", "csat", "nps", "vote", "score", "review", "unlock", "revoke", "bestaetig", "abmeld",
    "abbestell", "kuendig", "bewert", "umfrage", "desabonn", "desinscri", "valider", "annul",
    "enquete", "click", "clck", "track", "redirect", "jwt", "key=", "sig=", "hash=",
};

/* A long run of letters and digits is a key to something. */
static bool has_token(const char *url)
{
    size_t run = 0, digits = 0, letters = 0;

    for (const char *p = url; *p; p++) {
        bool digit = *p >= '0' && *p <= '9', letter = (*p | 0x20) >= 'a' && (*p | 0x20) <= 'z';

        run = digit || letter ? run + 1 : 0;
        digits = run ? digits + digit : 0;
        letters = run ? letters + letter : 0;
        if (run >= TOKEN_MIN && digits && letters)
            return true;
    }
    return false;
}

static bool may_act(const char *url)
{
    const char *path = strstr(url, "//");
    char *folded = text_folded(path ? path + 2 : url);
    bool acts = has_token(folded + strcspn(folded, "/"));

    for (size_t i = 0; !acts && i < ARRAY_LEN(acting_words); i++)
        acts = strstr(folded, acting_words[i]) != NULL;
    free(folded);
    return acts;
}

struct links {
    struct journey *journey;
    int mail;                     /* all links of this mail or page are tried; -1: until one works */
    bool page;                    /* it is a page */
    bool looking;                 /* the page's link is ours to try: others wait for it */
    int64_t until_us;             /* loop time; page: then the rest is left alone */
    enum step_result how;         /* ... and then the step ends so */
    const char *found[PAGE_LINKS_MAX];    /* what came of each */
    struct http *http;
    struct timer *timer;
    char *urls[PAGE_LINKS_MAX];
    size_t count, next;
    bool whole;                   /* the server does not know HEAD: the page itself */
    struct buf problems;
};

/* Is it in the note about an earlier mail? */
static bool tried_before(const struct journey *j, const char *url)
{
    for (size_t i = 0; i < j->transcript->count; i++) {
        const struct event *e = &j->transcript->events[i];

        for (size_t k = 0; links_is_note(e) && k < e->field_count; k++)
            if (!strcmp(e->fields[k].name, url))
                return true;
    }
    return false;
}

static void add(struct links *l, struct slice url)
{
    char *one = mem_strndup(url.ptr, url.len);
    size_t most = l->page ? (size_t)PAGE_LINKS_MAX : LINKS_MAX;
    bool known = l->count == most || (l->mail >= 0 && tried_before(l->journey, one));

    for (size_t i = 0; i < l->count; i++)
        known |= !strcmp(l->urls[i], one);
    if (known)
        free(one);
    else
        l->urls[l->count++] = one;
}

static void collect(struct links *l, const char *text)
{
    struct slice url;

    while ((url = links_next(&text)).ptr)
        add(l, url);
}

void links_stop(struct journey *j)
{
    struct links *l = j->links;

    if (!l)
        return;
    j->links = NULL;
    link_stop_waiting(j->audit->links, l);
    if (l->looking)
        link_tell(j->audit->links, l->urls[l->next], NULL);
    http_free(l->http);
    timer_cancel(l->timer);
    while (l->count)
        free(l->urls[--l->count]);
    buf_release(&l->problems);
    free(l);
}

/* The step ends now, as it was about to. */
static void end_step(struct journey *j, enum step_result how)
{
    links_stop(j);
    journey_end_step(j, how);
}

static bool any_dead(const struct links *l)
{
    for (size_t i = 0; i < l->count; i++)
        if (text_starts_with(l->found[i], LINK_DEAD))
            return true;
    return false;
}

static void tell_mail(struct links *l)
{
    struct journey *j = l->journey;
    struct event e = event_init(EVENT_NOTE, PARTY_HARNESS);
    struct named_text *fields = arena_alloc(j->arena, (l->count + 1) * sizeof *fields);

    for (size_t i = 0; i < l->count; i++)
        fields[i] = (struct named_text){ l->urls[i], l->found[i] };
    e.code = LINKS_NOTE;
    e.step = (int)j->step;
    e.channel = j->transcript->events[l->mail].channel;
    e.reply_to = l->mail;
    e.fields = fields;
    e.field_count = l->count;
    e.text = arena_printf(j->arena, "%zu link%s of this %s looked at", l->count,
                          l->count == 1 ? "" : "s", l->page ? "page" : "mail");
    if (l->count && (!l->page || any_dead(l)))
        journey_emit(j, &e);
}

static void ended(struct links *l, bool works)
{
    struct journey *j = l->journey;

    if (l->mail >= 0) {
        tell_mail(l);
        end_step(j, l->how);
        return;
    }
    j->links_looked = true;
    j->link_problem = works ? NULL : arena_strndup(j->arena, l->problems.ptr, l->problems.len);
    end_step(j, l->how);
}

static void look(void *context);

static void look_soon(struct links *l)
{
    struct loop *loop = l->journey->audit->o.loop;

    l->timer = timer_start(loop, loop_now(loop), look, l);
}

static void done_by_another(void *context)
{
    struct links *l = context;

    timer_cancel(l->timer);
    look_soon(l);
}

/* Of a mail's link: `how` is how its field begins. */
static void tried(struct links *l, const char *how, const char *what)
{
    const char *found = arena_printf(l->journey->arena, "%s%s%.300s", how, *what ? ": " : "", what);

    if (l->looking)
        link_tell(l->journey->audit->links, l->urls[l->next], found);
    l->found[l->next++] = found;
    l->whole = l->looking = false;
    look_soon(l);
}

static void problem(struct links *l, const char *what)
{
    if (l->mail >= 0) {
        tried(l, LINK_DEAD, what);
        return;
    }
    buf_addf(&l->problems, "%s%s %s", l->problems.len ? "; " : "", l->urls[l->next], what);
    l->next++;
    l->whole = false;
    look_soon(l);
}

static void ask_whole(struct links *l)
{
    l->whole = true;
    look_soon(l);
}

/** Of a page's link, what a mail's would not say: slow and large is not dead, nor a server that knows
 *  no HEAD; and what is dead by a HEAD is asked for itself. */
static bool page_tells(struct links *l, const struct http_answer *a)
{
    bool gone = a->status == 404 || a->status == 410 || (a->status >= 500 && a->status != 501);

    if (a->fault == HTTP_TOO_LARGE)
        tried(l, LINK_WORKS, "");
    else if (a->fault == HTTP_TIMEOUT || a->fault == HTTP_OURS)
        tried(l, LINK_UNCLEAR, a->why);
    else if (a->fault == HTTP_ANSWERED && gone && !l->whole)
        ask_whole(l);
    else if (a->fault == HTTP_ANSWERED && a->status >= 400 && !gone)
        tried(l, LINK_UNCLEAR, arena_printf(l->journey->arena, "answered %d", a->status));
    else
        return false;
    return true;
}

static void on_answer(void *context, const struct http_answer *a)
{
    struct links *l = context;
    char status[32];

    bool refused_head = a->status == 400 || a->status == 403 || a->status == 405 ||
                        a->status == 501;

    if (l->page && page_tells(l, a))
        return;
    if (a->fault == HTTP_REFUSED && l->mail >= 0) {
        tried(l, LINK_NOT_FOLLOWED, "it leads to a host this journey may not contact");
    } else if (a->fault != HTTP_ANSWERED) {
        problem(l, a->why);
    } else if (a->status < 400 && l->mail >= 0) {
        tried(l, LINK_WORKS, "");
    } else if (a->status < 400) {
        ended(l, true);
    } else if (l->mail >= 0 && (l->whole || !refused_head) && a->status < 500 &&
               a->status != 404 && a->status != 410) {
        snprintf(status, sizeof status, "answered %d", a->status);
        tried(l, LINK_UNCLEAR, status);   /* it is there, for those who may see it */
    } else if (l->mail >= 0 && !refused_head) {
        snprintf(status, sizeof status, "answered %d", a->status);
        problem(l, status);
    } else if (!l->whole && a->status != 404 && a->status != 410) {
        ask_whole(l);
    } else {
        snprintf(status, sizeof status, "answered %d", a->status);
        problem(l, status);
    }
}

/** What is known of a page's links need not be asked for. True: another customer is at the next one. */
static bool known_by_others(struct links *l)
{
    struct loop *loop = l->journey->audit->o.loop;

    while (l->page && !l->looking && l->next < l->count) {
        const char *url = l->urls[l->next], *found = NULL;
        enum link_state state = LINK_KNOWN;

        /* Only what does nothing is ever asked for. */
        if (!link_was_asked(l->journey->audit->links, url) && may_act(url))
            return false;
        if (!url_allowed(l->journey->scenario, url))
            return false;
        if (loop_now(loop) > l->until_us)
            found = LINK_NOT_OPENED ": there was no time left";
        else
            state = link_ask(&l->journey->audit->links, url, &found);
        l->looking = state == LINK_NEW;
        if (state == LINK_BUSY) {
            link_wait(l->journey->audit->links, done_by_another, l);
            l->timer = timer_start(loop, l->until_us + 1, look, l);
        }
        if (state != LINK_KNOWN)
            return state == LINK_BUSY;
        l->found[l->next++] = arena_strdup(l->journey->arena, found);
    }
    return false;
}

static void look(void *context)
{
    struct links *l = context;
    struct http_request q = { .method = l->whole ? "GET" : "HEAD",
                              .flags = l->page ? HTTP_QUIET : 0,
                              .patience_us = l->mail >= 0 ? MAIL_LINK_PATIENCE_US
                                                          : LINK_PATIENCE_US };

    l->timer = NULL;
    link_stop_waiting(l->journey->audit->links, l);
    if (known_by_others(l))
        return;
    if (l->next == l->count) {
        ended(l, false);
        return;
    }
    q.url = l->urls[l->next];
    if (l->mail >= 0 && may_act(q.url))
        tried(l, LINK_NOT_OPENED, "it may do something when it is opened");
    else if (l->mail >= 0 && !url_allowed(l->journey->scenario, q.url))
        tried(l, LINK_NOT_FOLLOWED, "not among the hosts this journey may contact");
    else if (url_allowed(l->journey->scenario, q.url))
        http_start(l->http, &q, on_answer, l);
    else
        problem(l, "is not among the hosts this journey may contact");
}

static struct links *begin(struct journey *j, int mail, enum step_result how)
{
    struct links *l = mem_zero(1, sizeof *l);

    timer_cancel(j->timer);
    j->timer = NULL;
    j->ending = (int)how + 1;
    j->links = l;
    l->journey = j;
    l->mail = mail;
    l->how = how;
    buf_init(&l->problems, 4096);
    keep_changed(j->audit->keep, j);
    return l;
}

/* The visit whose mails' links are to be tried; NULL: it is none, or they are left alone. */
static struct visit *trier(struct journey *j, const struct event *e)
{
    for (size_t i = 0; e->channel && i < j->scenario->channel_count; i++)
        if (j->visits[i] && j->visits[i]->tries_links &&
            !strcmp(j->scenario->channels[i].name, e->channel))
            return j->visits[i];
    return NULL;
}

void links_passed(struct journey *j, int page, const char *const *urls, size_t count)
{
    for (size_t i = 0; i < count && j->passed_count < PASSED_MAX; i++) {
        bool known = false;

        for (size_t k = 0; k < j->passed_count && !known; k++)
            known = !strcmp(j->passed[k].url, urls[i]);
        if (known)
            continue;
        ARENA_GROW(j->arena, j->passed, j->passed_cap, j->passed_count + 1);
        j->passed[j->passed_count++] = (struct passed_link){ page, arena_strdup(j->arena, urls[i]) };
    }
}

static void add_passed(struct links *l)
{
    const struct journey *j = l->journey;

    for (size_t i = 0; i < j->passed_count; i++)
        if (j->passed[i].page == l->mail)
            add(l, slice_str(j->passed[i].url));
}

static bool has_links(const struct journey *j, const struct event *e)
{
    for (size_t i = 0; e->kind == EVENT_PAGE && i < j->passed_count; i++)
        if (j->passed[i].page == e->seq)
            return true;
    if (e->kind != EVENT_MESSAGE)
        return false;
    for (size_t i = 0; i < e->field_count; i++)
        if (field_is_link(&e->fields[i]))
            return true;
    return false;
}

bool links_try(struct journey *j, enum step_result how)
{
    for (; j->links_to < j->transcript->count; j->links_to++) {
        const struct event *e = &j->transcript->events[j->links_to];
        struct visit *v = trier(j, e);
        struct links *l;

        if (e->from != PARTY_COMPANY || !v || !has_links(j, e))
            continue;
        j->links_to++;
        l = begin(j, e->seq, how);
        l->http = http_new(v);
        l->page = e->kind == EVENT_PAGE;
        l->until_us = loop_now(j->audit->o.loop) + PAGE_LINKS_PATIENCE_US;
        add_passed(l);
        for (size_t i = 0; !l->page && i < e->field_count; i++)
            if (field_is_link(&e->fields[i]))
                add(l, slice_str(e->fields[i].text));
        look_soon(l);
        return true;
    }
    return false;
}

void links_begin(struct journey *j)
{
    int channel = journey_step(j)->channel;
    struct visit *v = channel >= 0 ? j->visits[channel] : NULL;
    struct links *l = begin(j, -1, STEP_MET);

    for (size_t i = checks_first(j); i < j->transcript->count; i++)
        if (checks_ours(j, &j->transcript->events[i]))
            collect(l, j->transcript->events[i].text);
    if (!v)
        l->count = 0;
    else
        l->http = http_new(v);
    if (!l->count)
        buf_adds(&l->problems, "there is no link");
    look_soon(l);
}
