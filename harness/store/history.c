#include "harness/store/history_inside.h"

#include <stdlib.h>
#include <string.h>

enum { HISTORY_VERSION = 1, APPLICATION = 0x73687072 /* "shpr" */, BUSY_MS = 20000 };

static const char SCHEMA[] =
    "CREATE TABLE audit(id INTEGER PRIMARY KEY, started TEXT NOT NULL, duration_us INTEGER NOT NULL,"
    " tool TEXT, expectations TEXT, UNIQUE(started, duration_us));"
    "CREATE TABLE play(id INTEGER PRIMARY KEY, audit INTEGER NOT NULL REFERENCES audit(id),"
    " journey TEXT NOT NULL, file TEXT NOT NULL, status TEXT NOT NULL, score REAL, grade TEXT,"
    " ces REAL, outcome TEXT, waited_us INTEGER, longest_us INTEGER);"
    "CREATE TABLE finding(play INTEGER NOT NULL REFERENCES play(id), kind TEXT NOT NULL,"
    " good INTEGER NOT NULL, times INTEGER NOT NULL, share REAL NOT NULL, regain REAL NOT NULL);"
    "CREATE INDEX play_by_audit ON play(audit);"
    "CREATE INDEX finding_by_play ON finding(play);";

static enum status failed(const struct history *h, const char *what, struct diags *diags)
{
    diag_error(diags, "history %s: %s: %s", h->path, what, sqlite3_errmsg(h->db));
    return ST_IO;
}

static enum status run(struct history *h, const char *sql, struct diags *diags)
{
    return sqlite3_exec(h->db, sql, NULL, NULL, NULL) ? failed(h, "cannot write", diags) : ST_OK;
}

static int64_t pragma(struct history *h, const char *sql)
{
    sqlite3_stmt *s = NULL;
    int64_t value = -1;

    if (!sqlite3_prepare_v2(h->db, sql, -1, &s, NULL) && sqlite3_step(s) == SQLITE_ROW)
        value = sqlite3_column_int64(s, 0);
    sqlite3_finalize(s);
    return value;
}

/* A new file gets its tables; two runs may do so at the same moment, so inside a transaction. */
static enum status make_tables(struct history *h, struct diags *diags)
{
    enum status st = run(h, "BEGIN IMMEDIATE", diags);

    if (st)
        return st;
    if (pragma(h, "PRAGMA user_version") == 0) {
        char *sql = mem_printf("%sPRAGMA user_version=%d;PRAGMA application_id=%d;", SCHEMA,
                               HISTORY_VERSION, APPLICATION);

        st = run(h, sql, diags);
        free(sql);
    }
    return st ? st : run(h, "COMMIT", diags);
}

static enum status check(struct history *h, enum history_open how, struct diags *diags)
{
    int64_t version = pragma(h, "PRAGMA user_version");
    int64_t tables = pragma(h, "SELECT count(*) FROM sqlite_master");

    if (version < 0 || tables < 0)
        return failed(h, "cannot be read", diags);
    if (version == 0 && tables == 0 && how == HISTORY_WRITE)
        return make_tables(h, diags);
    if (pragma(h, "PRAGMA application_id") != APPLICATION) {
        diag_error(diags, "%s is not a history of shopper", h->path);
        return ST_IO;
    }
    if (version > HISTORY_VERSION) {
        diag_error(diags, "history %s was made by a newer version of shopper", h->path);
        return ST_IO;
    }
    return ST_OK;
}

enum status history_open(const char *path, enum history_open how, struct diags *diags,
                         struct history **ret)
{
    struct history *h = mem_zero(1, sizeof *h);
    int flags = how == HISTORY_WRITE ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
                                     : SQLITE_OPEN_READONLY;
    enum status st = ST_OK;

    h->path = path;
    if (sqlite3_open_v2(path, &h->db, flags, NULL)) {
        st = failed(h, "cannot be opened", diags);
    } else {
        sqlite3_busy_timeout(h->db, BUSY_MS);
        st = check(h, how, diags);
    }
    if (st) {
        history_close(h);
        return st;
    }
    *ret = h;
    return ST_OK;
}

void history_close(struct history *h)
{
    if (!h)
        return;
    sqlite3_close(h->db);
    free(h);
}

/* Writing */

/* A statement that is prepared once and run for every row. */
struct rows {
    sqlite3_stmt *audit, *play, *finding;
};

static void text(sqlite3_stmt *s, int i, const char *value)
{
    if (value)
        sqlite3_bind_text(s, i, value, -1, SQLITE_TRANSIENT);
    else
        sqlite3_bind_null(s, i);
}

static bool put(sqlite3_stmt *s)
{
    bool ok = sqlite3_step(s) == SQLITE_DONE;

    sqlite3_reset(s);
    sqlite3_clear_bindings(s);
    return ok;
}

