/* The chat channel against a service of the test that speaks the rest adapter's protocol. */
#include "tests/unit/support/cmocka.h"

#include <pthread.h>

#include "harness/channels/chat_wire.h"
#include "tests/unit/channels/recording_sink.h"
#include "tests/unit/support/web_server.h"

struct settings {                 /* as chat.c lays it out */
    const char *adapter;
    const struct template *url, *token;
    int64_t settle;
    struct pairs with;
    const struct template *listen, *callback, *secret;
    const char *ca;
};

/* As scenarios/adapters/rest.yaml says; the loader is another room's. */
static struct template bearer = { .source = "Bearer {token}" };
static struct pair headers[] = { { .name = "Authorization", .value = &bearer } };
static struct adapter rest = {
    .name = "rest",
    .headers = { headers, 1 },
    .open = { { "POST", "/sessions", "{\"customer\": \"{name}\"}" }, "session", { 0 } },
    .send = { .call = { "POST", "/sessions/{session}/messages", "{\"text\": \"{text}\"}" } },
    .messages = { .list = "messages[]", .text = "text", .id = "id", .closed = "closed" },
    .poll = { { "GET", "/sessions/{session}/messages?after={after}", NULL },
              2 * US_PER_MS, 8 * US_PER_MS },
    .close = { { "DELETE", "/sessions/{session}", NULL } },
};
static const struct adapters all = { &rest, 1 };

struct script {
    struct web_answer open, send;
    const char *polls[4];         /* one after the other; then nothing new */
    int poll, polled;
    pthread_mutex_t gate;         /* a message is answered when it is open */
    int leaves;                   /* DELETE; answered with leave_status */
    int leave_status;
    char authorization[64];
};

static void serve(void *context, const struct web_request *q, struct web_answer *a)
{
    struct script *s = context;

    a->type = "application/json";
    snprintf(s->authorization, sizeof(s->authorization), "%s", web_header(q, "Authorization"));
    if (!strcmp(q->path, "/chat/sessions")) {
        a->status = 201;
        a->body = "{\"session\":\"s/1\",\"messages\":[{\"id\":1,\"text\":\"Hello!\"}]}";
        if (s->open.status)
            *a = s->open;
    } else if (!strcmp(q->method, "DELETE")) {
        s->leaves += !strcmp(q->path, "/chat/sessions/s/1");
        a->status = s->leave_status;
        a->body = "";
    } else if (!strcmp(q->method, "POST")) {
        a->body = "{\"messages\":[{\"id\":2,\"text\":\"One moment.\"}],\"closed\":false}";
        if (s->send.status || s->send.type)
            *a = s->send;
        pthread_mutex_lock(&s->gate);
        pthread_mutex_unlock(&s->gate);
    } else {
        const char *next = s->poll < 4 ? s->polls[s->poll] : NULL;

        s->polled++;
        a->body = "{\"messages\":[],\"closed\":false}";
        if (next) {
            s->poll++;
            a->body = next;
            a->status = *next == '{' ? 200 : 503;
        }
    }
}

struct fixture {
    struct web_server server;
    struct script script;
    struct recorder r;
    struct settings settings;
    char url[128];
};

static void begin(struct fixture *f, const char *token)
{
    memset(f, 0, sizeof(*f));
    pthread_mutex_init(&f->script.gate, NULL);
    web_server_start(&f->server, serve, &f->script);
    snprintf(f->url, sizeof(f->url), "%s/chat/", f->server.url);
    f->settings.adapter = "rest";
    f->settings.settle = 600 * US_PER_S;  /* answers end acts, however slow the machine is */
    recorder_init(&f->r, &channel_chat, &f->settings, CLOCK_REAL);
    f->r.world.adapters = &all;
    recorder_allow(&f->r, "127.0.0.1");
    f->settings.url = recorder_template(&f->r, f->url);
    f->settings.token = token ? recorder_template(&f->r, token) : NULL;
    assert_int_equal(recorder_open(&f->r), ST_OK);
}

static void end(struct fixture *f)
{
    recorder_release(&f->r);
    web_server_stop(&f->server);
}

static int say(struct fixture *f, const char *text)
{
    struct action a = { .verb = VERB_SAY, .text = text, .repeats_seq = -1 };

    return recorder_act(&f->r, &a);
}

