/* Chats whose company calls back: signatures, a row each (made by openssl's command line and npm's
 * standardwebhooks); then the channel, called by the test. */
#include "tests/unit/support/cmocka.h"

#include "harness/channels/chat_inside.h"
#include "harness/channels/chat_signature.h"
#include "tests/unit/channels/recording_sink.h"
#include "tests/unit/support/web_server.h"

#define GITHUB { .header = "X-Hub-Signature-256", .kind = SIGNATURE_SHA256, .prefix = "sha256=" }
#define SLACK { .header = "X-Slack-Signature", .kind = SIGNATURE_SHA256, .prefix = "v0=", \
                .of = "v0:{X-Time}:{body}", .timestamp = "X-Time" }
#define STANDARD { .header = "webhook-signature", .kind = SIGNATURE_SHA256, \
                   .form = SIGNATURE_BASE64, .prefix = "v1,", .of = "{webhook-id}.{X-Time}.{body}", \
                   .base64 = "whsec_", .timestamp = "X-Time" }
#define HMAC_GITHUB "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
#define HMAC_SLACK "d49fa7e80ab61868e7f26afcbe0a697b516e7bcd886145e62dfdfb11196e8847"
#define HMAC_STANDARD "WboCa0u/dSwY4RxqzWL2chpuvL26fRkR3/Lp9qaviRs="
#define WHSEC "whsec_c2l4dGVlbiBieXRlcyBvciBtb3Jl"
#define NOW 1700000000

static const struct signature_row {
    const char *name;
    struct adapter_signature how;
    const char *secret, *body, *given, *time, *want;      /* want NULL: it is theirs */
} signatures[] = {
    { "none wanted", { .header = NULL }, NULL, "x", NULL, NULL, NULL },
    { "HMAC of the body", GITHUB, "It's a Secret to Everybody", "Hello, World!",
      "sha256=" HMAC_GITHUB, NULL, NULL },
    { "in capitals", GITHUB, "It's a Secret to Everybody", "Hello, World!",
      "sha256=757107EA0EB2509FC211221CCE984B8A37570B6D7586C22C46F4379C8B043E17", NULL, NULL },
    { "of another body", GITHUB, "It's a Secret to Everybody", "Hello, World?",
      "sha256=" HMAC_GITHUB, NULL, "its signature is wrong" },
    { "with another secret", GITHUB, "it's a secret to everybody", "Hello, World!",
      "sha256=" HMAC_GITHUB, NULL, "its signature is wrong" },
    { "cut short", GITHUB, "It's a Secret to Everybody", "Hello, World!", "sha256=757107ea", NULL,
      "its signature is wrong" },
    { "empty behind its prefix", GITHUB, "It's a Secret to Everybody", "Hello, World!", "sha256=",
      NULL, "its signature is wrong" },
    { "longer than any", GITHUB, "s", "x", "sha256=" HMAC_GITHUB HMAC_GITHUB HMAC_GITHUB, NULL,
      "its signature is wrong" },
    { "no hexadecimal", GITHUB, "s", "x", "sha256=xyz!", NULL, "its signature is wrong" },
    { "without the prefix", GITHUB, "It's a Secret to Everybody", "Hello, World!", HMAC_GITHUB,
      NULL, "its signature is wrong" },
    { "not there", GITHUB, "s", "x", NULL, NULL, "it is not signed" },
    { "empty", GITHUB, "s", "x", "", NULL, "it is not signed" },
    { "no secret of ours", GITHUB, NULL, "x", "sha256=" HMAC_GITHUB, NULL,
      "its signature is wrong" },
    { "of headers too", SLACK, "slack", "{\"a\": 1}", "v0=" HMAC_SLACK, "1700000000", NULL },
    { "with the time of another call", SLACK, "slack", "{\"a\": 1}", "v0=" HMAC_SLACK, "1700000001",
      "its signature is wrong" },
    { "too old", SLACK, "slack", "{\"a\": 1}", "v0=" HMAC_SLACK, "1699999699",
      "its time is not now" },
    { "of the future", SLACK, "slack", "{\"a\": 1}", "v0=" HMAC_SLACK, "1700000301",
      "its time is not now" },
    { "no time", SLACK, "slack", "{\"a\": 1}", "v0=" HMAC_SLACK, NULL, "its time is not now" },
    { "a time that is none", SLACK, "slack", "{\"a\": 1}", "v0=" HMAC_SLACK, "1700000000 ",
      "its time is not now" },
    { "base64, and a secret in base64", STANDARD, WHSEC, "{\"a\": 1}", "v1," HMAC_STANDARD,
      "1700000000", NULL },
    { "one of several", STANDARD, WHSEC, "{\"a\": 1}", "v1,AAAA v1a,zzzz v1," HMAC_STANDARD,
      "1700000000", NULL },
    { "none of several", STANDARD, WHSEC, "{\"a\": 1}", "v1,AAAA v2," HMAC_STANDARD, "1700000000",
      "its signature is wrong" },
    { "a secret that is no base64", STANDARD, "whsec_!", "{\"a\": 1}", "v1," HMAC_STANDARD,
      "1700000000", "its signature is wrong" },
    { "SHA-1", { .header = "S", .kind = SIGNATURE_SHA1 }, "one", "{\"a\": 1}",
      "394212b0dfd242f577ae52d95d47543bba2c43da", NULL, NULL },
    { "SHA-512", { .header = "S", .kind = SIGNATURE_SHA512 }, "two", "{\"a\": 1}",
      "66ae3f8fdeffe408a1d725ce38edf014c4b9921c05162850c15520acfc06013b6f669418349d19564a33fbbb6ed"
      "c4fa3c60a4dd005ba3c5265f2d05beafcf36d", NULL, NULL },
    { "a shared secret", { .header = "Authorization", .kind = SIGNATURE_SECRET,
                           .prefix = "Bearer " }, "abc", "x", "Bearer abc", NULL, NULL },
    { "another's secret", { .header = "X-Key", .kind = SIGNATURE_SECRET }, "abc", "x", "abd", NULL,
      "its secret is not ours" },
    { "the beginning of a secret", { .header = "X-Key", .kind = SIGNATURE_SECRET }, "abc", "x", "ab",
      NULL, "its secret is not ours" },
};

