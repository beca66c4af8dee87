#include "harness/channels/imap_client_inside.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/duration.h"
#include "harness/base/mem.h"
#include "harness/base/text.h"
#include "harness/channels/mail_read.h"

enum {
    FIRST_TRIES_MAX = 4, UID_TRIES_MAX = 3, WHY_MAX_BYTES = 600, NAME_MAX_BYTES = 1000,
};
#define RETRY_FIRST_US (500 * US_PER_MS)
#define RETRY_MAX_US (30 * US_PER_S)
#define GIVE_UP_US (300 * US_PER_S)
#define COMMAND_US (60 * US_PER_S)

static void connect_now(void *context);
static void send_next(struct imap_client *c);

struct imap_client *imap_client_new(struct loop *l, const struct mail_server *server,
                                    const struct imap_client_events *events, void *context)
{
    struct imap_client *c = mem_zero(1, sizeof *c);

    c->loop = l;
    c->server = server;
    c->events = *events;
    c->context = context;
    imap_reader_init(&c->reader);
    buf_init(&c->name, NAME_MAX_BYTES);
    c->lookout = lookout_new(l, imap_client_look, c);
    return c;
}

void imap_client_hold(struct imap_client *c, bool on)
{
    if (c->holding == on)
        return;
    c->holding = on;
    if (on)
        loop_hold(c->loop);
    else
        loop_release(c->loop);
}

/* Lets go of the connection; what is known about the folder stays. */
static void drop(struct imap_client *c)
{
    timer_cancel(c->timer);
    c->timer = NULL;
    mail_stream_free(c->stream);
    c->stream = NULL;
    c->open = false;
    c->connection++;
    imap_reader_release(&c->reader);
    imap_client_hold(c, false);
}

void imap_client_stop(struct imap_client *c)
{
    static const char logout[] = "Z LOGOUT\r\n";

    if (c->open)                  /* a courtesy; its answer is not waited for */
        mail_stream_send(c->stream, logout, sizeof logout - 1);
    drop(c);
    c->phase = PHASE_STOPPED;
}

void imap_client_free(struct imap_client *c)
{
    if (!c)
        return;
    imap_client_stop(c);
    lookout_free(c->lookout);
    imap_folder_release(&c->folder);
    buf_release(&c->name);
    free(c);
}

/* Failure */

static void broken(struct imap_client *c, const char *why)
{
    drop(c);
    c->phase = PHASE_BROKEN;
    c->events.broken(c->context, why);
}

static void lost(struct imap_client *c, const char *why)
{
    int64_t now = loop_now(c->loop), wait = RETRY_FIRST_US;
    CLEANUP(buf_release) struct buf text = BUF_INIT(WHY_MAX_BYTES);

    buf_adds(&text, why);
    if (c->phase == PHASE_FETCH && c->folder.queued && ++c->head_tries >= UID_TRIES_MAX) {
        imap_folder_skip(&c->folder);
        c->head_tries = 0;
    }
    drop(c);
    if (c->tries++ == 0)
        c->lost_at = now;
    if (c->ever_ready ? now - c->lost_at >= GIVE_UP_US : c->tries >= FIRST_TRIES_MAX) {
        broken(c, text.ptr);
        return;
    }
    for (unsigned i = 1; i < c->tries && wait < RETRY_MAX_US; i++)
        wait *= 2;
    c->phase = PHASE_RETRY;
    c->timer = timer_start(c->loop, now + (wait < RETRY_MAX_US ? wait : RETRY_MAX_US),
                           connect_now, c);
    if (c->ever_ready && !c->told_trouble) {
        c->told_trouble = true;
        c->events.trouble(c->context, text.ptr);
    }
}

static void on_deadline(void *context)
{
    struct imap_client *c = context;

    c->timer = NULL;
    lost(c, "the mailbox server does not answer");
}

/* Sending */

