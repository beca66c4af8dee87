#include "harness/model/staff.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/regex.h"
#include "harness/base/text.h"

static const char HIDDEN[] = "[name]";

enum { WORDS_MAX = 256, TEXT_MAX = EVENT_TEXT_MAX_BYTES * 8 };

/* One to four words with a capital letter, initials and particles among them. */
#define WORD "(?:\\p{Lu}[\\p{L}'\\x{2019}-]+|\\p{Lu}\\.)"
#define NAME                                                                                     \
    "(" WORD "(?:[ \\x{a0}]+(?:(?:von|van|de|der|den|di|da|du|la|le|el|al|bin)[ ]+){0,2}" WORD   \
    "){0,3})"
/* Persian has no capitals: one or two words. */
#define PERSIAN "([\\x{621}-\\x{64a}\\x{67e}-\\x{6cc}\\x{200c}]{2,20})"

/* How people are introduced; group 1 is the name. To add one: a row here, one in test_staff.c. */
static const char *const introductions[] = {
    "\\b(?i:i am|i['\\x{2019}]m|my name is|my name['\\x{2019}]s|it['\\x{2019}]s) " NAME,
    "\\b(?i:this is|here is) " NAME "(?=,? (?i:from|at|with|here|speaking)\\b|[.,!]? I\\b)",
    "\\b(?i:you are|you['\\x{2019}]re) (?:now )?(?i:chatting|talking|speaking|connected) "
        "(?i:with|to) " NAME,
    "\\b(?i:my|our|a|your) (?i:colleagues?|manager|supervisor|agent|advisor|assistant),? " NAME,
    "\\b(?i:agent|advisor|adviser|representative|operator)[: ]+" NAME,
    "\\b" NAME " (?i:has joined|joined|has left|left) (?i:the chat|the conversation)",
    "\\b" NAME " (?i:from|of) (?i:customer|support|the)\\b",
    "\\b(?i:kind|best|warm|many|yours|with kind|with best)? ?(?i:regards|wishes|sincerely|"
        "faithfully|thanks|cheers)[,!.]?\\s+" NAME,
    "\\b(?i:mr|mrs|ms|miss|dr|herrn?|frau|mme|mlle|madame|monsieur)\\.? " NAME,
    "\\b(?i:ich bin|ich hei(?:\\x{df}|ss)e|mein name ist|hier ist|hier spricht|sie sprechen mit) "
        "(?:(?i:die|der) )?" NAME,
    "\\b(?i:meine?|meiner|meinem|meinen|unsere?) (?i:kollegin|kollegen?)[, ]+" NAME,
    "\\b(?i:gr(?:\\x{fc}|ue)(?:\\x{df}|ss)en?|ihre?)[,!.]?\\s+" NAME,
    "\\b(?i:je suis|je m['\\x{2019}]appelle|mon nom est|ici) " NAME,
    "\\b(?i:mon|ma|notre) coll(?:\\x{e8}|e)gue,? " NAME,
    "\\b(?i:cordialement|salutations|bien \\x{e0} vous|sinc(?:\\x{e8}|e)rement)[,!.]?\\s+" NAME,
    "(?<!\\p{L})(?:\\x{62e}\\x{627}\\x{646}\\x{645}|\\x{622}\\x{642}\\x{627}\\x{6cc})\\s+" PERSIAN,
    "(?<!\\p{L})\\x{645}\\x{646}\\s+" PERSIAN "\\s+\\x{647}\\x{633}\\x{62a}\\x{645}",
};

/* Folded words that are no names, however they are written. */
static const char *const no_names[] = {
    "team", "support", "service", "services", "customer", "customers", "care", "client", "clients",
    "help", "helpdesk", "desk", "sales", "the", "your", "our", "you", "we", "it", "and", "for",
    "thank", "thanks", "sorry", "happy", "afraid", "glad", "sure", "here", "assistant", "virtual",
    "bot", "chatbot", "robot", "agent", "manager", "department", "office", "company", "please",
    "hello", "hi", "dear", "sir", "madam", "monday", "tuesday", "wednesday", "thursday", "friday",
    "saturday", "sunday", "january", "february", "march", "april", "june", "july", "august",
    "september", "october", "november", "december", "ihr", "ihre", "ihrer", "ihnen", "sie", "wir",
    "das", "die", "der", "kundenservice", "kundendienst", "kundenbetreuung", "assistent",
    "assistentin", "damen", "herren", "equipe", "votre", "nous", "le", "la", "les", "vous",
    "conseiller", "conseillere", "assistante", "e-mail", "email", "mail", "chat", "no-reply",
    "noreply", "mr", "mrs", "ms", "miss", "dr", "prof", "herr", "herrn", "frau", "mme", "mlle",
    "madame", "monsieur", "info", "contact", "kontakt", "order", "gmbh", "ag", "ltd",
    "inc", "co", "sarl",
    "متاسف", "خوشحال", "اماده", "پشتیبان", "ربات", "دستیار", "محترم", "عزیز", "گرامی",
};

struct staff {
    struct regex *patterns[ARRAY_LEN(introductions)];
};

