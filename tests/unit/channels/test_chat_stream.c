/* Answers in pieces: the cutting alone, then the channel against a service of the test that streams,
 * forgets, wants a token first and marks its messages by kind. */
#include "tests/unit/support/cmocka.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

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
                  *button_path = "buttons[].title", *press_path = "buttons[].payload";

static struct adapter shapes[] = {
    { .name = "streamed", .headers = { headers, 1 }, .variables = { variables, 1 },
      .send = { { "POST", "/chat", "{\"model\":\"{model}\",\"all\":[{history}]}" },
                { STREAM_SSE, "d.text", "[DONE]", "d.stop" } },
      .history = { "{\"c\":\"{text}\"}", "{\"a\":\"{text}\"}" },
      .messages = { .list = "answers[]", .text = "text", .error = "error.message" } },
    { .name = "pieces",
      .send = { { "POST", "/chat", "{\"u\":\"{conversation}\"}" }, { STREAM_LINES, 0, 0, 0 } },
      .messages = { .list = ".", .text = "text", .closed = "closed" } },
    { .name = "buttons",
      .send = { .call = { "POST", "/say", "{\"t\":\"{text}\"}" } },
      .messages = { .list = "m[]", .text = "text", .choices = { &button_path, NULL, 1 },
                    .presses = { &press_path, NULL, 1 } } },
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
    const char *answers[8];       /* one after the other */
    int status, next;
    char authorization[8][64];
    bool gated;                   /* a poll is answered when there are words, and these when it is heard */
    atomic_bool polled, words, heard;
};

/** Until another thread has got there. */
static void await(atomic_bool *there)
{
    while (!atomic_load(there))
        nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
}