static void send_line(struct imap_client *c, enum phase phase, const char *line)
{
    c->phase = phase;
    timer_cancel(c->timer);
    c->timer = timer_start(c->loop, loop_now(c->loop) + COMMAND_US, on_deadline, c);
    imap_client_hold(c, true);
    mail_stream_send(c->stream, line, strlen(line));
}

void imap_client_command(struct imap_client *c, enum phase phase, const char *text)
{
    char *line = mem_printf("A%u %s\r\n", ++c->tag, text);

    send_line(c, phase, line);
    free(line);
}

/* The word that ends IDLE has no tag; the answer to it is the tagged end of the IDLE itself. */
void imap_client_end_idle(struct imap_client *c)
{
    send_line(c, PHASE_DONE, "DONE\r\n");
}

static void send_fetch(struct imap_client *c)
{
    char text[96];

    snprintf(text, sizeof text, "UID FETCH %u (UID INTERNALDATE BODY.PEEK[]<0.%d>)", c->folder.queue[0],
             (int)MAIL_IN_MAX_BYTES);
    c->fetching = c->folder.queue[0];
    imap_client_command(c, PHASE_FETCH, text);
}

static bool by_attribute(const struct imap_client *c)
{
    return c->server->path[0] == '\\';
}

static const char *folder_name(const struct imap_client *c)
{
    return by_attribute(c) ? c->name.ptr : *c->server->path ? c->server->path : "INBOX";
}

static void send_list(struct imap_client *c)
{
    buf_clear(&c->name);
    imap_client_command(c, PHASE_LIST, c->can_special ? "LIST \"\" \"*\" RETURN (SPECIAL-USE)"
                                          : "LIST \"\" \"*\"");
}

static void send_examine(struct imap_client *c)
{
    CLEANUP(buf_release) struct buf text = BUF_INIT(4096);

    c->folder.next_uid = 0;
    buf_adds(&text, "EXAMINE ");
    if (imap_add_quoted(&text, folder_name(c)) != ST_OK ||
        text.full) {
        broken(c, "the folder's name has characters that are not ASCII");
        return;
    }
    imap_client_command(c, PHASE_EXAMINE, text.ptr);
}

/* The newest mails with their dates: those from after the start came while we connected. */
static void send_catch_up(struct imap_client *c)
{
    char text[64];

    snprintf(text, sizeof text, "UID FETCH %u:* (UID INTERNALDATE)",
             imap_folder_catch_up_from(&c->folder));
    imap_client_command(c, PHASE_CATCH_UP, text);
}

/* Answers */

/* The only place that gives mail out. The callback may stop us: nothing is touched after it. */
static void on_fetch_line(struct imap_client *c, const struct imap_answer *a)
{
    struct slice bytes;
    int64_t arrived;

    if (!imap_folder_on_fetch(&c->folder, a, &bytes, &arrived))
        return;
    c->head_tries = 0;
    c->events.mail(c->context, bytes, arrived);
}

static void on_capability_line(struct imap_client *c, const struct imap_answer *a)
{
    if (!imap_is(a->word, "CAPABILITY"))
        return;
    c->can_idle = imap_has_word(a->rest, "IDLE");
    c->can_special = imap_has_word(a->rest, "SPECIAL-USE");
}

static void on_list_line(struct imap_client *c, const struct imap_answer *a)
{
    if (imap_is(a->word, "LIST") && !c->name.len &&
        !imap_list_has(a->rest, c->server->path, &c->name))
        buf_clear(&c->name);
}

static void after_capability(struct imap_client *c)
{
    if (by_attribute(c))
        send_list(c);
    else
        send_examine(c);
}

static void after_list(struct imap_client *c)
{
    if (c->name.len) {
        send_examine(c);
    } else if (c->events.absent) {
        imap_client_stop(c);
        c->events.absent(c->context);
    } else {
        broken(c, "the mailbox has no such folder");
    }
}

