#include "tests/unit/channels/mail_peers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <uv.h>

#include "harness/base/mem.h"
#include "harness/base/text.h"

struct peer_connection {
    uv_tcp_t tcp;
    struct peers *peers;
    struct peer_connection *next;
    struct buf in;
    bool smtp, data, logged_in, junk;
    char idle_tag[16];            /* while it idles */
    size_t told;                  /* how many mails the client knows to exist */
    char late[64];                /* the end of an answer that is held back a moment */
    struct timer *late_timer;
};

static void free_connection(uv_handle_t *h)
{
    struct peer_connection *c = h->data;

    buf_release(&c->in);
    free(c);
}

static void hang_up(struct peer_connection *c)
{
    struct peer_connection **link = &c->peers->open;

    while (*link && *link != c)
        link = &(*link)->next;
    if (!*link)
        return;
    *link = c->next;
    timer_cancel(c->late_timer);
    uv_close((uv_handle_t *)&c->tcp, free_connection);
}

void peers_cut(struct peers *p)
{
    while (p->open)
        hang_up(p->open);
}

static void say(struct peer_connection *c, const char *text, size_t len)
{
    while (len) {                 /* the kernel's buffer is larger than anything said here */
        uv_buf_t b = uv_buf_init((char *)(uintptr_t)text, (unsigned)len);
        int n = uv_try_write((uv_stream_t *)&c->tcp, &b, 1);

        if (n <= 0)
            return;
        text += n;
        len -= (size_t)n;
    }
}

static void answer(struct peer_connection *c, const char *text)
{
    say(c, text, strlen(text));
}

static void say_late(void *context)
{
    struct peer_connection *c = context;

    c->late_timer = NULL;
    answer(c, c->late);
}

/* IMAP */

static void imap_news(struct peer_connection *c)
{
    struct buf news = BUF_INIT(100);

    if (c->told < c->peers->mail_count)
        buf_addf(&news, "* %zu EXISTS\r\n", c->peers->mail_count);
    c->told = c->peers->mail_count;
    say(c, news.ptr, news.len);
    buf_release(&news);
}

void peers_deliver(struct peers *p, const char *mail, int64_t date)
{
    p->dates[p->mail_count] = date;
    p->mails[p->mail_count++] = mem_strdup(mail);
    for (struct peer_connection *c = p->open; c; c = c->next)
        if (*c->idle_tag)
            imap_news(c);
}

/* True while the connection idles or ends to: then the line was its own business. */
static bool imap_idle(struct peer_connection *c, const char *line)
{
    struct buf out = BUF_INIT(100);

    if (!*c->idle_tag)
        return false;
    if (!strcmp(line, "DONE")) {
        buf_addf(&out, "%s OK done\r\n", c->idle_tag);
        *c->idle_tag = '\0';
        answer(c, out.ptr);
    }
    buf_release(&out);
    return true;
}

