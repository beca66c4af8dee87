#include "tests/company/web.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "tests/company/clock.h"
#include "tests/company/company.h"
#include "tests/company/timers.h"

enum { CONNECTIONS_MAX = 900, IDLE_TIMEOUT_S = 120, POST_BUFFER = 4096 };

struct exchange;

struct web {
    struct company *company;
    struct MHD_Daemon *daemon;
    struct exchange *held;        /* doubly linked */
};

/* One request on its way: its body is collected, then it is answered, perhaps later. */
struct exchange {
    struct request request;
    struct reply reply;
    struct buf body;
    char *part;
    enum { EXCHANGE_NEW, EXCHANGE_HELD, EXCHANGE_DUE } state;
    struct exchange *next, **link;        /* among those held */
};

const char *request_field(const struct request *r, const char *name)
{
    for (size_t i = 0; i < r->field_count; i++)
        if (strcmp(r->fields[i].name, name) == 0)
            return r->fields[i].value.ptr;
    return "";
}

const char *request_query(const struct request *r, const char *name)
{
    return MHD_lookup_connection_value(r->connection, MHD_GET_ARGUMENT_KIND, name);
}

const char *request_cookie(const struct request *r, const char *name)
{
    return MHD_lookup_connection_value(r->connection, MHD_COOKIE_KIND, name);
}

/* ---- routes ---- */

/* Does the path fit the pattern? *part gets what stands at its "*". */
static bool path_fits(const char *pattern, const char *path, struct slice *part)
{
    while (*pattern && *path) {
        if (*pattern == '*') {
            *part = (struct slice){ path, strcspn(path, "/") };
            if (!part->len)
                return false;
            path += part->len;
            pattern++;
        } else if (*pattern++ != *path++) {
            return false;
        }
    }
    return *pattern == *path;
}

static void answer(struct company *c, const char *method, struct exchange *x)
{
    const char *path = x->request.path, *allow = NULL;

    if (strcmp(method, MHD_HTTP_METHOD_HEAD) == 0)
        method = MHD_HTTP_METHOD_GET;
    for (const struct route *r = routes; r->path; r++) {
        struct slice part = { NULL, 0 };

        if (!path_fits(r->path, path, &part))
            continue;
        if (strcmp(r->method, method) != 0) {
            allow = r->method;
            continue;
        }
        x->part = part.ptr ? mem_strndup(part.ptr, part.len) : NULL;
        x->request.part = x->part;
        if (x->body.full)
            routes_refuse(path, MHD_HTTP_CONTENT_TOO_LARGE, &x->reply);
        else
            r->handle(c, &x->request, &x->reply);
        return;
    }
    routes_refuse(path, allow ? MHD_HTTP_METHOD_NOT_ALLOWED : MHD_HTTP_NOT_FOUND, &x->reply);
    x->reply.allow = allow;
}

/* ---- bodies ---- */

static enum MHD_Result take_field(void *ctx, enum MHD_ValueKind kind, const char *key,
                                  const char *filename, const char *type, const char *encoding,
                                  const char *data, uint64_t at, size_t size)
{
    struct request *r = ctx;

    (void)kind, (void)filename, (void)type, (void)encoding;
    if (!key)
        return MHD_YES;
    if (at == 0) {
        if (r->field_count == WEB_FIELDS_MAX)
            return MHD_NO;
        struct web_field *f = &r->fields[r->field_count++];
        f->name = mem_strdup(key);
        buf_init(&f->value, WEB_BODY_MAX);
    }
    if (r->field_count)
        buf_add(&r->fields[r->field_count - 1].value, data, size);
    return MHD_YES;
}

/* A form's body, in either encoding; anything else is left as it came. */
static void read_fields(struct exchange *x)
{
    struct MHD_PostProcessor *p =
        MHD_create_post_processor(x->request.connection, POST_BUFFER, take_field, &x->request);

    if (!p)
        return;                   /* not a form's content type */
    if (MHD_post_process(p, x->body.ptr, x->body.len) != MHD_YES)
        x->request.bad_body = "the form could not be read";
    MHD_destroy_post_processor(p);
}

/* ---- answers ---- */

static enum MHD_Result send_reply(struct exchange *x)
{
    struct reply *r = &x->reply;
    struct MHD_Response *out =
        MHD_create_response_from_buffer(r->body.len, r->body.ptr, MHD_RESPMEM_MUST_COPY);