#define TALK (1u << EVENT_SENT | 1u << EVENT_MESSAGE | 1u << EVENT_FAILED)

static void greeting_words_and_reply(void **state)
{
    struct fixture f;
    const struct event *reply;

    (void)state;
    begin(&f, NULL);
    assert_int_equal(f.r.visit.settle_us, 600 * US_PER_S);
    assert_int_equal(say(&f, "My \"kettle\"\nleaks \\o/"), DONE_OK);
    assert_string_equal(recorder_log(&f.r, TALK),
                        "message company Hello!\n"
                        "sent customer My \"kettle\"\nleaks \\o/\n"
                        "message company One moment.\n");
    assert_string_equal(f.server.log.ptr,
                        "POST /chat/sessions\n{\"customer\": \"Maya Lindqvist\"}\n"
                        "POST /chat/sessions/s/1/messages\n"
                        "{\"text\": \"My \\\"kettle\\\"\\nleaks \\\\o/\"}\n");
    assert_string_equal(f.script.authorization, "");
    reply = recorder_last(&f.r, EVENT_MESSAGE);
    assert_int_equal(reply->reply_to, recorder_last(&f.r, EVENT_SENT)->seq);
    assert_true(reply->wait_us > 0 && reply->wait_us < 5 * US_PER_S);
    assert_int_equal(f.server.connections, 1);

    assert_int_equal(say(&f, "Hello?"), DONE_OK);     /* the same id again: nothing new */
    assert_null(strstr(f.server.log.ptr + 60, "sessions\n"));
    assert_int_equal(f.r.transcript->events[f.r.transcript->count - 1].kind, EVENT_TRANSFER);
    end(&f);
}

static void a_greeting_answers_nothing(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f, "t-0-k");
    assert_int_equal(say(&f, "Hi"), DONE_OK);
    for (size_t i = 0; i < f.r.transcript->count; i++) {
        const struct event *e = &f.r.transcript->events[i];

        if (e->kind != EVENT_MESSAGE)
            continue;
        assert_int_equal(e->reply_to, -1);
        assert_int_equal(e->wait_us, DURATION_UNKNOWN);
        break;
    }
    assert_string_equal(f.script.authorization, "Bearer t-0-k");
    assert_string_equal(f.r.secrets[0], "t-0-k");
    end(&f);
}

static void polls_while_listening(void **state)
{
    struct fixture f;
    int polled;

    (void)state;
    begin(&f, NULL);
    f.script.polls[0] = "{\"messages\":[{\"id\":2,\"text\":\"One moment.\"},"
                        "{\"id\":3,\"text\":\"Still looking.\"}]}";
    f.script.polls[1] = "503";            /* once is no end of the conversation */
    f.script.polls[2] = "{\"messages\":[{\"id\":4,\"text\":\"Found it.\"}]}";
    channel_chat.listen(&f.r.visit);      /* before there is anything to listen to */
    assert_int_equal(say(&f, "Hi"), DONE_OK);
    channel_chat.listen(&f.r.visit);
    recorder_wait(&f.r, 11);        /* with a note: asked again */
    assert_string_equal(recorder_log(&f.r, TALK),
                        "message company Hello!\nsent customer Hi\nmessage company One moment.\n"
                        "message company Still looking.\nmessage company Found it.\n");
    assert_int_equal(recorder_last(&f.r, EVENT_MESSAGE)->reply_to,
                     recorder_last(&f.r, EVENT_SENT)->seq);
    assert_non_null(strstr(f.server.log.ptr, "after=2\n"));
    assert_non_null(strstr(f.server.log.ptr, "after=3\n"));
    channel_chat.hush(&f.r.visit);
    polled = f.script.polled;
    loop_run(f.r.world.loop);             /* nothing left: hushed */
    assert_true(f.script.polled <= polled + 1);
    end(&f);
}

static void the_player_may_close_on_any_message(void **state)
{
    (void)state;
    for (int count = 1; count <= 10; count++) {
        struct fixture f;

        begin(&f, NULL);
        f.script.polls[0] = "{\"messages\":[{\"id\":3,\"text\":\"a\"},{\"id\":4,\"text\":\"b\"},"
                            "{\"id\":5,\"text\":\"c\"}],\"closed\":true}";
        assert_int_equal(say(&f, "Hi"), DONE_OK);
        channel_chat.listen(&f.r.visit);
        f.r.close_at_stop = true;
        recorder_wait(&f.r, (int)f.r.transcript->count + count);
        loop_run(f.r.world.loop);
        end(&f);
    }
}

