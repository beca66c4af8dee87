#include "harness/channels/mail_match.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"
#include "harness/channels/mail_compose.h"

enum { IDS_KEPT_MAX = 200, TAGS_MAX = 20, TAG_MIN = 3, TAG_MAX = 60,
       SAID_MAX = 60, SAID_MIN_BYTES = 24, SAID_MAX_BYTES = 80, QUOTES_SEEN_MAX = 64 };

const char *const match_names[MATCH_COUNT] = {
    "nothing", "our message id", "an id of the thread", "the reference in the subject",
    "the recipient address", "our words, quoted",
};

static bool holds(const struct mail_ids *ids, const char *id)
{
    for (size_t i = 0; i < ids->count; i++)
        if (!strcmp(ids->items[i], id))
            return true;
    return false;
}

static void keep(struct arena *a, struct mail_ids *ids, const char *id, size_t max)
{
    if (ids->count >= max || holds(ids, id))
        return;
    ARENA_GROW(a, ids->items, ids->cap, ids->count + 1);
    ids->items[ids->count++] = arena_strdup(a, id);
}

/* A reference as companies put them in subjects: a word of letters, digits and "-_#/." with at
 * least three digits, and not only a short number such as a year; or "#7". */
static bool tag_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '-' || c == '_' || c == '#' || c == '/' || c == '.';
}

