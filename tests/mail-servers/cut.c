/*
 * The connection to an IMAP server is cut after N bytes, for every N: no mail is lost, none comes
 * twice. Many at once, each with an account and a proxy of its own.
 *
 *   cut IMAP-URL ACCOUNTS MAIL-FOLDER [STEP]     accounts: cut0@shopper.test … in MAIL-FOLDER
 *
 * Each tells of three mails: one that is there before the connection, one when it is ready, one
 * while it rests. STEP: cut after 0, STEP, 2·STEP … bytes of either side.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

#include "harness/base/duration.h"
#include "harness/base/mem.h"
#include "harness/channels/channel.h"
#include "harness/channels/mailbox.h"

enum { MAILS = 3, PATIENCE_S = 90, SETTLE_MS = 150 };

struct trial;

/* One connection through the proxy: two sockets, and what has gone through them. */
struct pipe_end {
    uv_tcp_t tcp;
    struct pipe_end *other;
    struct trial *trial;
    bool from_server, connected, closing;
    struct buf waiting;           /* for a server that is not connected yet */
};

struct trial {
    struct sweep *sweep;
    int account, number;
    long cut_at[2];               /* bytes of the client, of the server; -1 never */
    long passed[2];
    bool cut;
    uv_tcp_t listener;
    struct pipe_end *open;        /* the server's end of the connection there is */
    struct mailboxes *all;
    struct arena *arena;
    struct mail_thread thread;
    struct mailbox_member *member;
    struct timer *timer;
    int got[MAILS];
};

struct sweep {
    struct loop *loop;
    struct arena *arena;
    struct mail_server server;
    const char *folder;
    long step, next[2], total[2];
    bool measured;
    int numbers, running, failed;
    long cuts;
};

static void begin(struct sweep *s, int account);

/* The proxy */

static void on_end_closed(uv_handle_t *h)
{
    struct pipe_end *e = h->data;

    buf_release(&e->waiting);
    free(e);
}

static void hang_up(struct pipe_end *e)
{
    struct pipe_end *other = e->other;

    if (e->trial->open == e || e->trial->open == other)
        e->trial->open = NULL;
    if (!e->closing) {
        e->closing = true;
        uv_close((uv_handle_t *)&e->tcp, on_end_closed);
    }
    if (other && !other->closing) {
        other->closing = true;
        uv_close((uv_handle_t *)&other->tcp, on_end_closed);
    }
}

static void pass(struct pipe_end *to, const char *bytes, size_t len)
{
    if (!to->connected) {
        buf_add(&to->waiting, bytes, len);
        return;
    }
    while (len) {                 /* the kernel's buffer takes a dialogue of this size */
        uv_buf_t b = uv_buf_init((char *)(uintptr_t)bytes, (unsigned)len);
        int n = uv_try_write((uv_stream_t *)&to->tcp, &b, 1);

        if (n <= 0)
            return;
        bytes += n;
        len -= (size_t)n;
    }
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *b)
{
    struct pipe_end *e = stream->data;
    struct trial *t = e->trial;
    long at = t->cut_at[e->from_server], room = at - t->passed[e->from_server];

    if (n > 0 && !t->cut && at >= 0 && n >= room) {
        t->cut = true;
        t->sweep->cuts++;
        pass(e->other, b->base, (size_t)room);
        n = -1;
    } else if (n > 0) {
        t->passed[e->from_server] += n;
        pass(e->other, b->base, (size_t)n);
    }
    free(b->base);
    if (n < 0)
        hang_up(e);
}

static void give_room(uv_handle_t *h, size_t size, uv_buf_t *b)
{
    (void)h;
    *b = uv_buf_init(mem_alloc(size), (unsigned)size);
}

static struct pipe_end *new_end(struct trial *t, bool from_server)
{
    struct pipe_end *e = mem_zero(1, sizeof *e);

    e->trial = t;
    e->from_server = from_server;
    e->connected = !from_server;
    buf_init(&e->waiting, 100000);
    uv_tcp_init(t->listener.loop, &e->tcp);
    e->tcp.data = e;
    return e;
}