static void a_slow_answer_is_the_players_to_wait_for(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f, NULL);
    f.r.visit.settle_us = 20 * US_PER_MS;
    pthread_mutex_lock(&f.script.gate);
    assert_int_equal(say(&f, "Hi"), DONE_OK);
    assert_int_equal(recorder_last(&f.r, EVENT_MESSAGE)->reply_to, -1);   /* the greeting */
    pthread_mutex_unlock(&f.script.gate);
    recorder_wait(&f.r, (int)f.r.transcript->count + 2);
    assert_string_equal(recorder_last(&f.r, EVENT_MESSAGE)->text, "One moment.");
    assert_true(recorder_last(&f.r, EVENT_MESSAGE)->wait_us >= 20 * US_PER_MS);
    end(&f);
}

static void closed_and_opened_again(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f, NULL);
    f.script.send = (struct web_answer){
        .status = 200, .type = "application/json",
        .body = "{\"messages\":[{\"id\":2,\"text\":\"Bye.\"}],\"closed\":true}" };
    assert_int_equal(say(&f, "Hi"), DONE_COMPANY_FAILED);
    assert_string_equal(recorder_log(&f.r, TALK),
                        "message company Hello!\nsent customer Hi\nmessage company Bye.\n"
                        "failed company [closed] the company ended the conversation\n");
    f.script.send.status = 0;
    f.script.send.type = NULL;
    assert_int_equal(say(&f, "Wait!"), DONE_OK);
    assert_non_null(strstr(recorder_log(&f.r, TALK),
                           "message company Hello!\nsent customer Wait!\n"));
    end(&f);
}

/* What the company may do wrong, and what it is called. */
static const struct failing {
    const char *name;
    struct web_answer open, send;
    const char *code, *says;
} failings[] = {
    { "no JSON", { 0 }, { .status = 200, .body = "<h1>It works!</h1>" }, "bad_answer",
      "it is no JSON" },
    { "message without words", { 0 }, { .status = 200, .body = "{\"messages\":[{\"id\":2}]}" },
      "bad_answer", "no words at \"text\"" },
    { "messages of another kind", { 0 }, { .status = 200, .body = "{\"messages\":[7]}" },
      "bad_answer", "no words" },
    { "error", { 0 }, { .status = 500, .body = "{}" }, "http_error", "answered 500" },
    { "session gone", { 0 }, { .status = 404, .body = "" }, "broken_link", "answered 404" },
    { "hangs up", { 0 }, { .status = 0, .type = "-" }, "unreachable", "/messages" },
    { "no session", { .status = 200, .body = "{}" }, { 0 }, "bad_answer",
      "without giving a session" },
    { "error at the door", { .status = 503, .body = "busy" }, { 0 }, "http_error",
      "answered 503" },
    { "closed at the door", { .status = 200, .body = "{\"session\":\"x\",\"closed\":true}" }, { 0 },
      "closed", "ended the conversation" },
};

static void company_failure(void **state)
{
    const struct failing *t = *state;
    struct fixture f;

    begin(&f, NULL);
    f.script.open = t->open;
    f.script.send = t->send;
    assert_int_equal(say(&f, "Hi"), DONE_COMPANY_FAILED);
    assert_string_equal(recorder_last(&f.r, EVENT_FAILED)->code, t->code);
    assert_int_equal(recorder_last(&f.r, EVENT_FAILED)->from, PARTY_COMPANY);
    assert_non_null(strstr(recorder_last(&f.r, EVENT_FAILED)->text, t->says));
    end(&f);
}

static void polls_that_go_on_failing_are_an_end(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f, NULL);
    f.script.polls[0] = f.script.polls[1] = f.script.polls[2] = f.script.polls[3] = "503";
    assert_int_equal(say(&f, "Hi"), DONE_OK);
    channel_chat.listen(&f.r.visit);
    loop_run(f.r.world.loop);
    assert_string_equal(recorder_last(&f.r, EVENT_FAILED)->code, "http_error");
    end(&f);
}

