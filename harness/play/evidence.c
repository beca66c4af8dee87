#define _XOPEN_SOURCE 700
#include "harness/play/evidence.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/text.h"

enum { JOURNEY_CHARS = 60, CHANNEL_CHARS = 24 };

struct evidence {
    char *folder;
    int fd;
    pthread_mutex_t lock;
    char *problem;                /* guarded by it until nobody plays any more */
};

/** The folder and those above it; only what is made here is made private. */
static bool make_folders(const char *path)
{
    CLEANUP(mem_freep) char *copy = mem_strdup(path);

    for (char *p = copy + 1; *p; p++) {
        if (*p != '/')
            continue;
        *p = '\0';
        if (mkdir(copy, 0700) && errno != EEXIST)
            return false;
        *p = '/';
    }
    return mkdir(copy, 0700) == 0 || errno == EEXIST;
}

struct evidence *evidence_open(const char *folder, struct diags *diags)
{
    struct evidence *e;
    int fd = -1;

    if (*folder && make_folders(folder))
        fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || faccessat(fd, ".", W_OK | X_OK, 0)) {
        diag_error(diags, "cannot keep evidence in the folder \"%s\": %s", folder,
                   strerror(*folder ? errno : ENOENT));
        if (fd >= 0)
            close(fd);
        return NULL;
    }
    e = mem_zero(1, sizeof *e);
    pthread_mutex_init(&e->lock, NULL);
    e->folder = mem_strdup(folder);
    e->fd = fd;
    return e;
}

void evidence_free(struct evidence *e)
{
    if (!e)
        return;
    close(e->fd);
    pthread_mutex_destroy(&e->lock);
    free(e->folder);
    free(e->problem);
    free(e);
}

const char *evidence_problem(const struct evidence *e)
{
    return e->problem;
}

/** At most `max` of the plain letters and digits of a name, with "-" between. */
static void add_slug(struct buf *out, const char *name, size_t max)
{
    CLEANUP(mem_freep) char *folded = text_folded(name);
    size_t end = out->len + max;

    for (const char *p = folded; *p && out->len < end; p++) {
        bool plain = (*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9');

        if (plain)
            buf_addc(out, *p);
        else if (out->len && out->ptr[out->len - 1] != '-')
            buf_addc(out, '-');
    }
    while (out->len && out->ptr[out->len - 1] == '-')
        out->ptr[--out->len] = '\0';
}

/** A name of ours: "02-e007-….png". */
static bool is_ours(const char *name)
{
    const char *dot = strrchr(name, '.');
    size_t digits = strspn(name, "0123456789");

    if (digits < 2 || strncmp(name + digits, "-e", 2) || !dot)
        return false;
    for (size_t i = 0; i < EVIDENCE_COUNT; i++)
        if (!strcmp(dot + 1, evidence_rows[i].extension))
            return true;
    return false;
}

static void remove_earlier(int folder)
{
    int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *d = fd >= 0 ? fdopendir(fd) : NULL;

    if (!d) {
        if (fd >= 0)
            close(fd);
        return;
    }
    for (struct dirent *entry; (entry = readdir(d));)
        if (is_ours(entry->d_name))
            unlinkat(folder, entry->d_name, 0);
    closedir(d);
}

static int open_journey(struct evidence *e, const char *name, bool first)
{
    int fd;

    if (mkdirat(e->fd, name, 0700) && errno != EEXIST)
        return -1;
    fd = openat(e->fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd >= 0 && first) {
        fchmod(fd, 0700);
        remove_earlier(fd);
    }
    return fd;
}

static bool write_all(int fd, struct slice bytes)
{
    while (bytes.len) {
        ssize_t n = write(fd, bytes.ptr, bytes.len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        bytes.ptr += n;
        bytes.len -= (size_t)n;
    }
    return true;
}

static bool write_file(int folder, const char *name, struct slice bytes)
{
    int fd = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    bool ok = fd >= 0 && write_all(fd, bytes);
    int why = errno;

    if (fd >= 0 && close(fd) && ok) {
        ok = false;
        why = errno;
    }
    if (fd >= 0 && !ok)
        unlinkat(folder, name, 0);               /* half a file proves nothing */
    errno = why;
    return ok;
}

static enum status failed(struct evidence *e, enum status st, const char *name, const char *why)
{
    pthread_mutex_lock(&e->lock);
    if (!e->problem)
        e->problem = mem_printf("evidence %s/%s was not kept: %s", e->folder, name, why);
    pthread_mutex_unlock(&e->lock);
    return st;
}

enum status evidence_keep(struct evidence *e, const struct evidence_place *place,
                          enum evidence_kind kind, struct door *door, struct slice bytes,
                          char *name)
{
    const struct evidence_row *row = &evidence_rows[kind];
    CLEANUP(buf_release) struct buf path = BUF_INIT(EVIDENCE_NAME_MAX - 1);
    CLEANUP(buf_release) struct buf clean = BUF_INIT(EVIDENCE_FILE_MAX);
    size_t folder_len;
    bool ok;

    buf_addf(&path, "%03zu-", place->journey + 1);
    add_slug(&path, place->journey_name, JOURNEY_CHARS);
    folder_len = path.len;
    buf_addf(&path, "/%02d-e%03d-", place->step + 1, place->seq);
    add_slug(&path, place->channel, CHANNEL_CHARS);
    buf_addf(&path, "-%s.%s", row->code, row->extension);
    if (row->is_text) {
        door_clean_bytes(door, bytes, &clean);
        bytes = buf_slice(&clean);
    }
    if (bytes.len > EVIDENCE_FILE_MAX || clean.full)
        return failed(e, ST_LIMIT, path.ptr, "too large");

    CLEANUP(mem_freep) char *folder = mem_strndup(path.ptr, folder_len);
    int fd = open_journey(e, folder, place->first);

    ok = fd >= 0 && write_file(fd, path.ptr + folder_len + 1, bytes);
    if (!ok)
        failed(e, ST_IO, path.ptr, strerror(errno));
    if (fd >= 0)
        close(fd);
    memcpy(name, path.ptr, path.len + 1);
    return ok ? ST_OK : ST_IO;
}
