/* `expect: {working_link: true}` against a web server of the test: a link that works is one, wherever it
 * stands; what is wrong with the others is told. */
#include "tests/unit/support/cmocka.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/load/load.h"
#include "harness/play/audit.h"
#include "harness/play/link_memory.h"
#include "tests/unit/play/fake_channels.h"
#include "tests/unit/read/packs.h"
#include "tests/unit/support/web_server.h"

static const struct row {
    const char *name, *says;      /* {} is the server */
    const char *result, *why;     /* why: in the `failed` event; NULL there is none */
} rows[] = {
    { "a page", "Have a look at {}/page, please.", "met", NULL },
    { "a page behind a redirect", "Have a look: {}/moved", "met", NULL },
    { "a page in brackets", "Have a look ({}/page).", "met", NULL },
    { "the second of two", "It was {}/gone and is {}/page now.", "met", NULL },
    { "a page that is gone", "Have a look at {}/gone, please.", "unmet", "404" },
    { "a server that breaks", "Have a look at {}/broken.", "unmet", "500" },
    { "no link", "Have a look at our page.", "unmet", "there is no link" },
};

static void serve(void *context, const struct web_request *q, struct web_answer *a)
{
    (void)context;
    a->type = "text/html";
    a->body = "<p>Hello</p>";
    a->status = !strcmp(q->path, "/gone") ? 404 : !strcmp(q->path, "/broken") ? 500 : 200;
    if (!strcmp(q->path, "/moved")) {
        a->status = 302;
        a->location = "/page";
    }
}

static const char *no_env(void *context, const char *name)
{
    (void)context;
    (void)name;
    return NULL;
}

static void on_ended(void *context, size_t index, struct transcript *t, bool stopped)
{
    (void)index;
    (void)stopped;
    *(struct transcript **)context = t;
}

static void write_scenario(FILE *to, const char *says, const char *url)
{
    fputs("journey: t\nlanguage: en\ncustomer: {name: Maya, email: maya@shopper.test}\n"
          "company: {name: K, hosts: [127.0.0.1]}\nchannels: {chat: {type: chat, script: \"1ms ", to);
    for (; *says; says++)
        if (says[0] == '{' && says[1] == '}') {
            fputs(url, to);
            says++;
        } else {
            fputc(*says, to);
        }
    fputs("\"}}\nsteps: [{say: chat, text: Hi., expect: {working_link: true}}]\n", to);
}

static struct scenario *load(const char *says, const char *url, struct sources *sources)
{
    char path[] = "/tmp/shopper-links-XXXXXX";
    struct load_env env = { no_env, NULL, SEVERITY_ERROR };
    struct channel_kind kinds[] = { { fake_channels[0]->name, fake_channels[0]->family,
                                      fake_channels[0]->settings, 0 } };
    static const char *const none[] = { NULL };
    struct load_context ctx = { &env, kinds, 1, NULL };
    struct scenario *s = NULL;
    struct diags diags;
    FILE *f = fdopen(mkstemp(path), "w");

    ctx.finding_names = none;
    assert_non_null(f);
    write_scenario(f, says, url);
    fclose(f);
    diags_init(&diags);
    assert_int_equal(load_scenario(path, &ctx, sources, &diags, &s), ST_OK);
    diags_release(&diags);
    remove(path);
    return s;
}

static void check(void **state)
{
    const struct row *r = *state;
    struct web_server server;
    struct sources sources = { 0 };
    struct transcript *t = NULL;
    struct loop *loop = loop_new(CLOCK_REAL);
    const struct audit_options o = {
        .loop = loop, .reader = packs_reader(), .channels = fake_channels, .env = { no_env, NULL },
        .observer = { .context = &t, .ended = on_ended }, .user_agent = "t", .run_id = "r",
        .started = "2026-01-01T00:00:00Z", .seed = 1, .at_once = 1, .max_contacts = 100,
        .chat_patience_us = 300 * US_PER_S,
    };
    const struct event *failed = NULL, *end = NULL;
    struct scenario *s;
    struct audit *a;

    web_server_start(&server, serve, NULL);
    s = load(r->says, server.url, &sources);
    a = audit_new(&o, &s, 1);
    audit_start(a);
    loop_run(loop);
    assert_non_null(t);
    for (size_t i = 0; i < t->count; i++) {
        failed = t->events[i].kind == EVENT_FAILED ? &t->events[i] : failed;
        end = t->events[i].kind == EVENT_STEP_END ? &t->events[i] : end;
    }
    assert_string_equal(end->code, r->result);
    assert_true(!failed == !r->why);
    if (r->why) {
        assert_non_null(strstr(failed->text, "expected a link that works"));
        assert_non_null(strstr(failed->text, r->why));
    }
    audit_free(a);
    transcript_free(t);
    scenario_free(s);
    sources_release(&sources);
    loop_free(loop);
    web_server_stop(&server);
}

static void count(void *context)
{
    ++*(int *)context;
}

/* Who comes while a link is tried waits for that, and no longer. */
static void one_tries_and_the_others_wait(void **state)
{
    struct link_memory *m = NULL;
    const char *found = NULL;
    int told = 0, gone = 0;

    (void)state;
    assert_int_equal(link_ask(&m, "http://a/", &found), LINK_NEW);
    assert_int_equal(link_ask(&m, "http://a/", &found), LINK_BUSY);
    link_wait(m, count, &told);
    link_wait(m, count, &gone);
    link_stop_waiting(m, &gone);
    link_tell(m, "http://a/", NULL);      /* it was stopped: the next one tries */
    assert_int_equal(told, 1);
    assert_int_equal(link_ask(&m, "http://a/", &found), LINK_NEW);
    link_wait(m, count, &told);
    link_tell(m, "http://a/", "works");
    assert_int_equal(link_ask(&m, "http://a/", &found), LINK_KNOWN);
    assert_string_equal(found, "works");
    link_tell(m, "http://a/", "dead");
    assert_int_equal(told, 2);
    assert_int_equal(gone, 0);
    link_memory_free(m);
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(rows) + 1];
    int failed;

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tests[i] = (struct CMUnitTest){ .name = rows[i].name, .test_func = check,
                                        .initial_state = (void *)(uintptr_t)&rows[i] };
    tests[ARRAY_LEN(rows)] = (struct CMUnitTest)cmocka_unit_test(one_tries_and_the_others_wait);
    failed = _cmocka_run_group_tests("links", tests, ARRAY_LEN(tests), NULL, NULL);
    packs_free();
    return failed;
}
