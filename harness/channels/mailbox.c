#include "harness/channels/mailbox.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "harness/base/duration.h"
#include "harness/channels/channel.h"
#include "harness/channels/mail_seen.h"
#include "harness/channels/maildir.h"

enum { LIMBO_MAX = 3000, LIMBO_MAX_BYTES = 32 * 1024 * 1024, WHY_MAX = 600 };

struct mailbox_member {
    struct mailbox *box;
    struct mailbox_member *next;
    struct arena *arena;
    struct mail_thread *thread;
    struct mailbox_events events;
    void *context;
    int64_t joined_us;
    struct mailbox_watch watch;
    bool told_ready, told_broken, told_trouble;
};

/* A mail that is nobody's so far. */
struct limbo {
    struct arena *arena;
    struct mail *mail;
    struct slice raw;             /* in the arena */
    int64_t noticed_us;
    size_t bytes;
    bool contested;
};

/* One watched folder of the mailbox. */
struct folder {
    struct mailbox *box;
    struct mail_server server;
    struct imap_client *client;   /* one of the two; both NULL: not watched */
    struct maildir *maildir;
    bool ready;                   /* or never will be, and that is no matter */
    bool spam;
};

enum { FOLDER_MAIN, FOLDER_SPAM, FOLDER_COUNT };

struct mailbox {
    struct mailboxes *all;
    struct mailbox *next;
    struct arena *arena;          /* of the server's strings */
    struct mail_server server;
    const char *spam;             /* as in mailbox_watch */
    struct folder folders[FOLDER_COUNT];
    struct mailbox_member *members;
    size_t member_count;
    struct timer *kick;           /* something is to be told, tried again or closed */
    struct mail_seen seen;        /* mails of all folders */
    bool running, ready, broken, trouble;
    char why[WHY_MAX];
    struct limbo limbo[LIMBO_MAX];
    size_t limbo_count, limbo_bytes;
    bool retry;                   /* some thread knows more than when limbo was last looked at: */
    struct mailbox_member *learner;   /* this one; NULL = several */
};

struct mailboxes {
    struct loop *loop;
    struct mail_tokens *tokens;
    struct mailbox *first;
    int64_t wall_at_zero;         /* microseconds since 1970 at loop time 0 */
    size_t foreign;
};

struct mailboxes *mailboxes_new(struct loop *l)
{
    struct mailboxes *all = mem_zero(1, sizeof *all);
    struct timespec now;

    all->loop = l;
    all->tokens = mail_tokens_new(l);
    /* The mail server dates mail by the wall clock; everything else here is loop time. */
    clock_gettime(CLOCK_REALTIME, &now);
    all->wall_at_zero = now.tv_sec * US_PER_S + now.tv_nsec / 1000 - loop_now(l);
    return all;
}

/* A folder is on a server or on this machine's disk */

static void folder_free(struct folder *f)
{
    imap_client_free(f->client);
    maildir_free(f->maildir);
}

static void folder_start(struct folder *f, int64_t since)
{
    if (f->client)
        imap_client_start(f->client, since);
    if (f->maildir)
        maildir_start(f->maildir, since);
}

static void folder_stop(struct folder *f)
{
    if (f->client)
        imap_client_stop(f->client);
    if (f->maildir)
        maildir_stop(f->maildir);
}

static void folder_set_poll(struct folder *f, struct mailbox_watch w)
{
    if (f->client)
        imap_client_set_poll(f->client, w.poll_us, w.rest);
    if (f->maildir)
        maildir_set_poll(f->maildir, w.poll_us);
}

static void free_limbo(struct mailbox *b, size_t i)
{
    b->limbo_bytes -= b->limbo[i].bytes;
    arena_free(b->limbo[i].arena);
    memmove(b->limbo + i, b->limbo + i + 1, (b->limbo_count - i - 1) * sizeof *b->limbo);
    b->limbo_count--;
}

static void free_box(struct mailbox *b)
{
    for (size_t i = 0; i < FOLDER_COUNT; i++)
        folder_free(&b->folders[i]);
    mail_seen_release(&b->seen);
    timer_cancel(b->kick);
    while (b->limbo_count)
        free_limbo(b, b->limbo_count - 1);
    while (b->members) {
        struct mailbox_member *m = b->members;

        b->members = m->next;
        free(m);
    }
    arena_free(b->arena);
    free(b);
}

