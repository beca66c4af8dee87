/*
 * How late is a mail noticed? Sends mails to ourselves, one after the other, and takes the time
 * from SMTP's 250 to the mailbox's event, for several ways to watch the mailbox.
 *
 *   mail_delay SMTP-URL IMAP-URL SENDER DOMAIN MAILS
 *
 * Whatever is for anybody at DOMAIN comes into the mailbox.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/duration.h"
#include "harness/channels/channel.h"
#include "harness/channels/mail_compose.h"
#include "harness/channels/mail_send.h"
#include "harness/channels/mailbox.h"

struct bench {
    struct loop *loop;
    struct arena *arena;
    struct mail_server smtp;
    struct mail_person from, to;
    const char *domain;
    int runs;
    int64_t *delays_us;
    size_t count, wanted;
    int64_t accepted_us;          /* 250 of the mail on its way; -1 not yet */
    int64_t noticed_us;
};

static void send_one(void *context);

/* Not in step with the polls: the next mail leaves after a pause of 0 to 1 s. */
static void note_delay(struct bench *b)
{
    int64_t delay = b->noticed_us - b->accepted_us;

    if (b->accepted_us < 0 || b->noticed_us < 0)
        return;
    b->delays_us[b->count++] = delay > 0 ? delay : 0;
    if (b->count == b->wanted)
        loop_stop(b->loop);
    else
        timer_start(b->loop, loop_now(b->loop) + (int64_t)(b->count * 7919 % 1000) * US_PER_MS,
                    send_one, b);
}

static void on_sent(void *context, const struct mail_sent *how)
{
    struct bench *b = context;

    if (how->result != SEND_OK) {
        fprintf(stderr, "mail_delay: not sent: %s\n", how->words);
        exit(1);
    }
    b->accepted_us = how->at_us;
    note_delay(b);
}

static void send_one(void *context)
{
    struct bench *b = context;
    struct buf message = BUF_INIT(100000);
    const char *to = b->to.address;

    buf_addf(&message, "From: <%s>\r\nTo: <%s>\r\nSubject: delay %zu\r\n\r\nHello.\r\n",
             b->from.address, b->to.address, b->count);
    b->accepted_us = b->noticed_us = -1;
    if (!mail_send(b->loop, &b->smtp, "bench.test", b->from.address, &to, 1, NULL,
                   &message, on_sent, b))
        exit(1);
}

static void on_ready(void *context)
{
    send_one(context);
}

static void on_mail(void *context, const struct mail *m, const struct mail_match *how,
                    struct slice bytes)
{
    struct bench *b = context;

    (void)m;
    (void)how;
    (void)bytes;
    b->noticed_us = loop_now(b->loop);
    note_delay(b);
}

static void on_trouble(void *context, const char *why)
{
    (void)context;
    fprintf(stderr, "mail_delay: %s\n", why);
    exit(1);
}

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static void run(struct bench *b, const struct mail_server *imap, const char *name,
                struct mailbox_watch watch)
{
    static const struct mailbox_events events = { on_ready, on_mail, on_trouble, on_trouble, NULL, NULL };
    struct mail_thread thread = { .partner = b->from.address };
    struct mailbox_member *member;
    struct mailboxes *all;

    /* An address for each run: what comes late from the one before is not ours. */
    b->to.address = arena_printf(b->arena, "bench%d@%s", ++b->runs, b->domain);
    thread.address = b->to.address;
    b->loop = loop_new(CLOCK_REAL);
    b->count = 0;
    all = mailboxes_new(b->loop);
    member = mailbox_join(all, imap, watch, b->arena, &thread, &events, b);
    loop_run(b->loop);
    mailbox_leave(member);
    mailboxes_free(all);
    loop_free(b->loop);
    qsort(b->delays_us, b->count, sizeof *b->delays_us, by_value);
    printf("%-28s %5zu mails  median %6.1f ms  p99 %6.1f ms\n", name, b->count,
           (double)b->delays_us[b->count / 2] / US_PER_MS,
           (double)b->delays_us[b->count * 99 / 100] / US_PER_MS);
    fflush(stdout);
}

int main(int argc, char **argv)
{
    static const struct { const char *name; struct mailbox_watch watch; } ways[] = {
        { "IDLE alone", { 3600 * US_PER_S, REST_IDLE, NULL, false } },
        { "poll 500 ms", { 500 * US_PER_MS, REST_SILENT, NULL, false } },
        { "poll 500 ms and IDLE", { 500 * US_PER_MS, REST_IDLE, NULL, false } },
        { "poll 100 ms", { 100 * US_PER_MS, REST_SILENT, NULL, false } },
        { "poll 100 ms and IDLE", { 100 * US_PER_MS, REST_IDLE, NULL, false } },
        { "poll 20 ms", { 20 * US_PER_MS, REST_SILENT, NULL, false } },
        { "poll 20 ms and IDLE", { 20 * US_PER_MS, REST_IDLE, NULL, false } },
    };
    struct bench b = { .arena = arena_new(), .from.name = "", .to.name = "" };
    struct mail_server imap;
    struct diags diags;

    diags_init(&diags);
    if (argc != 6 || mail_server_parse(b.arena, "smtp", argv[1], MAIL_SMTP, &diags, &b.smtp) ||
        mail_server_parse(b.arena, "imap", argv[2], MAIL_IMAP, &diags, &imap)) {
        fprintf(stderr, "usage: mail_delay SMTP-URL IMAP-URL SENDER DOMAIN MAILS\n");
        return 2;
    }
    diags_release(&diags);
    b.from.address = argv[3];
    b.domain = argv[4];
    b.wanted = (size_t)strtoul(argv[5], NULL, 10);
    b.delays_us = calloc(b.wanted ? b.wanted : 1, sizeof *b.delays_us);
    for (size_t i = 0; b.wanted && i < ARRAY_LEN(ways); i++)
        run(&b, &imap, ways[i].name, ways[i].watch);
    free(b.delays_us);
    arena_free(b.arena);
    return 0;
}
