#include "harness/judge/dialogue_line.h"

#include <string.h>

#include "harness/base/text.h"

enum { NUMBER_DIGITS_MAX = 15, HEX_DIGITS = 4 };

struct place {
    const char *p, *end;
};

static int at(const struct place *l)
{
    return l->p < l->end ? (unsigned char)*l->p : -1;
}

static void skip_blanks(struct place *l)
{
    while (l->p < l->end && (*l->p == ' ' || *l->p == '\t' || *l->p == '\n' || *l->p == '\r'))
        l->p++;
}

/** The next thing is this character: go behind it. */
static bool take(struct place *l, char c)
{
    skip_blanks(l);
    if (at(l) != c)
        return false;
    l->p++;
    return true;
}

static bool take_word(struct place *l, const char *word)
{
    size_t len = strlen(word);

    skip_blanks(l);
    if ((size_t)(l->end - l->p) < len || memcmp(l->p, word, len))
        return false;
    l->p += len;
    return true;
}

/* Texts */

/** Four hexadecimal digits; -1: not. */
static int32_t hex(struct place *l)
{
    int32_t value = 0;

    for (int i = 0; i < HEX_DIGITS; i++, l->p++) {
        int c = at(l);
        int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;

        if (digit < 0)
            return -1;
        value = value * 16 + digit;
    }
    return value;
}

/** Behind "\u": a character, or both halves of one. */
static bool take_code(struct place *l, struct buf *out)
{
    int32_t c = hex(l), low;

    if (c >= 0xD800 && c <= 0xDBFF) {
        if (l->end - l->p < 2 || l->p[0] != '\\' || l->p[1] != 'u')
            return false;
        l->p += 2;
        low = hex(l);
        if (low < 0xDC00 || low > 0xDFFF)
            return false;
        c = 0x10000 + (c - 0xD800) * 0x400 + (low - 0xDC00);
    }
    if (c <= 0 || (c >= 0xD800 && c <= 0xDFFF))
        return false;
    text_encode(out, c);
    return true;
}

static bool take_escape(struct place *l, struct buf *out)
{
    static const char shorts[] = "\"\"\\\\//b\bf\fn\nr\rt\t";
    int c = at(l);

    l->p++;
    if (c == 'u')
        return take_code(l, out);
    for (const char *s = shorts; *s; s += 2) {
        if (*s == c) {
            buf_addc(out, s[1]);
            return true;
        }
    }
    return false;
}

static bool take_text(struct place *l, struct buf *out)
{
    buf_clear(out);
    if (!take(l, '"'))
        return false;
    for (;;) {
        const char *from = l->p;

        while (l->p < l->end && *l->p != '"' && *l->p != '\\' && (unsigned char)*l->p >= ' ')
            l->p++;
        buf_add(out, from, (size_t)(l->p - from));
        if (at(l) == '"') {
            l->p++;
            return !out->full && (text_is_plain(buf_slice(out)) || text_is_valid(buf_slice(out)));
        }
        if (at(l) != '\\')
            return false;
        l->p++;
        if (l->p == l->end || !take_escape(l, out))
            return false;
    }
}

/** A text, or null: *ret is NULL then. */
static bool take_text_or_null(struct place *l, struct buf *out, const char **ret)
{
    *ret = NULL;
    if (take_word(l, "null"))
        return true;
    if (!take_text(l, out))
        return false;
    *ret = out->ptr;
    return true;
}

/** How many; each makes *value ten times as large. */
static int take_digits(struct place *l, int64_t *value)
{
    int count = 0;

    for (; at(l) >= '0' && at(l) <= '9' && count <= NUMBER_DIGITS_MAX; l->p++, count++)
        *value = *value * 10 + (*l->p - '0');
    return count;
}

