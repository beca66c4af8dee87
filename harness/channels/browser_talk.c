/* `say` in a browser: opens the chat on the page, types, sends, and reads what comes back. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"
#include "harness/channels/browser_chat.h"
#include "harness/channels/browser_inside.h"

enum { TALK_FRAMES_MAX = 10, TOLD_MAX = 50, MESSAGE_MAX = 64 * 1024 };

/* A chat that has to be opened first may take so long to draw its input. */
#define OPENING_US (20 * US_PER_S)
/* The words have left when the input is empty or they stand on the page. */
#define LEAVING_US (10 * US_PER_S)
/* If Enter alone does not send them, the button beside the input does. */
#define ENTER_US (1 * US_PER_S)
/* A message that has not grown for so long is whole. */
#define WHOLE_US (1200 * US_PER_MS)
#define LOOK_US (200 * US_PER_MS)
#define ENTER_KEY "\xEE\x80\x87"

struct browser_talk {
    struct browser_visit *b;
    json_t *input, *opener;       /* elements; NULL none */
    json_t *frames;               /* of the page, in which the chat may be */
    size_t frame;                 /* frames looked into; 0 = the page itself */
    bool opened, greeted;         /* the opener was pressed; what stood there first was told */
    bool pressed_button;
    int64_t since_us;             /* of what is waited for */

    char *said, *before;          /* our last words; all that stood on the page before them */
    int sent_seq;
    int64_t sent_us, first_us, changed_us;
    json_t *heard;                /* the messages since, as last seen; NULL none */
    size_t told;                  /* so many of them are in the transcript */
    bool listening, asking;       /* a look is due; one is under way */
    bool act_waits;               /* an act begins when that look has been answered */
    struct browser_press press;
};

static void look_for_input(void *context);
static void on_read(void *context, const struct webdriver_answer *a);

static struct browser_talk *talk_of(struct browser_visit *b)
{
    if (!b->talk) {
        b->talk = mem_zero(1, sizeof(*b->talk));
        b->talk->b = b;
    }
    return b->talk;
}

void browser_talk_free(struct browser_talk *t)
{
    if (!t)
        return;
    browser_press_release(&t->press);
    json_decref(t->input);
    json_decref(t->opener);
    json_decref(t->frames);
    json_decref(t->heard);
    free(t->said);
    free(t->before);
    free(t);
}

static void keep(json_t **at, json_t *value)
{
    json_t *old = *at;

    *at = json_is_object(value) || json_is_array(value) ? json_incref(value) : NULL;
    json_decref(old);
}

static void run(struct browser_visit *b, const char *script, json_t *args, webdriver_fn *fn)
{
    char *whole = mem_printf("%s%s", browser_chat_tools, script);

    webdriver_script(b->wd, whole, args, fn, b);
    free(whole);
}

/** Reads the chat as it is now. */
static void read_chat(struct browser_visit *b, webdriver_fn *fn)
{
    struct browser_talk *t = b->talk;

    run(b, browser_chat_read, json_pack("[O?, s, s]", t->input, t->said, t->before), fn);
}

/* Reading: what has come since our last words */

static void ask(void *context)
{
    struct browser_visit *b = context;
    struct browser_talk *t = b->talk;

    b->timer = NULL;
    t->asking = true;
    read_chat(b, on_read);
}

static const char *message_at(const struct browser_talk *t, size_t i)
{
    const char *text = json_string_value(json_array_get(t->heard, i));

    return text ? text : "";
}

/** The next whole message becomes an event: the last thing done here, it may close the visit. */
static void tell_message(struct browser_visit *b)
{
    struct browser_talk *t = b->talk;
    CLEANUP(buf_release) struct buf text = BUF_INIT(MESSAGE_MAX);
    struct event e = event_init(EVENT_MESSAGE, PARTY_COMPANY);

    text_add_clean(&text, slice_str(message_at(t, t->told++)));
    e.text = text.ptr;
    e.reply_to = t->sent_seq;
    e.wait_us = t->changed_us - t->sent_us;
    if (t->first_us < t->changed_us)
        e.first_word_us = t->first_us - t->sent_us;
    visit_emit(b->visit, &e);
}

static void on_picture(void *context, const struct webdriver_answer *a)
{
    struct browser_visit *b = context;

    b->talk->asking = false;
    browser_keep_picture(b, a);
    if (b->talk->act_waits) {
        b->talk->act_waits = false;
        browser_begin(b);
        return;
    }
    browser_later(b, LOOK_US, ask);
    tell_message(b);
}

