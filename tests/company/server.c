#include "tests/company/server.h"

#include <curl/curl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "harness/base/duration.h"
#include "tests/company/chats.h"
#include "tests/company/company.h"
#include "tests/company/contact.h"
#include "tests/company/desk.h"
#include "tests/company/mail_servers.h"
#include "tests/company/signals.h"
#include "tests/company/tickets.h"
#include "tests/company/timers.h"
#include "tests/company/web.h"

enum { START_SECONDS = 15, IDLE_MS = 60000 };

int64_t company_now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * US_PER_S + t.tv_nsec / 1000;
}

void company_random(char *out, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        unsigned char b = 0;

        while (getrandom(&b, 1, 0) != 1)
            ;
        snprintf(out + 2 * i, 3, "%02x", b);
    }
}

void company_note(const struct company *c, const char *channel, const char *words)
{
    if (!c->ledger)
        return;
    fprintf(c->ledger, "%s\t", channel);
    for (; *words; words++)
        fputc(*words == '\n' || *words == '\r' || *words == '\t' ? ' ' : *words, c->ledger);
    fputc('\n', c->ledger);
    fflush(c->ledger);
}

static void say_ready(const struct server_setup *s)
{
    printf("ready COMPANY_URL=http://%s:%d", s->host, s->port);
    if (s->mail)
        printf(" SMTP_URL=smtp://127.0.0.1:%d IMAP_URL=imap://customers%%40shopper.test:%s"
               "@127.0.0.1:%d", s->mail->smtp_port, s->mail->customers, s->mail->imap_port);
    printf("\n");
    fflush(stdout);
}

/* Milliseconds to sleep: the least of those given; -1 is "does not matter". */
static int least(int64_t timer_us, int web_ms)
{
    int64_t ms = timer_us < 0 ? IDLE_MS : (timer_us + US_PER_MS - 1) / US_PER_MS;

    if (web_ms >= 0 && web_ms < ms)
        ms = web_ms;
    return ms > IDLE_MS ? IDLE_MS : (int)ms;
}

/* @return exit code: 0 when told to stop. */
static int serve(const struct server_setup *s, struct company *c, struct web *web, CURLM *multi)
{
    int signal_fd = signals_open(), code = 0;
    int64_t start_by = company_now() + START_SECONDS * US_PER_S;
    bool ready = false;

    for (;;) {
        struct curl_waitfd fds[] = {
            { web_fd(web), CURL_WAIT_POLLIN, 0 }, { signal_fd, CURL_WAIT_POLLIN, 0 },
        };

        if (c->desk)
            desk_run(c->desk);
        if (!ready && (!c->desk || desk_ready(c->desk))) {
            ready = true;
            say_ready(s);
        }
        if (!ready && company_now() > start_by) {
            fprintf(stderr, "practice-company: the mail servers do not answer\n");
            code = 1;
            break;
        }
        /* In this order: a timer lets replies go, and a request sets timers. */
        timers_run(c->timers, c);
        int web_ms = web_run(web);
        curl_multi_poll(multi, fds, ARRAY_LEN(fds), least(timers_left(c->timers), web_ms), NULL);
        if (fds[1].revents && signals_next(signal_fd) != SIGCHLD)
            break;
    }
    close(signal_fd);
    return code;
}

int server_run(const struct server_setup *s)
{
    struct company c = { .timers = timers_new(), .ear = ear_new(), .tickets = tickets_new(),
                         .chats = chats_new(), .visitors = visitors_new() };
    struct diags diags;
    CURLM *multi;
    int code = 1;

    diags_init(&diags);
    if (s->ledger && !(c.ledger = fopen(s->ledger, "a"))) {
        fprintf(stderr, "practice-company: cannot write %s\n", s->ledger);
        return 1;
    }
    curl_global_init(CURL_GLOBAL_DEFAULT);
    multi = curl_multi_init();
    if (faults_parse(s->faults, &c.faults, &diags) == ST_OK) {
        c.manners = faults_manners(&c.faults);
        struct web *web = web_start(&c, s->listen_fd);
        if (s->mail)
            c.desk = desk_new(&c, multi, s->mail);
        if (web)
            code = serve(s, &c, web, multi);
        timers_free(c.timers);    /* resumes what web holds back */
        web_stop(web);
        desk_free(c.desk);
    }
    curl_multi_cleanup(multi);
    curl_global_cleanup();
    diags_release(&diags);
    visitors_free(c.visitors);
    chats_free(c.chats);
    tickets_free(c.tickets);
    ear_free(c.ear);
    if (c.ledger)
        fclose(c.ledger);
    return code;
}
