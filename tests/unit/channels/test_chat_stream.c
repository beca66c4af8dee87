/* Answers in pieces: the cutting alone, then the channel against a service of the test that streams,
 * forgets, wants a token first and marks its messages by kind. */
#include "tests/unit/support/cmocka.h"

#include "harness/channels/chat_inside.h"
#include "tests/unit/channels/recording_sink.h"
#include "tests/unit/support/web_server.h"

/* Bytes in, pieces out (each in brackets). WHATWG HTML, 9.2.6. */
static const struct cutting {
    const char *name;
    enum stream_format format;
    const char *bytes, *pieces;
} cuttings[] = {
    { "an event", STREAM_SSE, "data: a\n\n", "[a]" },
    { "lines of one event", STREAM_SSE, "data: a\ndata:b\ndata\ndata:  c\n\n", "[a\nb\n\n c]" },
    { "every end of a line", STREAM_SSE, "data:a\r\n\r\ndata:b\r\rdata:c\n\n", "[a][b][c]" },
    { "a mark at the beginning", STREAM_SSE, "\xef\xbb\xbf" "data: a\n\n", "[a]" },
    { "other fields and remarks", STREAM_SSE,
      ": hello\nevent: x\nid: 7\nretry: 9\ndatum: no\ndata: a\n\n", "[a]" },
    { "an event without data", STREAM_SSE, "event: ping\n\ndata: a\n\n", "[a]" },
    { "empty data is data", STREAM_SSE, "data:\n\n", "[]" },
    { "cut off in an event", STREAM_SSE, "data: a\n\ndata: b\n", "[a]" },
    { "a line a piece", STREAM_LINES, "{1}\n\n  {2} \r\n{3}", "[{1}][{2}][{3}]" },
};

static void note_piece(void *context, struct slice piece)
{
    buf_addf(context, "[%.*s]", SLICE_ARG(piece));
}

static void cut(void **state)
{
    const struct cutting *t = *state;
    size_t len = strlen(t->bytes);

    for (size_t step = 1; step <= len; step++) {      /* however the network cuts it */
        CLEANUP(buf_release) struct buf out = BUF_INIT(4096);
        struct chat_stream s;

        chat_stream_init(&s, t->format, note_piece, &out);
        for (size_t at = 0; at < len; at += step)
            assert_true(chat_stream_feed(&s, (struct slice){
                t->bytes + at, at + step < len ? step : len - at }));
        chat_stream_end(&s);
        assert_string_equal(out.ptr, t->pieces);
        chat_stream_release(&s);
    }
}

static void an_endless_line_is_no_piece(void **state)
{
    static char much[65536];
    CLEANUP(buf_release) struct buf out = BUF_INIT(4096);
    struct chat_stream s;
    bool more = true;

    (void)state;
    memset(much, 'x', sizeof much);
    chat_stream_init(&s, STREAM_SSE, note_piece, &out);
    for (int i = 0; i < 20; i++)
        more = chat_stream_feed(&s, (struct slice){ much, sizeof much });
    assert_false(more);
    assert_string_equal(out.ptr, "");
    chat_stream_release(&s);
}

/* The channel */

static struct template bearer = { .source = "Bearer {token}" };
static struct pair headers[] = { { .name = "Authorization", .value = &bearer } };
static struct template model = { .source = "m-1" };
static struct pair variables[] = { { .name = "model", .value = &model } };
static struct template token_path = { .source = "token" }, cursor_path = { .source = "cursor" };
static struct pair token_save[] = { { .name = "token", .value = &token_path } };
static struct pair cursor_save[] = { { .name = "cursor", .value = &cursor_path } };
static struct adapter_prepare prepare = {
    .call = { "POST", "/token", NULL }, .when = "token", .save = { token_save, 1 },
};
static const char *words_kind = "message", *typing_kind = "typing", *closing_kind = "bye",
                  *button_path = "buttons[].title";

