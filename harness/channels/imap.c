#include "harness/channels/imap.h"

#include <string.h>

#include "harness/base/text.h"

void imap_reader_init(struct imap_reader *r)
{
    buf_init(&r->in, IMAP_BUFFER_MAX);
    r->start = r->scan = 0;
}

void imap_reader_release(struct imap_reader *r)
{
    buf_release(&r->in);
    r->start = r->scan = 0;
}

enum status imap_feed(struct imap_reader *r, const char *bytes, size_t len)
{
    if (r->start) {               /* what was read makes room */
        memmove(r->in.ptr, r->in.ptr + r->start, r->in.len - r->start);
        r->in.len -= r->start;
        r->in.ptr[r->in.len] = '\0';
        r->scan -= r->start;
        r->start = 0;
    }
    buf_add(&r->in, bytes, len);
    return r->in.full ? ST_LIMIT : ST_OK;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

bool imap_is(struct slice word, const char *name)
{
    for (size_t i = 0; i < word.len; i++)
        if (!name[i] || lower(word.ptr[i]) != lower(name[i]))
            return false;
    return !name[word.len];
}

static struct slice take_word(struct slice *s)
{
    struct slice word = { s->ptr, 0 };

    while (word.len < s->len && s->ptr[word.len] != ' ')
        word.len++;
    s->ptr += word.len;
    s->len -= word.len;
    if (s->len) {
        s->ptr++;
        s->len--;
    }
    return word;
}

bool imap_has_word(struct slice rest, const char *name)
{
    while (rest.len) {
        struct slice word = take_word(&rest);

        if (imap_is(word, name))
            return true;
    }
    return false;
}

static bool parse_number(struct slice s, uint32_t *n)
{
    uint64_t value = 0;

    if (!s.len || s.len > 10)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] < '0' || s.ptr[i] > '9')
            return false;
        value = value * 10 + (uint64_t)(s.ptr[i] - '0');
    }
    if (value > UINT32_MAX)
        return false;
    *n = (uint32_t)value;
    return true;
}

static void parse_answer(struct slice all, struct imap_answer *a)
{
    struct slice first = take_word(&all);

    *a = (struct imap_answer){ .kind = IMAP_TAGGED, .tag = first };
    if (slice_eq(first, "+")) {
        a->kind = IMAP_CONTINUE;
        a->rest = all;
        return;
    }
    if (slice_eq(first, "*"))
        a->kind = IMAP_UNTAGGED;
    a->word = take_word(&all);
    if (a->kind == IMAP_UNTAGGED && parse_number(a->word, &a->number))
        a->word = take_word(&all);
    a->rest = all;
}

/* Words of people, not data: "{3}" at the end of such a line announces nothing. */
static bool is_status_line(struct slice line)
{
    static const char *const words[] = { "OK", "NO", "BAD", "BYE", "PREAUTH" };
    struct slice first = take_word(&line), word = take_word(&line);

    if (!slice_eq(first, "*"))
        return true;              /* tagged and "+" are status lines always */
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (imap_is(word, words[i]))
            return true;
    return false;
}

/* "{123}" (or "{123+}") at the end of a line. */
static bool literal_at_end(struct slice line, uint32_t *n)
{
    size_t end = line.len;

    if (!end || line.ptr[end - 1] != '}')
        return false;
    end--;
    if (end && line.ptr[end - 1] == '+')
        end--;

    size_t start = end;

    while (start && line.ptr[start - 1] >= '0' && line.ptr[start - 1] <= '9')
        start--;
    return start && line.ptr[start - 1] == '{' &&
           parse_number((struct slice){ line.ptr + start, end - start }, n);
}

enum status imap_next(struct imap_reader *r, struct imap_answer *a)
{
    for (;;) {
        /* scan may lie beyond what has come: inside a literal */
        if (r->scan >= r->in.len)
            return ST_NOT_FOUND;

        const char *from = r->in.ptr + r->scan;
        const char *nl = memchr(from, '\n', r->in.len - r->scan);
        size_t end;
        uint32_t literal = 0;

        if (!nl)
            return r->in.len - r->scan > IMAP_LINE_MAX ? ST_LIMIT : ST_NOT_FOUND;
        end = (size_t)(nl - r->in.ptr);

        struct slice line = { from, (size_t)(nl - from) };
        struct slice all = { r->in.ptr + r->start, end - r->start };

        if (line.len && line.ptr[line.len - 1] == '\r') {
            line.len--;
            all.len--;
        }
        if (literal_at_end(line, &literal) && !is_status_line(all)) {
            if (literal > IMAP_LITERAL_MAX)
                return ST_LIMIT;
            r->scan = end + 1 + literal;
            continue;
        }
        r->start = r->scan = end + 1;
        if (!all.len)
            continue;
        parse_answer(all, a);
        return ST_OK;
    }
}

