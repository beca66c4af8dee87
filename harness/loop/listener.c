#include "harness/loop/listener.h"

#include <errno.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/mem.h"

enum { HOST_MAX = 256, CALLER_PATIENCE_S = 30 };

struct listener {
    struct loop *loop;
    struct MHD_Daemon *daemon;
    struct watch *watch;
    struct timer *timer;
    listener_fn *fn;
    void *context;
    char *url;
};

/* One request on its way in. */
struct incoming {
    struct buf body;
};

const char *listener_header(const struct listener_request *q, const char *name)
{
    return MHD_lookup_connection_value(q->connection, MHD_HEADER_KIND, name);
}

static enum MHD_Result answer(struct MHD_Connection *c, int status, const struct buf *body)
{
    struct MHD_Response *r = MHD_create_response_from_buffer(
        body->len, body->ptr, MHD_RESPMEM_MUST_COPY);
    enum MHD_Result rc;

    if (!r)
        return MHD_NO;
    if (body->len)
        MHD_add_response_header(r, "Content-Type", "application/json");
    rc = MHD_queue_response(c, (unsigned)status, r);
    MHD_destroy_response(r);
    return rc;
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *c, const char *url,
                                  const char *method, const char *version, const char *data,
                                  size_t *size, void **state)
{
    struct listener *x = context;
    struct incoming *in = *state;
    CLEANUP(buf_release) struct buf out = BUF_INIT(LISTENER_BODY_MAX);
    struct listener_request q;
    int status = 413;

    (void)version;
    if (!in) {
        *state = in = mem_zero(1, sizeof *in);
        buf_init(&in->body, LISTENER_BODY_MAX);
        return MHD_YES;
    }
    if (*size) {
        if (!in->body.full)
            buf_add(&in->body, data, *size);
        *size = 0;
        return MHD_YES;
    }
    q = (struct listener_request){ method, url, buf_slice(&in->body), loop_now(x->loop), c };
    if (!in->body.full)
        status = x->fn(x->context, &q, &out);
    return answer(c, status, &out);
}

static void on_completed(void *context, struct MHD_Connection *c, void **state,
                         enum MHD_RequestTerminationCode code)
{
    struct incoming *in = *state;

    (void)context;
    (void)c;
    (void)code;
    if (in)
        buf_release(&in->body);
    free(in);
    *state = NULL;
}

/* A path stays as it was sent: whose conversation it names is compared byte by byte. */
static size_t keep_escapes(void *context, struct MHD_Connection *c, char *text)
{
    (void)context;
    (void)c;
    return strlen(text);
}

/* The loop */

static void serve(struct listener *x);

static void on_timer(void *context)
{
    struct listener *x = context;

    x->timer = NULL;
    serve(x);
}

static void on_ready(void *context, unsigned events)
{
    (void)events;
    serve(context);
}

static void serve(struct listener *x)
{
    MHD_UNSIGNED_LONG_LONG wait_ms;

    MHD_run(x->daemon);
    timer_cancel(x->timer);
    x->timer = NULL;
    if (MHD_get_timeout(x->daemon, &wait_ms) == MHD_YES)
        x->timer = timer_start(x->loop, loop_now(x->loop) + (int64_t)wait_ms * US_PER_MS,
                               on_timer, x);
}

/* Its address */

static bool split(const char *address, char host[HOST_MAX], const char **port)
{
    const char *colon = strrchr(address, ':');
    size_t len = colon ? (size_t)(colon - address) : 0;

    if (!colon || len >= HOST_MAX || strspn(colon + 1, "0123456789") != strlen(colon + 1) ||
        !colon[1])
        return false;
    if (len > 1 && address[0] == '[' && address[len - 1] == ']') {
        address++;
        len -= 2;
    }
    memcpy(host, address, len);
    host[len] = '\0';
    *port = colon + 1;
    return len > 0;
}

static int bind_to(const struct addrinfo *at)
{
    int fd = socket(at->ai_family, SOCK_STREAM, 0), on = 1, saved;

    if (fd < 0)
        return -1;
    fcntl(fd, F_SETFL, O_NONBLOCK);
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (!bind(fd, at->ai_addr, at->ai_addrlen) && !listen(fd, 128))
        return fd;
    saved = errno;
    close(fd);
    errno = saved;
    return -1;
}

static void name_it(struct listener *x, int fd, const char *host)
{
    struct sockaddr_storage at;
    socklen_t size = sizeof at;
    char port[16] = "0";

    getsockname(fd, (struct sockaddr *)&at, &size);
    getnameinfo((struct sockaddr *)&at, size, NULL, 0, port, sizeof port, NI_NUMERICSERV);
    x->url = mem_printf(strchr(host, ':') ? "http://[%s]:%s" : "http://%s:%s", host, port);
}

static int open_socket(const char *address, char host[HOST_MAX], struct buf *why)
{
    const struct addrinfo hints = { .ai_flags = AI_PASSIVE | AI_NUMERICSERV,
                                    .ai_socktype = SOCK_STREAM };
    struct addrinfo *found = NULL;
    const char *port;
    int rc, fd;

    if (!split(address, host, &port)) {
        buf_addf(why, "\"%s\" is no address to listen on, such as 127.0.0.1:8080", address);
        return -1;
    }
    rc = getaddrinfo(host, port, &hints, &found);
    if (rc) {
        buf_addf(why, "cannot listen on %s: %s", address, gai_strerror(rc));
        return -1;
    }
    fd = bind_to(found);
    if (fd < 0)
        buf_addf(why, "cannot listen on %s: %s", address, strerror(errno));
    freeaddrinfo(found);
    return fd;
}

static bool start(struct listener *x, int fd)
{
    const union MHD_DaemonInfo *info;

    x->daemon = MHD_start_daemon(
        MHD_USE_EPOLL, 0, NULL, NULL, on_request, x, MHD_OPTION_LISTEN_SOCKET, fd,
        MHD_OPTION_NOTIFY_COMPLETED, on_completed, x,
        MHD_OPTION_UNESCAPE_CALLBACK, keep_escapes, x,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)LISTENER_CONNECTIONS_MAX,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)CALLER_PATIENCE_S, MHD_OPTION_END);
    if (!x->daemon)
        return false;
    info = MHD_get_daemon_info(x->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    x->watch = info ? watch_new(x->loop, info->epoll_fd, on_ready, x) : NULL;
    if (x->watch)
        watch_set(x->watch, WATCH_READ);
    return x->watch != NULL;
}

struct listener *listener_start(struct loop *l, const char *address, listener_fn *fn,
                                void *context, struct buf *why)
{
    char host[HOST_MAX];
    int fd = open_socket(address, host, why);
    struct listener *x;

    if (fd < 0)
        return NULL;
    x = mem_zero(1, sizeof *x);
    *x = (struct listener){ .loop = l, .fn = fn, .context = context };
    name_it(x, fd, host);
    if (start(x, fd))
        return x;
    if (!x->daemon)
        close(fd);
    buf_addf(why, "cannot listen on %s: no more descriptors", address);
    listener_free(x);
    return NULL;
}

const char *listener_url(const struct listener *x)
{
    return x->url;
}

void listener_free(struct listener *x)
{
    if (!x)
        return;
    watch_free(x->watch);
    timer_cancel(x->timer);
    if (x->daemon)
        MHD_stop_daemon(x->daemon);
    free(x->url);
    free(x);
}
