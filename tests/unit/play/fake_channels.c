#include "tests/unit/play/fake_channels.h"

#include <stdlib.h>
#include <string.h>

struct fake_settings {
    const char *script;
};

struct due {
    struct visit *visit;
    struct timer *timer;
    const char *text;                     /* NULL: the act is done */
    enum done how;
    bool left;                            /* or the leave is taken */
    struct due *next;
};

struct fake {
    const char *act;                      /* what is left of the script */
    struct due *pending;
    int sent_seq;
    int64_t sent_at;
    bool gone;                            /* the company is told, or has closed */
};

static const struct field fields[] = {
    { "script", FIELD_TEXT, offsetof(struct fake_settings, script), FIELD_REQUIRED,
      "what the company does", NULL, NULL, NULL, 0, 0 },
    { 0 },
};

static const struct object settings = { "a fake channel", sizeof(struct fake_settings), fields,
                                        SIZE_MAX };

static enum status fake_open(struct visit *v, struct diags *diags)
{
    const struct fake_settings *s = v->spec->settings;
    struct fake *f = v->state;

    (void)diags;
    f->act = s->script;
    f->sent_seq = -1;
    v->settle_us = 500 * US_PER_MS;
    return ST_OK;
}

static void forget(struct fake *f, struct due *d)
{
    for (struct due **p = &f->pending; *p; p = &(*p)->next) {
        if (*p != d)
            continue;
        *p = d->next;
        break;
    }
}

static void happen(void *context)
{
    struct due *d = context, copy = *d;
    struct fake *f = d->visit->state;

    forget(f, d);
    free(d);
    if (copy.left) {
        visit_left(copy.visit);
        return;
    }
    if (!copy.text) {
        visit_done(copy.visit, copy.how);
        return;
    }

    if (!strcmp(copy.text, "(typing)")) {
        visit_typing(copy.visit);
        return;
    }

    struct event e = event_init(EVENT_MESSAGE, PARTY_COMPANY);

    struct named_text buttons[8];
    char *text = arena_strdup(copy.visit->arena, copy.text), *brace = strchr(text, '{'), *save = NULL;

    if (brace && brace[1] != '{') {
        for (char *b = strtok_r(brace + 1, "/}", &save); b && e.field_count < 8;
             b = strtok_r(NULL, "/}", &save), e.field_count++)
            buttons[e.field_count] = (struct named_text){
                arena_printf(copy.visit->arena, "choice %zu", e.field_count + 1), b };
        e.fields = buttons;
        *brace = '\0';
    }
    e.text = text;
    e.reply_to = f->sent_seq;
    e.wait_us = loop_now(copy.visit->world->loop) - f->sent_at;
    visit_emit(copy.visit, &e);
}

static void plan(struct visit *v, int64_t delay, const char *text, enum done how)
{
    struct fake *f = v->state;
    struct due *d = mem_zero(1, sizeof *d);

    *d = (struct due){ .visit = v, .text = text, .how = how, .next = f->pending };
    f->pending = d;
    d->timer = timer_start(v->world->loop, loop_now(v->world->loop) + delay, happen, d);
}

static void plan_replies(struct visit *v, char *act)
{
    int64_t at = 0;
    char *save = NULL;

    for (char *r = strtok_r(act, "&", &save); r; r = strtok_r(NULL, "&", &save)) {
        char number[32];
        int64_t delay = 0;

        r += strspn(r, " ");
        snprintf(number, sizeof number, "%.*s", (int)strcspn(r, " "), r);
        if (!strcmp(number, "-"))
            continue;
        if (duration_parse(number, &delay) != ST_OK)
            abort();                             /* a script of ours is wrong */
        at += delay;
        r += strcspn(r, " ");
        plan(v, at, arena_strdup(v->arena, r + strspn(r, " ")), DONE_OK);
    }
}

static enum status fake_act(struct visit *v, const struct action *a)
{
    struct fake *f = v->state;
    const char *bar = strstr(f->act, " | ");
    char *act = arena_strndup(v->arena, f->act, bar ? (size_t)(bar - f->act) : strlen(f->act));
    struct event e = event_init(EVENT_SENT, PARTY_CUSTOMER);
    enum done how = DONE_OK;

    e.text = a->text ? a->text : "";
    e.fields = (struct named_text *)(uintptr_t)a->fields;
    e.field_count = a->field_count;
    e.repeats_seq = a->repeats_seq;
    f->sent_seq = visit_emit(v, &e);
    f->sent_at = loop_now(v->world->loop);
    if (bar)
        f->act = bar + 3;
    if (!strcmp(act, "close") || !strcmp(act, "error")) {
        visit_company_failed(v, *act == 'c' ? FAILURE_CLOSED : FAILURE_HTTP_ERROR, "%s", act);
        f->gone = true;
        how = DONE_COMPANY_FAILED;
    } else if (!strcmp(act, "ours")) {
        visit_our_failed(v, "%s", act);
        how = DONE_OUR_FAILED;
    } else {
        plan_replies(v, act);
    }
    plan(v, 0, NULL, how);
    return ST_OK;
}

static void fake_listen(struct visit *v)
{
    (void)v;
}

static bool fake_leave(struct visit *v)
{
    struct event e = event_init(EVENT_TRANSFER, PARTY_HARNESS);
    struct fake *f = v->state;

    if (f->sent_seq < 0 || f->gone)
        return false;
    f->gone = true;
    e.code = "LEAVE";
    visit_emit(v, &e);
    plan(v, 100 * US_PER_MS, NULL, DONE_OK);
    f->pending->left = true;
    return true;
}

static void fake_close(struct visit *v)
{
    struct fake *f = v->state;

    while (f->pending) {
        struct due *d = f->pending;

        f->pending = d->next;
        timer_cancel(d->timer);
        free(d);
    }
}

#define FAKE(kind, fam, goes)                                                                 \
    {                                                                                         \
        .name = kind, .family = fam, .verbs = ~0u, .settings = &settings,                     \
        .state_size = sizeof(struct fake), .open = fake_open, .act = fake_act,                \
        .listen = fake_listen, .leave = goes, .close = fake_close,                            \
    }

static const struct channel chat = FAKE("chat", FAMILY_CHAT, NULL);
static const struct channel live = FAKE("live", FAMILY_CHAT, fake_leave);
static const struct channel form = FAKE("form", FAMILY_FORM, NULL);
static const struct channel email = FAKE("email", FAMILY_EMAIL, NULL);

const struct channel *const fake_channels[] = { &chat, &email, &form, &live, NULL };
