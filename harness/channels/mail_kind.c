#include "harness/channels/mail_kind.h"

#include <math.h>
#include <string.h>

#include "harness/base/regex.h"
#include "harness/base/text.h"
#include "harness/channels/mail_text.h"
#include "harness/channels/mail_writer.h"

enum { WORDS_MAX_BYTES = 6000, SUBJECT_MAX_BYTES = 500 };

/* Log odds, judged: what each sign says for and against a kind. Order as in enum mail_kind. */
static const double weights[SIGN_COUNT][MAIL_KIND_COUNT] = {
    /*                       -   ack   away notice human   -  conf survey news */
    [SIGN_REPLIED]     = { 0,  2.0,  1.6,  0.4, -3.5,  0,  0.6, -0.8, -1.5 },
    [SIGN_VACATION]    = { 0, -0.5,  4.0, -1.0, -4.0,  0, -1.0, -2.0, -2.0 },
    [SIGN_GENERATED]   = { 0,  0.8,  0.4,  1.6, -2.2,  0,  0.8,  0.8,  0.3 },
    [SIGN_NOTIFIED]    = { 0,  0.3,  0.0,  2.5, -3.0,  0,  0.0,  0.0,  0.0 },
    [SIGN_NOBODY]      = { 0,  0.8,  0.8,  0.3, -2.5,  0,  0.3,  0.0,  0.0 },
    [SIGN_HELPDESK]    = { 0,  0.6,  0.0,  0.6,  1.0,  0, -1.0,  0.4, -1.5 },
    [SIGN_PERSON]      = { 0, -0.4,  0.2, -0.6,  2.0,  0, -1.0, -1.0, -1.5 },
    [SIGN_UNSUBSCRIBE] = { 0, -0.2, -0.8,  0.2, -0.8,  0,  0.4,  0.5,  1.8 },
    [SIGN_LIST]        = { 0,  0.0,  0.0,  0.0, -0.4,  0,  1.0,  0.0,  0.9 },
    [SIGN_BULK]        = { 0,  0.4,  0.4,  0.4, -0.4,  0,  0.4,  0.3,  0.8 },
    [SIGN_CAMPAIGN]    = { 0,  0.0, -0.5,  0.3, -0.5,  0,  0.2,  0.5,  0.9 },
    [SIGN_SUPPRESS]    = { 0,  0.4,  0.3,  0.4, -0.2,  0,  0.1,  0.2,  0.0 },
    [SIGN_THREAD]      = { 0,  0.5,  0.5,  0.2,  0.9,  0,  0.0, -0.3, -2.0 },
    [SIGN_CONFIRM]     = { 0,  0.0,  0.0,  0.0, -1.5,  0,  3.2,  0.0,  0.0 },
    [SIGN_SURVEY]      = { 0, -0.3, -0.3, -0.3, -0.8,  0,  0.0,  2.6,  0.3 },
    [SIGN_NO_REPLY]    = { 0,  0.5,  0.0,  0.6, -1.2,  0,  0.4,  0.4,  0.5 },
    [SIGN_POST]        = { 0, -1.0, -1.0, -2.0,  3.0,  0, -1.0, -1.0, -1.0 },
    [SIGN_BOX]         = { 0,  0.2, -0.5,  1.0, -1.0,  0,  0.2,  0.0,  0.0 },
    [SIGN_FIELDS]      = { 0,  0.4, -0.6,  0.7, -0.9,  0, -0.3, -0.5, -0.5 },
    [SIGN_SIGNED]      = { 0, -0.5,  0.2, -0.9,  1.2,  0, -0.8, -0.6, -0.6 },
    [SIGN_TEAM]        = { 0,  0.5,  0.0,  0.3, -0.7,  0,  0.1,  0.1,  0.1 },
    [SIGN_NAMED]       = { 0, -0.4,  0.5, -0.5,  0.6,  0, -0.5, -0.3, -0.3 },
};

/* Before anything is known. */
static const double priors[MAIL_KIND_COUNT] = { -20, 0, -.8, -.4, .9, -20, -1.2, -1, -1.6 };

/* The first pattern of a place tells much, the next of the same kind little more. */
static const double subject_first = 2.4, text_first = 2.2, text_next = .7, weak_each = .6;
enum { NEXT_MAX = 2, WEAK_MAX = 4 };

struct decision {
    struct arena *arena;
    double score[MAIL_KIND_COUNT];
    double best[MAIL_KIND_COUNT];             /* the strongest reason for each kind, and its name */
    const char *rule[MAIL_KIND_COUNT];
};

static void speak(struct decision *d, int kind, double weight, const char *rule)
{
    d->score[kind] += weight;
    if (weight > d->best[kind]) {
        d->best[kind] = weight;
        d->rule[kind] = rule;
    }
}

static bool has_sign(const struct mail *m, enum sign sign)
{
    for (size_t i = 0; i < m->sign_count; i++)
        if (m->signs[i].sign == sign)
            return true;
    return false;
}

/* Ticket systems mark all that leaves them as generated, an agent's answer too. */
static const double generated_by_helpdesk = .4;

static void weigh_signs(struct decision *d, const struct mail *m)
{
    bool helpdesk = has_sign(m, SIGN_HELPDESK);

    for (size_t i = 0; i < m->sign_count; i++) {
        const struct mail_sign *s = &m->signs[i];
        bool halve = helpdesk && s->sign == SIGN_GENERATED;

        for (int k = 0; k < MAIL_KIND_COUNT; k++)
            speak(d, k, weights[s->sign][k] * (halve ? generated_by_helpdesk : 1), s->label);
    }
}