static void serve(void *context, const struct web_request *q, struct web_answer *a)
{
    struct script *s = context;
    bool known = s->next < (int)ARRAY_LEN(s->answers);
    const char *next = known ? s->answers[s->next] : NULL;

    if (s->gated && !strcmp(q->method, "GET")) {
        atomic_store(&s->polled, true);
        await(&s->words);
    } else if (s->gated && atomic_load(&s->words)) {
        await(&s->heard);
    }
    if (known)
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
    f->settings.settle = 600 * US_PER_S;  /* answers end acts, however slow the machine is */
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

/* A service that goes on when its first word has been read. */
struct slow_stream {
    int fd;
    atomic_bool read;
    pthread_t thread;
};

static void *stream_slowly(void *context)
{
    static const char head[] = "HTTP/1.1 200 x\r\nContent-Type: text/event-stream\r\n"
                               "Connection: close\r\n\r\n" WORD("We ");
    static const char rest[] = WORD("open.") "data: [DONE]\n\n";
    struct slow_stream *s = context;
    CLEANUP(buf_release) struct buf in = BUF_INIT(65536);
    int fd = accept(s->fd, NULL, NULL);
    char chunk[1024];
    ssize_t n;

    while (!strstr(in.ptr, "\"all\"") && (n = recv(fd, chunk, sizeof chunk, 0)) > 0)
        buf_add(&in, chunk, (size_t)n);
    send(fd, head, sizeof head - 1, MSG_NOSIGNAL);
    await(&s->read);
    send(fd, rest, sizeof rest - 1, MSG_NOSIGNAL);
    close(fd);
    return NULL;
}

struct watcher {
    struct recorder *r;
    struct slow_stream *stream;
};

static void look_for_words(void *context)
{
    struct watcher *w = context;
    const struct chat *c = w->r->visit.state;
    struct loop *l = w->r->world.loop;

    if (c->sayings && c->sayings->first_us != DURATION_UNKNOWN)
        atomic_store(&w->stream->read, true);
    else
        timer_start(l, loop_now(l) + US_PER_MS, look_for_words, w);
}

static void the_first_word_comes_before_the_last(void **state)
{
    struct sockaddr_in at = { .sin_family = AF_INET };
    socklen_t size = sizeof at;
    struct slow_stream s = { .fd = socket(AF_INET, SOCK_STREAM, 0) };
    struct fixture f;
    struct watcher w = { &f.r, &s };
    const struct event *m;
    char url[64];

    (void)state;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(s.fd, (struct sockaddr *)&at, size), 0);
    assert_int_equal(listen(s.fd, 4), 0);
    getsockname(s.fd, (struct sockaddr *)&at, &size);
    pthread_create(&s.thread, NULL, stream_slowly, &s);
    begin(&f, "streamed", "t-1", "text/event-stream");
    recorder_close(&f.r);
    snprintf(url, sizeof url, "http://127.0.0.1:%u", ntohs(at.sin_port));
    f.settings.url = recorder_template(&f.r, url);
    memset(f.r.visit.state, 0, channel_chat.state_size);
    assert_int_equal(recorder_open(&f.r), ST_OK);
    timer_start(f.r.world.loop, loop_now(f.r.world.loop), look_for_words, &w);
    assert_int_equal(say(&f, "When?"), DONE_OK);
    m = recorder_last(&f.r, EVENT_MESSAGE);
    assert_string_equal(m->text, "We open.");
    assert_true(m->first_word_us > 0 && m->first_word_us < m->wait_us);
    pthread_join(s.thread, NULL);
    close(s.fd);
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
      "failed company [unreachable] the chat's answer to turn 1 broke off before its end\n",
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

/* Clocks: only what is larger than what is told, never how much. */

static void typing_and_words_in_one_answer(void **state)
{
    struct fixture f;
    const struct event *m;

    (void)state;
    begin(&f, "kinds", "secret-1", "application/json");
    f.script.answers[0] = "{\"token\":\"t-2\"}";
    f.script.answers[1] = "{\"id\":\"c1\"}";
    f.script.answers[2] = "{\"m\":[{\"type\":\"typing\",\"timestamp\":\"1999-01-01T00:00:00Z\"},"
                          "{\"type\":\"message\",\"text\":\"One.\",\"timestamp\":4102444800}]}";
    assert_int_equal(say(&f, "Hi"), DONE_OK);
    m = recorder_last(&f.r, EVENT_MESSAGE);
    assert_int_equal(m->typing_us, m->wait_us);
    assert_true(m->wait_us > 0 && m->wait_us < 3600 * US_PER_S);      /* no time of theirs */
    assert_int_equal(m->first_word_us, DURATION_UNKNOWN);
    end(&f);
}

static void typing_in_one_poll_and_words_in_the_next(void **state)
{
    struct fixture f;
    const struct event *m;

    (void)state;
    begin(&f, "kinds", "secret-1", "application/json");
    f.script.answers[0] = "{\"token\":\"t-2\"}";
    f.script.answers[1] = "{\"id\":\"c1\"}";
    f.script.answers[2] = "{}";
    f.script.answers[3] = "{\"m\":[{\"type\":\"typing\"}]}";
    f.script.answers[4] = "{\"m\":[{\"type\":\"typing\"}]}";
    f.script.answers[5] = "{\"m\":[{\"type\":\"message\",\"text\":\"One.\"}]}";
    f.script.answers[6] = "{\"m\":[{\"type\":\"message\",\"text\":\"Two.\"}]}";
    assert_int_equal(say(&f, "Hi"), DONE_OK);
    channel_chat.listen(&f.r.visit);
    while (!recorder_last(&f.r, EVENT_MESSAGE))
        recorder_wait(&f.r, (int)f.r.transcript->count + 1);
    m = recorder_last(&f.r, EVENT_MESSAGE);
    assert_string_equal(m->text, "One.");
    assert_true(m->typing_us > 0 && m->typing_us < m->wait_us);
    assert_int_equal(f.r.typings, 2);
    while (strcmp(recorder_last(&f.r, EVENT_MESSAGE)->text, "Two.") != 0)
        recorder_wait(&f.r, (int)f.r.transcript->count + 1);
    m = recorder_last(&f.r, EVENT_MESSAGE);
    assert_int_equal(m->typing_us, DURATION_UNKNOWN);                 /* that was of the first */
    assert_int_equal(m->reply_to, recorder_last(&f.r, EVENT_SENT)->seq);
    end(&f);
}

static int emit_and_tell(struct visit *v, const struct event *e)
{
    struct fixture *f = (void *)((char *)v - offsetof(struct fixture, r));

    if (e->kind == EVENT_MESSAGE)
        atomic_store(&f->script.heard, true);
    return recorder_emit(v, e);
}

static void commit_and_tell(struct visit *v, timer_fn *fn, void *context)
{
    struct fixture *f = (void *)((char *)v - offsetof(struct fixture, r));

    fn(context);
    atomic_store(&f->script.words, true);
}

/* A poll had been on its way when the next words left: what it brings is no answer to them. */
static void a_poll_from_before_brings_no_answer(void **state)
{
    struct fixture f;
    int first;

    (void)state;
    begin(&f, "kinds", "secret-1", "application/json");
    f.script.answers[0] = "{\"token\":\"t-2\"}";
    f.script.answers[1] = "{\"id\":\"c1\"}";
    f.script.answers[2] = "{}";
    f.script.answers[3] = "{\"m\":[{\"type\":\"message\",\"text\":\"To the first.\"}]}";
    assert_int_equal(say(&f, "one"), DONE_OK);
    first = recorder_last(&f.r, EVENT_SENT)->seq;
    f.script.gated = true;
    f.r.sink.emit = emit_and_tell;
    f.r.sink.commit = commit_and_tell;
    channel_chat.listen(&f.r.visit);
    while (!atomic_load(&f.script.polled))
        recorder_turn(&f.r);
    assert_int_equal(say(&f, "two"), DONE_OK);
    assert_string_equal(recorder_log(&f.r, TALK), "sent customer one\nsent customer two\n"
                                                  "message company To the first.\n");
    assert_int_equal(recorder_last(&f.r, EVENT_MESSAGE)->reply_to, first);
    end(&f);
}

/* A button is what it says to the customer, and what it stands for to the company. */
static void a_button_is_pressed(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f, "buttons", NULL, "application/json");
    f.script.answers[0] = "{\"m\":[{\"text\":\"Well?\",\"buttons\":[{\"title\":\"Yes\",\"payload\":\"/yes\"},"
                          "{\"title\":\"No\",\"payload\":\"/no\"}]}]}";
    f.script.answers[1] = "{\"m\":[{\"text\":\"Sure?\",\"buttons\":[{\"title\":\"Yes\"},"
                          "{\"title\":\"No\",\"payload\":\"/no\"}]}]}";
    assert_int_equal(say(&f, "Hi"), DONE_OK);
    assert_int_equal(say(&f, "Yes"), DONE_OK);
    assert_int_equal(say(&f, "No"), DONE_OK);     /* one for each, or for none */
    assert_string_equal(recorder_log(&f.r, 1u << EVENT_SENT),
                        "sent customer Hi\nsent customer Yes\nsent customer No\n");
    assert_string_equal(f.server.log.ptr, "POST /say\n{\"t\":\"Hi\"}\nPOST /say\n{\"t\":\"/yes\"}\n"
                                          "POST /say\n{\"t\":\"No\"}\n");
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
        cmocka_unit_test(a_button_is_pressed),
        cmocka_unit_test(typing_and_words_in_one_answer),
        cmocka_unit_test(typing_in_one_poll_and_words_in_the_next),
        cmocka_unit_test(a_poll_from_before_brings_no_answer),
        cmocka_unit_test(the_first_word_comes_before_the_last),
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
