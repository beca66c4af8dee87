#include "harness/channels/maildir.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "harness/base/duration.h"
#include "harness/base/mem.h"
#include "harness/channels/mail_read.h"
#include "harness/channels/mail_seen.h"

enum { PARTS = 2, LISTED_MAX = 100000 };
/* A folder's time may be a clock tick old when a file comes: only what is older is unchanged. */
#define SETTLED_S 2

static const char *const parts[PARTS] = { "new", "cur" };

struct entry {
    char *path, *name;            /* name: without flags */
    struct timespec at;
};

struct maildir {
    struct loop *loop;
    char *paths, *path;           /* candidates; the one that is there, NULL not known */
    struct imap_client_events events;
    void *context;
    struct timer *timer;
    struct lookout *lookout;
    int64_t poll_us, since;
    bool running, ready;          /* since the last start */
    unsigned runs;                /* counts starts and stops: has a callback ended ours? */
    struct mail_seen known;       /* names; lasts across runs */
    struct timespec changed[PARTS], looked;
    struct entry *entries;        /* of the scan under way */
    size_t count, cap;
};

static void look(void *context);
static void look_now(void *context);

struct maildir *maildir_new(struct loop *l, const char *path,
                            const struct imap_client_events *events, void *context)
{
    struct maildir *m = mem_zero(1, sizeof *m);

    m->loop = l;
    m->paths = mem_strdup(path);
    m->events = *events;
    m->context = context;
    m->lookout = lookout_new(l, look_now, m);
    return m;
}

void maildir_set_poll(struct maildir *m, int64_t poll_us)
{
    m->poll_us = poll_us;
}

void maildir_start(struct maildir *m, int64_t since)
{
    if (m->running)
        return;
    m->running = true;
    m->ready = false;
    m->runs++;
    m->since = since;
    m->looked = (struct timespec){ 0 };
    m->timer = timer_start(m->loop, loop_now(m->loop), look, m);
}

void maildir_stop(struct maildir *m)
{
    timer_cancel(m->timer);
    m->timer = NULL;
    m->running = false;
    m->runs++;
}

static void forget_entries(struct maildir *m)
{
    for (size_t i = 0; i < m->count; i++) {
        free(m->entries[i].path);
        free(m->entries[i].name);
    }
    m->count = 0;
}

void maildir_free(struct maildir *m)
{
    if (!m)
        return;
    maildir_stop(m);
    lookout_free(m->lookout);
    forget_entries(m);
    free(m->entries);
    mail_seen_release(&m->known);
    free(m->paths);
    free(m->path);
    free(m);
}

/* Listing */

static bool is_there(const char *path)
{
    for (size_t i = 0; i < PARTS; i++) {
        char *part = mem_printf("%s/%s", path, parts[i]);
        struct stat st;
        bool ok = stat(part, &st) == 0 && S_ISDIR(st.st_mode);

        free(part);
        if (!ok)
            return false;
    }
    return true;
}

/* The first of the candidates that is a Maildir. */
static bool find(struct maildir *m)
{
    for (const char *p = m->paths; !m->path && *p; p += strcspn(p, "\n"), p += *p == '\n') {
        m->path = mem_strndup(p, strcspn(p, "\n"));
        if (!is_there(m->path)) {
            free(m->path);
            m->path = NULL;
        }
    }
    return m->path != NULL;
}