static void bind_waits(sqlite3_stmt *s, const struct journey_result *jr)
{
    int64_t sum = 0, longest = DURATION_UNKNOWN;
    size_t count = jr->judgement ? jr->judgement->exchange_count : 0;

    for (size_t i = 0; i < count; i++) {
        int64_t us = jr->judgement->exchanges[i].wait_us;

        if (us == DURATION_UNKNOWN)
            continue;
        sum += us;
        longest = us > longest ? us : longest;
    }
    if (longest == DURATION_UNKNOWN)
        return;                                  /* stays NULL */
    sqlite3_bind_int64(s, 10, sum);
    sqlite3_bind_int64(s, 11, longest);
}

static bool put_findings(const struct rows *rows, sqlite3_int64 play, const struct findings *f)
{
    bool ok = true;

    for (size_t row = 0; ok && row < finding_row_count; row++) {
        double share = 0, regain = 0;
        int times = 0;

        for (size_t i = 0; i < f->count; i++) {
            if (f->items[i].row != &finding_rows[row] ||
                f->items[i].confidence < CONFIDENCE_COUNTS)
                continue;
            times++;
            share += f->items[i].share;
            regain += f->items[i].regain;
        }
        if (!times)
            continue;
        sqlite3_bind_int64(rows->finding, 1, play);
        text(rows->finding, 2, finding_rows[row].kind);
        sqlite3_bind_int(rows->finding, 3, finding_rows[row].good);
        sqlite3_bind_int(rows->finding, 4, times);
        sqlite3_bind_double(rows->finding, 5, share);
        sqlite3_bind_double(rows->finding, 6, regain);
        ok = put(rows->finding);
    }
    return ok;
}

static bool put_play(struct history *h, const struct rows *rows, sqlite3_int64 audit,
                     const struct journey_result *jr)
{
    const struct score *s = jr->judgement && jr->judgement->score.known ? &jr->judgement->score
                                                                        : NULL;

    sqlite3_bind_int64(rows->play, 2, audit);
    text(rows->play, 3, jr->transcript->journey);
    text(rows->play, 4, jr->transcript->file);
    text(rows->play, 5, journey_status_names[jr->status]);
    if (s) {
        sqlite3_bind_double(rows->play, 6, s->value);
        text(rows->play, 7, (char[]){ s->grade, '\0' });
        sqlite3_bind_double(rows->play, 8, s->ces);
        text(rows->play, 9, outcome_name((enum outcome)s->outcome));
    }
    bind_waits(rows->play, jr);
    return put(rows->play) &&
           (!jr->judgement || put_findings(rows, sqlite3_last_insert_rowid(h->db),
                                           &jr->judgement->findings));
}

static bool put_audit(struct history *h, const struct rows *rows, const struct result *r,
                      const char *now)
{
    text(rows->audit, 1, r->started ? r->started : now);
    sqlite3_bind_int64(rows->audit, 2, r->duration_us);
    text(rows->audit, 3, r->tool);
    text(rows->audit, 4, r->expectations);
    if (!put(rows->audit))
        return false;
    if (sqlite3_changes(h->db) == 0)
        return true;                             /* kept already */

    sqlite3_int64 audit = sqlite3_last_insert_rowid(h->db);
    bool ok = true;

    for (size_t i = 0; ok && i < r->count; i++)
        ok = put_play(h, rows, audit, result_journey(r, i));
    return ok;
}

enum status history_add(struct history *h, const struct result *r, const char *now,
                        struct diags *diags)
{
    static const char *const sql[] = {
        "INSERT OR IGNORE INTO audit(started, duration_us, tool, expectations) VALUES(?,?,?,?)",
        "INSERT INTO play VALUES(?,?,?,?,?,?,?,?,?,?,?)",
        "INSERT INTO finding VALUES(?,?,?,?,?,?)",
    };
    struct rows rows = { NULL, NULL, NULL };
    sqlite3_stmt **s[] = { &rows.audit, &rows.play, &rows.finding };
    enum status st = run(h, "BEGIN IMMEDIATE", diags);
    bool ok = st == ST_OK;

    for (size_t i = 0; ok && i < ARRAY_LEN(s); i++)
        ok = !sqlite3_prepare_v2(h->db, sql[i], -1, s[i], NULL);
    ok = ok && put_audit(h, &rows, r, now);
    if (!ok && st == ST_OK)
        st = failed(h, "cannot write", diags);
    for (size_t i = 0; i < ARRAY_LEN(s); i++)
        sqlite3_finalize(*s[i]);
    if (st) {
        sqlite3_exec(h->db, "ROLLBACK", NULL, NULL, NULL);
        return st;
    }
    return run(h, "COMMIT", diags);
}