void mailboxes_free(struct mailboxes *all)
{
    if (!all)
        return;
    while (all->first) {
        struct mailbox *b = all->first;

        all->first = b->next;
        free_box(b);
    }
    mail_tokens_free(all->tokens);
    free(all);
}

struct mail_tokens *mailboxes_tokens(struct mailboxes *all)
{
    return all->tokens;
}

size_t mailboxes_foreign(const struct mailboxes *all)
{
    return all->foreign;
}

/* Giving mail out */

static struct mailbox_member *find_owner(struct mailbox *b, const struct mail *mail,
                                         int64_t noticed_us, struct mail_match *how)
{
    size_t n = 0;
    struct mailbox_member **members = mem_zero(b->member_count + 1, sizeof *members);
    const struct mail_thread **threads = mem_zero(b->member_count + 1, sizeof *threads);
    struct mailbox_member *owner;

    for (struct mailbox_member *m = b->members; m; m = m->next) {
        members[n] = m;
        threads[n++] = noticed_us >= m->joined_us ? m->thread : NULL;
    }
    *how = mail_match(mail, threads, n);
    owner = how->thread >= 0 ? members[how->thread] : NULL;
    free(threads);
    free(members);
    return owner;
}

/* The member's callback may do anything but free us; nothing is touched after it but b. */
static void give(struct mailbox *b, struct mailbox_member *m, const struct limbo *l,
                 const struct mail_match *how)
{
    const struct mail *mail = l->mail;

    if (!mail_thread_is_own(m->thread, mail)) {
        mail_thread_learn(m->arena, m->thread, mail);
        b->learner = b->retry && b->learner != m ? NULL : m;
        b->retry = b->limbo_count > 0;
        m->events.mail(m->context, mail, how, l->raw);
    }
    arena_free(l->arena);
}

static void kick(void *context);

static void kick_soon(struct mailbox *b)
{
    if (!b->kick)
        b->kick = timer_start(b->all->loop, loop_now(b->all->loop), kick, b);
}

static void keep_in_limbo(struct mailbox *b, struct limbo l)
{
    b->all->foreign++;
    while (b->limbo_count && (b->limbo_count == LIMBO_MAX ||
                              b->limbo_bytes + l.bytes > LIMBO_MAX_BYTES))
        free_limbo(b, 0);
    b->limbo[b->limbo_count++] = l;
    b->limbo_bytes += l.bytes;
}

static bool wants_bytes(const struct mailbox *b)
{
    for (const struct mailbox_member *m = b->members; m; m = m->next)
        if (m->watch.bytes)
            return true;
    return false;
}

static void on_mail(void *context, struct slice bytes)
{
    struct folder *f = context;
    struct mailbox *b = f->box;
    struct arena *arena;

    if (!mail_seen_add(&b->seen, bytes))
        return;
    arena = arena_new();

    struct limbo l = { .arena = arena, .mail = mail_read(arena, bytes),
                       .noticed_us = loop_now(b->all->loop) };
    struct mail_match how;
    struct mailbox_member *owner = find_owner(b, l.mail, l.noticed_us, &how);

    if (f->spam)
        l.mail->spam_folder = f->server.path[0] == '\\' ? f->server.path + 1 : f->server.path;
    if (wants_bytes(b))
        l.raw = (struct slice){ arena_strndup(arena, bytes.ptr, bytes.len), bytes.len };
    l.bytes = arena_bytes(arena);
    l.contested = how.contested;
    if (owner)
        give(b, owner, &l, &how);
    else
        keep_in_limbo(b, l);
    if (b->retry)
        kick_soon(b);
}

/* A cheap look before the vote of all members. */
static bool concerns(const struct mailbox_member *m, const struct mail *mail)
{
    const struct mail_thread *one = m->thread;

    return mail_match_signs(mail, &one, 1).thread == 0;
}

/* Gives out at most one; true when there may be more. */
static bool retry_limbo(struct mailbox *b)
{
    for (size_t i = 0; i < b->limbo_count; i++) {
        struct limbo l = b->limbo[i];
        struct mail_match how;

        if (b->learner && !concerns(b->learner, l.mail))
            continue;

        struct mailbox_member *owner = find_owner(b, l.mail, l.noticed_us, &how);

        if (!owner || (l.contested && (how.by == MATCH_ADDRESS || how.by == MATCH_QUOTE)))
            continue;
        b->limbo[i].arena = NULL;
        free_limbo(b, i);
        b->all->foreign--;
        give(b, owner, &l, &how);
        return true;
    }
    return false;
}

