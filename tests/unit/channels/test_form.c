/* The form channel against a web server: what goes out, what it makes of the answers. */
#include "tests/unit/support/cmocka.h"

#include "tests/unit/channels/all_packs.h"
#include "tests/unit/channels/recording_sink.h"
#include "tests/unit/support/web_server.h"

struct settings {                 /* as form.c lays it out */
    const struct template *url, *user, *password;
    int links;
    const char *ca;
};

static const char contact_page[] =
    "<!DOCTYPE html><title>Contact</title><h1>Kettle &amp; Co</h1>"
    "<form action=/search role=search><input name=q placeholder=Search><button>Go</button></form>"
    "<h2>Write to us</h2><form method=post action=/contact>"
    "<input type=hidden name=token value=t0k3n>"
    "<label for=n>Your name *</label><input id=n name=name required>"
    "<label>Email: <input type=email name=mail></label>"
    "<p>Order number <input name=order maxlength=10></p>"
    "<label for=t>Topic</label><select id=t name=topic><option value=>Choose<option value=d>"
    "Delivery<option value=r>Refund</select>"
    "<label for=m>Message</label><textarea id=m name=message></textarea>"
    "<label><input type=checkbox name=news value=1 checked> Newsletter</label>"
    "<button name=do value=preview formaction=/preview>Preview</button>"
    "<button name=do value=send>Send message</button></form>"
    "<form method=post action=/newsletter><label>Newsletter: your email "
    "<input type=email name=n></label><button>Subscribe</button></form>";

struct script {
    const char *page;             /* GET /contact */
    struct web_answer answer;     /* to POST /contact */
    const char *cookie_seen;
    char seen[4][256];            /* cookie, type, referer, origin of the last POST */
    int posts;
};

static void serve(void *context, const struct web_request *q, struct web_answer *a)
{
    struct script *s = context;

    if (!strcmp(q->path, "/contact") && !strcmp(q->method, "GET")) {
        a->body = s->page ? s->page : contact_page;
        a->cookie = "session=abc; Path=/; HttpOnly";
    } else if (!strcmp(q->method, "POST")) {
        static const char *const names[] = { "Cookie", "Content-Type", "Referer", "Origin" };

        s->posts++;
        for (size_t i = 0; i < ARRAY_LEN(names); i++)
            snprintf(s->seen[i], sizeof(s->seen[i]), "%s", web_header(q, names[i]));
        *a = s->answer;
    } else if (!strcmp(q->path, "/thanks")) {
        a->body = "<h1>Thank you</h1><p>Your reference number is <b>KC-1001</b>.</p>"
                  "<p hidden>secret</p><script>var x='no';</script>";
    } else {
        a->status = 404;
        a->body = "<h1>Not found</h1>";
    }
}

struct fixture {
    struct web_server server;
    struct script script;
    struct recorder r;
    struct settings settings;
    char url[128];
};

static void begin(struct fixture *f, const char *path)
{
    memset(f, 0, sizeof(*f));
    web_server_start(&f->server, serve, &f->script);
    f->script.answer = (struct web_answer){ .status = 303, .location = "/thanks", .body = "" };
    snprintf(f->url, sizeof(f->url), "%s%s", f->server.url, path);
    recorder_init(&f->r, &channel_form, &f->settings, CLOCK_REAL);
    f->r.world.lexicons = all_packs();
    recorder_allow(&f->r, "127.0.0.1");
    recorder_set(&f->r, "env.COMPANY_URL", f->url);
    f->settings.url = recorder_template(&f->r, "{{ env.COMPANY_URL }}");
    assert_int_equal(recorder_open(&f->r), ST_OK);
}

static void end(struct fixture *f)
{
    recorder_release(&f->r);
    web_server_stop(&f->server);
}

