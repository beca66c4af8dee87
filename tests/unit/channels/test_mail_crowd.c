/* 500 journeys share one mailbox: every mail at its journey, none at a wrong one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "harness/channels/channel.h"
#include "harness/channels/mailbox.h"
#include "tests/unit/channels/mail_peers.h"
#include "tests/unit/support/cmocka.h"

enum { JOURNEYS = 500, EACH = 4, FOREIGN = 2000, ALL = JOURNEYS * EACH + FOREIGN };

struct crowd;

struct one {
    struct crowd *crowd;
    int number, got[EACH];
    struct mail_thread thread;
    struct mailbox_member *member;
};

struct crowd {
    struct loop *loop;
    struct arena *arena;
    struct peers peers;
    struct mailboxes *all;
    struct one journeys[JOURNEYS];
    char *mails[ALL];
    int ready, given, wrong;
    struct timer *check;
};

/* What the company writes to journey i. Even ones come with their thread headers. Of the odd ones
 * the first has only the address, the second only the reference in the subject and ids of the
 * helpdesk's own, the third only an id of the first. The fourth of each was written anew in the
 * helpdesk: nothing but the customer's words in it tells whose it is. */
static char *company_mail(int i, int k)
{
    const char *from = "From: Support <support@company.test>\r\n";

    if (k == 3)
        return mem_printf("%sTo: maya@shopper.test\r\nSubject: Your request\r\n\r\n%d/3\r\n\r\n"
                          "On Monday you wrote:\r\n| My kettle, the one with the number %d on\r\n"
                          "| its bottom, LEAKS.\r\n", from, i, 1000 + i * 7);
    if (i % 2 == 0)
        return mem_printf("%sTo: maya@shopper.test\r\nSubject: Re: kettle\r\n"
                          "Message-ID: <d%d.%d@company.test>\r\n%s <r.j%d.0-1@shopper.test>\r\n"
                          "\r\n%d/%d\r\n", from, i, k,
                          k == 1 ? "References: <x@company.test>\r\n" : "In-Reply-To:", i, i, k);
    if (k == 0)
        return mem_printf("%sTo: maya+%d@shopper.test\r\nSubject: [#%d] Re: kettle\r\n"
                          "Message-ID: <d%d.0@company.test>\r\n\r\n%d/0\r\n", from, i, 50000 + i,
                          i, i);
    if (k == 1)
        return mem_printf("%sTo: maya@shopper.test\r\nSubject: Case #%d was updated\r\n"
                          "In-Reply-To: <agent-%d@company.test>\r\n\r\n%d/1\r\n", from, 50000 + i,
                          i, i);
    return mem_printf("%sTo: maya@shopper.test\r\nSubject: How did we do?\r\nIn-Reply-To: \r\n"
                      "References: <d%d.0@company.test>\r\n\r\n%d/2\r\n", from, i, i);
}

static char *foreign_mail(int i)
{
    switch (i % 5) {
    case 0: return mem_printf("From: news@shop.test\r\nTo: maya@shopper.test\r\n"
                              "Subject: %d offers\r\nPrecedence: bulk\r\n\r\nf\r\n", i);
    case 1: return mem_printf("From: support@company.test\r\nTo: maya+%d@shopper.test\r\n"
                              "Subject: [#%d] Re: kettle\r\n\r\nf\r\n", 10000 + i, 90000 + i);
    case 2: return mem_printf("From: support@company.test\r\nTo: maya+%d@shopper.test\r\n"
                              "Subject: [#%d] Re: kettle\r\n"
                              "In-Reply-To: <old.j%d.0-1@shopper.test>\r\n\r\nf\r\n",
                              i % JOURNEYS, 50000 + i % JOURNEYS, i);
    case 3: return mem_printf("Subject: no recipient, no date %d\r\n\r\nf\r\n", i);
    default: return mem_printf("From: support@company.test\r\nTo: joe@other.test\r\n"
                               "Subject: Case #%d was updated\r\n\r\nf\r\n", 95000 + i);
    }
}

static void shuffle(char **items, size_t count, uint32_t seed)
{
    for (size_t i = count; i > 1; i--) {
        size_t k;
        char *kept = items[i - 1];

        seed = seed * 1664525u + 1013904223u;
        k = (seed >> 8) % i;
        items[i - 1] = items[k];
        items[k] = kept;
    }
}

static void check(void *context)
{
    struct crowd *c = context;

    if (c->given + (int)mailboxes_foreign(c->all) >= ALL)
        loop_stop(c->loop);
    else
        c->check = timer_start(c->loop, loop_now(c->loop) + 50 * US_PER_MS, check, c);
}