/* Telling the members */

/* The first member that has still to be told; the list may change with every callback. */
static bool tell_one(struct mailbox *b)
{
    for (struct mailbox_member *m = b->members; m; m = m->next) {
        if (b->broken && !m->told_broken) {
            m->told_broken = true;
            m->events.broken(m->context, b->why);
            return true;
        }
        if (b->ready && !m->told_ready) {
            m->told_ready = true;
            m->events.ready(m->context);
            return true;
        }
        if (b->trouble && !m->told_trouble) {
            m->told_trouble = true;
            m->events.trouble(m->context, b->why);
            return true;
        }
    }
    b->trouble = false;
    return false;
}

static struct mailbox_watch most_eager(const struct mailbox *b)
{
    struct mailbox_watch w = { INT64_MAX, REST_SILENT, b->spam, false };

    for (const struct mailbox_member *m = b->members; m; m = m->next) {
        w.poll_us = m->watch.poll_us < w.poll_us ? m->watch.poll_us : w.poll_us;
        if (m->watch.rest == REST_IDLE)
            w.rest = REST_IDLE;
    }
    return w;
}

/* When the first member joined, on the mail server's clock; others' clocks may be seconds off. */
static int64_t since(const struct mailbox *b)
{
    int64_t slack = mail_server_is_loopback(&b->server) ? US_PER_S / 2 : 5 * US_PER_S;
    int64_t first = INT64_MAX;

    for (const struct mailbox_member *m = b->members; m; m = m->next)
        first = m->joined_us < first ? m->joined_us : first;
    return (b->all->wall_at_zero + first - slack) / US_PER_S;
}

/* The spam folder's turn comes when the login is known to be good: one refusal is enough. */
static void start_folder(struct mailbox *b, size_t which)
{
    struct folder *f = &b->folders[which];

    f->ready = !f->client && !f->maildir;
    folder_start(f, since(b));
}

static void kick(void *context)
{
    struct mailbox *b = context;

    b->kick = NULL;
    if (!b->members) {
        for (size_t i = 0; i < FOLDER_COUNT; i++) {
            b->folders[i].ready = false;
            folder_stop(&b->folders[i]);
        }
        b->running = b->ready = b->trouble = false;
        return;
    }
    if (!b->running && !b->broken) {
        b->running = true;
        b->folders[FOLDER_SPAM].ready = false;
        start_folder(b, FOLDER_MAIN);
    }

    struct mailbox_watch watch = most_eager(b);

    for (size_t i = 0; i < FOLDER_COUNT; i++)
        folder_set_poll(&b->folders[i], watch);
    if (tell_one(b)) {
        kick_soon(b);
        return;
    }
    if (b->retry && !retry_limbo(b))
        b->retry = false;
    if (b->retry)
        kick_soon(b);
}

/* Ready when every folder is: nothing is sent before all its answers would be heard. */
static void on_ready(void *context)
{
    struct folder *f = context;
    struct mailbox *b = f->box;

    f->ready = true;
    if (!f->spam)
        start_folder(b, FOLDER_SPAM);
    for (size_t i = 0; i < FOLDER_COUNT; i++)
        if (!b->folders[i].ready)
            return;
    b->ready = true;
    kick_soon(b);
}

static void keep_why(struct mailbox *b, const char *why, const char *then)
{
    struct buf text = BUF_INIT(WHY_MAX);
    struct arena *a = arena_new();

    buf_addf(&text, "%.400s (%s)%s", why, mail_server_name(a, &b->server), then);
    memcpy(b->why, text.ptr, text.len < WHY_MAX ? text.len : WHY_MAX - 1);
    b->why[text.len < WHY_MAX ? text.len : WHY_MAX - 1] = '\0';
    arena_free(a);
    buf_release(&text);
}

static void tell_trouble(struct mailbox *b)
{
    b->trouble = true;
    for (struct mailbox_member *m = b->members; m; m = m->next)
        m->told_trouble = false;
    kick_soon(b);
}

static void on_trouble(void *context, const char *why)
{
    struct mailbox *b = ((struct folder *)context)->box;

    keep_why(b, why, ": trying again");
    tell_trouble(b);
}

static void on_broken(void *context, const char *why)
{
    struct folder *f = context;
    struct mailbox *b = f->box;

    if (f->spam) {                /* a worse test, but one */
        keep_why(b, why, ": the spam folder is not watched");
        tell_trouble(b);
        on_ready(f);
        return;
    }
    keep_why(b, why, "");
    b->broken = true;
    b->running = b->ready = false;
    kick_soon(b);
}