static const char *row_header(const void *context, const char *name)
{
    const struct signature_row *r = context;

    if (!strcmp(name, "X-Time"))
        return r->time;
    return !strcmp(name, "webhook-id") ? "msg_1" : r->given;
}

static void signature(void **state)
{
    const struct signature_row *r = *state;
    const struct signed_call call = { slice_str(r->body), row_header, r };
    const char *got = signature_check(&r->how, r->secret, &call, NOW);

    if (r->want)
        assert_string_equal(got, r->want);
    else
        assert_null(got);
}

/* The channel */

static const char *words_kind = "message", *closing_kind = "bye", *typing_kind = "typing";
static struct adapter shapes[] = {
    { .name = "by-body",
      .webhook = { .path = "/shopper", .conversation = "to", .delivery = "X-Id",
                   .answer = "{\"for\": \"{conversation}\"}",
                   .signature = { .header = "X-Key", .kind = SIGNATURE_SECRET } },
      .send = { { "POST", "/say", "{\"u\": \"{conversation}\", \"back\": \"{callback}\"}" },
                { 0 } },
      .messages = { .list = ".", .text = "text", .kind = "type", .words = { &words_kind, 0, 1 },
                    .typing = { &typing_kind, 0, 1 }, .closing = { &closing_kind, 0, 1 } } },
    { .name = "by-path", .webhook = { .path = "/hooks/{conversation}", .answer = "{}" },
      .send = { { "POST", "/say", "{\"back\": \"{callback}\"}" }, { 0 } },
      .messages = { .list = ".", .text = "text" } },
};
static const struct adapters all = { shapes, ARRAY_LEN(shapes) };

struct fixture {
    struct web_server server;
    struct recorder r;
    struct chat_settings settings;
    const struct chat *chat;
    char answer[256];
    bool called;
};

static void serve(void *context, const struct web_request *q, struct web_answer *a)
{
    (void)context;
    (void)q;
    a->status = 202;
}

static void begin(struct fixture *f, const char *adapter)
{
    memset(f, 0, sizeof *f);
    web_server_start(&f->server, serve, f);
    f->settings.adapter = adapter;
    f->settings.settle = 600 * US_PER_S;  /* answers end acts, however slow the machine is */
    recorder_init(&f->r, &channel_chat, &f->settings, CLOCK_REAL);
    f->r.world.adapters = &all;
    recorder_allow(&f->r, "127.0.0.1");
    f->settings.url = recorder_template(&f->r, f->server.url);
    f->settings.secret = recorder_template(&f->r, "abc");
    f->chat = f->r.visit.state;
}

static void end(struct fixture *f)
{
    recorder_release(&f->r);
    web_server_stop(&f->server);
}

static size_t on_answer(char *data, size_t size, size_t n, void *context)
{
    struct fixture *f = context;

    snprintf(f->answer, sizeof f->answer, "%.*s", (int)(size * n), data);
    return size * n;
}

static void on_called(void *context, CURL *easy, CURLcode result, int64_t at_us)
{
    (void)easy;
    (void)result;
    (void)at_us;
    ((struct fixture *)context)->called = true;
    loop_stop(((struct fixture *)context)->r.world.loop);
}

