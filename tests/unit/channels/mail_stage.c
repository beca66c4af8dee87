#include "tests/unit/channels/mail_stage.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/unit/support/cmocka.h"

void stage_close_side(struct customer_side *c)
{
    if (c->closed)
        return;
    c->closed = true;
    channel_email.cancel(&c->visit);
    channel_email.hush(&c->visit);
    channel_email.close(&c->visit);
}

static struct stage *stage_of(struct visit *v)
{
    return (struct stage *)(void *)((char *)v->sink - offsetof(struct stage, sink));
}

/* " [name=text, ...]"; what matched, and what is taken up, go to lists of their own. */
static void log_fields(struct customer_side *c, const struct event *e)
{
    size_t n = 0;

    for (size_t i = 0; i < e->field_count; i++) {
        if (!strcmp(e->fields[i].name, "matched by"))
            buf_addf(&c->matched, "%s\n", e->fields[i].text);
        else if (!strcmp(e->fields[i].name, "speaks of it") || !strcmp(e->fields[i].name, "quotes"))
            buf_addf(&c->echo, "%s\n", e->fields[i].text);
        else
            buf_addf(&c->log, "%s%s=%s", n++ ? ", " : " [", e->fields[i].name, e->fields[i].text);
    }
    buf_adds(&c->log, n ? "]" : "");
}

static int on_emit(struct visit *v, const struct event *e)
{
    struct customer_side *c = (struct customer_side *)(void *)v;
    struct stage *s = stage_of(v);

    assert_false(c->closed);
    if (e->kind != EVENT_TRANSFER) {
        buf_addf(&c->log, "%s%s%s%s", event_names[e->kind], e->code ? " " : "",
                 e->code ? e->code : "", e->kind == EVENT_FAILED && e->from == PARTY_HARNESS
                                             ? " (ours)" : "");
        if (e->kind == EVENT_MESSAGE)
            buf_addf(&c->log, " to %d", e->reply_to);
        log_fields(c, e);
        buf_addf(&c->log, ": %s\n", e->text);
        s->events++;
    }
    if (c->close_on && !strcmp(c->close_on, event_names[e->kind]))
        stage_close_side(c);
    if (s->wait_events && s->events >= s->wait_events)
        loop_stop(s->loop);
    return c->seq++;
}

static void on_done(struct visit *v, enum done how)
{
    struct customer_side *c = (struct customer_side *)(void *)v;

    assert_false(c->closed);
    c->dones++;
    c->how = how;
    loop_stop(stage_of(v)->loop);
}

static const char *on_render(struct visit *v, const struct template *t, struct diags *diags)
{
    (void)v;
    (void)diags;
    return t->source;
}

static void on_secret(struct visit *v, const char *text)
{
    stage_of(v)->secrets++;
    assert_non_null(strstr(text, "s3cret"));
}

void stage_set(struct stage *s, struct customer_side *c, const char *name, const void *value,
               size_t size)
{
    (void)s;
    for (const struct field *f = channel_email.settings->fields; f->name; f++) {
        if (!strcmp(f->name, name)) {
            memcpy(c->settings + f->offset, value, size);
            return;
        }
    }
    fail_msg("no setting %s", name);
}

void stage_set_text(struct stage *s, struct customer_side *c, const char *name, const char *text)
{
    const struct template *t = template_literal(s->arena, text);

    stage_set(s, c, name, &t, sizeof t);
}

