#include "harness/store/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { APPLICATION_ID = 0x53684a6c, WHY_MAX = 300 };          /* "ShJl" */

static const char schema[] =
    "CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE journeys(journey INTEGER PRIMARY KEY, status TEXT NOT NULL DEFAULT 'open',"
    " wake_us INTEGER NOT NULL DEFAULT 0, contacts INTEGER NOT NULL DEFAULT 0, header TEXT);"
    "CREATE TABLE events(journey INTEGER, seq INTEGER, json TEXT NOT NULL,"
    " PRIMARY KEY(journey, seq)) WITHOUT ROWID;"
    "CREATE TABLE parts(journey INTEGER, name TEXT, json TEXT NOT NULL,"
    " PRIMARY KEY(journey, name)) WITHOUT ROWID;";

/* One statement per kind of row, by enum kept_what; then the questions. */
enum { ASK_GLANCE = KEPT_STATE + 1, ASK_EVENTS, ASK_PARTS, ASK_META, SET_META, FORGET_PARTS,
       STATEMENTS };

static const char *const statements[STATEMENTS] = {
    [KEPT_HEADER] = "INSERT INTO journeys(journey, header) VALUES(?1, ?2)"
                    " ON CONFLICT(journey) DO UPDATE SET header = ?2",
    [KEPT_EVENT] = "INSERT INTO events(journey, json, seq) VALUES(?1, ?2, ?3)",
    [KEPT_PART] = "INSERT OR REPLACE INTO parts(journey, json, name) VALUES(?1, ?2, ?3)",
    [KEPT_STATE] = "INSERT INTO journeys(journey, status, wake_us, contacts)"
                   " VALUES(?1, ?2, ?3, ?4) ON CONFLICT(journey) DO UPDATE"
                   " SET status = ?2, wake_us = ?3, contacts = ?4",
    [FORGET_PARTS] = "DELETE FROM parts WHERE journey = ?1",
    [ASK_GLANCE] = "SELECT status, wake_us, contacts, header FROM journeys WHERE journey = ?1",
    [ASK_EVENTS] = "SELECT json, seq FROM events WHERE journey = ?1 ORDER BY seq",
    [ASK_PARTS] = "SELECT json, name FROM parts WHERE journey = ?1",
    [ASK_META] = "SELECT value FROM meta WHERE key = ?1",
    [SET_META] = "INSERT OR REPLACE INTO meta(key, value) VALUES(?1, ?2)",
};

struct journal {
    sqlite3 *db;
    sqlite3_stmt *prepared[STATEMENTS];
    char why[WHY_MAX];
    pthread_mutex_t lock;         /* of the statements: who reads and who writes */
};

const char *journal_why(const struct journal *j)
{
    return j->why;
}

static void keep_why(struct journal *j)
{
    const char *text = sqlite3_errmsg(j->db);

    snprintf(j->why, sizeof j->why, "%s", text);
}

void journal_close(struct journal *j)
{
    if (!j)
        return;
    for (size_t i = 0; i < STATEMENTS; i++)
        sqlite3_finalize(j->prepared[i]);
    sqlite3_close(j->db);
    pthread_mutex_destroy(&j->lock);
    free(j);
}

static bool run(struct journal *j, const char *sql)
{
    if (sqlite3_exec(j->db, sql, NULL, NULL, NULL) == SQLITE_OK)
        return true;
    keep_why(j);
    return false;
}

/* An integer that a PRAGMA answers; -1 none. */
static int64_t ask_int(struct journal *j, const char *sql)
{
    sqlite3_stmt *s;
    int64_t value = -1;

    if (sqlite3_prepare_v2(j->db, sql, -1, &s, NULL) != SQLITE_OK) {
        keep_why(j);
        return -1;
    }
    if (sqlite3_step(s) == SQLITE_ROW)
        value = sqlite3_column_int64(s, 0);
    else
        keep_why(j);
    sqlite3_finalize(s);
    return value;
}

static enum status complain(struct journal *j, const char *path, struct diags *diags)
{
    int code = sqlite3_errcode(j->db) & 0xff;

    if (!*j->why)
        keep_why(j);
    if (code == SQLITE_BUSY || code == SQLITE_LOCKED) {
        diag_error(diags, "%s: another shopper has this journal open; wait until it has ended",
                   path);
        return ST_DENIED;
    }
    if (code == SQLITE_NOTADB || code == SQLITE_CORRUPT) {
        diag_error(diags, "%s is no journal, or it is damaged (%s)", path, j->why);
        return ST_INVALID;
    }
    diag_error(diags, "%s: %s", path, j->why);
    return ST_IO;
}

static bool prepare(struct journal *j)
{
    for (size_t i = 0; i < STATEMENTS; i++) {
        if (sqlite3_prepare_v3(j->db, statements[i], -1, SQLITE_PREPARE_PERSISTENT,
                               &j->prepared[i], NULL) == SQLITE_OK)
            continue;
        keep_why(j);
        return false;
    }
    return true;
}

/* Exclusive before the first access: then WAL needs no shared memory, and the lock is ours from the
 * first write on, whatever we do. */