/** The company calls back. @return the status it gets. */
static int call_with(struct fixture *f, const char *method, const char *url, const char *body,
                     const char *const headers[])
{
    CURL *easy = curl_easy_init();
    struct curl_slist *lines = NULL;
    long status = 0;

    for (; *headers; headers++)
        lines = curl_slist_append(lines, *headers);
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, body);
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, method);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, lines);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_answer);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, f);
    f->answer[0] = '\0';
    f->called = false;
    transfer_start(f->r.world.loop, easy, on_called, f);
    while (!f->called)
        loop_run(f->r.world.loop);
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_cleanup(easy);
    curl_slist_free_all(lines);
    return (int)status;
}

static int call(struct fixture *f, const char *body, const char *key, const char *id)
{
    const char *const headers[] = { key, id, NULL };

    return call_with(f, "POST", f->chat->callback, body, headers);
}

static int say(struct fixture *f, const char *text)
{
    struct action a = { .verb = VERB_SAY, .text = text, .repeats_seq = -1 };

    return recorder_act(&f->r, &a);
}

#define TALK (1u << EVENT_SENT | 1u << EVENT_MESSAGE | 1u << EVENT_FAILED | 1u << EVENT_NOTE)

static void called_back(void **state)
{
    static const char hello[] = "{\"to\": \"run-1-journey-1-1\", \"type\": \"message\", "
                                "\"text\": \"Hello!\"}";
    struct fixture f;

    (void)state;
    begin(&f, "by-body");
    assert_int_equal(recorder_open(&f.r), ST_OK);
    assert_string_equal(f.r.secrets[0], "abc");
    assert_int_equal(say(&f, "Hi"), DONE_OK);
    assert_int_equal(call(&f, hello, "X-Key: abc", "X-Id: 1"), 200);
    assert_non_null(strstr(f.server.log.ptr, f.chat->callback));
    assert_string_equal(f.answer, "{\"for\": \"run-1-journey-1-1\"}");
    assert_int_equal(call(&f, hello, "X-Key: abc", "X-Id: 1"), 200);   /* a repeated call */
    channel_chat.listen(&f.r.visit);
    recorder_wait(&f.r, (int)f.r.transcript->count + 1);
    assert_int_equal(call(&f, hello, "X-Key: wrong", "X-Id: 2"), 401);
    assert_int_equal(call(&f, hello, "X: y", "X-Id: 2"), 401);
    assert_int_equal(call(&f, "{\"to\": \"somebody\"}", "X-Key: abc", "X-Id: 3"), 202);
    assert_int_equal(call(&f, "no JSON", "X-Key: abc", "X-Id: 4"), 400);
    recorder_close(&f.r);
    assert_string_equal(recorder_log(&f.r, TALK),
                        "sent customer Hi\nmessage company Hello!\n"
                        "note harness a callback was refused: its secret is not ours\n"
                        "note harness a callback came for a conversation that nobody here has\n");
    assert_int_equal(recorder_last(&f.r, EVENT_MESSAGE)->reply_to,
                     recorder_last(&f.r, EVENT_SENT)->seq);
    assert_true(recorder_last(&f.r, EVENT_MESSAGE)->wait_us > 0);
    end(&f);
}

static timer_fn *held_fn;
static void *held_context;

static void hold(struct visit *v, timer_fn *fn, void *context)
{
    (void)v;
    held_fn = fn;
    held_context = context;
}

/* What is called back while the next words are being written down has come before them. */
static void typing_words_and_later_words(void **state)
{
    static const char typing[] = "{\"to\": \"run-1-journey-1-1\", \"type\": \"typing\"}";
    static const char one[] = "{\"to\": \"run-1-journey-1-1\", \"type\": \"message\", "
                              "\"text\": \"One.\", \"at\": \"1999-01-01T00:00:00Z\"}";
    static const char late[] = "{\"to\": \"run-1-journey-1-1\", \"type\": \"message\", "
                               "\"text\": \"Late.\"}";
    const struct action two = { .verb = VERB_SAY, .text = "two", .repeats_seq = -1 };
    struct fixture f;
    const struct event *m;
    int first;

    (void)state;
    begin(&f, "by-body");
    assert_int_equal(recorder_open(&f.r), ST_OK);
    assert_int_equal(say(&f, "one"), DONE_OK);
    first = recorder_last(&f.r, EVENT_SENT)->seq;
    channel_chat.listen(&f.r.visit);
    assert_int_equal(call(&f, typing, "X-Key: abc", "X-Id: 1"), 200);
    assert_int_equal(call(&f, one, "X-Key: abc", "X-Id: 2"), 200);
    while (!recorder_last(&f.r, EVENT_MESSAGE))
        recorder_turn(&f.r);
    m = recorder_last(&f.r, EVENT_MESSAGE);
    assert_int_equal(f.r.typings, 1);
    assert_true(m->typing_us > 0 && m->typing_us < m->wait_us && m->wait_us < 3600 * US_PER_S);
    f.r.sink.commit = hold;
    held_fn = NULL;
    assert_int_equal(channel_chat.act(&f.r.visit, &two), ST_OK);
    while (!held_fn)
        recorder_turn(&f.r);
    assert_string_equal(recorder_last(&f.r, EVENT_SENT)->text, "two");
    assert_int_equal(call(&f, late, "X-Key: abc", "X-Id: 3"), 200);
    held_fn(held_context);
    while (f.r.dones < 2)
        recorder_turn(&f.r);
    assert_string_equal(recorder_last(&f.r, EVENT_MESSAGE)->text, "Late.");
    assert_int_equal(recorder_last(&f.r, EVENT_MESSAGE)->reply_to, first);
    end(&f);
}

