#include "harness/channels/imap_client.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/duration.h"
#include "harness/base/mem.h"
#include "harness/base/text.h"
#include "harness/channels/imap.h"
#include "harness/channels/mail_read.h"
#include "harness/channels/mail_stream.h"

enum {
    FIRST_TRIES_MAX = 4, UID_TRIES_MAX = 3, CATCH_UP_UIDS = 1000, QUEUE_MAX = 100000,
    WHY_MAX_BYTES = 600,
};
#define RETRY_FIRST_US (500 * US_PER_MS)
#define RETRY_MAX_US (30 * US_PER_S)
#define GIVE_UP_US (300 * US_PER_S)
#define COMMAND_US (60 * US_PER_S)

/* What the one command under way is, or why there is none. */
enum phase {
    PHASE_STOPPED, PHASE_CONNECTING, PHASE_EXAMINE, PHASE_CATCH_UP, PHASE_NOOP, PHASE_SEARCH,
    PHASE_FETCH, PHASE_RESTING, PHASE_RETRY, PHASE_BROKEN
};

struct imap_client {
    struct loop *loop;
    const struct mail_server *server;
    struct imap_client_events events;
    void *context;

    enum phase phase;
    struct mail_stream *stream;   /* NULL between connections */
    bool open;                    /* it is logged in */
    unsigned connection;          /* counts them: tells whether a callback has ended ours */
    struct timer *timer;          /* rest, retry or the deadline of a command */
    struct imap_reader reader;
    unsigned tag;
    bool holding;                 /* a virtual clock waits for our answer */

    int64_t poll_us, since;
    bool caught_up;               /* since start: what came before is dealt with */
    bool told_ready, ever_ready, told_trouble;
    unsigned tries;               /* connections that failed in a row */
    int64_t lost_at;

    uint32_t validity, next_uid;  /* next_uid: of the EXAMINE under way */
    uint32_t last_uid;            /* everything up to it is queued or dealt with */
    uint32_t *queue;              /* ascending */
    size_t queued, queue_cap;
    unsigned head_tries;          /* connections that ended while fetching queue[0] */
    uint64_t *seen;               /* hashes of mails given out */
    size_t seen_count, seen_cap;
};

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
    return c;
}

static void hold(struct imap_client *c, bool on)
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
    hold(c, false);
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
    free(c->queue);
    free(c->seen);
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
    if (c->phase == PHASE_FETCH && c->queued && ++c->head_tries >= UID_TRIES_MAX) {
        memmove(c->queue, c->queue + 1, --c->queued * sizeof *c->queue);
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

static void command(struct imap_client *c, enum phase phase, const char *text)
{
    char *line = mem_printf("A%u %s\r\n", ++c->tag, text);

    c->phase = phase;
    timer_cancel(c->timer);
    c->timer = timer_start(c->loop, loop_now(c->loop) + COMMAND_US, on_deadline, c);
    hold(c, true);
    mail_stream_send(c->stream, line, strlen(line));
    free(line);
}

static void on_poll_due(void *context)
{
    struct imap_client *c = context;

    c->timer = NULL;
    command(c, PHASE_NOOP, "NOOP");
}

static void rest(struct imap_client *c)
{
    hold(c, false);
    timer_cancel(c->timer);
    c->phase = PHASE_RESTING;
    c->timer = timer_start(c->loop, loop_now(c->loop) + c->poll_us, on_poll_due, c);
}

static void send_fetch(struct imap_client *c)
{
    char text[96];

    snprintf(text, sizeof text, "UID FETCH %u (UID BODY.PEEK[]<0.%d>)", c->queue[0],
             (int)MAIL_IN_MAX_BYTES);
    command(c, PHASE_FETCH, text);
}

static void send_examine(struct imap_client *c)
{
    CLEANUP(buf_release) struct buf text = BUF_INIT(4096);

    c->next_uid = 0;
    buf_adds(&text, "EXAMINE ");
    if (imap_add_quoted(&text, *c->server->path ? c->server->path : "INBOX") != ST_OK ||
        text.full) {
        broken(c, "the folder's name has characters that are not ASCII");
        return;
    }
    command(c, PHASE_EXAMINE, text.ptr);
}

/* The newest mails with their dates: those from after the start came while we connected. */
static void send_catch_up(struct imap_client *c)
{
    uint32_t from = c->last_uid + 1;
    char text[64];

    if (c->last_uid == 0 && c->next_uid > CATCH_UP_UIDS)
        from = c->next_uid - CATCH_UP_UIDS;
    if (c->last_uid + 1 < from)
        c->last_uid = from - 1;
    snprintf(text, sizeof text, "UID FETCH %u:* (UID INTERNALDATE)", from);
    command(c, PHASE_CATCH_UP, text);
}

static void send_search(struct imap_client *c)
{
    char text[64];

    snprintf(text, sizeof text, "UID SEARCH UID %u:*", c->last_uid + 1);
    command(c, PHASE_SEARCH, text);
}

/* Answers */

static void enqueue(struct imap_client *c, uint32_t uid)
{
    size_t at = c->queued;

    if (c->queued == QUEUE_MAX)
        return;
    while (at && c->queue[at - 1] > uid)
        at--;
    if (at && c->queue[at - 1] == uid)
        return;
    MEM_GROW(c->queue, c->queue_cap, c->queued + 1);
    memmove(c->queue + at + 1, c->queue + at, (c->queued - at) * sizeof *c->queue);
    c->queue[at] = uid;
    c->queued++;
}

/* FNV-1a: tells mails apart that were already given out, after a server has renumbered them. */
static uint64_t hash(struct slice s)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325);

    for (size_t i = 0; i < s.len; i++)
        h = (h ^ (unsigned char)s.ptr[i]) * UINT64_C(0x100000001b3);
    return h;
}