static void cancelled_and_closed_half_way(void **state)
{
    struct action a = { .verb = VERB_SAY, .text = "Hi", .repeats_seq = -1 };
    struct fixture f;

    (void)state;
    begin(&f, NULL);
    assert_int_equal(channel_chat.act(&f.r.visit, &a), ST_OK);
    channel_chat.cancel(&f.r.visit);
    loop_run(f.r.world.loop);
    assert_int_equal(f.r.transcript->count, 0);

    assert_int_equal(channel_chat.act(&f.r.visit, &a), ST_OK);
    recorder_wait(&f.r, 3);               /* opened, greeted, said; the reply under way */
    channel_chat.cancel(&f.r.visit);
    channel_chat.cancel(&f.r.visit);
    loop_run(f.r.world.loop);
    assert_int_equal(f.r.dones, 0);

    assert_int_equal(channel_chat.act(&f.r.visit, &a), ST_OK);
    end(&f);                              /* closed in flight */
}

static void time_stands_still_under_the_virtual_clock(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f, NULL);
    loop_free(f.r.world.loop);
    f.r.world.loop = loop_new(CLOCK_VIRTUAL);
    assert_int_equal(say(&f, "Hi"), DONE_OK);
    assert_int_equal(recorder_last(&f.r, EVENT_MESSAGE)->wait_us, 0);
    end(&f);
}

static void settings_are_checked(void **state)
{
    static const struct { const char *adapter, *url, *says, *hint; } rows[] = {
        { "rset", "http://127.0.0.1/", "there is no chat adapter \"rset\"",
          "did you mean \"rest\"?" },
        { "rest", "http://elsewhere.test/", "not in company.hosts", NULL },
        { "rest", "127.0.0.1/chat", "is no web address", NULL },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct recorder r;
        struct settings s = { .adapter = rows[i].adapter };

        recorder_init(&r, &channel_chat, &s, CLOCK_REAL);
        r.world.adapters = &all;
        recorder_allow(&r, "127.0.0.1");
        s.url = recorder_template(&r, rows[i].url);
        channel_chat.check(&r.scenario, &r.spec, &r.world, &r.diags);
        assert_int_equal(r.diags.errors, 1);
        assert_non_null(strstr(r.diags.items[0].what, rows[i].says));
        if (rows[i].hint)
            assert_string_equal(r.diags.items[0].hint, rows[i].hint);
        assert_int_not_equal(recorder_open(&r), ST_OK);
        recorder_release(&r);
    }
}

/* The wire alone */

static void blanks(void **state)
{
    struct wire_blanks b = { .session = "a b/ü", .text = "\"\\\n\x01\xff", .after = "" };
    CLEANUP(buf_release) struct buf out = BUF_INIT(256);

    (void)state;
    assert_true(wire_fill(&out, "/s/{session}?a={after}&x={y}{", &b, WIRE_PERCENT));
    assert_string_equal(out.ptr, "/s/a%20b%2F%C3%BC?a=&x={y}{");
    buf_clear(&out);
    assert_true(wire_fill(&out, "{\"t\":\"{text}\"}", &b, WIRE_JSON));
    assert_string_equal(out.ptr, "{\"t\":\"\\\"\\\\\\n\xef\xbf\xbd\"}");
    buf_clear(&out);
    assert_false(wire_fill(&out, "Bearer {token}", &b, WIRE_PLAIN));
}

static void collect(void *context, const struct wire_message *m)
{
    buf_addf(context, "%s=%s|", m->id ? m->id : "-", m->text);
}

static void other_shapes(void **state)
{
    static const char *const bots[] = { "bot", "agent" };
    struct adapter a = rest;
    struct wire_blanks none = { 0 };
    struct chat_vars vars = { 0 };
    struct wire_answer got;
    CLEANUP(buf_release) struct buf out = BUF_INIT(1024);
    CLEANUP(buf_release) struct buf why = BUF_INIT(1024);

    (void)state;
    a.open.session = "data.conversation.id";
    a.messages.list = "data.activities[]";
    a.messages.text = "content[0].text";
    a.messages.from = "from.role";
    a.messages.company = (struct texts){ (const char **)(uintptr_t)bots, NULL, 2 };
    struct jq_filters *filters = NULL;
    struct wire_reader reader = { &a, &none, &vars, collect, &out, &filters };
    assert_int_equal(wire_read(&reader, slice_str(
        "{\"data\":{\"conversation\":{\"id\":42},\"activities\":["
        "{\"id\":\"x\",\"from\":{\"role\":\"user\"},\"content\":[{\"text\":\"me\"}]},"
        "{\"id\":\"y\",\"from\":{\"role\":\"bot\"},\"content\":[{\"text\":\"you\"}]},"
        "{\"content\":[{\"text\":3}]}]}}"), &got, &why), ST_OK);
    assert_string_equal(out.ptr, "y=you|-=3|");
    assert_string_equal(got.session, "42");
    assert_false(got.closed);
    free(got.session);

    a.messages.list = "data.activities[";
    CLEANUP(diags_release) struct diags diags;
    diags_init(&diags);
    wire_check(&a, &filters, NULL, (struct span){ 0 }, &diags);
    assert_int_equal(diags.errors, 1);
}