/* How many of the patterns occur, up to `most`; *first names the first of them. */
static size_t count_in(const struct patterns *list, struct slice text, size_t most, size_t *first)
{
    size_t n = 0;

    for (size_t i = 0; i < list->count && n < most; i++) {
        if (regex_search(list->items[i].pattern.regex, text, 0, NULL) != ST_OK)
            continue;
        if (!n++)
            *first = i;
    }
    return n;
}

static void weigh_writer(struct decision *d, const struct mail *m, const struct lexicons *packs)
{
    enum writer from = mail_writer_named(packs, m->sender_name);
    enum writer below = mail_writer_signed(packs, slice_str(m->text));
    const struct { bool holds; enum sign sign; const char *label; } found[] = {
        { below == WRITER_PERSON, SIGN_SIGNED, "a person signs" },
        { below == WRITER_TEAM, SIGN_TEAM, "a team signs" },
        { from == WRITER_PERSON, SIGN_NAMED, "From: a person's name" },
    };

    for (size_t i = 0; i < ARRAY_LEN(found); i++)
        for (int k = 0; found[i].holds && k < MAIL_KIND_COUNT; k++)
            speak(d, k, weights[found[i].sign][k], found[i].label);
}

static int kind_named(const char *name)
{
    for (int k = 0; k < MAIL_KIND_COUNT; k++)
        if (!strcmp(mail_kind_names[k], name))
            return k;
    return -1;
}

/* Below a person's closing formula, their company may ask how they did, or advertise. */
static bool stands_above_closing(int kind)
{
    return kind == MAIL_SURVEY || kind == MAIL_NEWSLETTER;
}

static void weigh_words(struct decision *d, const struct lexicon *l, struct slice subject,
                        struct slice whole, struct slice head)
{
    for (size_t i = 0; i < l->mails.count; i++) {
        const struct lexicon_mail *row = LIST_ITEM(struct lexicon_mail, l->mails, i);
        int kind = kind_named(row->name);
        size_t at = 0, n;

        if (kind < 0)
            continue;

        struct slice text = stands_above_closing(kind) ? head : whole;

        if (count_in(&row->subject, subject, 1, &at))
            speak(d, kind, row->weight * subject_first,
                  arena_printf(d->arena, "%s:mails.%s.subject/%zu", l->language, row->name,
                               at + 1));
        n = count_in(&row->text, text, NEXT_MAX + 1, &at);
        if (n)
            speak(d, kind, row->weight * (text_first + text_next * (double)(n - 1)),
                  arena_printf(d->arena, "%s:mails.%s.text/%zu", l->language, row->name, at + 1));
        n = count_in(&row->weak, text, WEAK_MAX, &at);
        if (n)
            speak(d, kind, row->weight * weak_each * (double)n,
                  arena_printf(d->arena, "%s:mails.%s.weak/%zu", l->language, row->name, at + 1));
    }
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static struct slice folded(struct buf *out, struct slice s, size_t max)
{
    if (s.len > max)
        for (s.len = max; s.len && ((unsigned char)s.ptr[s.len] & 0xC0) == 0x80;)
            s.len--;
    text_fold(out, s);
    for (size_t i = 1; i + 1 < out->len; i++)    /* "19.11.2026" ends no sentence */
        if (out->ptr[i] == '.' && is_digit(out->ptr[i - 1]) && is_digit(out->ptr[i + 1]))
            out->ptr[i] = ',';
    return buf_slice(out);
}

static double share(const struct decision *d, int kind)
{
    double sum = 0;

    for (int k = 0; k < MAIL_KIND_COUNT; k++)
        sum += exp(d->score[k] - d->score[kind]);
    return 1 / sum;
}

static int highest(const struct decision *d)
{
    int best = MAIL_HUMAN;

    for (int k = 0; k < MAIL_KIND_COUNT; k++)
        if (d->score[k] > d->score[best])
            best = k;
    return best;
}

struct mail_guess mail_guess_kind(struct arena *a, const struct mail *m,
                                  const struct lexicons *packs)
{
    CLEANUP(buf_release) struct buf words = BUF_INIT(WORDS_MAX_BYTES * 4);
    CLEANUP(buf_release) struct buf subject = BUF_INIT(SUBJECT_MAX_BYTES * 4);
    CLEANUP(buf_release) struct buf head = BUF_INIT(WORDS_MAX_BYTES * 4);
    struct decision d = { .arena = a };
    struct slice s = folded(&subject, slice_str(m->subject), SUBJECT_MAX_BYTES);
    struct slice t = folded(&words, slice_str(m->text), WORDS_MAX_BYTES);
    struct slice h = folded(&head, mail_head(slice_str(m->text)), WORDS_MAX_BYTES);

    if (m->delivery == DELIVERY_FAILED)
        return m->report ? (struct mail_guess){ MAIL_BOUNCE, .99, "a delivery report (RFC 3464)" }
                         : (struct mail_guess){ MAIL_BOUNCE, .9, "a mail server's words" };
    if (m->delivery != DELIVERY_NONE)
        return (struct mail_guess){ MAIL_NOTICE, .95, "a delivery report" };
    memcpy(d.score, priors, sizeof priors);
    weigh_signs(&d, m);
    weigh_writer(&d, m, packs);
    for (size_t i = 0; packs && i < packs->count; i++)
        weigh_words(&d, packs->items[i], s, t, h);

    int kind = highest(&d);

    return (struct mail_guess){ (enum mail_kind)kind, round(share(&d, kind) * 100) / 100,
                                d.rule[kind] ? d.rule[kind] : "nothing speaks for a machine" };
}