static void take_heard(struct browser_talk *t, json_t *messages)
{
    int64_t now = browser_now(t->b);

    if (!json_is_array(messages) || json_equal(t->heard, messages))
        return;
    if (json_array_size(messages) > json_array_size(t->heard))
        t->first_us = now;
    t->changed_us = now;
    keep(&t->heard, messages);
}

static void listen_on(struct browser_visit *b)
{
    struct browser_talk *t = b->talk;
    bool whole = browser_now(b) - t->changed_us >= WHOLE_US;

    if (!t->listening)
        return;
    if (!whole || t->told >= json_array_size(t->heard)) {
        browser_later(b, LOOK_US, ask);
    } else if (b->visit->evidence) {
        t->asking = true;
        webdriver_call(b->wd, "/screenshot", NULL, on_picture, b);
    } else {
        browser_later(b, LOOK_US, ask);
        tell_message(b);
    }
}

static void on_read(void *context, const struct webdriver_answer *a)
{
    struct browser_visit *b = context;
    struct browser_talk *t = b->talk;

    t->asking = false;
    if (!a->error)
        take_heard(t, json_object_get(a->value, "messages"));
    else
        keep(&t->input, NULL);    /* drawn anew, or gone with its page */
    if (t->act_waits) {
        t->act_waits = false;
        browser_begin(b);
    } else if (a->error && browser_is_gone(a->error)) {
        t->listening = false;
        b->gone = true;
        visit_our_failed(b->visit, "%s: the browser is gone", b->url);
    } else {
        listen_on(b);
    }
}

void browser_listen(struct browser_visit *b)
{
    struct browser_talk *t = b->talk;

    if (!t || !t->said || t->listening)
        return;
    t->listening = true;
    browser_later(b, LOOK_US, ask);
}

void browser_hush(struct browser_visit *b)
{
    if (!b->talk || !b->talk->listening)
        return;
    b->talk->listening = false;
    timer_cancel(b->timer);
    b->timer = NULL;
}

bool browser_talk_waits(struct browser_visit *b)
{
    browser_hush(b);
    if (!b->talk || !b->talk->asking)
        return false;
    b->talk->act_waits = true;
    return true;
}

bool browser_talk_leaves(struct browser_visit *b)
{
    if (!b->talk || !b->talk->frame || b->action.verb == VERB_SAY)
        return false;
    b->talk->frame = 0;
    return true;
}

/* Sending */

static void on_left(void *context, const struct webdriver_answer *a);

static void check_left(void *context)
{
    struct browser_visit *b = context;

    b->timer = NULL;
    read_chat(b, on_left);
}

static void on_button(void *context, const struct webdriver_answer *a)
{
    (void)a;                      /* what it did is seen on the page */
    browser_later(context, LOOK_US, check_left);
}

static void on_left(void *context, const struct webdriver_answer *a)
{
    struct browser_visit *b = context;
    struct browser_talk *t = b->talk;
    const char *left = json_string_value(json_object_get(a->value, "left"));
    json_t *button = json_object_get(a->value, "send");
    int64_t waited = browser_now(b) - t->sent_us;

    if (a->error && browser_is_gone(a->error)) {
        browser_driver_failed(b, a);
        return;
    }
    if (a->error)
        keep(&t->input, NULL);
    if (json_is_true(json_object_get(a->value, "echo")) || (left && !*left && waited > ENTER_US)) {
        take_heard(t, json_object_get(a->value, "messages"));
        browser_act_over(b, DONE_OK);
    } else if (waited > LEAVING_US) {
        browser_our_fault(b, "the chat on the page does not take what is typed into it");
    } else if (left && *left && waited > ENTER_US && json_is_object(button) && !t->pressed_button) {
        t->pressed_button = true;
        browser_press_start(&t->press, b->wd, json_incref(button), on_button, b);
    } else {
        browser_later(b, LOOK_US, check_left);
    }
}

static void on_entered(void *context, const struct webdriver_answer *a)
{
    struct browser_visit *b = context;

    if (a->error)
        browser_driver_failed(b, a);
    else
        browser_later(b, LOOK_US, check_left);
}

static void send_now(void *context)
{
    struct browser_visit *b = context;

    b->talk->sent_us = b->talk->changed_us = browser_now(b);
    browser_type(b->wd, b->talk->input, ENTER_KEY, on_entered, b);
}

static void on_typed(void *context, const struct webdriver_answer *a)
{
    struct browser_visit *b = context;
    struct event e = event_init(EVENT_SENT, PARTY_CUSTOMER);

    if (a->error) {
        browser_driver_failed(b, a);
        return;
    }
    e.text = b->action.text;
    e.repeats_seq = b->action.repeats_seq;
    b->sent_seq = b->talk->sent_seq = visit_emit(b->visit, &e);
    visit_commit(b->visit, send_now, b);
}