static void on_left(struct visit *v)
{
    loop_stop(v->world->loop);
}

static bool leave(struct fixture *f)
{
    bool told = channel_chat.leave(&f->r.visit);

    if (told)
        loop_run(f->r.world.loop);
    return told;
}

static void leave_is_taken_once(void **state)
{
    static const int statuses[] = { 204, 404, 500 };     /* to a customer they are the same */

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(statuses); i++) {
        struct fixture f;

        begin(&f, NULL);
        f.r.sink.left = on_left;
        f.script.leave_status = statuses[i];
        assert_false(leave(&f));              /* nobody has met yet */
        assert_int_equal(say(&f, "Hi"), DONE_OK);
        channel_chat.listen(&f.r.visit);
        assert_true(leave(&f));
        assert_int_equal(f.script.leaves, 1);
        assert_int_equal(recorder_last(&f.r, EVENT_TRANSFER)->status, statuses[i]);
        assert_string_equal(recorder_last(&f.r, EVENT_TRANSFER)->code, "DELETE");
        assert_null(recorder_last(&f.r, EVENT_FAILED));
        assert_false(leave(&f));
        assert_int_equal(f.script.leaves, 1);
        assert_int_equal(say(&f, "One thing more"), DONE_OK);     /* another conversation */
        assert_true(leave(&f));
        assert_int_equal(f.script.leaves, 2);
        end(&f);
    }
}

static void no_leave_of_who_has_closed(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f, NULL);
    f.r.sink.left = on_left;
    f.script.send = (struct web_answer){ .status = 200, .type = "application/json",
        .body = "{\"messages\":[{\"id\":2,\"text\":\"Bye.\"}],\"closed\":true}" };
    assert_int_equal(say(&f, "Hi"), DONE_COMPANY_FAILED);
    assert_false(leave(&f));
    end(&f);
    assert_int_equal(f.script.leaves, 0);
}

static void closed_while_leaving(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f, NULL);
    assert_int_equal(say(&f, "Hi"), DONE_OK);
    assert_true(channel_chat.leave(&f.r.visit));
    end(&f);                              /* nothing leaks, nobody calls back */
}

int main(void)
{
    struct CMUnitTest tests[40];
    const struct CMUnitTest single[] = {
        cmocka_unit_test(greeting_words_and_reply),
        cmocka_unit_test(a_greeting_answers_nothing),
        cmocka_unit_test(polls_while_listening),
        cmocka_unit_test(the_player_may_close_on_any_message),
        cmocka_unit_test(a_slow_answer_is_the_players_to_wait_for),
        cmocka_unit_test(closed_and_opened_again),
        cmocka_unit_test(polls_that_go_on_failing_are_an_end),
        cmocka_unit_test(cancelled_and_closed_half_way),
        cmocka_unit_test(time_stands_still_under_the_virtual_clock),
        cmocka_unit_test(settings_are_checked),
        cmocka_unit_test(leave_is_taken_once),
        cmocka_unit_test(no_leave_of_who_has_closed),
        cmocka_unit_test(closed_while_leaving),
        cmocka_unit_test(blanks),
        cmocka_unit_test(other_shapes),
    };
    size_t n = 0;

    for (size_t i = 0; i < ARRAY_LEN(single); i++)
        tests[n++] = single[i];
    for (size_t i = 0; i < ARRAY_LEN(failings); i++)
        tests[n++] = (struct CMUnitTest){ .name = failings[i].name, .test_func = company_failure,
                                          .initial_state = (void *)(uintptr_t)&failings[i] };
    return _cmocka_run_group_tests("chat", tests, n, NULL, NULL);
}
