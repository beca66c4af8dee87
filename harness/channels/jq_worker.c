#include "harness/channels/jq_worker.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <jq.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "harness/base/buf.h"
#include "harness/channels/jq_filter.h"

extern char **environ;

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif

/* A program, compiled. */
struct compiled {
    struct compiled *next;
    char *program;
    jq_state *jq;                 /* NULL: it does not compile */
    struct buf why;
};

struct worker {
    int in, out;
    struct compiled *all;
};

/* The child ends like this: nothing of the parent's may run in it. */
static void stop(void)
{
    raise(SIGKILL);
}

static void get(int fd, void *to, size_t len)
{
    for (size_t at = 0; at < len;) {
        ssize_t n = read(fd, (char *)to + at, len - at);

        if (n <= 0 && !(n < 0 && errno == EINTR))
            stop();
        at += n > 0 ? (size_t)n : 0;
    }
}

static void put(int fd, const void *from, size_t len)
{
    for (size_t at = 0; at < len;) {
        ssize_t n = write(fd, (const char *)from + at, len - at);

        if (n <= 0 && !(n < 0 && errno == EINTR))
            stop();
        at += n > 0 ? (size_t)n : 0;
    }
}

static char *get_text(int fd, size_t len)
{
    char *text = mem_alloc(len + 1);

    get(fd, text, len);
    text[len] = '\0';
    return text;
}

/* Messages */

/** The words of an error: the first line of a string, or its JSON. */
static void add_message(struct buf *why, jv message)
{
    jv text = jv_get_kind(message) == JV_KIND_STRING ? message : jv_dump_string(message, 0);
    const char *words = jv_string_value(text);
    static const char prefix[] = "jq: error: ";

    if (!strncmp(words, prefix, sizeof prefix - 1))
        words += sizeof prefix - 1;
    if (!why->len)
        buf_add(why, words, strcspn(words, "\n"));
    jv_free(text);
}

static void on_error(void *context, jv message)
{
    struct compiled *c = context;

    add_message(&c->why, message);
}

static struct compiled *compiled(struct worker *w, char *program)
{
    struct compiled *c;

    for (c = w->all; c; c = c->next) {
        if (strcmp(c->program, program))
            continue;
        free(program);
        return c;
    }
    c = mem_zero(1, sizeof *c);
    c->program = program;
    buf_init(&c->why, 1024);
    c->jq = jq_init();
    c->next = w->all;
    w->all = c;
    if (!c->jq)
        stop();
    jq_set_error_cb(c->jq, on_error, c);
    if (!jq_compile(c->jq, program))
        jq_teardown(&c->jq);
    return c;
}

/** @return as jq_head.ok. */
static uint32_t run(struct compiled *c, const char *input, size_t len, struct buf *out)
{
    size_t count = 0;
    jv value = jv_parse_sized(input, (int)len);

    if (!jv_is_valid(value)) {
        add_message(out, jv_invalid_get_msg(value));
        return 0;
    }
    buf_addc(out, '[');
    jq_start(c->jq, value, 0);
    while (jv_is_valid(value = jq_next(c->jq))) {
        jv text = jv_dump_string(value, 0);

        if (count++)
            buf_addc(out, ',');
        buf_add(out, jv_string_value(text), (size_t)jv_string_length_bytes(jv_copy(text)));
        jv_free(text);
        if (out->full || count > JQ_VALUES_MAX)
            return 2;
    }
    buf_addc(out, ']');
    if (!jv_invalid_has_msg(jv_copy(value))) {
        jv_free(value);
        return out->full ? 2 : 1;
    }
    buf_clear(out);
    add_message(out, jv_invalid_get_msg(value));
    return 0;
}

static void serve_one(struct worker *w)
{
    CLEANUP(buf_release) struct buf out = BUF_INIT(JQ_OUTPUT_MAX);
    struct jq_head head;
    struct compiled *c;
    char *input;

    get(w->in, &head, sizeof head);
    c = compiled(w, get_text(w->in, head.program));
    input = get_text(w->in, head.bytes);
    head.ok = c->jq != NULL;
    if (!c->jq)
        buf_adds(&out, c->why.ptr);
    else if (head.bytes)
        head.ok = run(c, input, head.bytes, &out);
    free(input);
    head.program = 0;
    head.bytes = head.ok == 2 ? 0 : (uint32_t)out.len;
    put(w->out, &head, sizeof head);
    put(w->out, out.ptr, head.bytes);
}

/* What the child must not have: our sockets, our secrets, all the memory there is. */
static void seclude(int in, int out)
{
    DIR *dir = opendir("/proc/self/fd");
    int open_fds[1024], count = 0;

    for (struct dirent *e; dir && count < 1024 && (e = readdir(dir));)
        if (e->d_name[0] != '.')
            open_fds[count++] = (int)strtol(e->d_name, NULL, 10);
    if (dir)
        closedir(dir);
    for (int i = 0; i < count; i++)
        if (open_fds[i] != in && open_fds[i] != out && open_fds[i] != STDERR_FILENO)
            close(open_fds[i]);
    if (environ)
        environ[0] = NULL;
#ifndef SANITIZED
    setrlimit(RLIMIT_AS, &(struct rlimit){ JQ_MEMORY_MAX, JQ_MEMORY_MAX });
    setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
#endif
}

void jq_worker_serve(int in, int out)
{
    struct worker w = { in, out, NULL };
    int nowhere;

    seclude(in, out);
    nowhere = open("/dev/null", O_WRONLY);        /* libjq talks when it runs out of memory */
    if (nowhere >= 0)
        dup2(nowhere, STDERR_FILENO);
    signal(SIGPIPE, SIG_IGN);
    for (;;)
        serve_one(&w);
}
