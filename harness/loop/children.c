#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "harness/loop/inside.h"

enum { LINE_MAX_BYTES = 64 * 1024 };

/* A grandchild may keep the pipe; after the child's own end its last lines get this long. */
#define LAST_LINES_MS 500

struct child {
    struct loop *loop;
    struct child *prev, *next;
    struct child_callbacks callbacks;
    void *context;
    uv_process_t process;
    uv_pipe_t input, output;
    uv_timer_t patience;
    struct buf line;              /* full: the rest of an overlong line is dropped */
    char chunk[4096];
    unsigned open_handles;        /* not closed yet; memory goes with the last one */
    bool started, exited, drained, reported, freed;
    int status, signal;
};

struct child_line {
    uv_write_t request;
    char text[];
};

static void release(struct child *c)
{
    if (c->freed && c->open_handles == 0) {
        buf_release(&c->line);
        free(c);
    }
}

static void on_closed(uv_handle_t *h)
{
    struct child *c = h->data;

    c->open_handles--;
    release(c);
}

static void shut(uv_handle_t *h)
{
    if (!uv_is_closing(h))
        uv_close(h, on_closed);
}

static void say_line(struct child *c)
{
    if (c->line.len && c->line.ptr[c->line.len - 1] == '\r')
        c->line.ptr[--c->line.len] = '\0';
    if (c->callbacks.line && !c->freed)
        c->callbacks.line(c->context, c->line.ptr);
    buf_clear(&c->line);
}

/** Both the end and the last line must have come; then nobody hears from the child again. */
static void report_end(struct child *c)
{
    if (!c->exited || !c->drained || c->reported || c->freed)
        return;
    c->reported = true;
    uv_timer_stop(&c->patience);
    if (c->line.len)
        say_line(c);
    if (c->callbacks.ended && !c->freed)
        c->callbacks.ended(c->context, c->status, c->signal);
}

static void on_exit_status(uv_process_t *p, int64_t status, int signal);

static void on_patience(uv_timer_t *timer)
{
    struct child *c = timer->data;

    shut((uv_handle_t *)&c->output);
    c->drained = true;
    report_end(c);
}

static void on_exit_status(uv_process_t *p, int64_t status, int signal)
{
    struct child *c = p->data;

    loop_touch(c->loop);
    c->exited = true;
    c->status = (int)status;
    c->signal = signal;
    shut((uv_handle_t *)&c->input);
    if (!c->drained)
        uv_timer_start(&c->patience, on_patience, LAST_LINES_MS, 0);
    report_end(c);
}

static void on_room(uv_handle_t *h, size_t suggested, uv_buf_t *buf)
{
    struct child *c = h->data;

    (void)suggested;
    *buf = uv_buf_init(c->chunk, sizeof(c->chunk));
}

/* Overlong lines are cut: what fits is kept, the rest up to the newline is dropped. */
static void keep(struct child *c, const char *text, size_t len)
{
    size_t room = c->line.max - c->line.len;

    buf_add(&c->line, text, len < room ? len : room);
}

static void on_output(uv_stream_t *s, ssize_t n, const uv_buf_t *buf)
{
    struct child *c = s->data;

    (void)buf;
    loop_touch(c->loop);
    if (n < 0) {
        shut((uv_handle_t *)s);
        c->drained = true;
        report_end(c);
        return;
    }
    for (const char *p = c->chunk, *end = p + n; p < end && !c->freed;) {
        const char *newline = memchr(p, '\n', (size_t)(end - p));

        keep(c, p, (size_t)((newline ? newline : end) - p));
        if (!newline)
            break;
        say_line(c);
        p = newline + 1;
    }
}

static int spawn(struct child *c, const char *const *argv)
{
    uv_stdio_container_t stdio[3] = {
        { .flags = UV_CREATE_PIPE | UV_READABLE_PIPE,
          .data.stream = (uv_stream_t *)&c->input },
        { .flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE,
          .data.stream = (uv_stream_t *)&c->output },
        { .flags = UV_INHERIT_FD, .data.fd = 2 },
    };
    uv_process_options_t options = {
        .file = argv[0],
        .args = (char **)(uintptr_t)argv,     /* libuv does not write to them */
        .exit_cb = on_exit_status,
        .stdio_count = 3,
        .stdio = stdio,
    };

    return uv_spawn(&c->loop->uv, &c->process, &options);
}

struct child *child_start(struct loop *l, const char *const *argv,
                          const struct child_callbacks *callbacks, void *context)
{
    struct child *c = mem_zero(1, sizeof(*c));
    int err;

    c->loop = l;
    c->callbacks = *callbacks;
    c->context = context;
    buf_init(&c->line, LINE_MAX_BYTES);
    c->process.data = c->input.data = c->output.data = c->patience.data = c;
    uv_pipe_init(&l->uv, &c->input, 0);
    uv_pipe_init(&l->uv, &c->output, 0);
    uv_timer_init(&l->uv, &c->patience);
    c->open_handles = 4;
    c->next = l->children;
    if (l->children)
        l->children->prev = c;
    l->children = c;

    err = spawn(c, argv);         /* takes part in the loop even when it fails: must be closed */
    if (err) {
        child_free(c);
        errno = -err;             /* as every failed call of POSIX */
        return NULL;
    }
    c->started = true;
    uv_read_start((uv_stream_t *)&c->output, on_room, on_output);
    return c;
}

static void on_written(uv_write_t *request, int status)
{
    (void)status;                 /* a child that is gone tells so by its end */
    free(request);
}

void child_write(struct child *c, const char *text)
{
    size_t len = strlen(text);
    struct child_line *w;

    if (uv_is_closing((uv_handle_t *)&c->input) || len == 0)
        return;
    w = mem_alloc(sizeof(*w) + len);
    memcpy(w->text, text, len);

    uv_buf_t piece = uv_buf_init(w->text, (unsigned)len);
    if (uv_write(&w->request, (uv_stream_t *)&c->input, &piece, 1, on_written))
        free(w);
}

static void on_shutdown(uv_shutdown_t *request, int status)
{
    struct child *c = request->handle->data;

    (void)status;
    shut((uv_handle_t *)&c->input);
    free(request);
}

void child_close_input(struct child *c)
{
    uv_shutdown_t *request;

    if (uv_is_closing((uv_handle_t *)&c->input))
        return;
    request = mem_zero(1, sizeof(*request));      /* after what was written has left */
    if (uv_shutdown(request, (uv_stream_t *)&c->input, on_shutdown)) {
        free(request);
        shut((uv_handle_t *)&c->input);
    }
}

void child_kill(struct child *c, int signal)
{
    if (c->started && !c->exited)
        uv_process_kill(&c->process, signal);
}

pid_t child_pid(const struct child *c)
{
    return c->started ? c->process.pid : -1;
}

/** Without libuv's watch on it nobody would collect the child, so that is done here. */
static void end_now(struct child *c)
{
    pid_t pid = c->process.pid;

    uv_process_kill(&c->process, SIGKILL);
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
        ;
}

void child_free(struct child *c)
{
    if (!c || c->freed)
        return;
    if (c->started && !c->exited)
        end_now(c);
    if (c->prev)
        c->prev->next = c->next;
    else
        c->loop->children = c->next;
    if (c->next)
        c->next->prev = c->prev;
    c->freed = true;
    shut((uv_handle_t *)&c->process);
    shut((uv_handle_t *)&c->input);
    shut((uv_handle_t *)&c->output);
    shut((uv_handle_t *)&c->patience);
    release(c);
}

void children_free(struct loop *l)
{
    while (l->children)
        child_free(l->children);
}