static int fill(struct fixture *f, const char *submit, size_t count,
                const struct named_text *fields)
{
    struct action a = { .verb = VERB_FILL, .fields = fields, .field_count = count,
                        .submit = submit, .repeats_seq = -1 };

    return recorder_act(&f->r, &a);
}
#define FILL(f, submit, ...)                                                           \
    fill(f, submit, ARRAY_LEN(((struct named_text[]){ __VA_ARGS__ })),                 \
         (struct named_text[]){ __VA_ARGS__ })

#define TALK (1u << EVENT_SENT | 1u << EVENT_PAGE | 1u << EVENT_FAILED | 1u << EVENT_NOTE)

static void sends_what_a_person_enters(void **state)
{
    struct fixture f;
    const struct event *page, *sent, *form;

    (void)state;
    begin(&f, "/contact");
    assert_int_equal(FILL(&f, "Send message", { "your NAME", "Maya Lindqvist" },
                          { "Email", "maya@shopper.test" }, { "Order number", "A-10442" },
                          { "Topic", "Refund" }, { "Message", "It leaks.\nA lot & more." },
                          { "Newsletter", "no" }), DONE_OK);
    assert_string_equal(recorder_log(&f.r, TALK),
        "page company Kettle & Co\nGo\nWrite to us\nYour name * Email:\nOrder number\n"
        "Topic Message Newsletter Preview Send message\nNewsletter: your email Subscribe\n"
        "sent customer Your name: Maya Lindqvist\nEmail: maya@shopper.test\n"
        "Order number: A-10442\nTopic: Refund\nMessage: It leaks.\nA lot & more.\n"
        "Newsletter: no\n"
        "page company Thank you\nYour reference number is KC-1001.\n");
    assert_non_null(strstr(f.server.log.ptr,
        "POST /contact\ntoken=t0k3n&name=Maya+Lindqvist&mail=maya%40shopper.test&order=A-10442"
        "&topic=r&message=It+leaks.%0D%0AA+lot+%26+more.&do=send\nGET /thanks\n"));
    assert_string_equal(f.script.seen[0], "session=abc");
    assert_string_equal(f.script.seen[1], "application/x-www-form-urlencoded");
    assert_string_equal(f.script.seen[2], f.url);
    assert_string_equal(f.script.seen[3], f.server.url);
    assert_int_equal(f.server.connections, 1);

    page = recorder_last(&f.r, EVENT_PAGE);
    sent = recorder_last(&f.r, EVENT_SENT);
    form = recorder_last(&f.r, EVENT_FORM);
    assert_int_equal(page->reply_to, sent->seq);
    assert_int_equal(page->status, 200);
    assert_true(page->wait_us > 0);
    assert_non_null(strstr(page->url, "/thanks"));
    assert_int_equal(sent->field_count, 6);
    assert_string_equal(form->text, "Write to us");
    assert_int_equal(form->field_count, 6);
    assert_string_equal(form->fields[3].text, "select");
    end(&f);
}

static void transfers_come_before_their_consequence(void **state)
{
    struct fixture f;
    CLEANUP(buf_release) struct buf want = BUF_INIT(4096);

    (void)state;
    begin(&f, "/contact");
    assert_int_equal(FILL(&f, "Preview", { "Your name", "M" }, { "Message", "Hi" }), DONE_OK);
    assert_non_null(strstr(f.server.log.ptr, "POST /preview\n"));
    for (size_t i = 0; i < f.r.transcript->count; i++)
        buf_addf(&want, "%s %d|", event_names[f.r.transcript->events[i].kind],
                 f.r.transcript->events[i].status);
    assert_string_equal(want.ptr, "transfer 200|page 200|form 0|sent 0|transfer 303|"
                                  "transfer 200|page 200|");
    assert_string_equal(f.r.transcript->events[4].code, "POST");
    assert_true(f.r.transcript->events[0].timings.connect_us > 0);
    assert_int_equal(f.r.transcript->events[4].timings.connect_us, DURATION_UNKNOWN);
    end(&f);
}