static bool configure(struct journal *j)
{
    return run(j, "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL;"
                  "PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;"
                  "BEGIN IMMEDIATE; COMMIT;");
}

static enum status open_file(const char *path, struct diags *diags, struct journal **ret)
{
    struct journal *j = mem_zero(1, sizeof *j);
    enum status st;

    pthread_mutex_init(&j->lock, NULL);

    if (sqlite3_open_v2(path, &j->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_FULLMUTEX, NULL) ==
        SQLITE_OK) {
        *ret = j;
        return ST_OK;
    }
    keep_why(j);
    st = complain(j, path, diags);
    journal_close(j);
    return st;
}

/* SQLite would make it with the umask's mode, and secrets lie in it. */
static enum status make_file(const char *path, struct diags *diags)
{
    struct stat st;
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

    if (fd < 0) {
        diag_error(diags, "cannot make the journal %s: %s", path, strerror(errno));
        return ST_IO;
    }
    if (fstat(fd, &st) || !S_ISREG(st.st_mode) || st.st_size > 0) {
        close(fd);
        diag_error(diags, "%s is there already: `shopper resume %s` goes on with a journal; a new "
                          "run needs another file", path, path);
        return ST_INVALID;
    }
    fchmod(fd, 0600);
    close(fd);
    return ST_OK;
}

enum status journal_create(const char *path, struct diags *diags, struct journal **ret)
{
    struct journal *j;
    enum status st = make_file(path, diags);

    if (st || (st = open_file(path, diags, &j)))
        return st;

    char *sql = mem_printf("BEGIN; %s PRAGMA application_id = %d; PRAGMA user_version = %d; COMMIT;",
                           schema, APPLICATION_ID, JOURNAL_VERSION);

    if (configure(j) && run(j, sql) && prepare(j)) {
        *ret = j;
    } else {
        st = complain(j, path, diags);
        journal_close(j);
    }
    free(sql);
    return st;
}

static enum status check_version(struct journal *j, const char *path, struct diags *diags)
{
    int64_t id = ask_int(j, "PRAGMA application_id"), version;

    if (id < 0)
        return complain(j, path, diags);
    if (id != APPLICATION_ID) {
        diag_error(diags, "%s is no journal of shopper", path);
        return ST_INVALID;
    }
    version = ask_int(j, "PRAGMA user_version");
    if (version == JOURNAL_VERSION)
        return ST_OK;
    diag_error(diags, "%s is a journal of version %lld; this shopper reads version %d. Go on with "
                      "the shopper that began it", path, (long long)version, JOURNAL_VERSION);
    return ST_INVALID;
}

static bool looks_whole(struct journal *j, const char *path, struct diags *diags)
{
    sqlite3_stmt *s = NULL;
    bool whole = sqlite3_prepare_v2(j->db, "PRAGMA quick_check(1)", -1, &s, NULL) == SQLITE_OK &&
                 sqlite3_step(s) == SQLITE_ROW &&
                 !strcmp((const char *)sqlite3_column_text(s, 0), "ok");

    if (!whole)
        diag_error(diags, "%s is damaged: %s", path,
                   s && sqlite3_column_text(s, 0) ? (const char *)sqlite3_column_text(s, 0)
                                                  : sqlite3_errmsg(j->db));
    sqlite3_finalize(s);
    return whole;
}

enum status journal_open(const char *path, struct diags *diags, struct journal **ret)
{
    struct journal *j;
    enum status st;

    if (access(path, F_OK)) {
        diag_error(diags, "%s: there is no such journal", path);
        return ST_NOT_FOUND;
    }
    st = open_file(path, diags, &j);
    if (st)
        return st;
    st = configure(j) ? check_version(j, path, diags) : complain(j, path, diags);
    if (!st && !looks_whole(j, path, diags))
        st = ST_INVALID;
    if (!st && !prepare(j)) {
        diag_error(diags, "%s is damaged: %s", path, j->why);
        st = ST_INVALID;
    }
    if (st)
        journal_close(j);
    else
        *ret = j;
    return st;
}

/* Writing */

static void bind_text(sqlite3_stmt *s, int at, const char *text)
{
    sqlite3_bind_text(s, at, text, -1, SQLITE_STATIC);
}

static bool finish(struct journal *j, sqlite3_stmt *s)
{
    bool ok = sqlite3_step(s) == SQLITE_DONE;

    if (!ok)
        keep_why(j);
    sqlite3_reset(s);
    sqlite3_clear_bindings(s);
    return ok;
}

static bool write_row(struct journal *j, const struct kept_row *r)
{
    sqlite3_stmt *s = j->prepared[r->what], *forget = j->prepared[FORGET_PARTS];

    if (r->what == KEPT_STATE && r->status == KEPT_OVER) {
        sqlite3_bind_int64(forget, 1, (sqlite3_int64)r->journey);
        if (!finish(j, forget))
            return false;
    }
    sqlite3_bind_int64(s, 1, (sqlite3_int64)r->journey);
    bind_text(s, 2, r->what == KEPT_STATE ? kept_status_names[r->status] : r->json);
    switch (r->what) {
    case KEPT_HEADER: break;
    case KEPT_EVENT: sqlite3_bind_int(s, 3, r->seq); break;
    case KEPT_PART: bind_text(s, 3, r->name); break;
    case KEPT_STATE:
        sqlite3_bind_int64(s, 3, r->wake_us);
        sqlite3_bind_int64(s, 4, (sqlite3_int64)r->contacts);
        break;
    }
    return finish(j, s);
}