static void add_date(struct buf *out, int64_t date)
{
    static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug",
                                          "Sep", "Oct", "Nov", "Dec" };
    time_t t = (time_t)date;
    struct tm tm;

    gmtime_r(&t, &tm);
    buf_addf(out, "\"%2d-%s-%04d %02d:%02d:%02d +0000\"", tm.tm_mday, months[tm.tm_mon],
             tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

static void imap_fetch(struct peers *p, bool junk, const char *args, struct buf *out)
{
    unsigned from = (unsigned)strtoul(args, NULL, 10);
    bool range = strstr(args, ":*") != NULL, dates = strstr(args, "INTERNALDATE") != NULL;

    for (size_t i = 0; i < p->mail_count; i++) {
        unsigned uid = p->uid_base + (unsigned)i;

        if (!p->mails[i] || p->junk[i] != junk || (range ? uid < from && i + 1 < p->mail_count : uid != from))
            continue;
        buf_addf(out, "* %zu FETCH (UID %u", i + 1, uid);
        if (dates) {
            buf_adds(out, " INTERNALDATE ");
            add_date(out, p->dates[i]);
        }
        if (strstr(args, "BODY")) {
            buf_addf(out, " BODY[]<0> {%zu}\r\n%s", strlen(p->mails[i]), p->mails[i]);
        }
        buf_adds(out, ")\r\n");
    }
}

static void imap_search(struct peers *p, bool junk, const char *args, struct buf *out)
{
    unsigned from = (unsigned)strtoul(strstr(args, "UID ") + 4, NULL, 10);

    buf_adds(out, "* SEARCH");
    for (size_t i = 0; i < p->mail_count; i++)
        if (p->mails[i] && p->junk[i] == junk && (p->uid_base + i >= from || i + 1 == p->mail_count))
            buf_addf(out, " %zu", p->uid_base + i);
    buf_adds(out, "\r\n");
}

static void imap_line(struct peer_connection *c, char *line)
{
    struct peers *p = c->peers;
    char *command = strchr(line, ' ');
    struct buf out = BUF_INIT(1024 * 1024);
    const char *result = "OK done";

    if (c->logged_in && p->commands++ == p->cut_at) {
        hang_up(c);
        return;
    }
    if (imap_idle(c, line) || !command)
        return;
    *command++ = '\0';
    if (text_starts_with(command, "CAPABILITY")) {
        buf_addf(&out, "* CAPABILITY IMAP4rev1%s%s%s\r\n", p->idle ? " IDLE" : "",
                 p->special_use ? " SPECIAL-USE" : "",
                 p->oauth ? " AUTH=XOAUTH2 SASL-IR LOGINDISABLED" : "");
    } else if (text_starts_with(command, "IDLE") && p->idle && !p->refuse_idle) {
        p->idles++;
        snprintf(c->idle_tag, sizeof c->idle_tag, "%s", line);
        answer(c, "+ idling\r\n");
        imap_news(c);
        return;
    } else if (text_starts_with(command, "LOGIN")) {
        c->logged_in = !p->refuse_login;
        result = p->refuse_login ? "NO wrong password" : "OK hello";
    } else if (text_starts_with(command, "AUTHENTICATE")) {
        c->logged_in = p->oauth && strstr(command, p->oauth);
        result = c->logged_in ? "OK hello" : "NO wrong token";
    } else if (text_starts_with(command, "LIST") && p->special_use) {
        buf_adds(&out, "* LIST (\\HasNoChildren) \".\" INBOX\r\n"
                       "* LIST (\\HasNoChildren \\Junk) \".\" \"Junk mail\"\r\n");
    } else if (text_starts_with(command, "EXAMINE \"INBOX\"") ||
               text_starts_with(command, "EXAMINE \"Junk mail\"")) {
        c->junk = command[9] == 'J';
        c->told = p->mail_count;
        buf_addf(&out, "* %zu EXISTS\r\n* OK [UIDVALIDITY %u] v\r\n* OK [UIDNEXT %u] n\r\n",
                 p->mail_count, p->validity, p->uid_base + (unsigned)p->mail_count);
    } else if (text_starts_with(command, "EXAMINE")) {
        result = "NO [NONEXISTENT] no such folder";
    } else if (text_starts_with(command, "UID FETCH ")) {
        imap_fetch(p, c->junk, command + 10, &out);
    } else if (text_starts_with(command, "UID SEARCH ")) {
        imap_search(p, c->junk, command + 11, &out);
    } else if (!text_starts_with(command, "NOOP") && !text_starts_with(command, "LOGOUT")) {
        result = "BAD what";
    }
    if (p->late_tags) {
        snprintf(c->late, sizeof c->late, "%s %s\r\n", line, result);
        timer_cancel(c->late_timer);
        c->late_timer = timer_start(p->loop, loop_now(p->loop) + 2 * US_PER_MS, say_late, c);
    } else {
        buf_addf(&out, "%s %s\r\n", line, result);
    }
    answer(c, out.ptr);
    buf_release(&out);
}

/* SMTP */

static void smtp_line(struct peer_connection *c, const char *line)
{
    struct peers *p = c->peers;

    if (p->smtp_refuse && p->smtp_refusals && text_starts_with(line, p->smtp_refuse)) {
        p->smtp_refusals -= p->smtp_refusals > 0;
        if (!p->smtp_reply)
            hang_up(c);
        else
            answer(c, p->smtp_reply);
    } else if (text_starts_with(line, "DATA")) {
        c->data = true;
        buf_clear(&p->received);
        answer(c, "354 go on\r\n");
    } else if (text_starts_with(line, "QUIT")) {
        hang_up(c);
    } else {
        answer(c, text_starts_with(line, "EHLO") ? "250-peer\r\n250 8BITMIME\r\n" : "250 fine\r\n");
    }
}

static void smtp_data(struct peer_connection *c, const char *line, size_t len)
{
    struct peers *p = c->peers;

    if (len != 3 || memcmp(line, ".\r\n", 3)) {
        buf_add(&p->received, line, len);
        return;
    }
    c->data = false;
    if (p->smtp_refuse && p->smtp_refusals && !strcmp(p->smtp_refuse, ".")) {
        p->smtp_refusals -= p->smtp_refusals > 0;
        if (!p->smtp_reply)
            hang_up(c);
        else
            answer(c, p->smtp_reply);
        return;
    }
    p->smtp_mails++;
    if (p->on_data)
        p->on_data(p);
    answer(c, "250 taken\r\n");
}

/* Connections */

static bool still_open(const struct peers *p, const struct peer_connection *c)
{
    for (const struct peer_connection *i = p->open; i; i = i->next)
        if (i == c)
            return true;
    return false;
}

static void one_line(struct peer_connection *c, size_t len)
{
    char *line = mem_strndup(c->in.ptr, len);

    memmove(c->in.ptr, c->in.ptr + len, c->in.len - len + 1);
    c->in.len -= len;
    if (c->smtp && c->data) {
        smtp_data(c, line, len);
    } else {
        line[strcspn(line, "\r\n")] = '\0';
        if (c->smtp)
            smtp_line(c, line);
        else
            imap_line(c, line);
    }
    free(line);
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *b)
{
    struct peer_connection *c = stream->data;
    struct peers *p = c->peers;

    if (n > 0)
        buf_add(&c->in, b->base, (size_t)n);
    free(b->base);
    if (n < 0) {
        hang_up(c);
        return;
    }
    while (still_open(p, c)) {
        char *nl = memchr(c->in.ptr, '\n', c->in.len);

        if (!nl)
            return;
        one_line(c, (size_t)(nl - c->in.ptr) + 1);
    }
}

static void give_room(uv_handle_t *h, size_t size, uv_buf_t *b)
{
    (void)h;
    *b = uv_buf_init(mem_alloc(size), (unsigned)size);
}

static void on_connection(uv_stream_t *server, int status)
{
    struct peers *p = server->data;
    struct peer_connection *c;

    if (status < 0)
        return;
    c = mem_zero(1, sizeof *c);
    c->peers = p;
    c->smtp = (struct uv_tcp_s *)server == p->smtp;
    buf_init(&c->in, 4 * 1024 * 1024);
    uv_tcp_init(server->loop, &c->tcp);
    c->tcp.data = c;
    c->next = p->open;
    p->open = c;
    if (uv_accept(server, (uv_stream_t *)&c->tcp)) {
        hang_up(c);
        return;
    }
    *(c->smtp ? &p->smtp_connections : &p->imap_connections) += 1;
    uv_read_start((uv_stream_t *)&c->tcp, give_room, on_read);
    answer(c, c->smtp ? "220 peer ready\r\n" : "* OK peer ready\r\n");
}

static void free_handle(uv_handle_t *h)
{
    free(h);
}

static struct uv_tcp_s *serve(struct peers *p, int *port)
{
    uv_tcp_t *tcp = mem_zero(1, sizeof *tcp);
    struct sockaddr_storage address;
    int len = sizeof address;

    uv_tcp_init(loop_uv(p->loop), tcp);
    tcp->data = p;
    uv_ip4_addr("127.0.0.1", 0, (struct sockaddr_in *)&address);
    uv_tcp_bind(tcp, (struct sockaddr *)&address, 0);
    uv_listen((uv_stream_t *)tcp, 64, on_connection);
    uv_tcp_getsockname(tcp, (struct sockaddr *)&address, &len);
    *port = ntohs(((struct sockaddr_in *)&address)->sin_port);
    return tcp;
}

void peers_start(struct peers *p, struct loop *l)
{
    *p = (struct peers){ .loop = l, .validity = 17, .uid_base = 1, .cut_at = -1,
                         .smtp_refusals = -1 };
    buf_init(&p->received, 4 * 1024 * 1024);
    p->smtp = serve(p, &p->smtp_port);
    p->imap = serve(p, &p->imap_port);
}

void peers_stop(struct peers *p)
{
    peers_cut(p);
    uv_close((uv_handle_t *)p->smtp, free_handle);
    uv_close((uv_handle_t *)p->imap, free_handle);
    for (size_t i = 0; i < p->mail_count; i++)
        free(p->mails[i]);
    buf_release(&p->received);
}
