/* The parent's side: the child, requests with a deadline, and numbers that jq would round. */
#include "harness/channels/jq_filter.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "harness/base/text.h"
#include "harness/channels/jq_worker.h"

#define EXACT_MAX (INT64_C(1) << 53)

struct jq_filters {
    pid_t child;                  /* 0 none */
    int to, from;
    int strikes;
    int64_t patience_us;
};

struct jq_filters *jq_filters_new(int64_t patience_us)
{
    struct jq_filters *all = mem_zero(1, sizeof *all);

    all->patience_us = patience_us;
    return all;
}

static void end_child(struct jq_filters *all)
{
    if (!all->child)
        return;
    kill(all->child, SIGKILL);
    while (waitpid(all->child, NULL, 0) < 0 && errno == EINTR)
        ;
    close(all->to);
    close(all->from);
    all->child = 0;
}

void jq_filters_free(struct jq_filters *all)
{
    if (all)
        end_child(all);
    free(all);
}

const char *jq_program(const char *path)
{
    if (!path || !text_starts_with(path, "jq:"))
        return NULL;
    return path + 3 + strspn(path + 3, " \t\n");
}

static bool make_pipes(int down[2], int up[2])
{
    if (pipe(down))
        return false;
    if (!pipe(up))
        return true;
    close(down[0]);
    close(down[1]);
    return false;
}

static bool begin_child(struct jq_filters *all)
{
    int down[2], up[2];

    if (all->child)
        return true;
    if (!make_pipes(down, up))
        return false;
    all->child = fork();
    if (all->child == 0)
        jq_worker_serve(down[0], up[1]);
    close(down[0]);
    close(up[1]);
    if (all->child < 0) {
        all->child = 0;
        close(down[1]);
        close(up[0]);
        return false;
    }
    all->to = down[1];
    all->from = up[0];
    fcntl(all->to, F_SETFD, FD_CLOEXEC);
    fcntl(all->from, F_SETFD, FD_CLOEXEC);
    fcntl(all->to, F_SETFL, O_NONBLOCK);
    fcntl(all->from, F_SETFL, O_NONBLOCK);
    return true;
}

/* Requests with a deadline */

static int64_t now_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * US_PER_S + t.tv_nsec / 1000;
}

/** False: the time is up. */
static bool await(int fd, short events, int64_t deadline)
{
    struct pollfd p = { .fd = fd, .events = events };
    int64_t left = deadline - now_us();

    return left > 0 && (poll(&p, 1, (int)(left / US_PER_MS) + 1) > 0 || errno == EINTR);
}

static bool put(const struct jq_filters *all, const void *from, size_t len, int64_t deadline)
{
    for (size_t at = 0; at < len;) {
        ssize_t n = write(all->to, (const char *)from + at, len - at);

        if (n > 0)
            at += (size_t)n;
        else if ((errno != EAGAIN && errno != EINTR) || !await(all->to, POLLOUT, deadline))
            return false;
    }
    return true;
}

static bool get(const struct jq_filters *all, void *to, size_t len, int64_t deadline)
{
    for (size_t at = 0; at < len;) {
        ssize_t n = read(all->from, (char *)to + at, len - at);

        if (n > 0)
            at += (size_t)n;
        else if (n == 0 || (errno != EAGAIN && errno != EINTR) ||
                 !await(all->from, POLLIN, deadline))
            return false;
    }
    return true;
}

/** One request, and the head and body of its answer. False: the child is no use any more. */
static bool ask(struct jq_filters *all, const char *program, struct slice input,
                struct jq_head *head, char **body)
{
    const int64_t deadline = now_us() + all->patience_us;

    *head = (struct jq_head){ 0, (uint32_t)strlen(program), (uint32_t)input.len };
    if (!begin_child(all) || !put(all, head, sizeof *head, deadline) ||
        !put(all, program, head->program, deadline) ||
        !put(all, input.ptr, input.len, deadline) ||
        !get(all, head, sizeof *head, deadline) || head->bytes > JQ_OUTPUT_MAX)
        return false;
    *body = mem_zero(1, head->bytes + 1);
    if (get(all, *body, head->bytes, deadline))
        return true;
    free(*body);
    return false;
}

static enum status ask_or_strike(struct jq_filters *all, const char *program, struct slice input,
                                 char **body, struct buf *why)
{
    struct jq_head head;

    if (all->strikes >= JQ_STRIKES_MAX) {
        buf_adds(why, "jq programs have failed too often to be run again");
        return ST_LIMIT;
    }
    if (!ask(all, program, input, &head, body)) {
        end_child(all);
        all->strikes++;
        buf_adds(why, "the jq program takes too long, or too much memory");
        return ST_LIMIT;
    }
    if (head.ok == 1)
        return ST_OK;
    if (head.ok)
        buf_adds(why, "the jq program says too much");
    else
        buf_addf(why, "jq: %s", **body ? *body : "it failed");
    free(*body);
    return head.ok ? ST_LIMIT : ST_INVALID;
}

/* Numbers */

static bool needs_string(const json_t *v)
{
    json_int_t n = json_integer_value(v);

    return json_is_integer(v) && (n > EXACT_MAX || n < -EXACT_MAX);
}

/** A copy in which every integer that jq would round is a string; a new reference. */
static json_t *exact(const json_t *v)
{
    json_t *out, *item;
    const char *key;
    size_t i;

    if (json_is_object(v)) {
        out = json_object();
        json_object_foreach((json_t *)(uintptr_t)v, key, item)
            json_object_set_new_nocheck(out, key, exact(item));
        return out;
    }
    if (json_is_array(v)) {
        out = json_array();
        json_array_foreach(v, i, item)
            json_array_append_new(out, exact(item));
        return out;
    }
    return needs_string(v) ? json_sprintf("%" JSON_INTEGER_FORMAT, json_integer_value(v))
                           : json_incref((json_t *)(uintptr_t)v);
}

static char *input_text(const json_t *input)
{
    json_t *copy = exact(input);
    char *text = json_dumps(copy, JSON_ENCODE_ANY | JSON_COMPACT);

    json_decref(copy);
    return text;
}

bool jq_filter_check(struct jq_filters *all, const char *program, struct buf *why)
{
    char *word = jq_refused_word(program), *body = NULL;
    enum status st = ST_INVALID;

    if (word)
        buf_addf(why, "\"%s\" reaches beyond the answer and is refused", word);
    else if (strlen(program) > JQ_PROGRAM_MAX)
        buf_addf(why, "the jq program is over %d KiB", JQ_PROGRAM_MAX / 1024);
    else
        st = ask_or_strike(all, program, (struct slice){ "", 0 }, &body, why);
    free(word);
    if (st == ST_OK)
        free(body);
    return st == ST_OK;
}

enum status jq_filter_run(struct jq_filters *all, const char *program, const json_t *input,
                          json_t **ret, struct buf *why)
{
    char *text = input_text(input), *body = NULL;
    enum status st = ST_LIMIT;

    if (!text || strlen(text) > JQ_INPUT_MAX)
        buf_addf(why, "it is over %d MiB", JQ_INPUT_MAX / 1024 / 1024);
    else
        st = ask_or_strike(all, program, slice_str(text), &body, why);
    free(text);
    if (st)
        return st;
    *ret = json_loads(body, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    free(body);
    if (*ret)
        return ST_OK;
    buf_adds(why, "jq gives no JSON");
    return ST_INVALID;
}
