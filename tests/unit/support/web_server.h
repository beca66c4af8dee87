#ifndef SUPPORT_WEB_SERVER_H
#define SUPPORT_WEB_SERVER_H
/**
 * A web server of one test: libmicrohttpd on a free loopback port, in a thread of its own, with one
 * function that answers. Everything it was asked is kept as text. Header only: a unit test is one
 * file. The test reads `log` only between requests or after web_server_stop.
 */
#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/buf.h"

struct web_request {
    const char *method, *path, *query;    /* query without "?"; "" none */
    const char *body;                     /* NUL-terminated */
    size_t body_len;
    struct MHD_Connection *connection;    /* for headers */
    int number;                           /* 0 = the server's first */
};

struct web_answer {
    int status;                           /* 0: hang up without an answer */
    const char *type, *location, *cookie, *encoding, *body;
    size_t body_len;                      /* 0: strlen(body) */
};

typedef void web_handler(void *context, const struct web_request *q, struct web_answer *a);

struct web_server {
    struct MHD_Daemon *daemon;
    unsigned port;
    char url[64];                         /* "http://127.0.0.1:PORT" */
    web_handler *handler;
    void *context;
    int requests, connections;
    struct buf log;                       /* "METHOD path?query\nbody\n" each */
    pthread_mutex_t lock;
};

static inline const char *web_header(const struct web_request *q, const char *name)
{
    const char *v = MHD_lookup_connection_value(q->connection, MHD_HEADER_KIND, name);

    return v ? v : "";
}

static inline enum MHD_Result web_argument(void *context, enum MHD_ValueKind kind,
                                           const char *name, const char *value)
{
    struct buf *out = context;

    (void)kind;
    buf_addf(out, "%s%s=%s", out->len ? "&" : "", name, value ? value : "");
    return MHD_YES;
}

static inline enum MHD_Result web_send(struct MHD_Connection *c, const struct web_answer *a)
{
    size_t len = a->body_len ? a->body_len : a->body ? strlen(a->body) : 0;
    struct MHD_Response *r;
    enum MHD_Result sent;

    if (a->status == 0)
        return MHD_NO;
    r = MHD_create_response_from_buffer(len, (void *)(uintptr_t)(a->body ? a->body : ""),
                                        MHD_RESPMEM_MUST_COPY);
    MHD_add_response_header(r, "Content-Type", a->type ? a->type : "text/html; charset=utf-8");
    if (a->location)
        MHD_add_response_header(r, "Location", a->location);
    if (a->cookie)
        MHD_add_response_header(r, "Set-Cookie", a->cookie);
    if (a->encoding)
        MHD_add_response_header(r, "Content-Encoding", a->encoding);
    sent = MHD_queue_response(c, (unsigned)a->status, r);
    MHD_destroy_response(r);
    return sent;
}

static inline enum MHD_Result web_serve(void *context, struct MHD_Connection *c, const char *path,
                                        const char *method, const char *version,
                                        const char *data, size_t *data_len, void **state)
{
    struct web_server *s = context;
    struct buf *body = *state;

    (void)version;
    if (!body) {
        *state = body = mem_zero(1, sizeof(*body));
        buf_init(body, 64 * 1024 * 1024);
        return MHD_YES;
    }
    if (*data_len) {
        buf_add(body, data, *data_len);
        *data_len = 0;
        return MHD_YES;
    }

    struct buf query = BUF_INIT(65536);
    MHD_get_connection_values(c, MHD_GET_ARGUMENT_KIND, web_argument, &query);
    struct web_request q = { .method = method, .path = path, .query = query.ptr,
                             .body = body->ptr, .body_len = body->len, .connection = c };
    struct web_answer a = { .status = 200, .body = "" };

    pthread_mutex_lock(&s->lock);
    q.number = s->requests++;
    buf_addf(&s->log, "%s %s%s%s\n", method, path, query.len ? "?" : "", query.ptr);
    if (body->len)
        buf_addf(&s->log, "%s\n", body->ptr);
    s->handler(s->context, &q, &a);
    pthread_mutex_unlock(&s->lock);
    buf_release(&query);
    return web_send(c, &a);
}

static inline void web_done(void *context, struct MHD_Connection *c, void **state,
                            enum MHD_RequestTerminationCode how)
{
    (void)context;
    (void)c;
    (void)how;
    if (*state) {
        buf_release(*state);
        free(*state);
        *state = NULL;
    }
}

static inline void web_connected(void *context, struct MHD_Connection *c, void **state,
                                 enum MHD_ConnectionNotificationCode what)
{
    struct web_server *s = context;

    (void)c;
    (void)state;
    if (what == MHD_CONNECTION_NOTIFY_STARTED)
        s->connections++;
}

static inline void web_server_start(struct web_server *s, web_handler *handler, void *context)
{
    struct sockaddr_in any = { .sin_family = AF_INET };

    *s = (struct web_server){ .handler = handler, .context = context };
    buf_init(&s->log, 1024 * 1024);
    pthread_mutex_init(&s->lock, NULL);
    any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    s->daemon = MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD, 0, NULL, NULL, web_serve, s,
                                 MHD_OPTION_SOCK_ADDR, &any, MHD_OPTION_NOTIFY_COMPLETED, web_done,
                                 NULL, MHD_OPTION_NOTIFY_CONNECTION, web_connected, s,
                                 MHD_OPTION_END);
    if (!s->daemon)
        abort();
    s->port = MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
    snprintf(s->url, sizeof(s->url), "http://127.0.0.1:%u", s->port);
}

static inline void web_server_stop(struct web_server *s)
{
    MHD_stop_daemon(s->daemon);
    buf_release(&s->log);
    pthread_mutex_destroy(&s->lock);
}

#endif