static bool seen_before(struct imap_client *c, struct slice bytes)
{
    uint64_t h = hash(bytes);

    for (size_t i = 0; i < c->seen_count; i++)
        if (c->seen[i] == h)
            return true;
    MEM_GROW(c->seen, c->seen_cap, c->seen_count + 1);
    c->seen[c->seen_count++] = h;
    return false;
}

static void on_examine_line(struct imap_client *c, const struct imap_answer *a)
{
    uint32_t validity = imap_code(a->rest, "UIDVALIDITY");
    uint32_t next = imap_code(a->rest, "UIDNEXT");

    if (!imap_is(a->word, "OK"))
        return;
    if (next)
        c->next_uid = next;
    if (validity && validity != c->validity) {
        if (c->validity) {        /* every number we knew is void */
            c->last_uid = 0;
            c->queued = 0;
            c->caught_up = false;
        }
        c->validity = validity;
    }
}

static void on_search_line(struct imap_client *c, const struct imap_answer *a)
{
    struct slice numbers = a->rest;
    uint32_t uid, top = c->last_uid;

    if (!imap_is(a->word, "SEARCH"))
        return;
    while (imap_number(&numbers, &uid)) {
        if (uid > c->last_uid)    /* "n:*" names the newest mail even when it is below n */
            enqueue(c, uid);
        top = uid > top ? uid : top;
    }
    c->last_uid = top;
}

static void on_catch_up_line(struct imap_client *c, const struct imap_answer *a)
{
    struct imap_fetch f;

    if (!imap_is(a->word, "FETCH") || imap_fetch_parse(a->rest, &f) != ST_OK || !f.uid)
        return;
    if (f.uid > c->last_uid && (f.date < 0 || f.date >= c->since))
        enqueue(c, f.uid);
    if (f.uid >= c->next_uid)
        c->next_uid = f.uid + 1;
}

/* The only place that gives mail out. The callback may stop us: nothing is touched after it. */
static void on_fetch_line(struct imap_client *c, const struct imap_answer *a)
{
    struct imap_fetch f;

    if (!imap_is(a->word, "FETCH") || imap_fetch_parse(a->rest, &f) != ST_OK || !f.has_body ||
        !c->queued || f.uid != c->queue[0])
        return;
    memmove(c->queue, c->queue + 1, --c->queued * sizeof *c->queue);
    c->head_tries = 0;
    if (!seen_before(c, f.body))
        c->events.mail(c->context, f.body);
}

