#define _GNU_SOURCE               /* accept4 */
#include "tests/company/clock.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "harness/base/duration.h"
#include "harness/base/mem.h"

enum { LINE_MAX_BYTES = 256, ASK_AGAIN_MS = 1, QUIET_MS = 100 };

/* One program of customers. */
struct client {
    struct client *next;
    int fd;
    char line[LINE_MAX_BYTES];
    size_t len;
    uint64_t answered;            /* the last round it said something in */
    int64_t next_us;              /* -1 never */
    uint64_t flying;
    bool gone;
};

struct clock {
    char *path;                   /* NULL: the machine's clock */
    int listen_fd, epoll_fd;
    struct client *clients;
    int64_t now_us;
    uint64_t round;
    bool asked;                   /* this round, of everybody there */
    bool happened;                /* something, since then */
    int64_t ask_at;               /* machine time before which it is not worth asking again */
    int64_t still_since;          /* machine time since which nothing has moved */
    uint64_t seen_flying;         /* when that was said last */
};

int64_t clock_machine(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * US_PER_S + t.tv_nsec / 1000;
}

static int64_t machine_wall(void)
{
    struct timespec t;

    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * US_PER_S + t.tv_nsec / 1000;
}

int64_t clock_now(const struct clock *c)
{
    return c->path ? c->now_us : clock_machine();
}

int64_t clock_wall(const struct clock *c)
{
    return (c->path ? c->now_us : machine_wall()) / US_PER_S;
}

bool clock_is_virtual(const struct clock *c)
{
    return c->path != NULL;
}

int clock_fd(const struct clock *c)
{
    return c->epoll_fd;
}

void clock_happened(struct clock *c)
{
    c->happened = true;
}

/* ---- beginning and end ---- */

static bool watch(struct clock *c, int fd, struct client *who)
{
    struct epoll_event e = { .events = EPOLLIN, .data = { .ptr = who } };

    return epoll_ctl(c->epoll_fd, EPOLL_CTL_ADD, fd, &e) == 0;
}

static bool open_socket(struct clock *c)
{
    struct sockaddr_un at = { .sun_family = AF_UNIX };

    if (strlen(c->path) >= sizeof at.sun_path) {
        errno = ENAMETOOLONG;
        return false;
    }
    memcpy(at.sun_path, c->path, strlen(c->path) + 1);
    c->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    c->listen_fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    return c->epoll_fd >= 0 && c->listen_fd >= 0 &&
           bind(c->listen_fd, (struct sockaddr *)&at, sizeof at) == 0 &&
           chmod(c->path, 0600) == 0 && listen(c->listen_fd, SOMAXCONN) == 0 &&
           watch(c, c->listen_fd, NULL);
}

struct clock *clock_new(const char *path)
{
    struct clock *c = mem_zero(1, sizeof *c);

    c->listen_fd = c->epoll_fd = -1;
    c->path = path ? mem_strdup(path) : NULL;
    /* On a whole second: mail is dated in seconds, and what two runs make of that is then the same. */
    c->now_us = machine_wall() / US_PER_S * US_PER_S;
    if (!path || open_socket(c))
        return c;
    clock_free(c);
    return NULL;
}

void clock_free(struct clock *c)
{
    if (!c)
        return;
    while (c->clients) {
        struct client *next = c->clients->next;

        close(c->clients->fd);
        free(c->clients);
        c->clients = next;
    }
    if (c->listen_fd >= 0)
        close(c->listen_fd);
    if (c->epoll_fd >= 0)
        close(c->epoll_fd);
    free(c->path);
    free(c);
}

/* ---- talking ---- */

static void say(struct client *x, const char *line)
{
    size_t len = strlen(line);

    if (send(x->fd, line, len, MSG_NOSIGNAL | MSG_DONTWAIT) != (ssize_t)len)
        x->gone = true;
}

static void say_time(const struct clock *c, struct client *x)
{
    char line[LINE_MAX_BYTES];

    snprintf(line, sizeof line, "time %" PRId64 "\n", c->now_us);
    say(x, line);
}

static void come_in(struct clock *c)
{
    int fd = accept4(c->listen_fd, NULL, NULL, SOCK_CLOEXEC);
    struct client *x;

    if (fd < 0)
        return;
    x = mem_zero(1, sizeof *x);
    *x = (struct client){ .next = c->clients, .fd = fd };
    c->clients = x;
    x->gone = !watch(c, fd, x);
    say_time(c, x);
    c->happened = true;
}