/* Enter sends: the words go out on one line. */
static void type_words(struct browser_visit *b)
{
    struct browser_talk *t = b->talk;

    free(t->said);
    t->said = mem_strdup(b->action.text);
    for (char *p = t->said; *p; p++)
        if (*p == '\n' || *p == '\r' || *p == '\t')
            *p = ' ';
    keep(&t->heard, NULL);
    t->told = 0;
    t->pressed_button = false;
    browser_type(b->wd, t->input, t->said, on_typed, b);
}

/* What stands in the chat before the customer has said anything. */
static void greet(struct browser_visit *b, const char *text)
{
    CLEANUP(buf_release) struct buf clean = BUF_INIT(MESSAGE_MAX);
    struct event e = event_init(EVENT_MESSAGE, PARTY_COMPANY);

    b->talk->greeted = true;
    text_add_clean(&clean, slice_str(text ? text : ""));
    e.text = clean.ptr;
    if (clean.len)
        visit_emit(b->visit, &e);
}

/* Finding the chat */

static void on_found(void *context, const struct webdriver_answer *a);

static void on_frame(void *context, const struct webdriver_answer *a)
{
    struct browser_visit *b = context;

    if (a->error && browser_is_gone(a->error))
        browser_driver_failed(b, a);
    else
        run(b, browser_chat_find, NULL, on_found);
}

/** Looks into the page itself (0) or into one of its frames. */
static void enter_frame(struct browser_visit *b, size_t frame)
{
    json_t *to = frame ? json_array_get(b->talk->frames, frame - 1) : NULL;

    b->talk->frame = frame;
    webdriver_call(b->wd, "/frame", json_pack("{s:O?}", "id", to), on_frame, b);
}

static void on_parent(void *context, const struct webdriver_answer *a)
{
    struct browser_visit *b = context;

    if (a->error && browser_is_gone(a->error))
        browser_driver_failed(b, a);
    else
        enter_frame(b, b->talk->frame + 1);
}

static void look_for_input(void *context)
{
    struct browser_visit *b = context;

    b->timer = NULL;
    keep(&b->talk->frames, NULL);
    enter_frame(b, 0);
}

static void on_opened(void *context, const struct webdriver_answer *a)
{
    struct browser_visit *b = context;

    if (a->error && browser_is_gone(a->error))
        browser_driver_failed(b, a);
    else
        browser_later(b, LOOK_US, look_for_input);
}

/** No input in this frame: the next one; after the last, later once more. */
static void look_further(struct browser_visit *b)
{
    struct browser_talk *t = b->talk;

    if (t->frame < json_array_size(t->frames) && t->frame < TALK_FRAMES_MAX)
        webdriver_call(b->wd, "/frame", json_pack("{s:n}", "id"), on_parent, b);
    else if (browser_now(b) - t->since_us < OPENING_US)
        browser_later(b, LOOK_US, look_for_input);
    else
        browser_our_fault(b, t->opened ? "a chat was opened on the page, and has no place to write"
                                       : "there is no chat on the page that a person would see");
}

static void on_found(void *context, const struct webdriver_answer *a)
{
    struct browser_visit *b = context;
    struct browser_talk *t = b->talk;
    json_t *input = json_object_get(a->value, "input");
    json_t *opener = json_object_get(a->value, "opener");
    const char *text = json_string_value(json_object_get(a->value, "text"));
    bool sure = json_is_true(json_object_get(a->value, "sure"));

    if (a->error && browser_is_gone(a->error)) {
        browser_driver_failed(b, a);
        return;
    }
    if (!t->frame)
        keep(&t->frames, json_object_get(a->value, "frames"));
    if (json_is_object(input) && (sure || (t->opened && !json_is_object(opener)))) {
        keep(&t->input, input);
        free(t->before);
        t->before = mem_strdup(text ? text : "");
        if (!t->greeted)
            greet(b, json_string_value(json_object_get(a->value, "greeting")));
        type_words(b);
    } else if (json_is_object(opener) && !t->opened) {
        t->opened = true;
        t->since_us = browser_now(b);
        browser_press_start(&t->press, b->wd, json_incref(opener), on_opened, b);
    } else {
        look_further(b);
    }
}

void browser_say(struct browser_visit *b)
{
    struct browser_talk *t = talk_of(b);

    t->since_us = browser_now(b);
    t->opened = false;
    keep(&t->input, NULL);
    look_for_input(b);
}
