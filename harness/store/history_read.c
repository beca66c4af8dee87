/* A history back as trends. The file may have been edited: nothing in it is taken on trust. */
#include <math.h>
#include <sqlite3.h>
#include <string.h>

#include "harness/model/members.h"
#include "harness/store/history_inside.h"

enum { NAME_MAX_BYTES = 4096, KIND_MAX_BYTES = 64 };

static const char *column_text(sqlite3_stmt *s, int i, struct arena *a, size_t max)
{
    const unsigned char *t = sqlite3_column_text(s, i);

    return t ? member_clean(a, (const char *)t, (size_t)sqlite3_column_bytes(s, i), max) : "";
}

static int64_t column_us(sqlite3_stmt *s, int i)
{
    int64_t us = sqlite3_column_int64(s, i);

    return sqlite3_column_type(s, i) == SQLITE_NULL || us < 0 ? DURATION_UNKNOWN : us;
}

static enum journey_status status_of(const char *name)
{
    for (int i = 0; i < JOURNEY_STATUS_COUNT; i++)
        if (!strcmp(name, journey_status_names[i]))
            return (enum journey_status)i;
    return JOURNEY_NOT_TESTED;
}

static struct trend *trend_for(struct trends *t, struct arena *a, json_t *index,
                               const char *journey, const char *file)
{
    char *key = arena_printf(a, "%s\n%s", journey, file);
    const json_t *known = json_object_get(index, key);

    if (known)
        return &t->items[json_integer_value(known)];
    ARENA_GROW(a, t->items, t->cap, t->count + 1);
    json_object_set_new(index, key, json_integer((json_int_t)t->count));
    t->items[t->count] = (struct trend){ .journey = journey, .file = file };
    return &t->items[t->count++];
}

static void read_findings(sqlite3_stmt *s, sqlite3_int64 play, struct arena *a,
                          struct trend_play *p)
{
    sqlite3_bind_int64(s, 1, play);
    while (sqlite3_step(s) == SQLITE_ROW) {
        double share = sqlite3_column_double(s, 2);

        ARENA_GROW(a, p->findings, p->finding_cap, p->finding_count + 1);
        p->findings[p->finding_count++] = (struct trend_finding){
            column_text(s, 0, a, KIND_MAX_BYTES), sqlite3_column_int(s, 1),
            isfinite(share) ? share : 0 };
    }
    sqlite3_reset(s);
}

static void read_play(sqlite3_stmt *s, sqlite3_stmt *findings, struct arena *a, json_t *index,
                      struct trends *ret)
{
    struct trend *t = trend_for(ret, a, index, column_text(s, 1, a, NAME_MAX_BYTES),
                                column_text(s, 2, a, NAME_MAX_BYTES));
    double score = sqlite3_column_double(s, 5), ces = sqlite3_column_double(s, 7);
    const char *grade = column_text(s, 6, a, 8);
    bool known = sqlite3_column_type(s, 5) != SQLITE_NULL && score >= 0 && score <= 100 &&
                 *grade >= 'A' && *grade <= 'F';

    ARENA_GROW(a, t->plays, t->cap, t->count + 1);

    struct trend_play *p = &t->plays[t->count++];

    *p = (struct trend_play){
        .started = column_text(s, 3, a, 64), .status = status_of(column_text(s, 4, a, 32)),
        .known = known, .score = known ? score : 0, .grade = known ? *grade : '-',
        .ces = ces >= 1 && ces <= 7 ? ces : 1, .waited_us = column_us(s, 8),
        .longest_us = column_us(s, 9) };
    read_findings(findings, sqlite3_column_int64(s, 0), a, p);
}

static void keep_last(struct trends *t, size_t last)
{
    for (size_t i = 0; last && i < t->count; i++) {
        struct trend *x = &t->items[i];

        if (x->count > last) {
            x->plays += x->count - last;
            x->count = last;
        }
    }
}

enum status history_read(struct history *h, size_t last, struct arena *a, struct diags *diags,
                         struct trends *ret)
{
    static const char plays[] =
        "SELECT play.id, journey, file, started, status, score, grade, ces, waited_us, longest_us "
        "FROM play JOIN audit ON audit.id = play.audit ORDER BY started, audit.id, play.id";
    static const char found[] =
        "SELECT kind, times, share FROM finding WHERE play = ? AND good = 0 ORDER BY share DESC, "
        "kind";
    sqlite3_stmt *play = NULL, *finding = NULL;
    json_t *index = json_object();
    int step = SQLITE_ERROR;

    *ret = (struct trends){ 0 };
    if (!sqlite3_prepare_v2(h->db, plays, -1, &play, NULL) &&
        !sqlite3_prepare_v2(h->db, found, -1, &finding, NULL))
        while ((step = sqlite3_step(play)) == SQLITE_ROW)
            read_play(play, finding, a, index, ret);
    if (step != SQLITE_DONE)
        diag_error(diags, "history %s: cannot be read: %s", h->path, sqlite3_errmsg(h->db));
    sqlite3_finalize(play);
    sqlite3_finalize(finding);
    json_decref(index);
    keep_last(ret, last);
    return step == SQLITE_DONE ? ST_OK : ST_IO;
}
