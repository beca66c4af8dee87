#include "tests/company/server.h"

#include <curl/curl.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "harness/base/duration.h"
#include "tests/company/chats.h"
#include "tests/company/clock.h"
#include "tests/company/company.h"
#include "tests/company/contact.h"
#include "tests/company/desk.h"
#include "tests/company/mail_servers.h"
#include "tests/company/signals.h"
#include "tests/company/tickets.h"
#include "tests/company/timers.h"
#include "tests/company/web.h"

enum { START_SECONDS = 15, IDLE_MS = 60000, CLOCK_PATH_MAX = 200 };

int64_t company_now(const struct company *c)
{
    return clock_now(c->clock);
}

/* Whoever reads the ready line as variables has shopper on our clock without a flag. */
static const char *clock_path(const struct server_setup *s, char path[CLOCK_PATH_MAX])
{
    snprintf(path, CLOCK_PATH_MAX, "%s/clock", s->folder);
    return s->virtual_time ? path : NULL;
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
    char path[CLOCK_PATH_MAX];

    printf("ready COMPANY_URL=http://%s:%d", s->host, s->port);
    if (s->mail)
        printf(" SMTP_URL=smtp://127.0.0.1:%d IMAP_URL=imap://customers%%40shopper.test:%s"
               "@127.0.0.1:%d", s->mail->smtp_port, s->mail->customers, s->mail->imap_port);
    if (s->virtual_time)
        printf(" SHOPPER_VIRTUAL_TIME=%s", clock_path(s, path));
    printf("\n");
    fflush(stdout);
}

/* Milliseconds until then; the longest rest when that is far, or never. */
static int until(int64_t due_us, int64_t now_us)
{
    int64_t ms = due_us <= now_us ? 0 : (due_us - now_us - 1) / US_PER_MS + 1;

    return ms > IDLE_MS ? IDLE_MS : (int)ms;
}

static int sooner(int ms, int other_ms)
{
    return other_ms >= 0 && other_ms < ms ? other_ms : ms;
}

static struct standing stand(const struct company *c, const struct web *web)
{
    return (struct standing){
        .at_rest = timers_next(c->timers) > company_now(c) && (!c->desk || desk_at_rest(c->desk)),
        .held = web_held(web), .mails = c->desk ? desk_mails(c->desk) : 0,
        .next_us = timers_next(c->timers),
    };
}

/* What is due, ours and the customers'. @return milliseconds until there is more. */
static int work(struct company *c, struct web *web)
{
    struct standing standing;
    int ms;

    /* In this order: a timer lets replies go, and a request sets timers. */
    timers_run(c->chores, c, clock_machine());
    if (timers_run(c->timers, c, company_now(c)))
        clock_happened(c->clock);
    ms = web_run(web);
    ms = sooner(until(timers_next(c->chores), clock_machine()), ms);
    if (!clock_is_virtual(c->clock))
        return sooner(ms, until(timers_next(c->timers), company_now(c)));
    standing = stand(c, web);
    clock_run(c->clock, &standing);
    if (timers_next(c->timers) <= company_now(c))
        return 0;                 /* it has become later */
    return sooner(ms, clock_patience(c->clock, &standing));
}

/* @return exit code: 0 when told to stop. */
static int serve(const struct server_setup *s, struct company *c, struct web *web, CURLM *multi)
{
    int signal_fd = signals_open(), code = 0;
    int64_t start_by = clock_machine() + START_SECONDS * US_PER_S;
    bool ready = false;

    for (;;) {
        struct curl_waitfd fds[] = {
            { web_fd(web), CURL_WAIT_POLLIN, 0 }, { signal_fd, CURL_WAIT_POLLIN, 0 },
            { clock_fd(c->clock), CURL_WAIT_POLLIN, 0 },
        };

        if (c->desk)
            desk_run(c->desk);
        if (!ready && (!c->desk || desk_ready(c->desk))) {
            ready = true;
            say_ready(s);
        }
        if (!ready && clock_machine() > start_by) {
            fprintf(stderr, "practice-company: the mail servers do not answer\n");
            code = 1;
            break;
        }
        curl_multi_poll(multi, fds, ARRAY_LEN(fds) - !clock_is_virtual(c->clock), work(c, web), NULL);
        if (fds[1].revents && signals_next(signal_fd) != SIGCHLD)
            break;
    }
    close(signal_fd);
    return code;
}

static void company_release(struct company *c)
{
    visitors_free(c->visitors);
    chats_free(c->chats);
    tickets_free(c->tickets);
    ear_free(c->ear);
    clock_free(c->clock);
    if (c->ledger)
        fclose(c->ledger);
}

/* All that can fail, so far; complains. */
static bool company_open(const struct server_setup *s, struct company *c)
{
    char path[CLOCK_PATH_MAX];

    c->clock = clock_new(clock_path(s, path));
    if (!c->clock) {
        fprintf(stderr, "practice-company: cannot make %s: %s\n", path, strerror(errno));
        return false;
    }
    if (s->ledger && !(c->ledger = fopen(s->ledger, "a"))) {
        fprintf(stderr, "practice-company: cannot write %s\n", s->ledger);
        clock_free(c->clock);
        return false;
    }
    c->ear = ear_new();
    c->tickets = tickets_new();
    c->chats = chats_new(c->clock);
    c->visitors = visitors_new();
    return true;
}

int server_run(const struct server_setup *s)
{
    struct company c = { 0 };
    struct manners given;
    struct diags diags;
    CURLM *multi;
    int code = 1;

    if (!company_open(s, &c))
        return 1;
    diags_init(&diags);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    multi = curl_multi_init();
    if (faults_parse(s->faults, &c.faults, &diags) == ST_OK &&
        manners_parse(s->manners, &given, &diags) == ST_OK) {
        c.timers = timers_new();
        c.chores = timers_new();
        c.manners = faults_manners(&c.faults, &given);
        struct web *web = web_start(&c, s->listen_fd);
        if (s->mail)
            c.desk = desk_new(&c, multi, s->mail, s->folder);
        if (web)
            code = serve(s, &c, web, multi);
        timers_free(c.timers);    /* resumes what web holds back */
        timers_free(c.chores);
        web_stop(web);
        desk_free(c.desk);
    }
    curl_multi_cleanup(multi);
    curl_global_cleanup();
    diags_release(&diags);
    company_release(&c);
    return code;
}
