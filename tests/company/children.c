#define _GNU_SOURCE               /* setgroups */
#include "tests/company/children.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { KILL_ROUNDS = 400, ROUND_MS = 5, STAT_MAX = 512 };

void children_adopt(void)
{
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

void children_die_with(pid_t parent)
{
    prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0);
    if (getppid() != parent)
        _exit(1);                 /* it died before we asked */
}

static void place_fd(int fd, int at)
{
    if (fd == -1)
        fd = open("/dev/null", O_RDWR);
    if (fd == at)
        fcntl(fd, F_SETFD, 0);
    else
        dup2(fd, at);
}

static void become(const struct child *c)
{
    if (c->uid == (uid_t)-1)
        return;
    if (setgroups(0, NULL) != 0 || setgid(c->gid) != 0 || setuid(c->uid) != 0)
        _exit(1);
}

static void run_child(const struct child *c, pid_t parent)
{
    static char path[] = "PATH=/usr/bin:/bin:/usr/sbin:/sbin", fds[] = "LISTEN_FDS=1";
    char self[40];
    char *const env[] = { path, c->third_fd == -1 ? NULL : fds, self, NULL };
    sigset_t none;

    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    setpgid(0, 0);
    snprintf(self, sizeof self, "LISTEN_PID=%ld", (long)getpid());
    place_fd(c->out_fd, 1);
    dup2(1, 2);
    place_fd(c->in_fd, 0);
    if (c->third_fd != -1)
        place_fd(c->third_fd, 3);
    become(c);
    /* Exim is setuid root: without this the kernel would forget the death signal at exec. */
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    children_die_with(parent);
    execve(c->argv[0], c->argv, env);
    _exit(127);
}

pid_t children_spawn(const struct child *c)
{
    pid_t parent = getpid(), pid = fork();

    if (pid == 0)
        run_child(c, parent);
    return pid;
}

/* The parent of a process, from /proc/PID/stat: "pid (name) state ppid …"; -1 unknown. */
static pid_t parent_of(const char *pid)
{
    char path[300], text[STAT_MAX];
    long parent = -1;
    FILE *f;

    snprintf(path, sizeof path, "/proc/%s/stat", pid);
    f = fopen(path, "re");
    if (!f)
        return -1;
    size_t n = fread(text, 1, sizeof text - 1, f);
    fclose(f);
    text[n] = '\0';
    char *end = strrchr(text, ')');       /* a name may hold anything, brackets too */
    if (end && end[1] && end[2])
        parent = strtol(end + 3, NULL, 10);
    return (pid_t)parent;
}

static void kill_children(void)
{
    DIR *proc = opendir("/proc");
    struct dirent *entry;

    while (proc && (entry = readdir(proc)))
        if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9'
            && parent_of(entry->d_name) == getpid())
            kill((pid_t)strtol(entry->d_name, NULL, 10), SIGKILL);
    if (proc)
        closedir(proc);
}

static void nap(void)
{
    nanosleep(&(struct timespec){ 0, ROUND_MS * 1000000L }, NULL);
}

void children_end(pid_t first, int patience_ms, const pid_t *others, size_t count)
{
    if (first > 0)
        kill(first, SIGTERM);
    for (int ms = 0; first > 0 && ms < patience_ms; ms += ROUND_MS) {
        if (waitpid(first, NULL, WNOHANG) != 0)
            break;
        nap();
    }
    for (size_t i = 0; i < count; i++)     /* /proc may be missing in a bare root */
        if (others[i] > 0)
            kill(-others[i], SIGKILL);
    /* Those who die leave us their children: go on until nobody is left. */
    for (int round = 0; round < KILL_ROUNDS; round++) {
        pid_t pid;

        kill_children();
        while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
            ;
        if (pid < 0 && errno == ECHILD)
            return;
        nap();
    }
}