/* Words of names, as written, of one journey. */
struct words {
    char *items[WORDS_MAX];
    size_t count;
};

struct staff *staff_new(void)
{
    struct staff *s = mem_zero(1, sizeof *s);
    struct regex_error err;

    for (size_t i = 0; i < ARRAY_LEN(introductions); i++)
        if (regex_compile(introductions[i], 0, &err, &s->patterns[i]) != ST_OK)
            s->patterns[i] = NULL;               /* test_staff compiles and matches each */
    return s;
}

void staff_free(struct staff *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < ARRAY_LEN(introductions); i++)
        regex_free(s->patterns[i]);
    free(s);
}

/* Letters, and marks that join letters. Punctuation of the scripts we speak ends a word. */
static bool is_letter(int32_t cp)
{
    return (cp >= 'a' && cp <= 'z') || (cp >= 'A' && cp <= 'Z') ||
           (cp >= 0xC0 && cp != 0xD7 && cp != 0xF7 && !(cp >= 0x2000 && cp < 0x2C00) &&
            !(cp >= 0x3000 && cp < 0x3040) && cp != 0x60C && cp != 0x61B && cp != 0x61F &&
            !(cp >= 0x660 && cp <= 0x66D) && !(cp >= 0x6F0 && cp <= 0x6F9) && cp != 0xFFFD) ||
           cp == 0x200C;
}

/* The next word at or after *at; a hyphen or apostrophe between letters belongs to it. */
static struct slice next_word(struct slice text, size_t *at)
{
    size_t i = *at, start = SIZE_MAX, end = 0;

    while (i < text.len) {
        int32_t cp;
        size_t used = text_decode(text.ptr + i, text.len - i, &cp);

        if (is_letter(cp)) {
            if (start == SIZE_MAX)
                start = i;
            end = i + used;
        } else if (start != SIZE_MAX && (end < i || cp != '-')) {
            break;
        }
        i += used;
    }
    *at = start == SIZE_MAX ? text.len : end;
    return start == SIZE_MAX ? (struct slice){ text.ptr + text.len, 0 }
                             : (struct slice){ text.ptr + start, end - start };
}

static bool holds_word(const char *name, struct slice word)
{
    struct slice text = slice_str(name);
    char *wanted = mem_strndup(word.ptr, word.len);
    bool found = false;

    for (size_t at = 0; !found && at < text.len;) {
        struct slice w = next_word(text, &at);
        char *copy = mem_strndup(w.ptr, w.len);

        found = w.len && text_same(copy, wanted);
        free(copy);
    }
    free(wanted);
    return found;
}

static bool no_name(const struct transcript *t, struct slice word)
{
    char *copy = mem_strndup(word.ptr, word.len), *folded = text_folded(copy);
    bool no = text_length(word) < 2;             /* an initial alone names nobody */

    for (size_t i = 0; !no && i < ARRAY_LEN(no_names); i++)
        no = text_same(no_names[i], folded);
    no = no || holds_word(t->customer_name, word) || holds_word(t->company_name, word);
    free(copy);
    free(folded);
    return no;
}

static bool known(const struct words *w, struct slice word)
{
    for (size_t i = 0; i < w->count; i++)
        if (slice_eq(word, w->items[i]))
            return true;
    return false;
}

/* Particles ("von") are written small, and stay words. */
static bool is_small(struct slice word)
{
    return word.len && word.ptr[0] >= 'a' && word.ptr[0] <= 'z';
}

static void learn(struct words *w, const struct transcript *t, struct slice name)
{
    for (size_t at = 0; at < name.len;) {
        struct slice word = next_word(name, &at);

        if (word.len && !is_small(word) && !no_name(t, word) && !known(w, word) &&
            w->count < WORDS_MAX)
            w->items[w->count++] = mem_strndup(word.ptr, word.len);
    }
}

static void learn_text(const struct staff *s, struct words *w, const struct transcript *t,
                       const char *text)
{
    struct slice subject = slice_str(text);

    for (size_t i = 0; i < ARRAY_LEN(introductions); i++) {
        struct regex_match m;

        for (size_t from = 0; s->patterns[i] && from < subject.len &&
                              regex_search(s->patterns[i], subject, from, &m) == ST_OK;
             from = m.end[0] > from ? m.end[0] : from + 1)
            if (m.start[1] != SIZE_MAX)
                learn(w, t, (struct slice){ text + m.start[1], m.end[1] - m.start[1] });
    }
}

/* "Anna Berg <anna@firm.test>": the words before the address. */
static void learn_sender(struct words *w, const struct transcript *t, const char *sender)
{
    size_t len = strcspn(sender, "<");

    if (!memchr(sender, '@', len))
        learn(w, t, (struct slice){ sender, len });
}

/* A known word as it may stand: itself, in capitals, with a genitive; small only in an address. */
static bool is_hidden(const struct words *w, struct slice word, bool address)
{
    for (size_t i = 0; i < w->count; i++) {
        const char *name = w->items[i];
        size_t len = strlen(name);

        if (word.len >= len && !memcmp(word.ptr, name, len) &&
            (word.len == len || (word.len == len + 1 && word.ptr[len] == 's')))
            return true;
        if (is_small(word) && !address)
            continue;

        char *copy = mem_strndup(word.ptr, word.len);
        bool same = text_same(copy, name);

        free(copy);
        if (same)
            return true;
    }
    return false;
}