static void on_connected(uv_connect_t *request, int status)
{
    struct pipe_end *e = request->handle->data;

    free(request);
    if (e->closing)
        return;
    if (status < 0) {
        hang_up(e);
        return;
    }
    e->connected = true;
    pass(e, e->waiting.ptr, e->waiting.len);
    uv_read_start((uv_stream_t *)&e->tcp, give_room, on_read);
}

static void on_connection(uv_stream_t *listener, int status)
{
    struct trial *t = listener->data;
    struct pipe_end *client = new_end(t, false), *server = new_end(t, true);
    struct sockaddr_in at;

    client->other = server;
    server->other = client;
    if (status < 0 || uv_accept(listener, (uv_stream_t *)&client->tcp)) {
        hang_up(client);
        return;
    }
    t->open = server;
    uv_read_start((uv_stream_t *)&client->tcp, give_room, on_read);
    uv_ip4_addr("127.0.0.1", (int)strtol(t->sweep->server.port, NULL, 10), &at);
    uv_tcp_connect(mem_zero(1, sizeof(uv_connect_t)), &server->tcp, (struct sockaddr *)&at,
                   on_connected);
}

/* One trial */

static void deliver(struct trial *t, int which)
{
    char *aside = mem_printf("%s/cut%d@shopper.test/tmp/%d.%d", t->sweep->folder, t->account,
                             t->number, which);
    char *place = mem_printf("%s/cut%d@shopper.test/new/%d.%d.%ld", t->sweep->folder, t->account,
                             t->number, which, (long)getpid());
    FILE *f = fopen(aside, "w");

    if (!f) {
        perror(aside);
        exit(2);
    }
    fprintf(f, "From: Support <support@company.test>\nTo: %s\nMessage-ID: <%d.%d@company.test>\n"
               "Subject: * 7 EXISTS\n\n%d/%d\n* SEARCH 1 2 3\nA9 OK done {3}\n",
            t->thread.address, t->number, which, t->number, which);
    fclose(f);
    if (rename(aside, place)) {
        perror(place);
        exit(2);
    }
    free(aside);
    free(place);
}

static void on_listener_closed(uv_handle_t *h)
{
    struct trial *t = h->data;
    struct sweep *s = t->sweep;
    int account = t->account;

    arena_free(t->arena);
    free(t);
    begin(s, account);
}

static void fail(struct trial *t, const char *why)
{
    t->sweep->failed++;
    printf("FAIL cut after %ld bytes of the %s (%s cut): mails came %d, %d, %d times: %s\n",
           t->cut_at[0] >= 0 ? t->cut_at[0] : t->cut_at[1],
           t->cut_at[0] >= 0 ? "client" : "server", t->cut ? "was" : "never", t->got[0], t->got[1],
           t->got[2], why);
}

static void finish(void *context)
{
    struct trial *t = context;
    struct sweep *s = t->sweep;
    bool good = true;

    t->timer = NULL;
    for (int i = 0; i < MAILS; i++)
        good &= t->got[i] == 1;
    if (!good)
        fail(t, "lost or doubled");
    if (!s->measured) {
        s->total[0] = t->passed[0];
        s->total[1] = t->passed[1];
    }
    mailbox_leave(t->member);
    mailboxes_free(t->all);
    if (t->open)
        hang_up(t->open);
    uv_close((uv_handle_t *)&t->listener, on_listener_closed);
}

static void too_long(void *context)
{
    finish(context);
}

static void finish_in(struct trial *t, int64_t us, timer_fn *fn)
{
    timer_cancel(t->timer);
    t->timer = timer_start(t->sweep->loop, loop_now(t->sweep->loop) + us, fn, t);
}

static void deliver_last(void *context)
{
    struct trial *t = context;

    t->timer = NULL;
    deliver(t, 2);
    finish_in(t, PATIENCE_S * US_PER_S, too_long);
}

static void on_mail(void *context, const struct mail *m, const struct mail_match *how,
                    struct slice bytes)
{
    struct trial *t = context;
    int number, which;

    (void)how;
    (void)bytes;
    if (sscanf(m->text, "%d/%d", &number, &which) != 2 || number != t->number)
        return;
    t->got[which]++;
    if (t->got[2])
        finish_in(t, SETTLE_MS * US_PER_MS, finish);
    else if (t->got[0] && t->got[1])
        finish_in(t, SETTLE_MS * US_PER_MS, deliver_last);   /* it rests by then */
}