static void on_line(struct client *x, const char *line)
{
    uint64_t round, flying;
    int64_t next;

    if (sscanf(line, "idle %" SCNu64 " %" SCNd64 " %" SCNu64, &round, &next, &flying) == 3) {
        x->answered = round;
        x->next_us = next;
        x->flying = flying;
    }
}

static void hear(struct client *x)
{
    ssize_t n = recv(x->fd, x->line + x->len, sizeof x->line - 1 - x->len, MSG_DONTWAIT);
    char *end;

    if (n <= 0) {
        x->gone = x->gone || n == 0 || (errno != EAGAIN && errno != EINTR);
        return;
    }
    x->len += (size_t)n;
    x->line[x->len] = '\0';
    while ((end = strchr(x->line, '\n'))) {
        *end = '\0';
        on_line(x, x->line);
        x->len -= (size_t)(end + 1 - x->line);
        memmove(x->line, end + 1, x->len + 1);
    }
    x->gone = x->gone || x->len == sizeof x->line - 1;
}

static void forget_gone(struct clock *c)
{
    struct client **link = &c->clients;

    while (*link) {
        struct client *x = *link;

        if (!x->gone) {
            link = &x->next;
            continue;
        }
        *link = x->next;
        close(x->fd);
        free(x);
        c->happened = true;
    }
}

static void hear_all(struct clock *c)
{
    struct epoll_event events[16];
    int n = epoll_wait(c->epoll_fd, events, 16, 0);

    for (int i = 0; i < n; i++) {
        if (events[i].data.ptr)
            hear(events[i].data.ptr);
        else
            come_in(c);
    }
    forget_gone(c);
}

static void ask(struct clock *c, size_t mails)
{
    char line[LINE_MAX_BYTES];

    c->round++;
    c->asked = true;
    c->happened = false;
    snprintf(line, sizeof line, "look %" PRIu64 " %zu\n", c->round, mails);
    for (struct client *x = c->clients; x; x = x->next)
        say(x, line);
}

/* ---- time goes on ---- */

static bool all_answered(const struct clock *c)
{
    for (const struct client *x = c->clients; x; x = x->next)
        if (x->answered != c->round)
            return false;
    return true;
}

static uint64_t flying(const struct clock *c)
{
    uint64_t all = 0;

    for (const struct client *x = c->clients; x; x = x->next)
        all += x->flying;
    return all;
}

static int64_t first_wish(const struct clock *c, int64_t ours)
{
    int64_t first = ours;

    for (const struct client *x = c->clients; x; x = x->next)
        if (x->next_us >= 0 && x->next_us < first)
            first = x->next_us;
    return first;
}

static void ask_again(struct clock *c, int ms)
{
    c->asked = false;
    c->ask_at = clock_machine() + ms * US_PER_MS;
}

static void jump(struct clock *c, int64_t to_us)
{
    if (to_us > c->now_us)
        c->now_us = to_us;
    for (struct client *x = c->clients; x; x = x->next)
        say_time(c, x);
    c->happened = true;
}

/* Nothing has moved for so long that nothing will. */
static bool is_stuck(const struct clock *c)
{
    return clock_machine() - c->still_since > CLOCK_STUCK_S * US_PER_S;
}

static void note_movement(struct clock *c)
{
    uint64_t now = flying(c);

    if (c->happened || now != c->seen_flying)
        c->still_since = clock_machine();
    c->seen_flying = now;
}

void clock_run(struct clock *c, const struct standing *s)
{
    int64_t to_us;

    if (!c->path)
        return;
    hear_all(c);
    note_movement(c);
    if (!c->clients || (!s->at_rest && !is_stuck(c)))
        return;
    if (c->happened)
        c->asked = false;
    if (!c->asked) {
        if (clock_machine() >= c->ask_at)
            ask(c, s->mails);
        return;
    }
    if (!all_answered(c))
        return;
    if (flying(c) != s->held && !is_stuck(c)) {
        ask_again(c, ASK_AGAIN_MS);
        return;
    }
    to_us = first_wish(c, s->next_us);
    if (to_us == INT64_MAX)
        ask_again(c, QUIET_MS);
    else
        jump(c, to_us);
}

int clock_patience(const struct clock *c, const struct standing *s)
{
    if (!c->path || !c->clients)
        return -1;
    if (!s->at_rest)
        return ASK_AGAIN_MS;
    return c->asked && !c->happened && !all_answered(c) ? -1 : ASK_AGAIN_MS;
}