/* Joining and leaving */

static bool same_text(const char *a, const char *b)
{
    return (!a && !b) || (a && b && !strcmp(a, b));
}

static bool same_server(const struct mail_server *a, const struct mail_server *b)
{
    return same_text(a->scheme, b->scheme) && same_text(a->host, b->host) &&
           same_text(a->port, b->port) && same_text(a->user, b->user) &&
           same_text(a->password, b->password) && same_text(a->path, b->path) &&
           same_text(a->login_options, b->login_options) && same_text(a->ca, b->ca) &&
           same_text(a->token, b->token) && a->tokens == b->tokens && a->tls == b->tls;
}

/* Folders of a Maildir are folders in it whose names begin with a dot (Maildir++). */
static const char *maildir_path(struct mailbox *b, size_t which)
{
    const char *path = b->server.path, *name = b->folders[which].server.path;

    if (which == FOLDER_MAIN)
        return path;
    if (*name == '\\')            /* no attributes here, only habits */
        return arena_printf(b->arena, "%s/.Junk\n%s/.Spam\n%s/.INBOX.Junk\n%s/.INBOX.Spam", path, path,
                            path, path);
    return arena_printf(b->arena, "%s/.%s", path, name);
}

static void watch_folder(struct mailbox *b, size_t which, const char *path)
{
    struct imap_client_events events = {
        .ready = on_ready, .mail = on_mail, .trouble = on_trouble, .broken = on_broken,
        .absent = which == FOLDER_MAIN ? NULL : on_ready,
    };
    struct folder *f = &b->folders[which];

    f->box = b;
    f->spam = which == FOLDER_SPAM;
    f->server = b->server;
    f->server.path = arena_strdup(b->arena, path);
    if (mail_server_is_maildir(&b->server))
        f->maildir = maildir_new(b->all->loop, maildir_path(b, which), &events, f);
    else
        f->client = imap_client_new(b->all->loop, &f->server, &events, f);
}

static struct mailbox *box_for(struct mailboxes *all, const struct mail_server *s,
                               const char *spam)
{
    struct mailbox *b;

    for (b = all->first; b; b = b->next)
        if (same_server(&b->server, s) && same_text(b->spam, spam))
            return b;
    b = mem_zero(1, sizeof *b);
    b->all = all;
    b->arena = arena_new();
    b->server = (struct mail_server){
        arena_strdup(b->arena, s->scheme), arena_strdup(b->arena, s->host),
        arena_strdup(b->arena, s->port), arena_strdup(b->arena, s->user),
        arena_strdup(b->arena, s->password), arena_strdup(b->arena, s->login_options),
        arena_strdup(b->arena, s->path), s->tls, arena_strdup(b->arena, s->ca),
        arena_strdup(b->arena, s->token), s->tokens,
    };
    b->spam = arena_strdup(b->arena, spam);
    watch_folder(b, FOLDER_MAIN, b->server.path);
    if (b->spam)
        watch_folder(b, FOLDER_SPAM, b->spam);
    b->next = all->first;
    all->first = b;
    return b;
}

struct mailbox_member *mailbox_join(struct mailboxes *all, const struct mail_server *server,
                                    struct mailbox_watch watch, struct arena *arena,
                                    struct mail_thread *thread,
                                    const struct mailbox_events *events, void *context)
{
    struct mailbox *b = box_for(all, server, watch.spam);
    struct mailbox_member *m = mem_zero(1, sizeof *m);

    *m = (struct mailbox_member){
        .box = b, .next = b->members, .arena = arena, .thread = thread, .events = *events,
        .context = context, .joined_us = loop_now(all->loop), .watch = watch,
        .told_trouble = true,
    };
    b->members = m;
    b->member_count++;
    kick_soon(b);
    return m;
}

void mailbox_leave(struct mailbox_member *m)
{
    if (!m)
        return;

    struct mailbox *b = m->box;
    struct mailbox_member **link = &b->members;

    while (*link != m)
        link = &(*link)->next;
    *link = m->next;
    b->member_count--;
    if (b->learner == m) {
        b->learner = NULL;
        b->retry = false;
    }
    free(m);
    if (!b->members)
        kick_soon(b);             /* not now: we may be inside one of its callbacks */
}
