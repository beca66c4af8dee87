/*
 * A clock that belongs to somebody else, over a Unix socket, a line at a time:
 *
 *   we    hello 1                 who we are
 *   it    time WALL               it is so late now, microseconds since 1970
 *   it    look ROUND MAILS        is there anything you would do before time goes on? MAILS mails
 *                                 have been put into mailboxes so far: more than last time, look
 *   we    idle ROUND NEXT FLYING  nothing; wake us at NEXT (-1 never); FLYING things are under way
 *
 * Time goes on when everybody on the clock is idle and every transfer under way is one that the other
 * side has received and holds back on purpose. It goes to the first thing anybody wants to do.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "harness/loop/inside.h"

enum { LINE_MAX_BYTES = 256 };

struct lookout {
    struct lookout *next, **link;
    void (*fn)(void *context);
    void *context;
};

struct shared_clock {
    struct loop *loop;
    uv_poll_t poll;
    int fd;
    char line[LINE_MAX_BYTES];
    size_t len;
    bool known;                   /* it has said what time it is */
    bool gone;                    /* it has hung up */
    bool asked;                   /* by round, not answered yet */
    uint64_t round, mails;
    struct lookout *lookouts;
};

struct lookout *lookout_new(struct loop *l, void (*fn)(void *context), void *context)
{
    struct lookout *x;

    if (!l->shared)
        return NULL;
    x = mem_zero(1, sizeof *x);
    *x = (struct lookout){ .next = l->shared->lookouts, .link = &l->shared->lookouts, .fn = fn,
                           .context = context };
    if (x->next)
        x->next->link = &x->next;
    l->shared->lookouts = x;
    return x;
}

void lookout_free(struct lookout *x)
{
    if (!x)
        return;
    *x->link = x->next;
    if (x->next)
        x->next->link = x->link;
    free(x);
}

/* What it says */

static void on_time(struct shared_clock *c, int64_t wall_us)
{
    struct loop *l = c->loop;

    if (!c->known)
        l->wall_us = wall_us;
    c->known = true;
    if (wall_us - l->wall_us > l->now_us)
        l->now_us = wall_us - l->wall_us;
}

static void on_look(struct shared_clock *c, uint64_t round, uint64_t mails)
{
    struct lookout *next;

    c->asked = true;
    c->round = round;
    if (mails == c->mails)
        return;
    c->mails = mails;
    for (struct lookout *x = c->lookouts; x; x = next) {
        next = x->next;
        x->fn(x->context);
    }
}

static void on_line(struct shared_clock *c, const char *line)
{
    uint64_t round, mails;
    int64_t wall_us;

    if (sscanf(line, "time %" SCNd64, &wall_us) == 1)
        on_time(c, wall_us);
    else if (sscanf(line, "look %" SCNu64 " %" SCNu64, &round, &mails) == 2)
        on_look(c, round, mails);
}

/* It is gone, and the company with it: what is left is played in real time. */
static void hang_up(struct shared_clock *c)
{
    struct loop *l = c->loop;

    c->gone = true;
    uv_poll_stop(&c->poll);
    l->clock = CLOCK_REAL;
    l->epoch_ns = uv_hrtime() - (uint64_t)l->now_us * 1000;
}

/* False: it has hung up, or talks something else. */
static bool read_some(struct shared_clock *c)
{
    ssize_t n = recv(c->fd, c->line + c->len, sizeof c->line - 1 - c->len, 0);
    char *end;

    if (n < 0)
        return errno == EINTR || errno == EAGAIN;
    if (n == 0)
        return false;
    c->len += (size_t)n;
    c->line[c->len] = '\0';
    while ((end = strchr(c->line, '\n'))) {
        *end = '\0';
        on_line(c, c->line);
        c->len -= (size_t)(end + 1 - c->line);
        memmove(c->line, end + 1, c->len + 1);
    }
    return c->len < sizeof c->line - 1;      /* one of ours is shorter */
}