static void what_a_listener_refuses(void **state)
{
    static const char *const key[] = { "X-Key: abc", NULL };
    static char much[LISTENER_BODY_MAX + 2];
    struct fixture f;

    (void)state;
    begin(&f, "by-body");
    assert_int_equal(recorder_open(&f.r), ST_OK);
    memset(much, 'x', sizeof much - 1);
    assert_int_equal(call_with(&f, "POST", f.chat->callback, much, key), 413);
    assert_int_equal(call_with(&f, "DELETE", f.chat->callback, "{}", key), 405);
    assert_int_equal(recorder_log(&f.r, TALK)[0], '\0');
    end(&f);
}

static void the_address_says_whose(void **state)
{
    static const char *const none[] = { NULL };
    CLEANUP(buf_release) struct buf url = BUF_INIT(1024);
    struct fixture f;

    (void)state;
    begin(&f, "by-path");
    f.settings.callback = recorder_template(&f.r, "https://tunnel.test/shop/");
    assert_int_equal(recorder_open(&f.r), ST_OK);
    assert_string_equal(f.chat->callback, "https://tunnel.test/shop/hooks/run-1-journey-1-1");
    assert_int_equal(say(&f, "Hi"), DONE_OK);
    channel_chat.listen(&f.r.visit);
    buf_addf(&url, "%s/shop/hooks/run-1-journey-1-1/v3/x?a=b", webhook_url(f.chat->hook));
    assert_int_equal(call_with(&f, "POST", url.ptr, "{\"text\": \"Hello!\"}", none), 200);
    buf_clear(&url);
    buf_addf(&url, "%s/hooks/run-1-journey-1-12", webhook_url(f.chat->hook));
    assert_int_equal(call_with(&f, "POST", url.ptr, "{\"text\": \"Not mine\"}", none), 202);
    assert_string_equal(recorder_last(&f.r, EVENT_MESSAGE)->text, "Hello!");
    end(&f);
}

static void the_company_hangs_up(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f, "by-body");
    assert_int_equal(recorder_open(&f.r), ST_OK);
    assert_int_equal(say(&f, "Hi"), DONE_OK);
    channel_chat.listen(&f.r.visit);
    f.r.close_at_stop = true;             /* as a player may, on the event itself */
    f.r.stop_at = (int)f.r.transcript->count + 1;
    assert_int_equal(call(&f, "{\"to\": \"run-1-journey-1-1\", \"type\": \"bye\"}", "X-Key: abc",
                          "X-Id: 1"), 200);
    assert_false(f.r.open);
    assert_string_equal(recorder_last(&f.r, EVENT_FAILED)->code, "closed");
    end(&f);
}

static void an_address_nobody_can_have(void **state)
{
    static const char *const addresses[] = { "nowhere", "127.0.0.1:", "192.0.2.1:0", ":80" };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(addresses); i++) {
        struct fixture f;

        begin(&f, "by-body");
        f.settings.listen = recorder_template(&f.r, addresses[i]);
        assert_int_equal(recorder_open(&f.r), ST_DENIED);
        assert_int_equal(f.r.diags.count, 1);
        assert_non_null(strstr(f.r.diags.items[0].what, addresses[i]));
        end(&f);
    }
}

int main(void)
{
    enum { OTHERS = 6 };
    struct CMUnitTest tests[OTHERS + ARRAY_LEN(signatures)] = {
        cmocka_unit_test(called_back),
        cmocka_unit_test(typing_words_and_later_words),
        cmocka_unit_test(what_a_listener_refuses),
        cmocka_unit_test(the_address_says_whose),
        cmocka_unit_test(the_company_hangs_up),
        cmocka_unit_test(an_address_nobody_can_have),
    };

    for (size_t i = 0; i < ARRAY_LEN(signatures); i++)
        tests[OTHERS + i] = (struct CMUnitTest){
            .name = signatures[i].name, .test_func = signature,
            .initial_state = (void *)(uintptr_t)&signatures[i],
        };
    return cmocka_run_group_tests_name("chat_webhook", tests, NULL, NULL);
}