/* What is our own mistake, and how it is told. */
static const struct mistake {
    const char *name, *submit;
    struct named_text field;
    const char *says;
} mistakes[] = {
    { "unknown field", NULL, { "Order numbr", "x" },
      "there is no field \"Order numbr\". Did you mean \"Order number\"? The form \"Write to us\" "
      "has: Your name, Email, Order number, Topic (Choose, Delivery, Refund), Message, "
      "Newsletter" },
    { "unknown button", "Sendd", { "Your name", "x" },
      "there is no button \"Sendd\". The form has: \"Preview\", \"Send message\"" },
    { "unknown choice", NULL, { "Topic", "Repair" },
      "\"Repair\" is no choice of \"Topic\": Choose, Delivery, Refund" },
    { "no yes or no", NULL, { "Newsletter", "perhaps" },
      "\"Newsletter\" is to be ticked or not: write yes or no, not \"perhaps\"" },
    { "required", NULL, { "Message", "x" }, "Your name: must be filled in" },
    { "no address", NULL, { "Email", "maya" },
      "Your name: must be filled in\nEmail: \"maya\" is not an email address" },
    { "too long", NULL, { "Order number", "12345678901" },
      "Your name: must be filled in\nOrder number: 11 characters, the page takes 10" },
};

static void our_mistake(void **state)
{
    const struct mistake *m = *state;
    struct fixture f;

    begin(&f, "/contact");
    assert_int_equal(fill(&f, m->submit, 1, &m->field), DONE_OUR_FAILED);
    assert_int_equal(f.script.posts, 0);
    assert_null(recorder_last(&f.r, EVENT_SENT));
    assert_int_equal(recorder_last(&f.r, EVENT_FAILED)->from, PARTY_HARNESS);
    if (!strstr(recorder_last(&f.r, EVENT_FAILED)->text, m->says))
        assert_string_equal(recorder_last(&f.r, EVENT_FAILED)->text, m->says);
    end(&f);
}

/* What is the company's. */
static const struct failing {
    const char *name, *path, *page;
    struct web_answer answer;
    const char *code, *says;
} failings[] = {
    { "page not there", "/nowhere", NULL, { 0 }, "broken_link", "/nowhere answered 404" },
    { "no form", "/contact", "<h1>Call us</h1>", { 0 }, "no_form", "has no form" },
    { "a login first", "/contact", "<h1>Sign in</h1><form method=post><label>Email <input type=email "
      "name=e></label><label>Password <input type=password name=p></label></form>", { 0 },
      "no_form", "wants a login before anything else (Email, Password)" },
    { "form again with words alone", "/contact", NULL,
      { .status = 200, .body = "<p>Your order number is invalid.</p><form method=post "
        "action=/contact><input name=name><input name=mail><input name=order><textarea "
        "name=message></textarea></form>" }, "refused_input", "Your order number is invalid." },
    { "a rule that refuses the customer", "/contact",
      "<form method=post><label>Your name <input name=n pattern='[A-Z]{3}'></label><button>Send "
      "message</button></form>", { 0 }, "refused_input", "Your name: \"Maya Lindqvist\" does not fit" },
    { "scripts only", "/contact", "<div id=app></div><script src=a.js></script>", { 0 },
      "no_form", "needs a browser" },
    { "error after sending", "/contact", NULL, { .status = 500, .body = "<h1>Oh no</h1>" },
      "http_error", "answered 500" },
    { "gone after sending", "/contact", NULL, { .status = 410, .body = "" }, "broken_link",
      "answered 410" },
    { "hangs up", "/contact", NULL, { .status = 0 }, "unreachable", "/contact" },
    { "form again with a summary", "/contact", NULL,
      { .status = 200, .body = "<div role=alert>Please check:<ul><li>Order number: we do not know "
        "it.</ul></div><form method=post action=/contact><input name=name><input name=mail>"
        "<input name=order><select name=topic></select><textarea name=message></textarea></form>" },
      "refused_input", "Please check:\nOrder number: we do not know it." },
    { "form again with 422", "/contact", NULL,
      { .status = 422, .body = "<form method=post action=/contact><input name=name><input "
        "name=mail><input name=order class=is-invalid><span class='field-error'>Unknown order"
        "</span><textarea name=message></textarea></form>" },
      "refused_input", "Unknown order" },
    { "redirects without end", "/contact", NULL,
      { .status = 307, .location = "/contact", .body = "" }, "unreachable", "redirects" },
    { "redirect to an app", "/contact", NULL,
      { .status = 302, .location = "shopapp://done", .body = "" }, "unreachable",
      "where no browser can go" },
};