static enum status write_batch(struct journal *j, const struct kept_batch *b)
{
    bool ok = run(j, "BEGIN IMMEDIATE");

    for (size_t i = 0; ok && i < b->count; i++)
        ok = write_row(j, &b->rows[i]);
    if (ok && run(j, "COMMIT"))
        return ST_OK;
    sqlite3_exec(j->db, "ROLLBACK", NULL, NULL, NULL);
    return ST_IO;
}

enum status journal_write(struct journal *j, const struct kept_batch *b)
{
    enum status st;

    pthread_mutex_lock(&j->lock);
    st = write_batch(j, b);
    pthread_mutex_unlock(&j->lock);
    return st;
}

enum status journal_set_meta(struct journal *j, const char *key, const char *value)
{
    sqlite3_stmt *s = j->prepared[SET_META];

    bind_text(s, 1, key);
    bind_text(s, 2, value);
    return finish(j, s) ? ST_OK : ST_IO;
}

/* Reading */

char *journal_meta(struct journal *j, struct arena *a, const char *key)
{
    sqlite3_stmt *s = j->prepared[ASK_META];
    char *value = NULL;

    bind_text(s, 1, key);
    if (sqlite3_step(s) == SQLITE_ROW)
        value = arena_strdup(a, (const char *)sqlite3_column_text(s, 0));
    sqlite3_reset(s);
    return value;
}

static json_t *column_json(sqlite3_stmt *s, int at)
{
    return json_loadb((const char *)sqlite3_column_text(s, at),
                      (size_t)sqlite3_column_bytes(s, at), JSON_ALLOW_NUL, NULL);
}

static enum kept_status status_of(const char *name)
{
    for (size_t i = 0; i < KEPT_STATUS_COUNT; i++)
        if (name && !strcmp(kept_status_names[i], name))
            return (enum kept_status)i;
    return KEPT_STATUS_COUNT;
}

enum status journal_glance(struct journal *j, size_t journey, struct kept_journey *ret)
{
    sqlite3_stmt *s = j->prepared[ASK_GLANCE];
    struct kept_journey k = { .status = KEPT_NEW };
    enum status st = ST_OK;
    int got;

    sqlite3_bind_int64(s, 1, (sqlite3_int64)journey);
    got = sqlite3_step(s);
    if (got == SQLITE_ROW) {
        k.status = status_of((const char *)sqlite3_column_text(s, 0));
        k.wake_us = sqlite3_column_int64(s, 1);
        k.contacts = (size_t)sqlite3_column_int64(s, 2);
        k.header = sqlite3_column_type(s, 3) == SQLITE_NULL ? NULL : column_json(s, 3);
        if (k.status == KEPT_STATUS_COUNT || !k.header)
            st = ST_INVALID;
    } else if (got != SQLITE_DONE) {
        keep_why(j);
        st = ST_IO;
    }
    sqlite3_reset(s);
    if (st)
        kept_journey_release(&k);
    else
        *ret = k;
    return st;
}

/* Events come without gaps, parts with their names. */
static enum status read_rows(struct journal *j, int which, size_t journey, json_t *into)
{
    sqlite3_stmt *s = j->prepared[which];
    enum status st = ST_OK;
    int got;

    sqlite3_bind_int64(s, 1, (sqlite3_int64)journey);
    while (!st && (got = sqlite3_step(s)) != SQLITE_DONE) {
        json_t *one = got == SQLITE_ROW ? column_json(s, 0) : NULL;

        if (!one)
            st = got == SQLITE_ROW ? ST_INVALID : ST_IO;
        else if (which == ASK_EVENTS && (size_t)sqlite3_column_int(s, 1) != json_array_size(into))
            st = ST_INVALID;
        else if (which == ASK_EVENTS)
            json_array_append(into, one);
        else
            json_object_set(into, (const char *)sqlite3_column_text(s, 1), one);
        json_decref(one);
    }
    if (st == ST_IO)
        keep_why(j);
    sqlite3_reset(s);
    return st;
}

static enum status read_all(struct journal *j, size_t journey, struct kept_journey *ret)
{
    struct kept_journey k = { 0 };
    enum status st = journal_glance(j, journey, &k);

    if (st)
        return st;
    k.events = json_array();
    k.parts = json_object();
    st = read_rows(j, ASK_EVENTS, journey, k.events);
    if (!st)
        st = read_rows(j, ASK_PARTS, journey, k.parts);
    if (st)
        kept_journey_release(&k);
    else
        *ret = k;
    return st;
}

enum status journal_read(struct journal *j, size_t journey, struct kept_journey *ret)
{
    enum status st;

    pthread_mutex_lock(&j->lock);
    st = read_all(j, journey, ret);
    pthread_mutex_unlock(&j->lock);
    return st;
}