static void on_ready(void *context)
{
    deliver(context, 1);
}

static void on_trouble(void *context, const char *why)
{
    (void)context;
    (void)why;
}

static void on_broken(void *context, const char *why)
{
    struct trial *t = context;

    fail(t, why);
    memset(t->got, 0, sizeof t->got);
}

static void listen_for(struct trial *t, struct mail_server *server)
{
    struct sockaddr_storage address;
    int len = sizeof address;

    uv_tcp_init(loop_uv(t->sweep->loop), &t->listener);
    t->listener.data = t;
    uv_ip4_addr("127.0.0.1", 0, (struct sockaddr_in *)&address);
    uv_tcp_bind(&t->listener, (struct sockaddr *)&address, 0);
    uv_listen((uv_stream_t *)&t->listener, 8, on_connection);
    uv_tcp_getsockname(&t->listener, (struct sockaddr *)&address, &len);
    server->port = arena_printf(t->arena, "%d", ntohs(((struct sockaddr_in *)&address)->sin_port));
    server->user = arena_printf(t->arena, "cut%d@shopper.test", t->account);
}

/* The next N, of the server's bytes first; false: all are done. */
static bool take_next(struct sweep *s, long cut_at[2])
{
    cut_at[0] = cut_at[1] = -1;
    if (!s->measured)
        return s->numbers == 0;   /* the first one is not cut: how long is it all? */
    for (int side = 1; side >= 0; side--) {
        if (s->next[side] < s->total[side]) {
            cut_at[side] = s->next[side];
            s->next[side] += s->step;
            return true;
        }
    }
    return false;
}

static void begin(struct sweep *s, int account)
{
    static const struct mailbox_events events = {
        .ready = on_ready, .mail = on_mail, .trouble = on_trouble, .broken = on_broken,
    };
    struct mailbox_watch watch = { 300 * US_PER_MS, REST_IDLE, NULL, false };
    struct mail_server server = s->server;
    struct trial *t;
    long cut_at[2];

    if (!take_next(s, cut_at)) {
        if (--s->running == 0)
            loop_stop(s->loop);
        return;
    }
    t = mem_zero(1, sizeof *t);
    t->sweep = s;
    t->account = account;
    t->number = s->numbers++;
    memcpy(t->cut_at, cut_at, sizeof cut_at);
    t->arena = arena_new();
    listen_for(t, &server);
    t->all = mailboxes_new(s->loop);
    t->thread.address = arena_printf(t->arena, "cut%d+%d@shopper.test", account, t->number);
    t->thread.partner = "support@company.test";
    t->member = mailbox_join(t->all, &server, watch, t->arena, &t->thread, &events, t);
    deliver(t, 0);
    finish_in(t, PATIENCE_S * US_PER_S, too_long);
}

int main(int argc, char **argv)
{
    struct sweep s = { .arena = arena_new(), .folder = argc > 3 ? argv[3] : "" };
    int accounts = argc > 2 ? (int)strtol(argv[2], NULL, 10) : 0;
    struct diags diags;

    diags_init(&diags);
    s.step = argc > 4 ? strtol(argv[4], NULL, 10) : 1;
    if (argc < 4 || accounts < 1 || s.step < 1 ||
        mail_server_parse(s.arena, "imap", argv[1], MAIL_IMAP, &diags, &s.server)) {
        fprintf(stderr, "usage: cut IMAP-URL ACCOUNTS MAIL-FOLDER [STEP]\n");
        return 2;
    }
    s.server.ca = argc > 5 ? argv[5] : NULL;
    s.loop = loop_new(CLOCK_REAL);
    s.running = 1;
    begin(&s, 0);
    loop_run(s.loop);
    s.measured = true;
    s.running = accounts;
    for (int i = 0; i < accounts; i++)
        begin(&s, i);
    if (s.running)
        loop_run(s.loop);
    printf("cut: %ld bytes of the server, %ld of the client; %d trials, %ld cuts, %d failed\n",
           s.total[1], s.total[0], s.numbers, s.cuts, s.failed);
    loop_free(s.loop);
    arena_free(s.arena);
    diags_release(&diags);
    return s.failed || s.cuts == 0;
}
