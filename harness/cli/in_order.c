#include "harness/cli/in_order.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/regex.h"

enum { BATCH_BYTES = 256 * 1024, BATCH_LINES = 128, THREADS_MAX = 256, BATCHES_PER_THREAD = 3 };

struct batch {
    struct buf text;              /* the lines, one behind the other */
    size_t ends[BATCH_LINES], numbers[BATCH_LINES];
    size_t count;
    struct buf out;
    struct diags diags;
    char *broken;                 /* why the stream ends behind it; NULL it does not */
    bool failed, done;
};

struct run {
    const struct line_work *work;
    FILE *in, *print;
    struct diags *told;           /* the caller's */
    size_t number;                /* lines read so far */
    char *line;
    size_t line_cap;

    struct batch *ring;
    size_t ring_count;
    pthread_mutex_t lock;
    pthread_cond_t filled, finished;
    size_t read, taken, printed;  /* batches, since the beginning */
    bool closed;                  /* no more will be read */
    bool ok;
};

static void work_on(const struct line_work *w, void *own, struct batch *b)
{
    size_t start = 0;

    for (size_t i = 0; i < b->count && !b->failed; i++) {
        struct slice line = { b->text.ptr + start, b->ends[i] - start };

        b->failed = !w->line(w->context, own, b->numbers[i], line, &b->out, &b->diags);
        start = b->ends[i];
    }
    if (b->broken && !b->failed) {
        diag_error(&b->diags, "%s", b->broken);
        b->failed = true;
    }
}

static void *worker(void *argument)
{
    struct run *r = argument;
    void *own = r->work->begin(r->work->context);

    pthread_mutex_lock(&r->lock);
    for (;;) {
        while (r->taken == r->read && !r->closed)
            pthread_cond_wait(&r->filled, &r->lock);
        if (r->taken == r->read)
            break;

        struct batch *b = &r->ring[r->taken++ % r->ring_count];

        pthread_mutex_unlock(&r->lock);
        work_on(r->work, own, b);
        pthread_mutex_lock(&r->lock);
        b->done = true;
        pthread_cond_signal(&r->finished);
    }
    pthread_mutex_unlock(&r->lock);
    r->work->end(own);
    regex_thread_ends();
    return NULL;
}

/* The next line that is not empty, into the batch; false at the end and after an error. */
static bool read_line(struct run *r, struct batch *b)
{
    ssize_t len;

    while ((len = getline(&r->line, &r->line_cap, r->in)) >= 0) {
        r->number++;
        while (len && strchr("\r\n \t", r->line[len - 1]))
            len--;
        if ((size_t)len > r->work->line_max) {
            b->broken = mem_printf("%s: line %zu: over %zu MiB", r->work->name, r->number,
                                   r->work->line_max >> 20);
            return false;
        }
        if (!len)
            continue;
        buf_add(&b->text, r->line, (size_t)len);
        b->ends[b->count] = b->text.len;
        b->numbers[b->count++] = r->number;
        return true;
    }
    if (ferror(r->in))
        b->broken = mem_printf("cannot read %s: %s", r->work->name, strerror(errno));
    return false;
}

/* Fills a free batch; false when the stream ends with it. */
static bool fill(struct run *r, struct batch *b)
{
    bool more = true;

    buf_clear(&b->text);
    buf_clear(&b->out);
    b->count = 0;
    b->failed = b->done = false;
    while (more && b->count < BATCH_LINES && b->text.len < BATCH_BYTES)
        more = read_line(r, b);
    return more;
}

static void print(struct run *r, struct batch *b)
{
    if (!r->ok)
        return;
    r->ok = fwrite(b->out.ptr, 1, b->out.len, r->print) == b->out.len;
    if (!r->ok)
        diag_error(r->told, "cannot write: %s", strerror(errno));
    for (size_t i = 0; i < b->diags.count; i++)
        diag_error(r->told, "%s", b->diags.items[i].what);
    r->ok = r->ok && !b->failed && !b->diags.errors;
}

/* Prints the oldest batch when it is done; waits for it. The lock is held. */
static void print_oldest(struct run *r)
{
    struct batch *b = &r->ring[r->printed % r->ring_count];

    while (!b->done)
        pthread_cond_wait(&r->finished, &r->lock);
    pthread_mutex_unlock(&r->lock);
    print(r, b);
    pthread_mutex_lock(&r->lock);
    r->printed++;
}

static void feed(struct run *r)
{
    bool more = true;

    pthread_mutex_lock(&r->lock);
    while (more && r->ok) {
        if (r->read - r->printed == r->ring_count) {
            print_oldest(r);
            continue;
        }

        struct batch *b = &r->ring[r->read % r->ring_count];

        pthread_mutex_unlock(&r->lock);
        more = fill(r, b);
        pthread_mutex_lock(&r->lock);
        r->read++;
        pthread_cond_signal(&r->filled);
    }
    r->closed = true;
    pthread_cond_broadcast(&r->filled);
    while (r->printed < r->read)
        print_oldest(r);
    pthread_mutex_unlock(&r->lock);
}

static void with_threads(struct run *r, unsigned count)
{
    pthread_t threads[THREADS_MAX];
    unsigned started = 0;

    pthread_mutex_init(&r->lock, NULL);
    pthread_cond_init(&r->filled, NULL);
    pthread_cond_init(&r->finished, NULL);
    while (started < count && !pthread_create(&threads[started], NULL, worker, r))
        started++;
    if (started) {
        feed(r);
    } else {
        diag_error(r->told, "cannot start a thread");
        r->ok = false;
    }
    for (unsigned i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    pthread_cond_destroy(&r->finished);
    pthread_cond_destroy(&r->filled);
    pthread_mutex_destroy(&r->lock);
}

static void alone(struct run *r)
{
    struct batch *b = r->ring;
    void *own = r->work->begin(r->work->context);

    for (bool more = true; more && r->ok;) {
        more = fill(r, b);
        work_on(r->work, own, b);
        print(r, b);
    }
    r->work->end(own);
}

bool lines_in_order(FILE *in, FILE *out, const struct line_work *work, struct diags *diags)
{
    unsigned threads = work->threads < THREADS_MAX ? work->threads : THREADS_MAX;
    struct run r = { .work = work, .in = in, .print = out, .told = diags, .ok = true,
                     .ring_count = threads > 1 ? threads * BATCHES_PER_THREAD : 1 };

    r.ring = mem_zero(r.ring_count, sizeof *r.ring);
    for (size_t i = 0; i < r.ring_count; i++) {
        buf_init(&r.ring[i].text, SIZE_MAX / 4);
        buf_init(&r.ring[i].out, SIZE_MAX / 4);
        diags_init(&r.ring[i].diags);
    }
    if (threads > 1)
        with_threads(&r, threads);
    else
        alone(&r);
    for (size_t i = 0; i < r.ring_count; i++) {
        buf_release(&r.ring[i].text);
        buf_release(&r.ring[i].out);
        diags_release(&r.ring[i].diags);
        free(r.ring[i].broken);
    }
    free(r.ring);
    free(r.line);
    return r.ok;
}
