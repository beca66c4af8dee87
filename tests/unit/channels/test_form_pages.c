/* The form channel through several pages: opening, pressing, forms in pages, the way back. */
#include "tests/unit/support/cmocka.h"

#include "tests/unit/channels/recording_sink.h"
#include "tests/unit/support/web_server.h"

enum { REFERRERS_MAX = 1024 };

struct settings {                 /* as form.c lays it out */
    const struct template *url, *user, *password;
};

#define EVERYWHERE "<form action=/search><input name=q placeholder=Search><button>Go</button></form>"

static const struct { const char *path, *body; } pages[] = {
    { "/", "<h1>Home</h1>" EVERYWHERE "<a href=/returns>Send something back</a>"
           "<a href=/help>Help</a><p><a href='/help'>Help</a> <a href=/returns>Returns</a>"
           "<a href=/returns/old>Returns</a><a href=mailto:a@b.test>Write</a>"
           "<a href='javascript:chat()'>Chat</a><a href=/phone><img src=p.png alt='Call us'></a>"
           "<button type=button>Menu</button>" },
    { "/help", "<h1>Help</h1>" EVERYWHERE },
    { "/phone", "<h1>555</h1>" },
    { "/returns", "<h1>Returns 1</h1>" EVERYWHERE "<form method=post action=/returns/2>"
                  "<label>Order number <input name=order></label><button>Next</button></form>" },
    { "/returns/2", "<h1>Returns 2</h1>" EVERYWHERE "<form method=post action=/returns/3>"
                    "<input type=hidden name=order value=A-1><label>Reason <input name=why></label>"
                    "<button>Next</button><button formaction=/returns>Back</button></form>" },
    { "/returns/3", "<h1>Check</h1>" EVERYWHERE "<form method=post action=/returns/4>"
                    "<input type=hidden name=all value=1><button name=do value=yes>Confirm</button>"
                    "</form>" },
    { "/returns/4", "<h1>Thank you</h1>" EVERYWHERE },
    { "/search", "<h1>Nothing found</h1>" EVERYWHERE },
};

static void serve(void *context, const struct web_request *q, struct web_answer *a)
{
    char *referrers = context;

    a->status = 404;
    a->body = "<h1>Not found</h1>";
    for (size_t i = 0; i < ARRAY_LEN(pages); i++) {
        if (strcmp(pages[i].path, q->path))
            continue;
        a->status = 200;
        a->body = pages[i].body;
    }
    const char *path = strstr(web_header(q, "Referer"), "//");

    path = path ? strchr(path + 2, '/') : "-";
    size_t len = strlen(referrers);

    snprintf(referrers + len, REFERRERS_MAX - len, "%s ", path ? path : "/");
}

struct fixture {
    struct web_server server;
    struct recorder r;
    struct settings settings;
    struct step steps[2];
    char url[128], referrers[REFERRERS_MAX];
};

/* A step that comes later keeps the page open. */
static void begin(struct fixture *f, const char *path)
{
    memset(f, 0, sizeof(*f));
    web_server_start(&f->server, serve, f->referrers);
    snprintf(f->url, sizeof(f->url), "%s%s", f->server.url, path);
    recorder_init(&f->r, &channel_form, &f->settings, CLOCK_REAL);
    recorder_allow(&f->r, "127.0.0.1");
    recorder_set(&f->r, "env.COMPANY_URL", f->url);
    f->settings.url = recorder_template(&f->r, "{{ env.COMPANY_URL }}");
    f->r.scenario.channels = &f->r.spec;
    f->r.scenario.channel_count = 1;
    f->r.scenario.steps.items = f->steps;
    f->r.scenario.steps.count = ARRAY_LEN(f->steps);
    assert_int_equal(recorder_open(&f->r), ST_OK);
}

static void end(struct fixture *f)
{
    recorder_release(&f->r);
    web_server_stop(&f->server);
}

static int act(struct fixture *f, enum verb verb, const char *text)
{
    struct action a = { .verb = verb, .text = text, .repeats_seq = -1 };

    return recorder_act(&f->r, &a);
}

static int fill(struct fixture *f, const char *name, const char *text)
{
    struct named_text field = { name, text };
    struct action a = { .verb = VERB_FILL, .fields = &field, .field_count = 1, .repeats_seq = -1 };

    return recorder_act(&f->r, &a);
}

static void a_form_in_pages(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f, "/");
    assert_int_equal(act(&f, VERB_CLICK, "send something BACK"), DONE_OK);
    assert_int_equal(fill(&f, "Order number", "A-1"), DONE_OK);
    assert_int_equal(fill(&f, "Reason", "It leaks"), DONE_OK);
    assert_int_equal(act(&f, VERB_CLICK, "Confirm"), DONE_OK);
    assert_string_equal(f.server.log.ptr,
        "GET /\nGET /returns\nPOST /returns/2\norder=A-1\nPOST /returns/3\norder=A-1&why=It+leaks\n"
        "POST /returns/4\nall=1&do=yes\n");
    assert_string_equal(f.referrers, "- / /returns /returns/2 /returns/3 ");
    assert_string_equal(recorder_log(&f.r, 1u << EVENT_SENT),
        "sent customer Order number: A-1\nsent customer Reason: It leaks\nsent customer [Confirm]\n");
    assert_int_equal(f.server.connections, 1);
    end(&f);
}