static struct adapter shapes[] = {
    { .name = "streamed", .headers = { headers, 1 }, .variables = { variables, 1 },
      .send = { { "POST", "/chat", "{\"model\":\"{model}\",\"all\":[{history}]}" },
                { STREAM_SSE, "d.text", "[DONE]", "d.stop" } },
      .history = { "{\"c\":\"{text}\"}", "{\"a\":\"{text}\"}" },
      .messages = { .list = "answers[]", .text = "text", .error = "error.message" } },
    { .name = "pieces",
      .send = { { "POST", "/chat", "{\"u\":\"{conversation}\"}" }, { STREAM_LINES, 0, 0, 0 } },
      .messages = { .list = ".", .text = "text", .closed = "closed" } },
    { .name = "kinds", .headers = { headers, 1 }, .prepare = { &prepare, 1 },
      .open = { { "POST", "/open", NULL }, "id", { 0 } },
      .send = { .call = { "POST", "/say", "{\"from\":\"{conversation}\"}" } },
      .messages = { .list = "m[]", .text = "text", .from = "from", .customer = "{conversation}",
                    .kind = "type", .words = { &words_kind, NULL, 1 },
                    .typing = { &typing_kind, NULL, 1 }, .closing = { &closing_kind, NULL, 1 },
                    .also = { &button_path, NULL, 1 }, .save = { cursor_save, 1 } },
      .poll = { { "GET", "/news{?cursor}", NULL }, 2 * US_PER_MS, 8 * US_PER_MS } },
};
static const struct adapters all = { shapes, ARRAY_LEN(shapes) };

struct script {
    const char *type;
    const char *answers[4];       /* one after the other */
    int status, next;
    char authorization[4][64];
};

static void serve(void *context, const struct web_request *q, struct web_answer *a)
{
    struct script *s = context;
    const char *next = s->next < 4 ? s->answers[s->next] : NULL;

    if (s->next < 4)
        snprintf(s->authorization[s->next], 64, "%s", web_header(q, "Authorization"));
    s->next++;
    a->status = s->status ? s->status : 200;
    a->type = s->type;
    a->body = next ? next : "{}";
}

struct fixture {
    struct web_server server;
    struct script script;
    struct recorder r;
    struct chat_settings settings;
};

static void begin(struct fixture *f, const char *adapter, const char *token, const char *type)
{
    memset(f, 0, sizeof *f);
    web_server_start(&f->server, serve, &f->script);
    f->script.type = type;
    f->settings.adapter = adapter;
    f->settings.settle = 2 * US_PER_S;
    recorder_init(&f->r, &channel_chat, &f->settings, CLOCK_REAL);
    f->r.world.adapters = &all;
    recorder_allow(&f->r, "127.0.0.1");
    f->settings.url = recorder_template(&f->r, f->server.url);
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
    return recorder_act(&f->r, &(struct action){ .verb = VERB_SAY, .text = text,
                                                 .repeats_seq = -1 });
}

#define TALK (1u << EVENT_SENT | 1u << EVENT_MESSAGE | 1u << EVENT_FAILED)
#define WORD(w) "data: {\"d\":{\"text\":\"" w "\"}}\n\n"

static void a_streamed_conversation_with_history(void **state)
{
    struct fixture f;
    const struct event *m;

    (void)state;
    begin(&f, "streamed", "t-1", "text/event-stream; charset=utf-8");
    f.script.answers[0] = ": hi\n\n" WORD("We ") WORD("open \\\"at\\\" 9.") "data: [DONE]\n\n";
    f.script.answers[1] = WORD("No.") "data: {\"d\":{\"stop\":\"length\"}}\n\n";
    assert_int_equal(say(&f, "When?"), DONE_OK);
    m = recorder_last(&f.r, EVENT_MESSAGE);
    assert_string_equal(m->text, "We open \"at\" 9.");
    assert_int_equal(m->reply_to, recorder_last(&f.r, EVENT_SENT)->seq);
    assert_true(m->first_word_us >= 0 && m->first_word_us <= m->wait_us);
    assert_int_equal(say(&f, "Sunday?"), DONE_OK);
    assert_string_equal(recorder_last(&f.r, EVENT_MESSAGE)->text, "No.");
    assert_string_equal(
        f.server.log.ptr,
        "POST /chat\n{\"model\":\"m-1\",\"all\":[{\"c\":\"When?\"}]}\n"
        "POST /chat\n{\"model\":\"m-1\",\"all\":[{\"c\":\"When?\"},"
        "{\"a\":\"We open \\\"at\\\" 9.\"},{\"c\":\"Sunday?\"}]}\n");
    assert_string_equal(f.script.authorization[1], "Bearer t-1");
    end(&f);
}

