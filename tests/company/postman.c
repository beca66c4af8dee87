#include "tests/company/postman.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#include "harness/base/duration.h"
#include "harness/base/mem.h"
#include "tests/company/clock.h"
#include "tests/company/mail_servers.h"

struct postman {
    const char *folder;
};

struct postman *postman_new(const char *folder)
{
    struct postman *p = mem_zero(1, sizeof *p);

    p->folder = folder;
    return p;
}

void postman_free(struct postman *p)
{
    free(p);
}

/* Dovecot knows by its time whether a folder has changed, and the kernel's ticks are too coarse to tell
 * two mails apart that come one upon the other: the second would not be seen for seconds. */
static void mark_changed(const char *folder)
{
    struct timespec times[2];

    clock_gettime(CLOCK_REALTIME, &times[0]);
    times[1] = times[0];
    (void)utimensat(AT_FDCWD, folder, times, 0);
}

static size_t carry(const struct postman *p, const char *box, int64_t wall_us)
{
    CLEANUP(mem_freep) char *from = mem_printf("%s/" MAIL_INCOMING "/%s/new", p->folder, box);
    CLEANUP(mem_freep) char *to = mem_printf("%s/mail/%s/new", p->folder, box);
    DIR *d = opendir(from);
    size_t carried = 0;

    for (struct dirent *e; d && (e = readdir(d)); ) {
        CLEANUP(mem_freep) char *came = mem_printf("%s/%s", from, e->d_name);
        CLEANUP(mem_freep) char *goes = mem_printf("%s/%s", to, e->d_name);
        const struct timespec at = { wall_us / US_PER_S, wall_us % US_PER_S * 1000 };
        const struct timespec times[] = { at, at };

        if (e->d_name[0] == '.')
            continue;
        if (utimensat(AT_FDCWD, came, times, 0) == 0 && rename(came, goes) == 0)
            carried++;
    }
    if (d)
        closedir(d);
    if (carried)
        mark_changed(to);
    return carried;
}

/* What has lain in the spool for too long will not move any more. */
static bool is_young(const char *path)
{
    struct timespec now;
    struct stat st;

    clock_gettime(CLOCK_REALTIME, &now);
    return stat(path, &st) == 0 && now.tv_sec - st.st_mtim.tv_sec <= CLOCK_STUCK_S;
}

static bool spool_is_busy(const struct postman *p)
{
    CLEANUP(mem_freep) char *spool = mem_printf("%s/spool/input", p->folder);
    DIR *d = opendir(spool);
    bool busy = false;

    for (struct dirent *e; d && !busy && (e = readdir(d)); ) {
        CLEANUP(mem_freep) char *path = mem_printf("%s/%s", spool, e->d_name);

        busy = e->d_name[0] != '.' && is_young(path);
    }
    if (d)
        closedir(d);
    return busy;
}

/* First the spool: what has left it lies where it is found then. */
struct post postman_round(struct postman *p, int64_t wall_us)
{
    struct post post = { .under_way = spool_is_busy(p) };

    post.customers = carry(p, MAIL_CUSTOMERS, wall_us);
    post.support = carry(p, MAIL_SUPPORT, wall_us);
    return post;
}