static void company_failure(void **state)
{
    const struct failing *t = *state;
    struct fixture f;

    begin(&f, t->path);
    f.script.page = t->page;
    f.script.answer = t->answer;
    assert_int_equal(FILL(&f, "Send message", { "Your name", "Maya Lindqvist" }),
                     DONE_COMPANY_FAILED);
    assert_int_equal(recorder_last(&f.r, EVENT_FAILED)->from, PARTY_COMPANY);
    assert_string_equal(recorder_last(&f.r, EVENT_FAILED)->code, t->code);
    assert_non_null(strstr(recorder_last(&f.r, EVENT_FAILED)->text, t->says));
    assert_true(f.script.posts <= 1);
    end(&f);
}

static void a_confirmation_with_a_fresh_form_is_no_refusal(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f, "/contact");
    f.script.answer = (struct web_answer){
        .status = 200, .body = "<p role=status>Thank you!</p><form method=post action=/contact>"
                               "<input name=name><input name=mail><input name=order>"
                               "<textarea name=message></textarea></form>" };
    assert_int_equal(FILL(&f, NULL, { "Your name", "Maya" }), DONE_OK);
    assert_null(strstr(f.server.log.ptr, "POST /preview"));       /* which sends nothing */
    end(&f);
}

static void a_riddle_is_not_tried(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f, "/contact");
    f.script.page = "<form method=post action=/contact><label>Your name <input name=n></label>"
                    "<div class=h-captcha data-sitekey=x></div><button>Send</button></form>";
    assert_int_equal(FILL(&f, NULL, { "Your name", "Maya" }), DONE_OUR_FAILED);
    assert_non_null(strstr(recorder_last(&f.r, EVENT_FAILED)->text, "a CAPTCHA (hCaptcha) guards"));
    assert_string_equal(recorder_last(&f.r, EVENT_FORM)->fields[1].name, "hCaptcha");
    assert_string_equal(recorder_last(&f.r, EVENT_FORM)->fields[1].text, "captcha");
    assert_int_equal(f.script.posts, 0);
    end(&f);
}

static void a_page_that_leads_on_is_followed_once_sent(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f, "/contact");
    f.script.answer = (struct web_answer){
        .status = 200, .body = "<meta http-equiv=refresh content='0; url=/thanks'>One moment" };
    assert_int_equal(FILL(&f, "Send message", { "Your name", "Maya" }), DONE_OK);
    assert_int_equal(f.script.posts, 1);
    assert_non_null(strstr(recorder_last(&f.r, EVENT_PAGE)->text, "KC-1001"));
    assert_int_equal(recorder_last(&f.r, EVENT_PAGE)->reply_to,
                     recorder_last(&f.r, EVENT_SENT)->seq);
    end(&f);
}

static void a_foreign_host_is_not_contacted(void **state)
{
    struct fixture f;
    char evil[64];

    (void)state;
    begin(&f, "/contact");
    snprintf(evil, sizeof(evil), "http://localhost:%u/thanks", f.server.port);
    f.script.answer = (struct web_answer){ .status = 303, .location = evil, .body = "" };
    assert_int_equal(FILL(&f, "Send message", { "Your name", "Maya" }), DONE_OUR_FAILED);
    assert_null(strstr(f.server.log.ptr, "/thanks"));
    assert_int_equal(recorder_last(&f.r, EVENT_NOTE)->from, PARTY_HARNESS);
    assert_non_null(strstr(recorder_last(&f.r, EVENT_NOTE)->text, "company.hosts"));
    end(&f);
}