static void on_readable(uv_poll_t *poll, int status, int events)
{
    struct shared_clock *c = poll->data;

    (void)events;
    loop_touch(c->loop);
    if (status < 0 || !read_some(c))
        hang_up(c);
}

/* What we say */

static bool say(struct shared_clock *c, const char *line)
{
    size_t len = strlen(line);

    return send(c->fd, line, len, MSG_NOSIGNAL) == (ssize_t)len;
}

static void answer(struct loop *l)
{
    struct shared_clock *c = l->shared;
    char line[LINE_MAX_BYTES];
    int64_t next = timers_next(&l->timers);

    snprintf(line, sizeof line, "idle %" PRIu64 " %" PRId64 " %zu\n", c->round,
             next == INT64_MAX ? -1 : l->wall_us + next, l->transfers.count + l->holds);
    c->asked = false;
    if (!say(c, line))
        hang_up(c);
}

/* Who has nothing to wait for is about to leave: time does not go on for them. */
static bool is_leaving(const struct loop *l)
{
    return !l->timers.count && !l->transfers.count && !l->holds;
}

/* Nothing that could be done without more from outside. */
static bool at_rest(struct loop *l)
{
    return timers_next(&l->timers) > l->now_us && !l->transfers.first_done && !posts_wait(l);
}

bool shared_clock_step(struct loop *l)
{
    struct shared_clock *c = l->shared;

    /* The clock itself is no reason to run on; a timer, which only the clock can bring, is one. */
    if (l->timers.count)
        uv_ref((uv_handle_t *)&c->poll);
    else
        uv_unref((uv_handle_t *)&c->poll);
    if (!c->asked)
        return loop_poll(l, at_rest(l));
    loop_poll(l, false);
    if (c->asked && at_rest(l) && !is_leaving(l))
        answer(l);
    return !is_leaving(l) || loop_poll(l, true);
}

/* Beginning and end */

static int connect_to(const char *path, struct buf *why)
{
    struct sockaddr_un at = { .sun_family = AF_UNIX };
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (strlen(path) >= sizeof at.sun_path) {
        buf_addf(why, "%s: too long for the path of a socket", path);
    } else {
        memcpy(at.sun_path, path, strlen(path) + 1);
        if (fd >= 0 && connect(fd, (struct sockaddr *)&at, sizeof at) == 0)
            return fd;
        buf_addf(why, "no clock answers at %s: %s", path, strerror(errno));
    }
    if (fd >= 0)
        close(fd);
    return -1;
}

/* It says what time it is as soon as we come: waited for, so that nothing is dated wrongly. */
static bool greet(struct shared_clock *c, const char *path, struct buf *why)
{
    bool open = say(c, "hello 1\n");

    while (open && !c->known)
        open = read_some(c);
    if (!c->known)
        buf_addf(why, "what answers at %s is no clock of a practice company", path);
    return c->known;
}

struct loop *loop_new_shared(const char *socket_path, struct buf *why)
{
    int fd = connect_to(socket_path, why);
    struct loop *l = fd < 0 ? NULL : loop_new(CLOCK_SHARED);
    struct shared_clock *c;

    if (!l) {
        if (fd >= 0) {
            close(fd);
            buf_adds(why, "cannot start the event loop: too few file descriptors?");
        }
        return NULL;
    }
    c = l->shared = mem_zero(1, sizeof *c);
    *c = (struct shared_clock){ .loop = l, .fd = fd, .mails = UINT64_MAX };
    c->poll.data = c;
    if (!greet(c, socket_path, why) || uv_poll_init(&l->uv, &c->poll, fd)) {
        l->shared = NULL;
        close(fd);
        free(c);
        loop_free(l);
        return NULL;
    }
    uv_poll_start(&c->poll, UV_READABLE, on_readable);
    return l;
}

static void free_closed(uv_handle_t *h)
{
    struct shared_clock *c = h->data;

    close(c->fd);
    free(c);
}

void shared_clock_free(struct shared_clock *c)
{
    if (c)
        uv_close((uv_handle_t *)&c->poll, free_closed);
}
