/* A company of one page, for measuring: one thread, epoll. Every answer is held back DELAY ms and says how
 * long it really was, "held N us", from the last byte of the request to the first of the answer.
 *
 *   server DELAY      prints its port; ends with its input
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { FDS_MAX = 65536, EVENTS = 512 };

struct held {
    int fd;
    int64_t since;
};

static struct held queue[FDS_MAX];        /* a ring: all are held equally long */
static unsigned head, tail;

static int64_t now_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * INT64_C(1000000) + t.tv_nsec / 1000;
}

static void answer(const struct held *h)
{
    char body[160], all[400];
    int n = snprintf(body, sizeof body, "<title>Page</title><p>Welcome to the page of the company. held "
                     "%" PRId64 " us.</p>", now_us() - h->since);

    n = snprintf(all, sizeof all, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n"
                 "%s", n, body);
    if (write(h->fd, all, (size_t)n) != n)
        shutdown(h->fd, SHUT_RDWR);
}

static void take(int ep, int listener)
{
    int fd, one = 1;

    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        struct epoll_event e = { .events = EPOLLIN, .data.fd = fd };

        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        if (fd >= FDS_MAX || epoll_ctl(ep, EPOLL_CTL_ADD, fd, &e))
            close(fd);
    }
}

/* Requests here are small and come whole. */
static void hear(int fd)
{
    char bytes[8192];
    ssize_t n = read(fd, bytes, sizeof bytes);

    if (n <= 0) {
        if (n == 0 || errno != EAGAIN)
            close(fd);
        return;
    }
    queue[tail++ % FDS_MAX] = (struct held){ fd, now_us() };
}

static int serve_due(int64_t delay_us)
{
    while (head != tail) {
        const struct held *h = &queue[head % FDS_MAX];
        int64_t left = h->since + delay_us - now_us();

        if (left > 0)
            return (int)((left + 999) / 1000);
        answer(h);
        head++;
    }
    return -1;
}

static int listen_somewhere(void)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t len = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof at) || listen(fd, 16384) ||
        getsockname(fd, (struct sockaddr *)&at, &len))
        return -1;
    printf("%d\n", ntohs(at.sin_port));
    fflush(stdout);
    return fd;
}

int main(int argc, char **argv)
{
    int64_t delay_us = argc == 2 ? strtol(argv[1], NULL, 10) * 1000 : -1;
    struct rlimit files;
    struct epoll_event events[EVENTS], e = { .events = EPOLLIN };
    int ep = epoll_create1(EPOLL_CLOEXEC), listener, wait = -1;

    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    if (delay_us < 0 || (listener = listen_somewhere()) < 0) {
        fputs("usage: server DELAY_MS\n", stderr);
        return 2;
    }
    e.data.fd = listener;
    epoll_ctl(ep, EPOLL_CTL_ADD, listener, &e);
    e.data.fd = STDIN_FILENO;
    epoll_ctl(ep, EPOLL_CTL_ADD, STDIN_FILENO, &e);
    for (;;) {
        int n = epoll_wait(ep, events, EVENTS, wait);

        for (int i = 0; i < n; i++) {
            if (events[i].data.fd == STDIN_FILENO)
                return 0;
            if (events[i].data.fd == listener)
                take(ep, listener);
            else
                hear(events[i].data.fd);
        }
        wait = serve_due(delay_us);
    }
}
