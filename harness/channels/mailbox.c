/* One reader per mailbox: its folders, its members, what they are told. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/duration.h"
#include "harness/channels/channel.h"
#include "harness/channels/mailbox_inside.h"

void mailboxes_run(struct mailboxes *all, const struct mailbox_run *run)
{
    all->run = *run;
}

struct mailboxes *mailboxes_new(struct loop *l)
{
    struct mailboxes *all = mem_zero(1, sizeof *all);

    all->loop = l;
    all->tokens = mail_tokens_new(l);
    /* The mail server dates mail by the wall clock; everything else here is loop time. */
    all->run.since_us = INT64_MAX;
    all->run.epoch_us = loop_wall(l) - loop_now(l);
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

static void free_box(struct mailbox *b)
{
    for (size_t i = 0; i < FOLDER_COUNT; i++)
        folder_free(&b->folders[i]);
    mail_seen_release(&b->seen);
    mail_seen_release(&b->gone);
    timer_cancel(b->kick);
    while (b->limbo_count)
        mailbox_free_limbo(b, b->limbo_count - 1);
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
    mail_seen_release(&all->people);
    free(all);
}

struct mail_tokens *mailboxes_tokens(struct mailboxes *all)
{
    return all->tokens;
}

void mailboxes_know(struct channel_world *w, const char *address)
{
    if (!w->mailboxes)
        w->mailboxes = mailboxes_new(w->loop);
    mailbox_add_address(&w->mailboxes->people, address);
}

size_t mailboxes_foreign(const struct mailboxes *all)
{
    return all ? all->foreign : 0;
}

static void kick(void *context);

void mailbox_kick_soon(struct mailbox *b)
{
    if (!b->kick)
        b->kick = timer_start(b->all->loop, loop_now(b->all->loop), kick, b);
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
        if (b->looked && !m->told_looked && !b->retry) {
            m->told_looked = true;
            if (m->events.looked)
                m->events.looked(m->context);
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

void mailbox_expect(struct mailbox_member *m)
{
    for (size_t i = 0; m && i < FOLDER_COUNT; i++)
        if (m->box->folders[i].client)
            imap_client_expect(m->box->folders[i].client);
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
    first = b->all->run.since_us < first ? b->all->run.since_us : first;
    return (b->all->run.epoch_us + first - slack) / US_PER_S;
}

/* The spam folder's turn comes when the login is known to be good: one refusal is enough. */
static void start_folder(struct mailbox *b, size_t which)
{
    struct folder *f = &b->folders[which];

    f->ready = f->looked = !f->client && !f->maildir;
    folder_start(f, since(b));
}

static void kick(void *context)
{
    struct mailbox *b = context;

    b->kick = NULL;
    if (!b->members) {
        for (size_t i = 0; i < FOLDER_COUNT; i++) {
            b->folders[i].ready = b->folders[i].looked = false;
            folder_stop(&b->folders[i]);
        }
        b->running = b->ready = b->looked = b->trouble = false;
        return;
    }
    if (!b->running && !b->broken) {
        b->running = true;
        b->folders[FOLDER_SPAM].ready = b->folders[FOLDER_SPAM].looked = false;
        start_folder(b, FOLDER_MAIN);
    }

    struct mailbox_watch watch = most_eager(b);

    for (size_t i = 0; i < FOLDER_COUNT; i++)
        folder_set_poll(&b->folders[i], watch);
    if (tell_one(b)) {
        mailbox_kick_soon(b);
        return;
    }
    if (b->retry) {               /* and then tell that everything was given out */
        b->retry = mailbox_retry_limbo(b);
        mailbox_kick_soon(b);
    }
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
    mailbox_kick_soon(b);
}

static void on_looked(void *context)
{
    struct folder *f = context;
    struct mailbox *b = f->box;

    f->looked = true;
    for (size_t i = 0; i < FOLDER_COUNT; i++)
        if (!b->folders[i].looked)
            return;
    b->looked = true;
    mailbox_kick_soon(b);
}

/* A folder that is not there has nothing in it. */
static void on_absent(void *context)
{
    on_ready(context);
    on_looked(context);
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
    mailbox_kick_soon(b);
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
        on_absent(f);
        return;
    }
    keep_why(b, why, "");
    b->broken = true;
    b->running = b->ready = b->looked = false;
    mailbox_kick_soon(b);
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
        .ready = on_ready, .mail = mailbox_take_mail, .trouble = on_trouble, .broken = on_broken,
        .absent = which == FOLDER_MAIN ? NULL : on_absent, .looked = on_looked,
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
    mailbox_expect(m);
    mailbox_kick_soon(b);
    return m;
}

void mailbox_joined_at(struct mailbox_member *m, int64_t at_us)
{
    struct mailbox *b = m->box;

    m->joined_us = at_us;
    b->learner = b->retry ? NULL : m;
    b->retry = b->limbo_count > 0;
}

bool mailbox_has_copies(const struct mailbox_member *m)
{
    return m && m->box->copies;
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
    mailbox_remember_gone(b, m->thread->address);
    if (b->learner == m) {
        b->learner = NULL;
        b->retry = false;
    }
    free(m);
    if (!b->members)
        mailbox_kick_soon(b);             /* not now: we may be inside one of its callbacks */
}