static bool in_address(struct slice text, size_t at)
{
    size_t end = at;

    while (end < text.len && !strchr(" \t\n<>\"'(),;", text.ptr[end]))
        if (text.ptr[end++] == '@')
            return true;
    return false;
}

/* A replaced stretch: old bytes [from, to) stand at [at, at + HIDDEN) in the new text. */
struct edit {
    size_t from, to, at;
};

struct edits {
    struct edit *items;
    size_t count, cap;
};

/* The new text; names that stand side by side become one. */
static void rewrite(const struct words *w, struct slice text, struct buf *out, struct edits *edits)
{
    size_t copied = 0;

    edits->count = 0;
    for (size_t at = 0; at < text.len;) {
        struct slice word = next_word(text, &at);
        size_t from = (size_t)(word.ptr - text.ptr), to = from + word.len;
        struct edit *last = edits->count ? &edits->items[edits->count - 1] : NULL;

        if (!word.len || !is_hidden(w, word, in_address(text, from)))
            continue;
        if (last && last->to < from && last->to + strspn(text.ptr + last->to, " ") == from) {
            last->to = copied = to;
            continue;
        }
        buf_add(out, text.ptr + copied, from - copied);
        MEM_GROW(edits->items, edits->cap, edits->count + 1);
        edits->items[edits->count++] = (struct edit){ from, to, out->len };
        buf_adds(out, HIDDEN);
        copied = to;
    }
    buf_add(out, text.ptr + copied, text.len - copied);
}

/* Where an old offset lies now; inside a name: its start, or for an end its end. */
static size_t moved(const struct edits *edits, size_t old, bool end)
{
    size_t shift_from = 0, shift_at = 0;

    for (size_t i = 0; i < edits->count && edits->items[i].from < old + !end; i++) {
        const struct edit *e = &edits->items[i];

        if (old < e->to || (end && old == e->to))
            return e->at + (end ? strlen(HIDDEN) : 0);
        shift_from = e->to;
        shift_at = e->at + strlen(HIDDEN);
    }
    return old - shift_from + shift_at;
}

static const char *hidden(struct arena *a, const struct words *w, const char *text,
                          struct edits *edits)
{
    struct buf out = BUF_INIT(TEXT_MAX);
    const char *ret = text;

    if (!text)
        return NULL;
    rewrite(w, slice_str(text), &out, edits);
    if (edits->count)
        ret = arena_strdup(a, out.ptr);
    buf_release(&out);
    return ret;
}

static void hide_event(struct transcript *t, const struct words *w, struct event *e,
                       struct judgement *j, struct edits *edits)
{
    const char **texts[] = { &e->subject, &e->sender, &e->reply_address, &e->url };

    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        *texts[i] = hidden(t->arena, w, *texts[i], edits);
    for (size_t i = 0; i < e->field_count; i++)
        e->fields[i].text = hidden(t->arena, w, e->fields[i].text, edits);
    e->text = hidden(t->arena, w, e->text, edits);
    for (size_t i = 0; j && edits->count && i < j->marks.count; i++) {
        struct mark *m = &j->marks.items[i];

        if (m->seq != e->seq)
            continue;
        m->start = moved(edits, m->start, false);
        m->end = moved(edits, m->end, true);
    }
}

static void hide_judgement(struct judgement *j, const struct words *w, struct edits *edits)
{
    for (size_t i = 0; i < j->marks.count; i++)
        j->marks.items[i].value = hidden(j->arena, w, j->marks.items[i].value, edits);
    for (size_t i = 0; i < j->findings.count; i++) {
        struct finding *f = &j->findings.items[i];

        f->say = hidden(j->arena, w, f->say, edits);
        f->why = hidden(j->arena, w, f->why, edits);
    }
    j->score.outcome_why = hidden(j->arena, w, j->score.outcome_why, edits);
}

void staff_hide(const struct staff *s, struct journey_result *jr)
{
    struct transcript *t = jr->transcript;
    struct words words = { .count = 0 };
    struct edits edits = { 0 };

    for (size_t i = 0; i < t->count; i++) {
        const struct event *e = &t->events[i];

        if (e->from != PARTY_COMPANY)
            continue;
        learn_text(s, &words, t, e->text);
        if (e->sender)
            learn_sender(&words, t, e->sender);
    }
    for (size_t i = 0; words.count && i < t->count; i++)
        hide_event(t, &words, &t->events[i], jr->judgement, &edits);
    if (words.count && jr->judgement)
        hide_judgement(jr->judgement, &words, &edits);
    for (size_t i = 0; words.count && i < jr->reason_count; i++)
        jr->reasons[i] = hidden(t->arena, &words, jr->reasons[i], &edits);
    for (size_t i = 0; i < words.count; i++)
        free(words.items[i]);
    free(edits.items);
}

void staff_hide_one(struct journey_result *jr)
{
    struct staff *s = staff_new();

    staff_hide(s, jr);
    staff_free(s);
}
