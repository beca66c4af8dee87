/* A result file, read piece by piece: its head is small, its journeys come one at a time. So a file of
 * any length is read in the memory of its longest journey. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "harness/model/result_inside.h"

enum { RESULT_JOURNEYS_MAX = 1000000, BLOCK = 64 * 1024, END = -1 };

struct reading {
    struct members at;            /* the root, for messages */
    struct result *r;
    struct result_change change;
    json_t *head;                 /* what came so far, but for the journeys */
    size_t journeys;
    bool broken;                  /* no JSON: nothing after it can be understood */

    FILE *in;
    char *block;
    size_t pos, len;
    int64_t line, column;
    struct buf value;             /* the text of the value read last */
    int64_t value_line, value_column;
};

static int peek(struct reading *g)
{
    if (g->pos == g->len) {
        g->pos = 0;
        g->len = fread(g->block, 1, BLOCK, g->in);
    }
    return g->len ? (unsigned char)g->block[g->pos] : END;
}

static void skip(struct reading *g)
{
    g->column++;
    if (g->block[g->pos++] == '\n') {
        g->line++;
        g->column = 0;
    }
}

static int next_sign(struct reading *g)
{
    int c;

    while ((c = peek(g)) == ' ' || c == '\t' || c == '\n' || c == '\r')
        skip(g);
    return c;
}

static bool broken(struct reading *g, int64_t line, int64_t column, const char *why)
{
    g->at.index = line;
    member_error(&g->at, NULL, "not JSON (column %lld): %s", (long long)column, why);
    g->broken = true;
    return false;
}

static bool expected(struct reading *g, const char *what)
{
    CLEANUP(buf_release) struct buf why = BUF_INIT(200);

    buf_addf(&why, "%s expected%s", what, peek(g) == END ? " near end of file" : "");
    return broken(g, g->line, g->column + 1, why.ptr);
}

/* How far a value is read. */
struct state {
    size_t depth;
    bool in_text, escaped;
    bool over;
};

/* One more byte; true when it belongs to the value. */
static bool belongs(struct state *s, char c)
{
    if (s->in_text) {
        s->in_text = s->escaped || c != '"';
        s->escaped = !s->escaped && c == '\\';
        s->over = !s->in_text && !s->depth;
        return true;
    }
    switch (c) {
    case '"': s->in_text = true; return true;
    case '{': case '[': s->depth++; return true;
    case '}': case ']':
        if (!s->depth)
            return false;
        s->over = !--s->depth;
        return true;
    case ',': case ':': case ' ': case '\t': case '\n': case '\r': return s->depth > 0;
    default: return true;
    }
}

/* The text of the next value; whether it is one, jansson finds out. */
static bool take_text(struct reading *g)
{
    struct state s = { .depth = 0 };
    bool more = next_sign(g) != END;

    g->value_line = g->line;
    g->value_column = g->column;
    buf_clear(&g->value);
    while (more && !s.over && peek(g) != END) {
        size_t start = g->pos;

        while (more && !s.over && g->pos < g->len) {
            more = belongs(&s, g->block[g->pos]);
            if (more)
                skip(g);
        }
        buf_add(&g->value, g->block + start, g->pos - start);
    }
    if (g->value.full)
        return broken(g, g->value_line, g->value_column + 1, "a value of over 1 GiB");
    return g->value.len || expected(g, "a value");
}

/* New reference; NULL with an error. */
static json_t *take_value(struct reading *g)
{
    json_error_t err;
    json_t *j;

    if (!take_text(g))
        return NULL;
    j = json_loadb(g->value.ptr, g->value.len,
                   JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL | JSON_DECODE_ANY, &err);
    if (!j)
        broken(g, g->value_line + err.line - 1,
               err.line == 1 ? g->value_column + err.column : err.column, err.text);
    return j;
}

/* The sign, or an error. */
static bool take_sign(struct reading *g, char sign)
{
    char what[] = { '\'', sign, '\'', '\0' };

    if (next_sign(g) != (unsigned char)sign)
        return expected(g, what);
    skip(g);
    return true;
}

/* After an item: true when another one follows, false at the closing sign and after errors. */
static bool another(struct reading *g, char closing)
{
    char what[] = { '\'', ',', '\'', ' ', 'o', 'r', ' ', '\'', closing, '\'', '\0' };
    int c = next_sign(g);

    if (c != ',' && c != (unsigned char)closing)
        return expected(g, what);
    skip(g);
    return c == ',';
}

static void take_journey(struct reading *g, json_t *j)
{
    struct members row;

    g->at.index = -1;
    if (!member_value(&g->at, "journeys", j, g->journeys, &row))
        return;

    struct journey_result *jr = journey_result_read(&row);

    if (!jr)
        return;
    if (g->change.each)
        g->change.each(g->change.context, jr);
    result_add(g->r, jr);
}