static void prepare(struct stage *s, int i)
{
    struct customer_side *c = &s->side[i];
    int64_t poll = 20 * US_PER_MS, retry = 50 * US_PER_MS;

    snprintf(c->id, sizeof c->id, "j%d", i);
    buf_init(&c->log, 100000);
    buf_init(&c->matched, 10000);
    buf_init(&c->echo, 10000);
    c->spec = (struct channel_spec){ .name = "inbox", .type = "email", .family = FAMILY_EMAIL,
                                     .settings = c->settings };
    stage_set_text(s, c, "to", "support@company.test");
    stage_set_text(s, c, "from", arena_printf(s->arena, "maya+%d@shopper.test", i));
    stage_set_text(s, c, "smtp", arena_printf(s->arena, "smtp://127.0.0.1:%d", s->peers.smtp_port));
    stage_set_text(s, c, "imap", arena_printf(s->arena, "imap://maya:s3cret%%2F@127.0.0.1:%d",
                                        s->peers.imap_port));
    stage_set_text(s, c, "spam", "off");
    stage_set(s, c, "poll", &poll, sizeof poll);
    stage_set(s, c, "retry", &retry, sizeof retry);
    c->visit = (struct visit){
        .channel = &channel_email, .world = &s->world, .scenario = &s->scenario, .spec = &c->spec,
        .customer_name = "Maya", .customer_email = "maya@shopper.test", .language = "en",
        .run_id = "run", .journey_id = c->id, .arena = s->arena,
        .state = arena_alloc(s->arena, channel_email.state_size), .sink = &s->sink,
    };
}

struct stage *stage_new(enum clock_kind clock)
{
    struct stage *s = mem_zero(1, sizeof *s);

    assert_true(channel_email.settings->size <= SETTINGS_MAX_BYTES);
    s->loop = loop_new(clock);
    s->arena = arena_new();
    s->world = (struct channel_world){ .loop = s->loop, .user_agent = "test" };
    s->sink = (struct visit_sink){ .emit = on_emit, .done = on_done, .render = on_render,
                                   .secret = on_secret };
    peers_start(&s->peers, s->loop);
    for (int i = 0; i < CUSTOMERS; i++)
        prepare(s, i);
    return s;
}

void stage_free(struct stage *s)
{
    for (int i = 0; i < CUSTOMERS; i++) {
        stage_close_side(&s->side[i]);
        buf_release(&s->side[i].log);
        buf_release(&s->side[i].matched);
        buf_release(&s->side[i].echo);
    }
    mailboxes_free(s->world.mailboxes);
    peers_stop(&s->peers);
    loop_free(s->loop);
    arena_free(s->arena);
    free(s);
}

void stage_open_side(struct stage *s, int i)
{
    struct diags diags;

    diags_init(&diags);
    assert_int_equal(channel_email.open(&s->side[i].visit, &diags), ST_OK);
    assert_int_equal(diags.count, 0);
    diags_release(&diags);
}

static void too_long(void *context)
{
    struct stage *s = context;

    for (int i = 0; i < CUSTOMERS; i++)
        print_error("%d: %s", i, s->side[i].log.ptr);
    fail_msg("nothing more happened for 20 s");
}

void stage_run(struct stage *s)
{
    struct timer *watchdog = timer_start(s->loop, loop_now(s->loop) + 20 * US_PER_S, too_long, s);

    loop_run(s->loop);
    timer_cancel(watchdog);
}

void stage_run_until_events(struct stage *s, int count)
{
    s->wait_events = count;
    if (s->events < count)
        stage_run(s);
    s->wait_events = 0;
}

enum done stage_act(struct stage *s, int i, enum verb verb, const char *text)
{
    struct customer_side *c = &s->side[i];
    struct action a = { .verb = verb, .text = text, .subject = verb == VERB_SEND ? "Kettle" : NULL,
                        .repeats_seq = -1 };
    int before = c->dones;

    assert_int_equal(channel_email.act(&c->visit, &a), ST_OK);
    assert_int_equal(c->dones, before);   /* never from inside */
    while (c->dones == before)
        stage_run(s);
    assert_int_equal(c->dones, before + 1);
    return c->how;
}

void stage_deliver(struct stage *s, const char *headers, const char *text)
{
    char *mail = mem_printf("From: Support <support@company.test>\r\n%s\r\n\r\n%s\r\n", headers,
                            text);

    peers_deliver(&s->peers, mail, (int64_t)time(NULL));
    free(mail);
}

void stage_wait_for(struct stage *s, const char *text)
{
    while (!strstr(s->side[0].log.ptr, text)) {
        s->wait_events = s->events + 1;
        stage_run(s);
    }
}

void stage_expect_once(const char *log, const char *text)
{
    const char *first = strstr(log, text);

    assert_non_null(first);
    assert_null(strstr(first + 1, text));
}
