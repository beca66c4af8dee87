#include "harness/cli/progress.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/text.h"
#include "harness/cli/outputs.h"

enum { NAME_COLUMNS = 34, REDRAW_US = 250000, ROWS_MAX = 20 };

struct line {
    const char *name;
    char *doing;                          /* owned */
    int64_t since;
    bool running;
};

struct progress {
    pthread_mutex_t lock;                 /* of everything below that changes, and of stderr */
    struct loop *loop;
    bool live, verbose, quiet;
    int columns;
    struct line *lines;
    size_t count, drawn, ended, running;
    bool ticks;                           /* a redraw is under way */
    struct timer *redraw;                 /* the loop's own */
};

struct progress *progress_new(struct loop *l, const struct options *o, size_t count)
{
    struct progress *p = mem_zero(1, sizeof *p);
    const char *term = getenv("TERM");

    pthread_mutex_init(&p->lock, NULL);
    p->loop = l;
    p->quiet = option_on(o, OPT_QUIET);
    p->verbose = option_on(o, OPT_VERBOSE);
    p->live = isatty(STDERR_FILENO) && !p->verbose && !loop_is_shared(l) && term && strcmp(term, "dumb");
    p->columns = report_options_for(o, stderr).columns;
    p->lines = mem_zero(count, sizeof *p->lines);
    p->count = count;
    return p;
}

static void clear(struct progress *p)
{
    if (p->drawn)
        fprintf(stderr, "\033[%zuA\033[J", p->drawn);
    p->drawn = 0;
}

static void draw(struct progress *p)
{
    struct buf out = BUF_INIT(1024 * 1024);
    int64_t now = loop_now(p->loop);

    clear(p);
    for (size_t i = 0; i < p->count; i++) {
        const struct line *x = &p->lines[i];
        struct buf one = BUF_INIT(4096), row = BUF_INIT(8192);

        if (!x->running || p->drawn == ROWS_MAX)
            continue;
        text_add_clipped(&one, slice_str(x->name), NAME_COLUMNS);
        buf_add_repeat(&one, ' ', NAME_COLUMNS + 2 - text_width(buf_slice(&one)));
        buf_addf(&one, "%6.1f s  ", (double)(now - x->since) / 1e6);
        buf_adds(&one, x->doing ? x->doing : "");
        text_add_clipped(&row, buf_slice(&one), (size_t)p->columns - 1);
        buf_addf(&out, "%s\n", row.ptr);
        p->drawn++;
        buf_release(&one);
        buf_release(&row);
    }
    if (p->running > p->drawn)
        buf_addf(&out, "and %zu more; ", p->running - p->drawn);
    buf_addf(&out, "%zu of %zu journeys played\n", p->ended, p->count);
    p->drawn++;
    fputs(out.ptr, stderr);
    fflush(stderr);
    buf_release(&out);
}

static void tick(void *context)
{
    struct progress *p = context;

    p->redraw = NULL;
    pthread_mutex_lock(&p->lock);
    draw(p);
    p->ticks = p->running > 0;
    if (p->ticks)
        p->redraw = timer_start(p->loop, loop_now(p->loop) + REDRAW_US, tick, p);
    pthread_mutex_unlock(&p->lock);
}

void progress_free(struct progress *p)
{
    if (!p)
        return;
    timer_cancel(p->redraw);
    if (p->live)
        clear(p);
    for (size_t i = 0; i < p->count; i++)
        free(p->lines[i].doing);
    free(p->lines);
    pthread_mutex_destroy(&p->lock);
    free(p);
}

static void plain(struct progress *p, size_t index, const char *text)
{
    struct buf out = BUF_INIT(65536);

    if (p->quiet || p->live)
        return;
    text_add_clipped(&out, slice_str(p->lines[index].name), 60);
    buf_adds(&out, ": ");
    text_add_printable(&out, slice_str(text));
    fprintf(stderr, "%s\n", out.ptr);
    buf_release(&out);
}

void progress_started(struct progress *p, size_t index, const char *name, int64_t now_us)
{
    pthread_mutex_lock(&p->lock);
    p->lines[index] = (struct line){ .name = name, .running = true, .since = now_us };
    p->running++;
    if (p->live && !p->quiet && !p->ticks) {
        p->ticks = true;
        loop_post(p->loop, tick, p);
    }
    pthread_mutex_unlock(&p->lock);
}

static char *describe(const struct event *e)
{
    struct buf out = BUF_INIT(4096);

    switch (e->kind) {
    case EVENT_STEP_BEGIN:
        buf_adds(&out, e->text);
        break;
    case EVENT_WAITING:
        buf_adds(&out, e->text);
        break;
    case EVENT_SENT:
        buf_adds(&out, "says: ");
        text_add_clipped(&out, slice_str(e->text), 60);
        break;
    case EVENT_MESSAGE:
        buf_adds(&out, "hears: ");
        text_add_clipped(&out, slice_str(e->text), 60);
        break;
    case EVENT_GAVE_UP: case EVENT_FAILED:
        text_add_clipped(&out, slice_str(e->text), 120);
        break;
    default:
        break;
    }
    return out.len ? buf_steal(&out) : NULL;
}

void progress_event(struct progress *p, size_t index, const struct event *e)
{
    char *text = p->quiet ? NULL : describe(e);

    if (!text)
        return;
    pthread_mutex_lock(&p->lock);
    if (p->verbose || e->kind == EVENT_STEP_BEGIN || e->kind == EVENT_GAVE_UP ||
        e->kind == EVENT_FAILED)
        plain(p, index, text);
    if (p->live) {
        free(p->lines[index].doing);
        p->lines[index].doing = text;
    } else {
        free(text);
    }
    pthread_mutex_unlock(&p->lock);
}

void progress_played(struct progress *p)
{
    p->ended++;
}

void progress_ended(struct progress *p, size_t index, const char *note)
{
    pthread_mutex_lock(&p->lock);
    p->lines[index].running = false;
    free(p->lines[index].doing);
    p->lines[index].doing = NULL;
    p->running--;
    p->ended++;
    plain(p, index, note);
    pthread_mutex_unlock(&p->lock);
}
