#include "harness/cli/lanes.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "harness/base/regex.h"
#include "harness/cli/session.h"

/* Fewer customers than that are served by one loop without a queue; a second one would only cost. */
enum { AT_ONCE_PER_LOOP = 32, LOOPS_MAX = 64 };

size_t lanes_worth(size_t wanted, size_t at_once, size_t journeys)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    size_t most = cores < 1 ? 1 : cores > LOOPS_MAX ? LOOPS_MAX : (size_t)cores;
    size_t busy = at_once < journeys ? at_once : journeys, pays = busy / AT_ONCE_PER_LOOP;

    if (!wanted)
        wanted = pays < 1 ? 1 : pays < most ? pays : most;
    return wanted < busy ? wanted : busy ? busy : 1;
}

/* All journeys are over: this loop ends when it has done what is left, such as a last batch for the
 * journal. */
static void leave(void *context)
{
    struct lane *lane = context;
    struct session *s = lane->session;

    audit_done(lane->audit);
    polite_without(common_polite(s->lanes.common), lane->loop);
    if (s->lanes.threads)
        loop_leave(lane->loop);
    if (lane == s->lanes.items && s->ended)
        s->ended(s->context);
}

/* On the thread of the journey that was the last. */
static void all_over(void *context)
{
    struct lanes *all = context;

    for (size_t i = 0; i < all->count; i++)
        loop_post(all->items[i].loop, leave, &all->items[i]);
}

static void open_lane(struct lanes *all, size_t i, const struct audit_options *o)
{
    struct lane *lane = &all->items[i];
    struct audit_options mine = *o;

    mine.loop = lane->loop;
    mine.lane = i;
    mine.common = all->common;
    mine.observer.context = lane;
    mine.read_before = lane->read_before = reading_memory_new();
    mine.keeper.failed_context = lane;
    lane->audit = audit_new(&mine, lane->session->scenarios, lane->session->count);
    if (i > 0)
        audit_tells(lane->audit, all->items[0].audit);
}

void lanes_open(struct lanes *all, struct session *s, const struct audit_options *o, size_t count)
{
    struct common_plan plan = {
        .limits = o->limits, .limit_count = o->limit_count, .max_contacts = o->max_contacts,
        .contacts_before = o->contacts_before, .at_once = o->at_once, .count = s->count, .ramp = o->ramp,
        .over = o->over, .starts = o->starts, .all_over = all_over, .context = all,
    };

    *all = (struct lanes){ .items = mem_zero(count, sizeof *all->items), .count = 1 };
    all->items[0] = (struct lane){ .session = s, .loop = s->loop };
    for (; all->count < count; all->count++) {
        struct loop *loop = loop_beside(s->loop);

        if (!loop)
            break;                /* too few descriptors: those there are will do */
        all->items[all->count] = (struct lane){ .session = s, .loop = loop };
    }
    all->threads = all->count > 1;
    if (all->threads) {
        all->bound = mem_zero(s->count, sizeof *all->bound);
        for (size_t i = 0; i < s->count; i++)
            all->bound[i] = audit_bound(s->scenarios[i], o->adapters);
    }
    plan.bound = all->bound;
    plan.lanes = all->count;
    all->common = common_new(&plan);
    for (size_t i = 0; i < all->count; i++)
        open_lane(all, i, o);
}

static void *run_lane(void *context)
{
    struct lane *lane = context;

    loop_stay(lane->loop);
    audit_start(lane->audit);
    loop_run(lane->loop);
    regex_thread_ends();
    return NULL;
}

/* Signals are the first thread's. */
static void start_threads(struct lanes *all)
{
    sigset_t every, before;

    sigfillset(&every);
    pthread_sigmask(SIG_SETMASK, &every, &before);
    for (size_t i = 1; i < all->count; i++) {
        struct lane *lane = &all->items[i];

        lane->threaded = pthread_create(&lane->thread, NULL, run_lane, lane) == 0;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void lanes_start(struct lanes *all)
{
    if (all->threads) {
        loop_stay(all->items[0].loop);
        start_threads(all);
    }
    audit_start(all->items[0].audit);
    common_begun(all->common);
}

static void stop_audit(void *context)
{
    audit_stop(context);
}

void lanes_stop(struct lanes *all)
{
    if (!all->threads) {
        audit_stop(all->items[0].audit);
        return;
    }
    common_stop(all->common);
    for (size_t i = 0; i < all->count; i++)
        loop_post(all->items[i].loop, stop_audit, all->items[i].audit);
}

void lanes_close(struct lanes *all)
{
    for (size_t i = 0; i < all->count; i++) {
        struct lane *lane = &all->items[i];

        if (lane->threaded)
            pthread_join(lane->thread, NULL);
        audit_free(lane->audit);
        reading_memory_free(lane->read_before);
        if (i > 0)
            loop_free(lane->loop);
    }
    common_free(all->common);
    free(all->bound);
    free(all->items);
    *all = (struct lanes){ 0 };
}

size_t lanes_foreign_mails(const struct lanes *all)
{
    return audit_foreign_mails(all->items[0].audit);
}
