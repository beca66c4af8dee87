/* Whose mail is it? Each goes to the one member it belongs to, or waits until that is known. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/duration.h"
#include "harness/base/text.h"
#include "harness/channels/mailbox_inside.h"

void mailbox_free_limbo(struct mailbox *b, size_t i)
{
    b->limbo_bytes -= b->limbo[i].bytes;
    arena_free(b->limbo[i].arena);
    memmove(b->limbo + i, b->limbo + i + 1, (b->limbo_count - i - 1) * sizeof *b->limbo);
    b->limbo_count--;
}

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

void mailbox_add_address(struct mail_seen *set, const char *address)
{
    char *lower = mem_strdup(address);

    for (char *c = lower; *c; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c | 0x20);
    (void)mail_seen_add(set, slice_str(lower));
    free(lower);
}

void mailbox_remember_gone(struct mailbox *b, const char *address)
{
    mailbox_add_address(&b->gone, address);
}

/* For a customer of this run: one who has left, or who has no inbox to look into. */
static bool is_ours(const struct mailbox *b, const struct mail *m)
{
    for (size_t i = 0; i < m->recipients.count; i++)
        if (mail_seen_holds(&b->gone, slice_str(m->recipients.items[i])) ||
            mail_seen_holds(&b->all->people, slice_str(m->recipients.items[i])))
            return true;
    return false;
}

static void keep_in_limbo(struct mailbox *b, struct limbo l)
{
    l.foreign = !is_ours(b, l.mail);
    b->all->foreign += l.foreign;
    while (b->limbo_count && (b->limbo_count == LIMBO_MAX ||
                              b->limbo_bytes + l.bytes > LIMBO_MAX_BYTES))
        mailbox_free_limbo(b, 0);
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

/* A copy of a mail of this run: whoever still waits to hear of it is told. */
static bool take_own(struct mailbox *b, const struct mail *mail)
{
    const char *id = b->all->run.id;
    struct mailbox_member *m = b->members;

    if (!id || !mail->message_id || !text_starts_with(mail->message_id, id) ||
        mail->message_id[strlen(id)] != '.')
        return false;
    b->copies = true;
    while (m && !mail_thread_is_own(m->thread, mail))
        m = m->next;
    if (m && m->events.own)
        m->events.own(m->context, mail->message_id);
    return true;
}

/* What lay there when we came has been there for a while, and so has what a rare look finds; what
 * comes otherwise is noticed at once. */
static int64_t arrival(const struct folder *f, const struct mail *mail, int64_t arrived)
{
    static const int64_t AT_ONCE = 2 * US_PER_S;
    struct loop *l = f->box->all->loop;
    int64_t now = loop_now(l);
    int64_t s = f->box->all->run.by_date ? mail->date : arrived;
    int64_t at = s * US_PER_S + US_PER_S / 2 - f->box->all->run.epoch_us;  /* somewhere in it */
    int64_t blind = f->client ? imap_client_blind_us(f->client) : 0;

    /* A shared clock does not go on before we have heard what came at this moment. */
    if (loop_is_shared(l) && (f->looked || at + US_PER_S / 2 > now))
        return now;
    if (s < 0 || at > now || (f->looked && blind < AT_ONCE))
        return now;
    return f->looked && at < now - blind ? now - blind : at;
}

void mailbox_take_mail(void *context, struct slice bytes, int64_t arrived)
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

    if (take_own(b, l.mail)) {
        arena_free(arena);
        return;
    }
    l.mail->arrived_us = arrival(f, l.mail, arrived);
    if (f->client)                /* a conversation is going on */
        imap_client_expect(f->client);
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
        mailbox_kick_soon(b);
}

/* A cheap look before the vote of all members. */
static bool concerns(const struct mailbox_member *m, const struct mail *mail)
{
    const struct mail_thread *one = m->thread;

    return mail_match_signs(mail, &one, 1).thread == 0;
}

/* Gives out at most one; true when there may be more. */
bool mailbox_retry_limbo(struct mailbox *b)
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
        mailbox_free_limbo(b, i);
        b->all->foreign -= l.foreign;
        give(b, owner, &l, &how);
        return true;
    }
    return false;
}