static bool is_tag(struct slice word)
{
    size_t digits = 0, letters = 0, marks = 0;

    for (size_t i = 0; i < word.len; i++) {
        char c = word.ptr[i];

        digits += c >= '0' && c <= '9';
        letters += (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        marks += c == '#';
    }
    return word.len <= TAG_MAX &&
           ((digits && marks) || (digits >= TAG_MIN && (digits >= 5 || letters)));
}

typedef void tag_fn(void *context, const char *tag);

static void give_tag(struct slice word, tag_fn *fn, void *context)
{
    char *copy = mem_strndup(word.ptr, word.len), *folded = text_folded(copy);

    fn(context, folded);
    free(folded);
    free(copy);
}

/* Calls fn with every reference of a subject, folded. */
static void each_tag(const char *subject, tag_fn *fn, void *context)
{
    for (const char *p = subject; *p;) {
        size_t n = 0;

        while (tag_char(p[n]))
            n++;
        struct slice word = { p, n };

        while (word.len && strchr(".-/", word.ptr[word.len - 1]))
            word.len--;
        if (is_tag(word))
            give_tag(word, fn, context);
        p += n ? n : 1;
    }
}

struct learning {
    struct arena *arena;
    struct mail_thread *thread;
};

static void learn_tag(void *context, const char *tag)
{
    struct learning *l = context;

    if (!holds(&l->thread->own_words, tag))
        keep(l->arena, &l->thread->tags, tag, TAGS_MAX);
}

static void learn_own_word(void *context, const char *tag)
{
    struct learning *l = context;

    if (!holds(&l->thread->tags, tag))
        keep(l->arena, &l->thread->own_words, tag, TAGS_MAX);
}

void mail_thread_own_words(struct arena *a, struct mail_thread *t, const char *text)
{
    struct learning l = { a, t };

    each_tag(text, learn_own_word, &l);
}

void mail_thread_sent(struct arena *a, struct mail_thread *t, const char *message_id,
                      const char *subject)
{
    keep(a, &t->sent, message_id, IDS_KEPT_MAX);
    mail_thread_own_words(a, t, subject);
}

void mail_thread_learn(struct arena *a, struct mail_thread *t, const struct mail *m)
{
    struct learning l = { a, t };

    if (m->message_id)
        keep(a, &t->learned, m->message_id, IDS_KEPT_MAX);
    for (size_t i = 0; i < m->answers.count; i++)
        if (!holds(&t->sent, m->answers.items[i]))
            keep(a, &t->learned, m->answers.items[i], IDS_KEPT_MAX);
    each_tag(m->subject, learn_tag, &l);
}

bool mail_thread_is_own(const struct mail_thread *t, const struct mail *m)
{
    return m->message_id && holds(&t->sent, m->message_id);
}

/* One step of the decision: which threads does this sign point at? */
struct vote {
    int thread;
    size_t count;                 /* of threads */
    const char *evidence;
};

static struct mail_match decided(struct vote v, enum match_by by)
{
    return (struct mail_match){ v.thread, by, v.evidence, false };
}

static void vote_for(struct vote *v, size_t thread, const char *evidence)
{
    if (v->count && v->thread == (int)thread)
        return;
    *v = (struct vote){ (int)thread, v->count + 1, evidence };
}

static struct vote by_ids(const struct mail *m, const struct mail_thread *const *threads,
                          size_t count, enum match_by by)
{
    struct vote v = { -1, 0, NULL };

    for (size_t t = 0; t < count; t++) {
        if (!threads[t])
            continue;
        const struct mail_ids *ids = by == MATCH_SENT_ID ? &threads[t]->sent
                                                         : &threads[t]->learned;

        for (size_t i = 0; i < m->answers.count; i++)
            if (holds(ids, m->answers.items[i]))
                vote_for(&v, t, m->answers.items[i]);
    }
    return v;
}

static const char *domain_of(const char *address)
{
    const char *at = strrchr(address, '@');

    return at ? at + 1 : "";
}

/* Does the mail answer one of our customers' mails that nobody here has sent? */
static bool answers_a_stranger(const struct mail *m, const struct mail_thread *t)
{
    for (size_t i = 0; i < m->answers.count; i++)
        if (text_same_ascii(domain_of(m->answers.items[i]), domain_of(t->address)) &&
            !text_same_ascii(domain_of(t->partner), domain_of(t->address)))
            return true;
    return false;
}

static bool came_to(const struct mail *m, const char *address)
{
    for (size_t i = 0; i < m->recipients.count; i++)
        if (text_same_ascii(m->recipients.items[i], address))
            return true;
    return false;
}

static bool from_partner(const struct mail *m, const struct mail_thread *t)
{
    return text_same_ascii(m->sender, t->partner) || text_same_ascii(m->reply_address, t->partner);
}

static struct vote by_address(const struct mail *m, const struct mail_thread *const *threads,
                              size_t count)
{
    struct vote all = { -1, 0, NULL }, partners = { -1, 0, NULL };

    for (size_t t = 0; t < count; t++) {
        if (!threads[t] || !came_to(m, threads[t]->address) || answers_a_stranger(m, threads[t]))
            continue;
        vote_for(&all, t, threads[t]->address);
        if (from_partner(m, threads[t]))
            vote_for(&partners, t, threads[t]->address);
    }
    return all.count > 1 && partners.count == 1 ? partners : all;
}

struct tag_search {
    const struct mail *mail;
    const struct mail_thread *const *threads;
    size_t count;
    struct vote vote;
};

/* A tag proves nothing in a mail that came to another customer, or answers another one. */
static bool may_be(const struct tag_search *s, size_t thread)
{
    const struct mail_thread *t = s->threads[thread];

    if (answers_a_stranger(s->mail, t))
        return false;
    if (came_to(s->mail, t->address))
        return true;
    for (size_t i = 0; i < s->count; i++)
        if (s->threads[i] && came_to(s->mail, s->threads[i]->address))
            return false;
    return true;
}

static void find_tag(void *context, const char *tag)
{
    struct tag_search *s = context;

    for (size_t t = 0; t < s->count; t++)
        for (size_t i = 0; s->threads[t] && i < s->threads[t]->tags.count; i++)
            if (!strcmp(s->threads[t]->tags.items[i], tag) && may_be(s, t))
                vote_for(&s->vote, t, s->threads[t]->tags.items[i]);
}

/* *settled: whose it is, or that it is nobody's, needs no other sign. */
static struct mail_match by_signs(const struct mail *m, const struct mail_thread *const *threads,
                                  size_t count, bool *settled)
{
    struct mail_match nobody = { -1, MATCH_NONE, NULL, false };
    struct tag_search tags = { m, threads, count, { -1, 0, NULL } };
    struct vote v = by_ids(m, threads, count, MATCH_SENT_ID);

    *settled = true;
    if (v.count)
        return v.count == 1 ? decided(v, MATCH_SENT_ID) : nobody;
    v = by_ids(m, threads, count, MATCH_LEARNED_ID);
    if (v.count == 1)
        return decided(v, MATCH_LEARNED_ID);
    each_tag(m->subject, find_tag, &tags);
    if (tags.vote.count == 1)
        return decided(tags.vote, MATCH_SUBJECT);
    v = by_address(m, threads, count);
    nobody.contested = v.count > 1;
    *settled = v.count == 1;
    return *settled ? decided(v, MATCH_ADDRESS) : nobody;
}

struct mail_match mail_match_signs(const struct mail *m, const struct mail_thread *const *threads,
                                   size_t count)
{
    bool settled;

    return by_signs(m, threads, count, &settled);
}

/* Words */

/* Case, line breaks and quote marks go, since whoever quotes changes them: all of it is one line. */
static char *quotable(const char *text)
{
    char *folded = text_folded(text), *to = folded;
    bool blank = true;

    for (const char *p = folded; *p; p++) {
        if ((unsigned char)*p > 0x20 && *p != '>' && *p != '|') {
            *to++ = *p;
            blank = false;
        } else if (!blank) {
            *to++ = ' ';
            blank = true;
        }
    }
    *to = '\0';
    return folded;
}

void mail_thread_said(struct arena *a, struct mail_thread *t, const char *words)
{
    for (const char *p = words; *p; p += strcspn(p, "\n"), p += *p == '\n') {
        char *line = mem_strndup(p, strcspn(p, "\n")), *folded = quotable(line);
        size_t len = strlen(folded);

        if (len > SAID_MAX_BYTES)
            for (len = SAID_MAX_BYTES; len && ((unsigned char)folded[len] & 0xc0) == 0x80; len--)
                ;
        while (len && folded[len - 1] == ' ')
            len--;
        folded[len] = '\0';
        if (len >= SAID_MIN_BYTES)
            keep(a, &t->said, folded, SAID_MAX);
        free(folded);
        free(line);
    }
}

/* Words that the mail holds, and who wrote them. */
struct quotes {
    const char *words[QUOTES_SEEN_MAX];
    int thread[QUOTES_SEEN_MAX];  /* -1: several */
    size_t count;
};

static void add_quote(struct quotes *q, const char *words, int thread)
{
    for (size_t i = 0; i < q->count; i++) {
        if (!strcmp(q->words[i], words)) {
            q->thread[i] = q->thread[i] == thread ? thread : -1;
            return;
        }
    }
    if (q->count == QUOTES_SEEN_MAX)
        return;
    q->words[q->count] = words;
    q->thread[q->count++] = thread;
}

/* *tied: what it quotes, several have written. */
static struct vote by_quotes(struct tag_search *s, bool *tied)
{
    struct vote v = { -1, 0, NULL };
    struct quotes q = { .count = 0 };
    char *text = quotable(s->mail->full_text);

    for (size_t t = 0; t < s->count; t++)
        for (size_t i = 0; s->threads[t] && i < s->threads[t]->said.count; i++)
            if (strstr(text, s->threads[t]->said.items[i]) && may_be(s, t))
                add_quote(&q, s->threads[t]->said.items[i], (int)t);
    for (size_t i = 0; i < q.count; i++)
        if (q.thread[i] >= 0)
            vote_for(&v, (size_t)q.thread[i], q.words[i]);
    *tied = q.count > 0 && v.count != 1;
    free(text);
    return v;
}

const char *mail_match_quoted(const struct mail *m, const struct mail_thread *t)
{
    char *text = quotable(m->full_text);
    const char *found = NULL;

    for (size_t i = 0; i < t->said.count && !found; i++)
        if (strstr(text, t->said.items[i]))
            found = t->said.items[i];
    free(text);
    return found;
}

struct mail_match mail_match(const struct mail *m, const struct mail_thread *const *threads,
                             size_t count)
{
    struct tag_search words = { m, threads, count, { -1, 0, NULL } };
    bool settled, tied;
    struct mail_match how = by_signs(m, threads, count, &settled);

    if (settled)
        return how;

    struct vote v = by_quotes(&words, &tied);

    how.contested |= tied;
    return v.count == 1 ? decided(v, MATCH_QUOTE) : how;
}