/** "12", "0.5", "-3.25": so few digits that the quotient of two whole numbers is the nearest double. */
static bool take_number(struct place *l, double *ret)
{
    bool minus = take(l, '-'), zero;
    int64_t value = 0, scale = 1;
    int before, behind = 0;

    zero = at(l) == '0';
    before = take_digits(l, &value);
    if (!before || before > NUMBER_DIGITS_MAX || (zero && before > 1))
        return false;
    if (at(l) == '.') {
        l->p++;
        behind = take_digits(l, &value);
        if (!behind || before + behind > NUMBER_DIGITS_MAX)
            return false;
    }
    for (int i = 0; i < behind; i++)
        scale *= 10;
    *ret = (minus ? -1.0 : 1.0) * (double)value / (double)scale;
    return at(l) != 'e' && at(l) != 'E';
}

/* Objects */

enum member { FROM, TEXT, CHANNEL, T_S, TURN_MEMBERS };
enum whole_member { ID, LANGUAGE, TURNS, WHOLE_MEMBERS };

static const char *const turn_names[TURN_MEMBERS] = { "from", "text", "channel", "t_s" };
static const char *const whole_names[WHOLE_MEMBERS] = { "id", "language", "turns" };

/** A name of the table and its colon, for the first time; -1: anything else. */
static int take_name(struct place *l, const char *const *names, int count, unsigned *seen)
{
    if (!take(l, '"'))
        return -1;
    for (int i = 0; i < count; i++) {
        size_t len = strlen(names[i]);

        if ((size_t)(l->end - l->p) > len && !memcmp(l->p, names[i], len) && l->p[len] == '"') {
            l->p += len + 1;
            if (*seen >> i & 1 || !take(l, ':'))
                return -1;
            *seen |= 1u << i;
            return i;
        }
    }
    return -1;
}

struct turn_texts {
    struct buf of[T_S];           /* from, text, channel */
};

static bool take_turn(struct place *l, struct turn_texts *texts, struct dialogue_turn *turn)
{
    const char **values[T_S] = { &turn->from, &turn->text, &turn->channel };
    unsigned seen = 0;

    *turn = (struct dialogue_turn){ 0 };
    if (!take(l, '{'))
        return false;
    do {
        int i = take_name(l, turn_names, TURN_MEMBERS, &seen);

        if (i < 0)
            return false;
        if (i == T_S)
            turn->timed = !take_word(l, "null");
        if (i == T_S ? turn->timed && !take_number(l, &turn->t_s)
                     : !take_text_or_null(l, &texts->of[i], values[i]))
            return false;
    } while (take(l, ','));
    return take(l, '}');
}

static bool take_turns(struct place *l, struct turn_texts *texts, dialogue_turn_fn *fn, void *context)
{
    struct dialogue_turn turn;

    if (!take(l, '['))
        return false;
    do
        if (!take_turn(l, texts, &turn) || !fn(context, &turn))
            return false;
    while (take(l, ','));
    return take(l, ']');
}

static bool take_dialogue(struct place *l, struct turn_texts *texts, dialogue_turn_fn *fn, void *context,
                          struct buf *id, struct buf *language)
{
    unsigned seen = 0;

    if (!take(l, '{'))
        return false;
    do {
        switch (take_name(l, whole_names, WHOLE_MEMBERS, &seen)) {
        case ID:
            if (!take_text(l, id))
                return false;
            break;
        case LANGUAGE:
            if (!take_text(l, language))
                return false;
            break;
        case TURNS:
            if (!take_turns(l, texts, fn, context))
                return false;
            break;
        default:
            return false;
        }
    } while (take(l, ','));
    return take(l, '}') && seen >> TURNS & 1;
}

bool dialogue_line(struct slice line, dialogue_turn_fn *fn, void *context, struct buf *id,
                   struct buf *language)
{
    struct place l = { line.ptr, line.ptr + line.len };
    struct turn_texts texts;
    bool plain;

    for (size_t i = 0; i < ARRAY_LEN(texts.of); i++)
        buf_init(&texts.of[i], line.len + 1);
    plain = take_dialogue(&l, &texts, fn, context, id, language);
    for (size_t i = 0; i < ARRAY_LEN(texts.of); i++)
        buf_release(&texts.of[i]);
    skip_blanks(&l);
    return plain && l.p == l.end;
}