static void never_sent_twice_on_a_broken_connection(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f, "/contact");
    f.script.answer = (struct web_answer){ .status = 0 };    /* on the kept connection */
    assert_int_equal(FILL(&f, "Send message", { "Your name", "Maya Lindqvist" }),
                     DONE_COMPANY_FAILED);
    assert_int_equal(f.script.posts, 1);
    end(&f);
}

static void files_go_as_multipart(void **state)
{
    static const char page[] =
        "<form method=post action=/contact enctype=multipart/form-data><label>Name <input name="
        "'na\"me'></label><label>Receipt <input type=file name=f></label><label>More <input "
        "type=file name=g></label></form>";
    const char *files[] = { "tests/unit/channels/pages/note.txt" };
    struct named_text field = { "Name", "Måya" };
    struct action a = { .verb = VERB_FILL, .fields = &field, .field_count = 1, .attach = files,
                        .attach_count = 1, .repeats_seq = -1 };
    struct fixture f;
    CLEANUP(buf_release) struct buf want = BUF_INIT(4096);

    (void)state;
    begin(&f, "/contact");
    f.script.page = page;
    assert_int_equal(recorder_act(&f.r, &a), DONE_OK);
    assert_true(strncmp(f.script.seen[1], "multipart/form-data; boundary=", 30) == 0);
    const char *boundary = f.script.seen[1] + 30;
    buf_addf(&want,
             "--%s\r\nContent-Disposition: form-data; name=\"na%%22me\"\r\n\r\nMåya\r\n"
             "--%s\r\nContent-Disposition: form-data; name=\"f\"; filename=\"note.txt\"\r\n"
             "Content-Type: text/plain\r\n\r\nA note.\n\r\n"
             "--%s\r\nContent-Disposition: form-data; name=\"g\"; filename=\"\"\r\n"
             "Content-Type: application/octet-stream\r\n\r\n\r\n--%s--\r\n",
             boundary, boundary, boundary, boundary);
    assert_non_null(strstr(f.server.log.ptr, want.ptr));
    assert_non_null(strstr(recorder_last(&f.r, EVENT_SENT)->text, "Attachment: note.txt"));
    end(&f);
}

static void a_password_is_kept_secret(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f, "/contact");
    f.script.page = "<form method=post action=/contact><label>Password <input type=password "
                    "name=p></label></form>";
    assert_int_equal(FILL(&f, NULL, { "Password", "hunter22" }), DONE_OK);
    assert_string_equal(recorder_last(&f.r, EVENT_SENT)->text, "Password: ***");
    assert_string_equal(f.r.secrets[0], "hunter22");
    assert_non_null(strstr(f.server.log.ptr, "p=hunter22"));
    end(&f);
}

static void cancelled_and_closed_half_way(void **state)
{
    struct named_text field = { "Your name", "Maya" };
    struct action a = { .verb = VERB_FILL, .fields = &field, .field_count = 1,
                        .repeats_seq = -1 };
    struct fixture f;

    (void)state;
    begin(&f, "/contact");
    assert_int_equal(channel_form.act(&f.r.visit, &a), ST_OK);
    channel_form.cancel(&f.r.visit);
    loop_run(f.r.world.loop);
    assert_int_equal(f.r.dones, 0);
    assert_int_equal(channel_form.act(&f.r.visit, &a), ST_OK);
    recorder_wait(&f.r, 4);               /* sent, the answer under way */
    channel_form.cancel(&f.r.visit);
    channel_form.cancel(&f.r.visit);
    loop_run(f.r.world.loop);
    assert_int_equal(f.r.dones, 0);
    assert_int_equal(channel_form.act(&f.r.visit, &a), ST_OK);
    end(&f);                              /* closed in flight */
}