uint32_t imap_code(struct slice rest, const char *name)
{
    size_t len = strlen(name);
    uint32_t n = 0;
    const char *close;

    if (rest.len < len + 3 || rest.ptr[0] != '[' ||
        !imap_is((struct slice){ rest.ptr + 1, len }, name) || rest.ptr[1 + len] != ' ')
        return 0;
    close = memchr(rest.ptr, ']', rest.len);
    if (!close)
        return 0;

    struct slice number = { rest.ptr + len + 2, (size_t)(close - rest.ptr) - len - 2 };

    return parse_number(number, &n) ? n : 0;
}

struct slice imap_words(struct slice rest)
{
    const char *close = rest.len && rest.ptr[0] == '[' ? memchr(rest.ptr, ']', rest.len) : NULL;

    if (close)
        rest = (struct slice){ close + 1, rest.len - (size_t)(close + 1 - rest.ptr) };
    return text_trim(rest);
}

bool imap_number(struct slice *rest, uint32_t *n)
{
    while (rest->len) {
        struct slice word = take_word(rest);

        if (parse_number(word, n))
            return true;
        if (word.len)             /* "(MODSEQ 917)" and such */
            return false;
    }
    return false;
}

/* Values inside a FETCH list */

struct cursor {
    const char *p, *end;
};

enum { LIST_DEPTH_MAX = 32 };

static void skip_spaces(struct cursor *c)
{
    while (c->p < c->end && *c->p == ' ')
        c->p++;
}

/* "abc\"d": the raw inside, escapes left as they are; dates and flags have none. */
static bool take_quoted(struct cursor *c, struct slice *value)
{
    const char *start = ++c->p;

    while (c->p < c->end && *c->p != '"') {
        if (*c->p == '\\' && c->p + 1 < c->end)
            c->p++;
        c->p++;
    }
    if (c->p >= c->end)
        return false;
    *value = (struct slice){ start, (size_t)(c->p - start) };
    c->p++;
    return true;
}

static bool take_literal(struct cursor *c, struct slice *value)
{
    const char *nl = memchr(c->p, '\n', (size_t)(c->end - c->p));
    uint32_t n;

    if (!nl)
        return false;

    struct slice head = { c->p, (size_t)(nl - c->p) };

    if (head.len && head.ptr[head.len - 1] == '\r')
        head.len--;
    if (!literal_at_end(head, &n) || (size_t)(c->end - nl - 1) < n)
        return false;
    *value = (struct slice){ nl + 1, n };
    c->p = nl + 1 + n;
    return true;
}

/* Jumps over "( … )", however it nests, without recursion. */
static bool skip_list(struct cursor *c)
{
    int depth = 0;
    struct slice unused;

    while (c->p < c->end) {
        if (*c->p == '(') {
            if (++depth > LIST_DEPTH_MAX)
                return false;
            c->p++;
        } else if (*c->p == ')') {
            c->p++;
            if (--depth == 0)
                return true;
        } else if (*c->p == '"') {
            if (!take_quoted(c, &unused))
                return false;
        } else if (*c->p == '{') {
            if (!take_literal(c, &unused))
                return false;
        } else {
            c->p++;
        }
    }
    return false;
}

static bool take_value(struct cursor *c, struct slice *value)
{
    skip_spaces(c);
    *value = (struct slice){ c->p, 0 };
    if (c->p >= c->end)
        return false;
    switch (*c->p) {
    case '"': return take_quoted(c, value);
    case '{': return take_literal(c, value);
    case '(': return skip_list(c);
    default: break;
    }
    while (c->p < c->end && *c->p != ' ' && *c->p != ')')
        c->p++;
    value->len = (size_t)(c->p - value->ptr);
    return value->len > 0;
}

/* A name may hold blanks inside its brackets: BODY[HEADER.FIELDS (DATE)]<0>. */
static struct slice take_name(struct cursor *c)
{
    const char *start = c->p;
    int brackets = 0;

    while (c->p < c->end && (brackets || (*c->p != ' ' && *c->p != ')'))) {
        brackets += (*c->p == '[') - (*c->p == ']');
        c->p++;
    }
    return (struct slice){ start, (size_t)(c->p - start) };
}

enum status imap_fetch_parse(struct slice rest, struct imap_fetch *f)
{
    struct cursor c = { rest.ptr, rest.ptr + rest.len };