static void on_untagged(struct imap_client *c, const struct imap_answer *a)
{
    if (imap_is(a->word, "BYE")) {
        lost(c, "the mailbox server ended the connection");
        return;
    }
    switch (c->phase) {
    case PHASE_EXAMINE: on_examine_line(c, a); break;
    case PHASE_CATCH_UP: on_catch_up_line(c, a); break;
    case PHASE_SEARCH: on_search_line(c, a); break;
    case PHASE_FETCH: on_fetch_line(c, a); break;
    default: break;
    }
}

static void after_examine(struct imap_client *c)
{
    c->tries = 0;
    c->told_trouble = false;
    c->ever_ready = true;
    if (!c->caught_up && c->next_uid != 1) {
        send_catch_up(c);
        return;
    }
    c->caught_up = true;
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
    if (c->connection != connection)
        return;                   /* the callback has stopped us */
    if (c->queued)
        send_fetch(c);
    else
        rest(c);
}

static void on_command_ok(struct imap_client *c, uint32_t wanted)
{
    switch (c->phase) {
    case PHASE_EXAMINE: after_examine(c); break;
    case PHASE_CATCH_UP:
        c->caught_up = true;
        if (c->next_uid && c->next_uid - 1 > c->last_uid)
            c->last_uid = c->next_uid - 1;
        send_next(c);
        break;
    case PHASE_NOOP: send_search(c); break;
    case PHASE_FETCH:
        if (c->queued && c->queue[0] == wanted)   /* expunged before we came */
            memmove(c->queue, c->queue + 1, --c->queued * sizeof *c->queue);
        send_next(c);
        break;
    case PHASE_SEARCH: send_next(c); break;
    default: break;
    }
}

static void on_tagged(struct imap_client *c, const struct imap_answer *a, uint32_t wanted)
{
    char tag[16];

    snprintf(tag, sizeof tag, "A%u", c->tag);
    if (!slice_eq(a->tag, tag))
        return;                   /* an answer to nothing */
    if (imap_is(a->word, "OK")) {
        on_command_ok(c, wanted);
        return;
    }
    CLEANUP(buf_release) struct buf why = BUF_INIT(WHY_MAX_BYTES);
    struct slice words = imap_words(a->rest);

    if (words.len > 300)
        words.len = 300;
    if (c->phase == PHASE_EXAMINE) {
        buf_addf(&why, "the mailbox server cannot open the folder \"%.200s\": ",
                 *c->server->path ? c->server->path : "INBOX");
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
    uint32_t wanted = c->phase == PHASE_FETCH && c->queued ? c->queue[0] : 0;

    while (c->connection == connection && (st = imap_next(&c->reader, &a)) == ST_OK) {
        if (a.kind == IMAP_UNTAGGED) {
            on_untagged(c, &a);
        } else if (a.kind == IMAP_TAGGED) {
            on_tagged(c, &a, wanted);
            wanted = c->phase == PHASE_FETCH && c->queued ? c->queue[0] : 0;
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
    send_examine(c);
}

static void on_closed(void *context, CURLcode rc)
{
    struct imap_client *c = context;
    const char *why = c->open ? NULL : mail_stream_hopeless(rc);

    if (why) {
        CLEANUP(buf_release) struct buf text = BUF_INIT(WHY_MAX_BYTES);

        buf_addf(&text, "the mailbox server %s", why);
        broken(c, text.ptr);
    } else if (c->open) {
        lost(c, "the mailbox server closed the connection");
    } else {
        CLEANUP(buf_release) struct buf text = BUF_INIT(WHY_MAX_BYTES);

        buf_addf(&text, "the mailbox server cannot be reached: %s", curl_easy_strerror(rc));
        lost(c, text.ptr);
    }
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

void imap_client_set_poll(struct imap_client *c, int64_t poll_us)
{
    c->poll_us = poll_us;
}

void imap_client_start(struct imap_client *c, int64_t since)
{
    if (c->phase != PHASE_STOPPED && c->phase != PHASE_BROKEN)
        return;
    c->since = since;
    c->caught_up = c->told_ready = c->told_trouble = false;
    c->tries = 0;
    c->queued = 0;
    c->phase = PHASE_RETRY;
    c->timer = timer_start(c->loop, loop_now(c->loop), connect_now, c);
}
