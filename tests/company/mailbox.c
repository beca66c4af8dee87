#include "tests/company/mailbox.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/duration.h"
#include "tests/company/clock.h"
#include "tests/company/company.h"
#include "tests/company/mail_servers.h"
#include "tests/company/timers.h"
#include "tests/company/transfer.h"

enum { POLL_MS = 150, RETRY_MS = 20, MAIL_MAX = 1 << 20 };

enum phase { PHASE_LOOK, PHASE_SEARCH, PHASE_FETCH };

struct mailbox {
    struct company *company;
    struct transfer transfer;
    void (*on_mail)(struct company *c, struct slice bytes);
    int port;
    const char *password;         /* borrowed; the mail servers' */
    enum phase phase;
    struct buf answer;
    unsigned long last_uid;
    unsigned long *uids;          /* still to fetch, lowest last */
    size_t uid_count, uid_cap;
    bool ready;
    bool told;                    /* when there is mail: no need to look by ourselves */
    bool at_rest, again;          /* told while it was looking */
};

static size_t take_answer(char *data, size_t size, size_t count, void *ctx)
{
    struct mailbox *m = ctx;

    buf_add(&m->answer, data, size * count);      /* too long a mail is cut, not refused */
    return size * count;
}

static char *phase_url(const struct mailbox *m, enum phase phase)
{
    if (phase == PHASE_FETCH)
        return mem_printf("imap://127.0.0.1:%d/INBOX;UID=%lu", m->port,
                          m->uids[m->uid_count - 1]);
    return mem_printf("imap://127.0.0.1:%d/INBOX", m->port);
}

static void begin(struct mailbox *m, enum phase phase)
{
    CURL *e = transfer_prepare(&m->transfer, phase_url(m, phase));
    char search[64];

    m->phase = phase;
    m->at_rest = false;
    buf_clear(&m->answer);
    m->answer.full = false;
    curl_easy_setopt(e, CURLOPT_USERNAME, MAIL_SUPPORT);
    curl_easy_setopt(e, CURLOPT_PASSWORD, m->password);
    curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, take_answer);
    curl_easy_setopt(e, CURLOPT_WRITEDATA, m);
    snprintf(search, sizeof search, "UID SEARCH UID %lu:*", m->last_uid + 1);
    if (phase == PHASE_LOOK)
        curl_easy_setopt(e, CURLOPT_CUSTOMREQUEST, "NOOP");
    else if (phase == PHASE_SEARCH)
        curl_easy_setopt(e, CURLOPT_CUSTOMREQUEST, search);
    transfer_start(&m->transfer);
}

static void look(struct company *c, void *arg)
{
    (void)c;
    begin(arg, PHASE_LOOK);
}

static void forget(void *arg)
{
    (void)arg;
}

static void pause_for(struct mailbox *m, int ms)
{
    timers_add(m->company->chores,
               (struct timer){ clock_machine() + ms * US_PER_MS, look, forget, m });
}

static void rest(struct mailbox *m)
{
    m->at_rest = m->told && !m->again;
    if (m->at_rest)
        return;
    if (m->again)
        begin(m, PHASE_LOOK);
    else
        pause_for(m, POLL_MS);
    m->again = false;
}

void mailbox_look(struct mailbox *m)
{
    m->again = !m->at_rest;
    if (m->at_rest)
        begin(m, PHASE_LOOK);
}

static int higher_first(const void *a, const void *b)
{
    unsigned long x = *(const unsigned long *)a, y = *(const unsigned long *)b;

    return (x < y) - (x > y);
}

/* "* SEARCH 4 5"; "n:*" names the last mail even when it is older than n. */
static void read_search(struct mailbox *m)
{
    char *at = strstr(m->answer.ptr, "* SEARCH"), *end;

    for (at = at ? at + strlen("* SEARCH") : NULL; at; at = end) {
        unsigned long uid = strtoul(at, &end, 10);

        if (end == at)
            break;
        if (uid <= m->last_uid)
            continue;
        MEM_GROW(m->uids, m->uid_cap, m->uid_count + 1);
        m->uids[m->uid_count++] = uid;
    }
    if (m->uid_count)
        qsort(m->uids, m->uid_count, sizeof *m->uids, higher_first);
}

static void on_done(void *owner, CURLcode result)
{
    struct mailbox *m = owner;

    if (result != CURLE_OK && m->phase != PHASE_FETCH) {
        pause_for(m, m->ready ? POLL_MS : RETRY_MS);
        return;
    }
    switch (m->phase) {
    case PHASE_LOOK:
        begin(m, PHASE_SEARCH);
        return;
    case PHASE_SEARCH:
        m->ready = true;
        read_search(m);
        break;
    case PHASE_FETCH:             /* a mail that cannot be had is passed over */
        m->last_uid = m->uids[--m->uid_count];
        if (result == CURLE_OK)
            m->on_mail(m->company, buf_slice(&m->answer));
        break;
    }
    if (m->uid_count)
        begin(m, PHASE_FETCH);
    else
        rest(m);
}

struct mailbox *mailbox_new(struct company *c, CURLM *multi, int imap_port, const char *password,
                            void (*on_mail)(struct company *c, struct slice bytes))
{
    struct mailbox *m = mem_zero(1, sizeof *m);

    m->company = c;
    m->port = imap_port;
    m->password = password;
    m->on_mail = on_mail;
    m->told = clock_is_virtual(c->clock);
    buf_init(&m->answer, MAIL_MAX);
    transfer_init(&m->transfer, multi, on_done, m);
    begin(m, PHASE_LOOK);
    return m;
}

void mailbox_free(struct mailbox *m)
{
    if (!m)
        return;
    transfer_release(&m->transfer);
    buf_release(&m->answer);
    free(m->uids);
    free(m);
}

bool mailbox_at_rest(const struct mailbox *m)
{
    return m->at_rest;
}

bool mailbox_ready(const struct mailbox *m)
{
    return m->ready;
}