    if (!out)
        return MHD_NO;
    MHD_add_response_header(out, MHD_HTTP_HEADER_CONTENT_TYPE,
                            r->type ? r->type : "text/html; charset=utf-8");
    MHD_add_response_header(out, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    if (r->location)
        MHD_add_response_header(out, MHD_HTTP_HEADER_LOCATION, r->location);
    if (r->cookie)
        MHD_add_response_header(out, MHD_HTTP_HEADER_SET_COOKIE, r->cookie);
    if (r->allow)
        MHD_add_response_header(out, MHD_HTTP_HEADER_ALLOW, r->allow);

    enum MHD_Result queued =
        MHD_queue_response(x->request.connection, r->status ? r->status : MHD_HTTP_OK, out);
    MHD_destroy_response(out);
    return queued;
}

static void hold(struct web *w, struct exchange *x)
{
    x->state = EXCHANGE_HELD;
    x->next = w->held;
    x->link = &w->held;
    if (x->next)
        x->next->link = &x->next;
    w->held = x;
    MHD_suspend_connection(x->request.connection);
}

static void resume(void *arg)
{
    struct exchange *x = arg;

    *x->link = x->next;
    if (x->next)
        x->next->link = x->link;
    x->state = EXCHANGE_DUE;
    MHD_resume_connection(x->request.connection);
}

static void resume_due(struct company *c, void *arg)
{
    (void)c;
    resume(arg);
}

static enum MHD_Result on_request(void *ctx, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *data,
                                  size_t *size, void **state)
{
    struct company *c = ((struct web *)ctx)->company;
    struct exchange *x = *state;

    (void)version;
    if (!x) {
        x = *state = mem_zero(1, sizeof *x);
        x->request.connection = connection;
        buf_init(&x->body, WEB_BODY_MAX);
        buf_init(&x->reply.body, WEB_PAGE_MAX);
        return MHD_YES;
    }
    if (*size) {
        buf_add(&x->body, data, *size);
        *size = 0;
        return MHD_YES;
    }
    clock_happened(c->clock);
    if (x->state == EXCHANGE_NEW) {
        x->request.path = url;
        x->request.body = buf_slice(&x->body);
        read_fields(x);
        answer(c, method, x);
        if (x->reply.due_us > company_now(c)) {
            hold(ctx, x);
            timers_add(c->timers, (struct timer){ x->reply.due_us, resume_due, resume, x });
            return MHD_YES;
        }
    }
    return send_reply(x);
}

static void on_done(void *ctx, struct MHD_Connection *connection, void **state,
                    enum MHD_RequestTerminationCode why)
{
    struct exchange *x = *state;

    (void)ctx, (void)connection, (void)why;
    if (!x)
        return;
    for (size_t i = 0; i < x->request.field_count; i++) {
        free(x->request.fields[i].name);
        buf_release(&x->request.fields[i].value);
    }
    buf_release(&x->body);
    buf_release(&x->reply.body);
    free(x->reply.location);
    free(x->reply.cookie);
    free(x->part);
    free(x);
    *state = NULL;
}

/* ---- the daemon ---- */

struct web *web_start(struct company *c, int listen_fd)
{
    struct web *w = mem_zero(1, sizeof *w);

    w->company = c;
    w->daemon = MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, on_request, w,
        MHD_OPTION_LISTEN_SOCKET, listen_fd, MHD_OPTION_NOTIFY_COMPLETED, on_done, w,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)IDLE_TIMEOUT_S, MHD_OPTION_END);
    if (w->daemon)
        return w;
    free(w);
    return NULL;
}

void web_stop(struct web *w)
{
    if (!w)
        return;
    MHD_run(w->daemon);
    MHD_stop_daemon(w->daemon);
    free(w);
}

int web_fd(const struct web *w)
{
    return MHD_get_daemon_info(w->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
}

static bool hung_up(const struct exchange *x)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(x->request.connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    char byte;

    return info && recv(info->connect_fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

size_t web_held(const struct web *w)
{
    size_t held = 0;

    for (const struct exchange *x = w->held; x; x = x->next)
        held += !hung_up(x);
    return held;
}

int web_run(struct web *w)
{
    MHD_UNSIGNED_LONG_LONG ms = 0;

    MHD_run(w->daemon);
    return MHD_get_timeout(w->daemon, &ms) == MHD_YES ? (ms > 60000 ? 60000 : (int)ms) : -1;
}
