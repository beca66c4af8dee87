#include "tests/company/outbox.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/duration.h"
#include "harness/base/mem.h"
#include "tests/company/clock.h"
#include "tests/company/company.h"
#include "tests/company/timers.h"
#include "tests/company/transfer.h"

enum { RETRY_MS = 20 };

struct mail {
    struct mail *next;
    char *from, *to, *text;
    size_t sent;
};

struct outbox {
    struct company *company;
    struct transfer transfer;
    struct curl_slist *to;        /* of the running transfer */
    struct mail *first, **last;   /* first is the one on its way, when busy */
    int port;
    bool ready, busy;
};

static void mail_free(struct mail *m)
{
    free(m->from);
    free(m->to);
    free(m->text);
    free(m);
}

static char *server_url(const struct outbox *o)
{
    return mem_printf("smtp://127.0.0.1:%d/company.test", o->port);
}

/* ---- is it there? ---- */

static void probe(struct outbox *o)
{
    CURL *e = transfer_prepare(&o->transfer, server_url(o));

    curl_easy_setopt(e, CURLOPT_CUSTOMREQUEST, "NOOP");
    curl_easy_setopt(e, CURLOPT_NOBODY, 1L);
    transfer_start(&o->transfer);
}

static void probe_again(struct company *c, void *arg)
{
    (void)c;
    probe(arg);
}

static void forget(void *arg)
{
    (void)arg;
}

/* ---- sending ---- */

static size_t give_text(char *out, size_t size, size_t count, void *ctx)
{
    struct mail *m = ctx;
    size_t n = strlen(m->text + m->sent);

    if (n > size * count)
        n = size * count;
    memcpy(out, m->text + m->sent, n);
    m->sent += n;
    return n;
}

static void send_next(struct outbox *o)
{
    struct mail *m = o->first;

    if (!o->ready || o->busy || !m)
        return;
    CURL *e = transfer_prepare(&o->transfer, server_url(o));

    /* Exim ends a connection that was quiet for a minute, perhaps just as we take it up again. */
    curl_easy_setopt(e, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(e, CURLOPT_FORBID_REUSE, 1L);
    o->busy = true;
    o->to = curl_slist_append(NULL, m->to);
    curl_easy_setopt(e, CURLOPT_MAIL_FROM, m->from);
    curl_easy_setopt(e, CURLOPT_MAIL_RCPT, o->to);
    curl_easy_setopt(e, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(e, CURLOPT_READFUNCTION, give_text);
    curl_easy_setopt(e, CURLOPT_READDATA, m);
    transfer_start(&o->transfer);
}

static void send_again(struct company *c, void *arg)
{
    (void)c;
    send_next(arg);
}

/* Nothing of it has left, so it cannot arrive twice. */
static void try_again(struct outbox *o)
{
    curl_slist_free_all(o->to);
    o->to = NULL;
    o->busy = false;
    timers_add(o->company->chores, (struct timer){
        clock_machine() + RETRY_MS * US_PER_MS, send_again, forget, o });
}

static void on_done(void *owner, CURLcode result)
{
    struct outbox *o = owner;

    if (!o->ready && result != CURLE_OK) {
        timers_add(o->company->chores, (struct timer){
            clock_machine() + RETRY_MS * US_PER_MS, probe_again, forget, o });
        return;
    }
    o->ready = true;
    if (o->busy && result != CURLE_OK && !o->first->sent) {
        try_again(o);
        return;
    }
    if (o->busy) {
        struct mail *m = o->first;

        o->first = m->next;
        if (!o->first)
            o->last = &o->first;
        mail_free(m);
        curl_slist_free_all(o->to);
        o->to = NULL;
        o->busy = false;
    }
    send_next(o);
}

struct outbox *outbox_new(struct company *c, CURLM *multi, int smtp_port)
{
    struct outbox *o = mem_zero(1, sizeof *o);

    o->company = c;
    o->port = smtp_port;
    o->last = &o->first;
    transfer_init(&o->transfer, multi, on_done, o);
    probe(o);
    return o;
}

void outbox_free(struct outbox *o)
{
    if (!o)
        return;
    transfer_release(&o->transfer);
    curl_slist_free_all(o->to);
    while (o->first) {
        struct mail *m = o->first;

        o->first = m->next;
        mail_free(m);
    }
    free(o);
}

bool outbox_is_empty(const struct outbox *o)
{
    return !o->first;
}

bool outbox_ready(const struct outbox *o)
{
    return o->ready;
}

void outbox_send(struct outbox *o, const char *from, const char *to, char *text)
{
    struct mail *m = mem_zero(1, sizeof *m);

    m->from = mem_printf("<%s>", from);
    m->to = mem_printf("<%s>", to);
    m->text = text;
    *o->last = m;
    o->last = &m->next;
    send_next(o);
}