/* "* 23 EXISTS": the folder has grown. Other news (flags, expunged mail) is nothing to us. */
static void on_news(struct imap_client *c, const struct imap_answer *a)
{
    if (c->phase == PHASE_EXAMINE || !imap_is(a->word, "EXISTS"))
        return;
    c->pushed = true;
    if (c->phase == PHASE_IDLING)
        imap_client_end_idle(c);
}

static void on_untagged(struct imap_client *c, const struct imap_answer *a)
{
    if (imap_is(a->word, "BYE")) {
        lost(c, "the mailbox server ended the connection");
        return;
    }
    on_news(c, a);
    switch (c->phase) {
    case PHASE_CAPABILITY: on_capability_line(c, a); break;
    case PHASE_LIST: on_list_line(c, a); break;
    case PHASE_EXAMINE: imap_folder_on_examine(&c->folder, a); break;
    case PHASE_CATCH_UP: imap_folder_on_dates(&c->folder, a, c->since); break;
    case PHASE_SEARCH: imap_folder_on_search(&c->folder, a); break;
    case PHASE_FETCH: on_fetch_line(c, a); break;
    default: break;
    }
}

static void after_examine(struct imap_client *c)
{
    c->tries = 0;
    c->told_trouble = false;
    c->ever_ready = true;
    if (!c->folder.caught_up && c->folder.next_uid != 1) {
        send_catch_up(c);
        return;
    }
    if (c->folder.caught_up) {    /* connected again: what came meanwhile */
        imap_client_search(c);
        return;
    }
    c->folder.caught_up = true;
    send_next(c);
}

/* What to do when nothing is under way: the queue first. */
static void send_next(struct imap_client *c)
{
    unsigned connection = c->connection;

    if (!c->told_ready) {
        c->told_ready = true;
        c->events.ready(c->context);
    }
    if (c->connection == connection && !c->folder.queued && !c->told_looked) {
        c->told_looked = true;
        c->events.looked(c->context);
    }
    if (c->connection != connection)
        return;                   /* the callback has stopped us */
    if (c->folder.queued)
        send_fetch(c);
    else
        imap_client_rest(c);
}

static void on_command_ok(struct imap_client *c)
{
    switch (c->phase) {
    case PHASE_CAPABILITY: after_capability(c); break;
    case PHASE_LIST: after_list(c); break;
    case PHASE_EXAMINE: after_examine(c); break;
    case PHASE_DONE:              /* what it told of is found; else look, as without IDLE */
        if (c->pushed)
            imap_client_search(c);
        else
            imap_client_command(c, PHASE_NOOP, "NOOP");
        break;
    case PHASE_IDLE: case PHASE_IDLING:     /* it ends by itself: not meant seriously */
        c->can_idle = false;
        imap_client_rest(c);
        break;
    case PHASE_CATCH_UP:
        imap_folder_caught_up(&c->folder);
        send_next(c);
        break;
    case PHASE_NOOP: imap_client_search(c); break;
    case PHASE_FETCH:
        if (c->folder.queued && c->folder.queue[0] == c->fetching)
            imap_folder_skip(&c->folder);         /* expunged before we came */
        send_next(c);
        break;
    case PHASE_SEARCH:
        c->found = c->folder.queued > 0;
        send_next(c);
        break;
    default: break;
    }
}