static void a_service_that_would_not_stream(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f, "streamed", NULL, "application/json");
    f.script.answers[0] = "{\"answers\":[{\"text\":\"Nine.\"}]}";
    assert_int_equal(say(&f, "When?"), DONE_OK);
    assert_string_equal(recorder_last(&f.r, EVENT_MESSAGE)->text, "Nine.");
    assert_int_equal(recorder_last(&f.r, EVENT_MESSAGE)->first_word_us, DURATION_UNKNOWN);
    end(&f);
}

/* What goes wrong, what the customer met, and what is remembered of it in the next call. */
static const struct going_wrong {
    const char *name;
    int status;
    const char *body, *log, *history;
} going_wrongs[] = {
    { "broken off", 0, WORD("We are o"),
      "message company We are o\n"
      "failed company [unreachable] the chat's answer broke off before its end\n",
      "{\"c\":\"When?\"},{\"a\":\"We are o\"},{\"c\":\"Again\"}" },
    { "says it failed", 0, WORD("We") "data: {\"error\":{\"message\":\"too many\"}}\n\n",
      "message company We\n"
      "failed company [bad_answer] the chat's answer cannot be read: it says: too many\n",
      "{\"c\":\"When?\"},{\"a\":\"We\"},{\"c\":\"Again\"}" },
    { "no JSON", 0, "data: <p>\n\n",
      "failed company [bad_answer] the chat's answer cannot be read: it is no JSON", NULL },
    { "never arrived", 500, "{}", "failed company [http_error]", "{\"c\":\"Again\"}" },
};

static void wrong(void **state)
{
    const struct going_wrong *t = *state;
    struct fixture f;

    begin(&f, "streamed", NULL, "text/event-stream");
    f.script.answers[0] = t->body;
    f.script.status = t->status;
    assert_int_equal(say(&f, "When?"), DONE_COMPANY_FAILED);
    assert_non_null(strstr(recorder_log(&f.r, TALK), t->log));
    f.script.status = 0;
    say(&f, "Again");
    if (t->history && !strstr(f.server.log.ptr, t->history))
        fail_msg("%s", f.server.log.ptr);
    end(&f);
}

static void pieces_that_are_messages(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f, "pieces", NULL, "application/x-ndjson");
    f.script.answers[0] = "{\"text\":\"One.\"}\n{\"text\":\"Two.\"}";
    f.script.answers[1] = "{\"text\":\"Bye.\",\"closed\":true}\n{\"text\":\"late\"}\n";
    assert_int_equal(say(&f, "Hi"), DONE_OK);
    assert_int_equal(say(&f, "Hm"), DONE_COMPANY_FAILED);
    say(&f, "Hello?");                    /* another conversation has another name */
    assert_string_equal(recorder_log(&f.r, TALK & ~(1u << EVENT_SENT)) ,
                        "message company One.\nmessage company Two.\nmessage company Bye.\n"
                        "failed company [closed] the company ended the conversation\n"
                        "failed company [bad_answer] the chat's answer cannot be read: "
                        "a message has no words at \"text\": {}\n");
    assert_non_null(strstr(f.server.log.ptr, "{\"u\":\"run-1-journey-1-1\"}"));
    assert_non_null(strstr(f.server.log.ptr, "{\"u\":\"run-1-journey-1-2\"}"));
    end(&f);
}