static void on_ready(void *context)
{
    struct crowd *c = ((struct one *)context)->crowd;

    if (++c->ready < JOURNEYS)
        return;
    for (size_t i = 0; i < ALL; i++)
        peers_deliver(&c->peers, c->mails[i], (int64_t)time(NULL));
    check(c);
}

/* By what the k-th mail of a journey may be known, see company_mail. */
static bool is_good_evidence(int number, int k, const struct mail_match *how)
{
    static const enum match_by odd[EACH] = { MATCH_ADDRESS, MATCH_SUBJECT, MATCH_LEARNED_ID,
                                             MATCH_QUOTE };

    if (!how->evidence || !*how->evidence)
        return false;
    return how->by == (number % 2 || k == 3 ? odd[k] : MATCH_SENT_ID);
}

static void on_mail(void *context, const struct mail *m, const struct mail_match *how,
                    struct slice bytes)
{
    struct one *one = context;
    int number = -1, k = -1;

    (void)bytes;
    one->crowd->given++;
    if (sscanf(m->text, "%d/%d", &number, &k) != 2 || number != one->number || k < 0 || k >= EACH ||
        !is_good_evidence(number, k, how))
        one->crowd->wrong++;
    else
        one->got[k]++;
}

static void on_trouble(void *context, const char *why)
{
    (void)context;
    fail_msg("%s", why);
}

static void join(struct crowd *c, int i)
{
    static const struct mailbox_events events = { on_ready, on_mail, on_trouble, on_trouble, NULL, NULL };
    struct one *one = &c->journeys[i];
    struct mail_server server = {
        .scheme = "imap", .host = "127.0.0.1", .user = "maya", .password = "secret", .path = "",
        .port = arena_printf(c->arena, "%d", c->peers.imap_port),
    };
    struct mailbox_watch watch = { 20 * US_PER_MS, REST_IDLE, NULL, false };

    *one = (struct one){ .crowd = c, .number = i };
    one->thread.address = arena_printf(c->arena, "maya+%d@shopper.test", i);
    one->thread.partner = "support@company.test";
    mail_thread_sent(c->arena, &one->thread, arena_printf(c->arena, "r.j%d.0-1@shopper.test", i),
                     "kettle");
    mail_thread_said(c->arena, &one->thread,
                     arena_printf(c->arena, "Hello,\nmy kettle, the one with the number %d on its "
                                  "bottom, leaks.\nRegards", 1000 + i * 7));
    one->member = mailbox_join(c->all, &server, watch, c->arena, &one->thread, &events, one);
}

static void too_long(void *context)
{
    struct crowd *c = context;

    fail_msg("after 300 s %d mails are given out, %zu are nobody's", c->given,
             mailboxes_foreign(c->all));
}

static void check_seed(uint32_t seed)
{
    struct crowd *c = mem_zero(1, sizeof *c);
    struct timer *watchdog;

    c->loop = loop_new(CLOCK_REAL);
    c->arena = arena_new();
    c->all = mailboxes_new(c->loop);
    peers_start(&c->peers, c->loop);
    c->peers.idle = true;
    for (int i = 0; i < JOURNEYS * EACH; i++)
        c->mails[i] = company_mail(i / EACH, i % EACH);
    for (int i = 0; i < FOREIGN; i++)
        c->mails[JOURNEYS * EACH + i] = foreign_mail(i);
    shuffle(c->mails, ALL, seed);
    for (int i = 0; i < JOURNEYS; i++)
        join(c, i);
    watchdog = timer_start(c->loop, loop_now(c->loop) + 300 * US_PER_S, too_long, c);
    loop_run(c->loop);
    timer_cancel(watchdog);
    assert_int_equal(c->wrong, 0);
    for (int i = 0; i < JOURNEYS; i++)
        for (int k = 0; k < EACH; k++)
            if (c->journeys[i].got[k] != 1)
                fail_msg("seed %u: mail %d of journey %d came %d times", seed, k, i,
                         c->journeys[i].got[k]);
    assert_int_equal(mailboxes_foreign(c->all), FOREIGN);
    assert_int_equal(c->peers.imap_connections, 1);
    mailboxes_free(c->all);
    peers_stop(&c->peers);
    loop_free(c->loop);
    arena_free(c->arena);
    for (size_t i = 0; i < ALL; i++)
        free(c->mails[i]);
    free(c);
}

static void every_mail_reaches_its_journey(void **state)
{
    (void)state;
    check_seed(1);
    check_seed(20261122);
    check_seed(77);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(every_mail_reaches_its_journey) };

    return cmocka_run_group_tests_name("mail_crowd", tests, NULL, NULL);
}
