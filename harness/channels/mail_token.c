#include "harness/channels/mail_token.h"

#include <jansson.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/buf.h"
#include "harness/base/duration.h"
#include "harness/base/mem.h"
#include "harness/base/text.h"

enum { OUTPUT_MAX_BYTES = 64 * 1024, WHY_MAX_BYTES = 300 };
#define COMMAND_US (60 * US_PER_S)
#define BEFORE_US (30 * US_PER_S)          /* so long before it expires it is as good as expired */

struct mail_token_wish {
    struct mail_token *token;
    struct mail_token_wish *next;
    unsigned round;               /* told by no tell() that began before it was wished */
    char *refused;
    mail_token_fn *fn;
    void *context;
};

struct mail_token {
    struct mail_tokens *all;
    struct mail_token *next;
    char *command;
    char *value;                  /* NULL: none so far */
    int64_t until;                /* loop time; INT64_MAX: not told */
    struct mail_token_wish *wishes;
    struct child *child;          /* the command at work */
    struct timer *timer;          /* its deadline; or what is there has to be told */
    unsigned round;
    struct buf output, why;
};

struct mail_tokens {
    struct loop *loop;
    struct mail_token *first;
};

struct mail_tokens *mail_tokens_new(struct loop *l)
{
    struct mail_tokens *all = mem_zero(1, sizeof *all);

    all->loop = l;
    return all;
}

/* A child does not hold the loop's clock, and we wait for this one. */
static void end_command(struct mail_token *t)
{
    timer_cancel(t->timer);
    t->timer = NULL;
    if (!t->child)
        return;
    child_free(t->child);
    t->child = NULL;
    loop_release(t->all->loop);
}

void mail_token_cancel(struct mail_token_wish *w)
{
    if (!w)
        return;

    struct mail_token_wish **link = &w->token->wishes;

    while (*link != w)
        link = &(*link)->next;
    *link = w->next;
    if (!w->token->wishes)
        end_command(w->token);
    free(w->refused);
    free(w);
}

void mail_tokens_free(struct mail_tokens *all)
{
    if (!all)
        return;
    while (all->first) {
        struct mail_token *t = all->first;

        all->first = t->next;
        while (t->wishes)
            mail_token_cancel(t->wishes);
        end_command(t);
        buf_release(&t->output);
        buf_release(&t->why);
        free(t->command);
        free(t->value);
        free(t);
    }
    free(all);
}

struct mail_token *mail_tokens_find(struct mail_tokens *all, const char *command)
{
    struct mail_token *t;

    for (t = all->first; t; t = t->next)
        if (!strcmp(t->command, command))
            return t;
    t = mem_zero(1, sizeof *t);
    t->all = all;
    t->command = mem_strdup(command);
    buf_init(&t->output, OUTPUT_MAX_BYTES);
    buf_init(&t->why, WHY_MAX_BYTES);
    t->next = all->first;
    all->first = t;
    return t;
}

const char *mail_token_last(const struct mail_token *t)
{
    return t->value ? t->value : "";
}

/* Telling */

static bool is_good(const struct mail_token *t, const char *refused)
{
    return t->value && loop_now(t->all->loop) < t->until && (!refused || strcmp(t->value, refused));
}

/* Each callback may wish and cancel: the list is looked at anew. `also_bad`: there is no better. */
static void tell(struct mail_token *t, bool also_bad)
{
    struct mail_token_wish *w = t->wishes;
    unsigned round = t->round++;

    while (w) {
        if (w->round > round || (!also_bad && !is_good(t, w->refused))) {
            w = w->next;
            continue;
        }
        struct mail_token_wish told = *w;
        bool good = is_good(t, w->refused);
        struct mail_token_wish **link = &t->wishes;

        while (*link != w)
            link = &(*link)->next;
        *link = w->next;
        free(w);
        told.fn(told.context, good ? t->value : NULL, good ? NULL : t->why.ptr);
        free(told.refused);
        w = t->wishes;
    }
}

/* The command */

/* No blanks, no controls: it goes into a protocol line. */
static bool is_token(const char *text)
{
    for (const char *p = text; *p; p++)
        if ((unsigned char)*p <= 0x20 || (unsigned char)*p >= 0x7f)
            return false;
    return *text;
}

static void take(struct mail_token *t, const char *value, double seconds)
{
    free(t->value);
    t->value = mem_strdup(value);
    t->until = INT64_MAX;
    if (seconds > 0 && seconds < 1e9)
        t->until = loop_now(t->all->loop) + (int64_t)(seconds * (double)US_PER_S) -
                   (seconds > 60 ? BEFORE_US : 0);
}

static bool read_output(struct mail_token *t)
{
    struct slice text = text_trim(buf_slice(&t->output));
    char *line = mem_strndup(text.ptr, text.len);
    json_t *answer = *line == '{' ? json_loads(line, 0, NULL) : NULL;
    const char *value = answer ? json_string_value(json_object_get(answer, "access_token")) : line;
    bool ok = value && is_token(value);

    if (ok)
        take(t, value, json_number_value(json_object_get(answer, "expires_in")));
    json_decref(answer);
    free(line);
    return ok;
}

static void on_line(void *context, const char *text)
{
    struct mail_token *t = context;

    buf_adds(&t->output, text);
    buf_addc(&t->output, '\n');
}

static void on_ended(void *context, int status, int signal)
{
    struct mail_token *t = context;

    end_command(t);
    buf_clear(&t->why);
    if (signal)
        buf_addf(&t->why, "`token_command` was ended by signal %d", signal);
    else if (status)
        buf_addf(&t->why, "`token_command` ended with exit code %d", status);
    else if (t->output.full || !read_output(t))
        buf_adds(&t->why, "`token_command` printed no token");
    else
        buf_adds(&t->why, "`token_command` printed the token again that was refused");
    tell(t, true);
}

static void on_deadline(void *context)
{
    struct mail_token *t = context;

    t->timer = NULL;
    end_command(t);
    buf_clear(&t->why);
    buf_adds(&t->why, "`token_command` did not end within 60 s");
    tell(t, true);
}

static void on_wish(void *context)
{
    static const struct child_callbacks callbacks = { on_line, on_ended };
    struct mail_token *t = context;

    t->timer = NULL;
    tell(t, false);
    if (!t->wishes || t->child)
        return;

    const char *argv[] = { "/bin/sh", "-c", t->command, NULL };

    timer_cancel(t->timer);
    t->timer = NULL;
    buf_clear(&t->output);
    t->child = child_start(t->all->loop, argv, &callbacks, t);
    if (!t->child) {
        buf_clear(&t->why);
        buf_adds(&t->why, "`token_command` cannot be started");
        tell(t, true);
        return;
    }
    loop_hold(t->all->loop);
    child_close_input(t->child);
    t->timer = timer_start(t->all->loop, loop_now(t->all->loop) + COMMAND_US, on_deadline, t);
}

struct mail_token_wish *mail_token_get(struct mail_token *t, const char *refused,
                                       mail_token_fn *fn, void *context)
{
    struct mail_token_wish *w = mem_zero(1, sizeof *w);

    *w = (struct mail_token_wish){ t, t->wishes, t->round, refused ? mem_strdup(refused) : NULL, fn,
                                   context };
    t->wishes = w;
    if (!t->child && !t->timer)
        t->timer = timer_start(t->all->loop, loop_now(t->all->loop), on_wish, t);
    return w;
}