/* Large enough to be read on a thread: all the same, and let go of in the middle. */
static void a_large_page(void **state)
{
    struct named_text field = { "Your name", "Maya" };
    struct action a = { .verb = VERB_FILL, .fields = &field, .field_count = 1,
                        .submit = "Send message", .repeats_seq = -1 };
    CLEANUP(buf_release) struct buf page = BUF_INIT(1024 * 1024);
    struct fixture f;

    (void)state;
    for (int i = 0; i < 20000; i++)
        buf_adds(&page, "<p>many words");
    buf_adds(&page, contact_page);
    begin(&f, "/contact");
    f.script.page = page.ptr;
    assert_int_equal(channel_form.act(&f.r.visit, &a), ST_OK);
    recorder_wait(&f.r, 1);               /* its transfer is told */
    channel_form.cancel(&f.r.visit);
    loop_run(f.r.world.loop);
    assert_int_equal(f.r.dones, 0);
    assert_null(recorder_last(&f.r, EVENT_PAGE));
    assert_int_equal(recorder_act(&f.r, &a), DONE_OK);
    assert_int_equal(f.script.posts, 1);
    assert_non_null(strstr(recorder_last(&f.r, EVENT_PAGE)->text, "KC-1001"));
    f.script.answer = (struct web_answer){ .status = 200, .body = page.ptr };
    assert_int_equal(channel_form.act(&f.r.visit, &a), ST_OK);
    recorder_wait(&f.r, (int)f.r.transcript->count + 1);
    end(&f);                              /* closed while it is read */
}

static void settings_are_checked(void **state)
{
    static const struct { const char *url; enum status want; const char *says; } urls[] = {
        { "http://elsewhere.test/", ST_DENIED, "not in company.hosts" },
        { "ftp://127.0.0.1/", ST_INVALID, "is no web address" },
        { "{{ env.NONE }}", ST_NOT_FOUND, "has no value" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(urls); i++) {
        struct recorder r;
        struct settings s = { 0 };
        struct diags diags;

        recorder_init(&r, &channel_form, &s, CLOCK_REAL);
        recorder_allow(&r, "127.0.0.1");
        s.url = recorder_template(&r, urls[i].url);
        diags_init(&diags);
        channel_form.check(&r.scenario, &r.spec, &r.world, &diags);
        assert_int_equal(diags.errors, urls[i].want == ST_NOT_FOUND ? 0 : 1);
        diags_release(&diags);
        assert_int_equal(recorder_open(&r), urls[i].want);
        assert_non_null(strstr(r.diags.items[0].what, urls[i].says));
        recorder_release(&r);
    }
}

int main(void)
{
    struct CMUnitTest tests[64];
    const struct CMUnitTest single[] = {
        cmocka_unit_test(sends_what_a_person_enters),
        cmocka_unit_test(transfers_come_before_their_consequence),
        cmocka_unit_test(a_confirmation_with_a_fresh_form_is_no_refusal),
        cmocka_unit_test(a_riddle_is_not_tried),
        cmocka_unit_test(a_page_that_leads_on_is_followed_once_sent),
        cmocka_unit_test(a_foreign_host_is_not_contacted),
        cmocka_unit_test(never_sent_twice_on_a_broken_connection),
        cmocka_unit_test(files_go_as_multipart),
        cmocka_unit_test(a_password_is_kept_secret),
        cmocka_unit_test(cancelled_and_closed_half_way),
        cmocka_unit_test(a_large_page),
        cmocka_unit_test(settings_are_checked),
    };
    size_t n = 0;

    for (size_t i = 0; i < ARRAY_LEN(single); i++)
        tests[n++] = single[i];
    for (size_t i = 0; i < ARRAY_LEN(mistakes); i++)
        tests[n++] = (struct CMUnitTest){ .name = mistakes[i].name, .test_func = our_mistake,
                                          .initial_state = (void *)(uintptr_t)&mistakes[i] };
    for (size_t i = 0; i < ARRAY_LEN(failings); i++)
        tests[n++] = (struct CMUnitTest){ .name = failings[i].name, .test_func = company_failure,
                                          .initial_state = (void *)(uintptr_t)&failings[i] };
    int failed = _cmocka_run_group_tests("form", tests, n, NULL, NULL);

    all_packs_free();
    return failed;
}