static void a_form_that_is_not_there_any_more_is_opened_again(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f, "/returns");
    assert_int_equal(fill(&f, "Order number", "A-1"), DONE_OK);
    assert_int_equal(fill(&f, "Order number", "A-2"), DONE_OK);
    assert_string_equal(f.server.log.ptr, "GET /returns\nPOST /returns/2\norder=A-1\n"
                                          "GET /returns\nPOST /returns/2\norder=A-2\n");
    end(&f);
}

/* The search box is on the answer, too, but the next search begins where the first one did. */
static void what_is_on_every_page_is_no_next_page(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f, "/returns");
    assert_int_equal(fill(&f, "Order number", "A-1"), DONE_OK);
    assert_int_equal(fill(&f, "Search", "kettle"), DONE_OK);
    assert_string_equal(f.server.log.ptr, "GET /returns\nPOST /returns/2\norder=A-1\n"
                                          "GET /returns\nGET /search?q=kettle\n");
    end(&f);
}

static void a_page_opened_on_purpose_is_what_the_step_is_about(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f, "/returns");
    assert_int_equal(act(&f, VERB_OPEN, "/help"), DONE_OK);
    assert_int_equal(fill(&f, "Order number", "A-1"), DONE_OUR_FAILED);
    assert_non_null(strstr(recorder_last(&f.r, EVENT_FAILED)->text, "/help: there is no field"));
    end(&f);
}

static void pictures_say_their_text(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f, "/");
    assert_int_equal(act(&f, VERB_CLICK, "Call us"), DONE_OK);
    assert_string_equal(recorder_last(&f.r, EVENT_PAGE)->text, "555");
    end(&f);
}

/* Both links say Help and lead to the same page. */
static void menus_above_and_below_are_one(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f, "/");
    assert_int_equal(act(&f, VERB_CLICK, "Help"), DONE_OK);
    end(&f);
}

static const struct mistake {
    const char *name;
    enum verb verb;
    const char *text;
    int how;
    const char *says;
} mistakes[] = {
    { "no such link", VERB_CLICK, "Retruns", DONE_OUR_FAILED, "Did you mean \"Returns\"? The page "
      "has: \"Go\", \"Menu\", \"Send something back\", \"Help\", \"Help\", \"Returns\"" },
    { "two links", VERB_CLICK, "Returns", DONE_OUR_FAILED, "do not lead to the same page" },
    { "address of a mailbox", VERB_CLICK, "Write", DONE_OUR_FAILED, "mailto:a@b.test, which is no" },
    { "link with a script", VERB_CLICK, "Chat", DONE_OUR_FAILED, "needs a browser" },
    { "button with a script", VERB_CLICK, "Menu", DONE_OUR_FAILED, "needs a browser" },
    { "broken link", VERB_OPEN, "/nowhere", DONE_COMPANY_FAILED, "answered 404" },
    { "another host", VERB_FOLLOW, "http://elsewhere.test/x", DONE_OUR_FAILED, "company.hosts" },
    { "no web address", VERB_OPEN, "ftp://127.0.0.1/", DONE_OUR_FAILED, "company.hosts" },
};

static void mistaken(void **state)
{
    const struct mistake *m = *state;
    struct fixture f;

    begin(&f, "/");
    assert_int_equal(act(&f, m->verb, m->text), m->how);
    if (!strstr(recorder_last(&f.r, EVENT_FAILED)->text, m->says))
        fail_msg("%s", recorder_last(&f.r, EVENT_FAILED)->text);
    end(&f);
}

int main(void)
{
    const struct CMUnitTest single[] = {
        cmocka_unit_test(a_form_in_pages),
        cmocka_unit_test(a_form_that_is_not_there_any_more_is_opened_again),
        cmocka_unit_test(what_is_on_every_page_is_no_next_page),
        cmocka_unit_test(a_page_opened_on_purpose_is_what_the_step_is_about),
        cmocka_unit_test(pictures_say_their_text),
        cmocka_unit_test(menus_above_and_below_are_one),
    };
    struct CMUnitTest tests[ARRAY_LEN(single) + ARRAY_LEN(mistakes)];
    size_t n = 0;

    for (size_t i = 0; i < ARRAY_LEN(single); i++)
        tests[n++] = single[i];
    for (size_t i = 0; i < ARRAY_LEN(mistakes); i++)
        tests[n++] = (struct CMUnitTest){ .name = mistakes[i].name, .test_func = mistaken,
                                          .initial_state = (void *)(uintptr_t)&mistakes[i] };
    return _cmocka_run_group_tests("form pages", tests, n, NULL, NULL);
}