static bool same_time(struct timespec a, struct timespec b)
{
    return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

/* Has anything come or gone since the last look? */
static bool has_changed(struct maildir *m)
{
    struct timespec now;
    bool changed = false;

    clock_gettime(CLOCK_REALTIME, &now);
    for (size_t i = 0; i < PARTS; i++) {
        char *part = mem_printf("%s/%s", m->path, parts[i]);
        struct stat st = { 0 };

        if (stat(part, &st) != 0 || !same_time(st.st_mtim, m->changed[i]) ||
            m->looked.tv_sec - st.st_mtim.tv_sec < SETTLED_S)
            changed = true;
        m->changed[i] = st.st_mtim;
        free(part);
    }
    m->looked = now;
    return changed;
}

static void keep_entry(struct maildir *m, const char *folder, const char *file)
{
    struct slice name = { file, strcspn(file, ":") };
    struct stat st;
    char *path;

    if (file[0] == '.' || !name.len || m->count == LISTED_MAX || mail_seen_holds(&m->known, name))
        return;
    path = mem_printf("%s/%s", folder, file);
    if (stat(path, &st) != 0 || !S_ISREG(st.st_mode)) {
        free(path);               /* moved since it was listed: the next look finds it */
        return;
    }
    MEM_GROW(m->entries, m->cap, m->count + 1);
    m->entries[m->count++] = (struct entry){ path, mem_strndup(name.ptr, name.len), st.st_mtim };
}

/* cur/ after new/: what is moved meanwhile is seen at least once. */
static bool list(struct maildir *m)
{
    for (size_t i = 0; i < PARTS; i++) {
        char *folder = mem_printf("%s/%s", m->path, parts[i]);
        DIR *d = opendir(folder);
        struct dirent *e;

        while (d && (e = readdir(d)))
            keep_entry(m, folder, e->d_name);
        free(folder);
        if (!d)
            return false;
        closedir(d);
    }
    return true;
}

static int by_time(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;

    if (x->at.tv_sec != y->at.tv_sec)
        return x->at.tv_sec < y->at.tv_sec ? -1 : 1;
    if (x->at.tv_nsec != y->at.tv_nsec)
        return x->at.tv_nsec < y->at.tv_nsec ? -1 : 1;
    return strcmp(x->name, y->name);
}

/* Giving out */

static void end(struct maildir *m)
{
    bool never_there = !m->path;

    maildir_stop(m);
    if (never_there && m->events.absent)
        m->events.absent(m->context);
    else
        m->events.broken(m->context, "the Maildir has no new/ or no cur/ that can be read");
}

/* The callback may stop us. A file that is gone was moved: the next look finds it. */
static void give(struct maildir *m, const struct entry *e)
{
    CLEANUP(buf_release) struct buf bytes = BUF_INIT(MAIL_IN_MAX_BYTES);
    enum status st = buf_read_file(&bytes, e->path);

    if (st != ST_OK && st != ST_LIMIT) {
        m->looked = (struct timespec){ 0 };
        return;
    }
    if (!mail_seen_add(&m->known, slice_str(e->name)))
        return;                   /* in new/ and, a moment later, in cur/ */
    m->events.mail(m->context, buf_slice(&bytes), e->at.tv_sec);
}

static void look_now(void *context)
{
    struct maildir *m = context;

    timer_cancel(m->timer);
    m->timer = m->running ? timer_start(m->loop, loop_now(m->loop), look, m) : NULL;
}

static void rest(struct maildir *m)
{
    if (!loop_is_shared(m->loop)) /* else the lookout says when there may be mail */
        m->timer = timer_start(m->loop, loop_now(m->loop) + m->poll_us, look, m);
}

static void look(void *context)
{
    struct maildir *m = context;
    unsigned run = m->runs;

    m->timer = NULL;
    if (!find(m) || (has_changed(m) && !list(m))) {
        forget_entries(m);
        end(m);
        return;
    }
    if (m->count)
        qsort(m->entries, m->count, sizeof *m->entries, by_time);
    for (size_t i = 0; i < m->count && m->runs == run; i++) {
        if (!m->ready && m->entries[i].at.tv_sec < m->since)
            (void)mail_seen_add(&m->known, slice_str(m->entries[i].name));
        else
            give(m, &m->entries[i]);
    }
    forget_entries(m);
    if (m->runs == run && !m->ready) {
        m->ready = true;
        m->events.ready(m->context);
        if (m->runs == run)
            m->events.looked(m->context);
    }
    if (m->runs == run)
        rest(m);
}