static void tokens_kinds_and_cursors(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f, "kinds", "secret-1", "application/json");
    f.script.answers[0] = "{\"token\":\"t-2\"}";
    f.script.answers[1] = "{\"id\":\"c1\",\"m\":[{\"type\":\"message\",\"text\":\"Hello\"}]}";
    f.script.answers[2] = "{\"m\":[{\"type\":\"typing\"},"
        "{\"type\":\"message\",\"from\":\"run-1-journey-1-1\",\"text\":\"Hi\"},"
        "{\"type\":\"event\",\"text\":\"x\"},{\"type\":\"message\"},"
        "{\"type\":\"message\",\"text\":\"Well?\",\"buttons\":[{\"title\":\"Yes\"},{\"title\":\"No\"}]}"
        "],\"cursor\":5}";
    f.script.answers[3] = "{\"m\":[{\"type\":\"bye\"}]}";
    assert_int_equal(say(&f, "Hi"), DONE_OK);
    assert_string_equal(f.script.authorization[0], "Bearer secret-1");
    assert_string_equal(f.script.authorization[2], "Bearer t-2");
    assert_string_equal(f.r.secrets[1], "t-2");
    assert_true(recorder_last(&f.r, EVENT_MESSAGE)->typing_us >= 0);
    channel_chat.listen(&f.r.visit);
    loop_run(f.r.world.loop);
    assert_string_equal(recorder_log(&f.r, TALK),
                        "message company Hello\nsent customer Hi\n"
                        "message company Well?\nYes\nNo\n"
                        "failed company [closed] the company ended the conversation\n");
    assert_non_null(strstr(f.server.log.ptr, "GET /news?cursor=5\n"));
    end(&f);
}

static void no_token_where_one_must_be(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f, "kinds", "secret-1", "application/json");
    f.script.answers[0] = "{}";
    assert_int_equal(say(&f, "Hi"), DONE_COMPANY_FAILED);
    assert_string_equal(recorder_log(&f.r, TALK),
                        "failed company [bad_answer] the chat's answer to /token has no \"token\"\n");
    assert_int_equal(f.server.requests, 1);
    end(&f);
}

static void optional_and_unknown_blanks(void **state)
{
    struct chat_vars vars = { 0 };
    struct wire_blanks b = { .text = "x", .vars = &vars };
    CLEANUP(buf_release) struct buf out = BUF_INIT(256);

    (void)state;
    chat_vars_set(&vars, "w", NULL);
    assert_true(wire_fill(&out, "/a{?w}{y}{?y}", &b, WIRE_PERCENT));
    assert_string_equal(out.ptr, "/a{y}{?y}");
    assert_false(wire_fill(&out, "{w}", &b, WIRE_PERCENT));
    chat_vars_set(&vars, "w", "1 2");
    buf_clear(&out);
    assert_true(wire_fill(&out, "/a{?w}{w}", &b, WIRE_PERCENT));
    assert_string_equal(out.ptr, "/a?w=1%202" "1%202");
    chat_vars_release(&vars);
}

int main(void)
{
    struct CMUnitTest tests[32];
    const struct CMUnitTest single[] = {
        cmocka_unit_test(an_endless_line_is_no_piece),
        cmocka_unit_test(a_streamed_conversation_with_history),
        cmocka_unit_test(a_service_that_would_not_stream),
        cmocka_unit_test(pieces_that_are_messages),
        cmocka_unit_test(tokens_kinds_and_cursors),
        cmocka_unit_test(no_token_where_one_must_be),
        cmocka_unit_test(optional_and_unknown_blanks),
    };
    size_t n = 0;

    for (size_t i = 0; i < ARRAY_LEN(single); i++)
        tests[n++] = single[i];
    for (size_t i = 0; i < ARRAY_LEN(cuttings); i++)
        tests[n++] = (struct CMUnitTest){ .name = cuttings[i].name, .test_func = cut,
                                          .initial_state = (void *)(uintptr_t)&cuttings[i] };
    for (size_t i = 0; i < ARRAY_LEN(going_wrongs); i++)
        tests[n++] = (struct CMUnitTest){ .name = going_wrongs[i].name, .test_func = wrong,
                                          .initial_state = (void *)(uintptr_t)&going_wrongs[i] };
    return _cmocka_run_group_tests("chat streams", tests, n, NULL, NULL);
}