static void on_tagged(struct imap_client *c, const struct imap_answer *a)
{
    char tag[16];

    snprintf(tag, sizeof tag, "A%u", c->tag);
    if (!slice_eq(a->tag, tag))
        return;                   /* an answer to nothing */
    if (imap_is(a->word, "OK")) {
        on_command_ok(c);
        return;
    }
    if (c->phase == PHASE_CAPABILITY) {
        after_capability(c);
        return;
    }
    if (c->phase == PHASE_LIST) {
        after_list(c);
        return;
    }
    if (c->phase == PHASE_IDLE) { /* offered, but not given: poll instead */
        c->can_idle = false;
        imap_client_rest(c);
        return;
    }
    CLEANUP(buf_release) struct buf why = BUF_INIT(WHY_MAX_BYTES);
    struct slice words = imap_words(a->rest);

    if (words.len > 300)
        words.len = 300;
    if (c->phase == PHASE_EXAMINE) {
        buf_addf(&why, "the mailbox server cannot open the folder \"%.200s\": ",
                 folder_name(c));
        text_add_clean(&why, words);
        broken(c, why.ptr);
        return;
    }
    buf_adds(&why, "the mailbox server refused a command: ");
    text_add_clean(&why, words);
    lost(c, why.ptr);
}

static void read_answers(struct imap_client *c)
{
    unsigned connection = c->connection;
    struct imap_answer a;
    enum status st = ST_NOT_FOUND;

    while (c->connection == connection && (st = imap_next(&c->reader, &a)) == ST_OK) {
        if (a.kind == IMAP_UNTAGGED) {
            on_untagged(c, &a);
        } else if (a.kind == IMAP_TAGGED) {
            on_tagged(c, &a);
        } else if (c->phase == PHASE_IDLE) {
            imap_client_idles(c);
        }
    }
    if (c->connection == connection && st != ST_NOT_FOUND)
        lost(c, "the mailbox server's answer is too long or not IMAP");
}

/* A long mail on a slow line is no silence. */
static void extend_deadline(struct imap_client *c)
{
    if (!c->holding || !c->timer)
        return;
    timer_cancel(c->timer);
    c->timer = timer_start(c->loop, loop_now(c->loop) + COMMAND_US, on_deadline, c);
}

static void on_bytes(void *context, const char *bytes, size_t len)
{
    struct imap_client *c = context;

    extend_deadline(c);
    if (imap_feed(&c->reader, bytes, len) != ST_OK)
        lost(c, "the mailbox server's answer is too long");
    else
        read_answers(c);
}

/* Connecting */

static void on_open(void *context)
{
    struct imap_client *c = context;

    c->open = true;
    c->can_idle = c->can_special = c->pushed = c->was_pushed = c->found = false;
    /* What is offered may change with the login. */
    imap_client_command(c, PHASE_CAPABILITY, "CAPABILITY");
}

static void on_closed(void *context, CURLcode rc)
{
    struct imap_client *c = context;
    const char *why = c->open ? NULL : mail_stream_hopeless(c->stream, rc);
    CLEANUP(buf_release) struct buf text = BUF_INIT(WHY_MAX_BYTES);

    buf_addf(&text, "the mailbox server %s%s", c->open || why ? "" : "cannot be reached: ",
             why ? why : c->open ? "closed the connection" : curl_easy_strerror(rc));
    if (why)
        broken(c, text.ptr);
    else
        lost(c, text.ptr);
}

static void connect_now(void *context)
{
    static const struct mail_stream_events events = { on_open, on_bytes, on_closed };
    struct imap_client *c = context;

    c->timer = NULL;
    c->phase = PHASE_CONNECTING;
    c->stream = mail_stream_open(c->loop, c->server, "", &events, c);
    if (!c->stream)
        broken(c, "libcurl cannot make a connection");
}

void imap_client_set_poll(struct imap_client *c, int64_t poll_us, enum imap_rest how)
{
    c->poll_us = poll_us;
    c->idle = how == REST_IDLE;
}

void imap_client_start(struct imap_client *c, int64_t since)
{
    if (c->phase != PHASE_STOPPED && c->phase != PHASE_BROKEN)
        return;
    c->since = since;
    c->expected_us = c->searched_us = loop_now(c->loop);
    c->told_ready = c->told_looked = c->told_trouble = false;
    imap_folder_restart(&c->folder);
    c->tries = 0;
    c->phase = PHASE_RETRY;
    c->timer = timer_start(c->loop, loop_now(c->loop), connect_now, c);
}