static bool wrong_version(struct reading *g)
{
    int64_t version = 0;

    if (!member_int(&g->at, "result", NEEDED, 0, INT_MAX, &version))
        return true;
    if (version == RESULT_VERSION)
        return false;
    member_error(&g->at, "result", "version %lld; this program reads version %d",
                 (long long)version, RESULT_VERSION);
    return true;
}

/* The list of journeys; true when what follows it should be read, too. */
static bool take_journeys(struct reading *g)
{
    size_t errors = g->at.diags->errors;
    bool more;

    g->at.index = -1;
    g->at.object = g->head;
    if (member_given(&g->at, "result") && wrong_version(g))
        return false;
    skip(g);
    more = next_sign(g) != ']';
    if (!more)
        skip(g);
    while (more) {
        json_t *j = take_value(g);

        if (j)
            take_journey(g, j);
        json_decref(j);
        if (!j || g->at.diags->errors - errors >= MEMBER_ERRORS_MAX)
            return false;
        if (++g->journeys > RESULT_JOURNEYS_MAX) {
            member_error(&g->at, "journeys", "over %d", RESULT_JOURNEYS_MAX);
            return false;
        }
        more = another(g, ']');
    }
    return !g->broken;
}

/* A member of the head; true when more should be read. */
static bool take_member(struct reading *g)
{
    json_t *key = next_sign(g) == '"' ? take_value(g) : NULL, *value;
    bool ok = key || (!g->broken && expected(g, "a name in quotation marks"));

    ok = ok && take_sign(g, ':');
    if (ok && json_object_get(g->head, json_string_value(key))) {
        ok = broken(g, g->value_line, g->value_column + 1, "a name that was there before");
    } else if (ok && !strcmp(json_string_value(key), "journeys") && next_sign(g) == '[') {
        ok = take_journeys(g);
        json_object_set_new(g->head, "journeys", json_array());
    } else if (ok) {
        value = take_value(g);
        ok = value != NULL;
        json_object_setn_new(g->head, json_string_value(key), json_string_length(key), value);
    }
    json_decref(key);
    return ok;
}

static void read_head(struct reading *g)
{
    struct result *r = g->r;
    const struct members *m = &g->at;

    g->at.index = -1;
    g->at.object = g->head;
    if (!member_given(m, "result")) {
        member_error(m, NULL, "not a result; expected {\"result\":%d, …}", RESULT_VERSION);
        return;
    }
    if (wrong_version(g))
        return;
    member_text(m, "tool", OPTIONAL, MEMBER_TEXT_MAX, &r->tool);
    member_text(m, "started", OPTIONAL, 64, &r->started);
    member_text(m, "expectations", OPTIONAL, MEMBER_TEXT_MAX, &r->expectations);
    member_texts(m, "expectation_changes", &r->changes, &r->change_count);
    member_us(m, "duration_us", OPTIONAL, &r->duration_us);
    member_texts(m, "left_out", &r->left_out, &r->left_out_count);
    member_int(m, "shard", OPTIONAL, 1, INT_MAX, &r->shard);
    member_int(m, "shards", OPTIONAL, 1, INT_MAX, &r->shards);
    member_list(m, "journeys", NEEDED, RESULT_JOURNEYS_MAX);
}

static void read_all(struct reading *g)
{
    size_t errors = g->at.diags->errors;

    if (next_sign(g) == '[')
        member_error(&g->at, NULL, "expected an object");
    else if (!take_sign(g, '{'))
        return;
    else if (next_sign(g) == '}')
        skip(g);
    else
        while (take_member(g) && another(g, '}'))
            continue;
    if (g->at.diags->errors > errors)
        return;
    if (next_sign(g) != END)
        expected(g, "end of file");
    else if (!ferror(g->in))
        read_head(g);
}

enum status result_read(const char *name, FILE *in, const char *folder,
                        struct result_change change, struct diags *diags, struct result **ret)
{
    CLEANUP(result_freep) struct result *r = result_new();
    struct reading g = {
        .at = { NULL, name, -1, NULL, diags, r->arena }, .r = r, .change = change, .in = in,
        .head = json_object(), .block = mem_alloc(BLOCK), .line = 1,
    };
    size_t errors = diags->errors;

    buf_init(&g.value, RESULT_JOURNEY_MAX_BYTES);
    r->folder = folder;
    read_all(&g);
    json_decref(g.head);
    free(g.block);
    buf_release(&g.value);
    if (ferror(in) || !result_whole(r))
        return ST_IO;
    if (diags->errors > errors)
        return ST_INVALID;
    *ret = r;
    r = NULL;
    return ST_OK;
}

enum status result_parse(const char *name, struct slice text, struct diags *diags,
                         struct result **ret)
{
    FILE *f = text.len ? fmemopen((void *)(uintptr_t)text.ptr, text.len, "r")
                       : fopen("/dev/null", "r");   /* fmemopen may refuse to read nothing */
    enum status st;

    if (!f)
        return ST_IO;
    st = result_read(name, f, NULL, (struct result_change){ NULL, NULL }, diags, ret);
    fclose(f);
    return st;
}