    *f = (struct imap_fetch){ .date = -1 };
    skip_spaces(&c);
    if (c.p >= c.end || *c.p++ != '(')
        return ST_INVALID;
    for (;;) {
        struct slice name, value;

        skip_spaces(&c);
        if (c.p >= c.end)
            return ST_INVALID;
        if (*c.p == ')')
            return ST_OK;
        name = take_name(&c);
        if (!name.len || !take_value(&c, &value))
            return ST_INVALID;
        if (imap_is(name, "UID")) {
            if (!parse_number(value, &f->uid))
                return ST_INVALID;
        } else if (imap_is(name, "INTERNALDATE")) {
            f->date = imap_date(value);
        } else if (name.len >= 6 && imap_is((struct slice){ name.ptr, 6 }, "BODY[]")) {
            f->has_body = !imap_is(value, "NIL") || value.ptr[-1] != ' ';
            f->body = f->has_body ? value : (struct slice){ "", 0 };
        }
    }
}

bool imap_list_has(struct slice rest, const char *attribute, struct buf *name)
{
    struct cursor c = { rest.ptr, rest.ptr + rest.len };
    const char *start, *close;
    struct slice separator, value;

    skip_spaces(&c);
    start = c.p;
    if (c.p >= c.end || *c.p != '(' || !skip_list(&c))
        return false;
    close = c.p - 1;
    if (!imap_has_word((struct slice){ start + 1, (size_t)(close - start - 1) }, attribute) ||
        !take_value(&c, &separator) || !take_value(&c, &value))
        return false;
    for (size_t i = 0; i < value.len; i++) {
        if (value.ptr[i] == '\\' && value.ptr[-1] == '"' && i + 1 < value.len)
            i++;
        buf_addc(name, value.ptr[i]);
    }
    return value.len > 0 && !name->full;
}

/* Days since 1970-01-01 of a date of the Gregorian calendar. */
static int64_t days_of(int year, int month, int day)
{
    int64_t y = month > 2 ? year : year - 1, m = month > 2 ? month - 3 : month + 9;
    int64_t era = (y >= 0 ? y : y - 399) / 400, yoe = y - era * 400;
    int64_t doy = (153 * m + 2) / 5 + day - 1;

    return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

static int digits(const char *p, int n)
{
    int value = 0;

    for (int i = 0; i < n; i++) {
        char c = p[i] == ' ' && i == 0 ? '0' : p[i];      /* " 7-Jul-…" */

        if (c < '0' || c > '9')
            return -1;
        value = value * 10 + (c - '0');
    }
    return value;
}

int64_t imap_date(struct slice s)
{
    static const char months[] = "janfebmaraprmayjunjulaugsepoctnovdec";
    int month = 0;

    if (s.len != 26 || s.ptr[2] != '-' || s.ptr[6] != '-' || s.ptr[11] != ' ' ||
        s.ptr[14] != ':' || s.ptr[17] != ':' || s.ptr[20] != ' ' ||
        (s.ptr[21] != '+' && s.ptr[21] != '-'))
        return -1;
    for (int i = 0; i < 12; i++)
        if (lower(s.ptr[3]) == months[3 * i] && lower(s.ptr[4]) == months[3 * i + 1] &&
            lower(s.ptr[5]) == months[3 * i + 2])
            month = i + 1;

    int day = digits(s.ptr, 2), year = digits(s.ptr + 7, 4), hour = digits(s.ptr + 12, 2);
    int minute = digits(s.ptr + 15, 2), second = digits(s.ptr + 18, 2);
    int zone_hours = digits(s.ptr + 22, 2), zone_minutes = digits(s.ptr + 24, 2);

    if (!month || day < 1 || day > 31 || year < 0 || hour < 0 || minute < 0 || second < 0 ||
        zone_hours < 0 || zone_minutes < 0)
        return -1;

    int64_t zone = (int64_t)zone_hours * 3600 + zone_minutes * 60;
    int64_t local = days_of(year, month, day) * 86400 + hour * 3600 + minute * 60 + second;

    return s.ptr[21] == '+' ? local - zone : local + zone;
}

enum status imap_add_quoted(struct buf *out, const char *text)
{
    for (const char *p = text; *p; p++)
        if ((unsigned char)*p < 0x20 || (unsigned char)*p >= 0x7f)
            return ST_INVALID;
    buf_addc(out, '"');
    for (const char *p = text; *p; p++) {
        if (*p == '"' || *p == '\\')
            buf_addc(out, '\\');
        buf_addc(out, *p);
    }
    buf_addc(out, '"');
    return ST_OK;
}
