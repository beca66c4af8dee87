#include "tests/company/keeper.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/company/children.h"
#include "tests/company/folder.h"
#include "tests/company/mail_servers.h"
#include "tests/company/server.h"
#include "tests/company/signals.h"

enum { SERVER_PATIENCE_MS = 2000 };

struct keeper {
    const struct options *options;
    char folder[FOLDER_PATH_MAX];
    struct mail_servers mail;
    pid_t front, server;
    char *title;                  /* the memory that ps shows; and its length */
    size_t title_room;
};

static void complain(const char *what, const char *detail)
{
    fprintf(stderr, "practice-company: %s%s%s\n", what, detail ? ": " : "", detail ? detail : "");
}

/* Has `fd` come to its end? What is written there is read and forgotten. */
static bool at_end(int fd, short events)
{
    char waste[512];

    if (events & POLLNVAL)
        return true;
    if (!(events & (POLLIN | POLLHUP | POLLERR)))
        return false;
    ssize_t n = read(fd, waste, sizeof waste);
    return n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN);
}

/* ---- the keeper ---- */

/* Other names than the company's, so that who ends every "practice-company" leaves somebody to
 * clean up. The arguments lie one behind the other in memory, in whatever order argv has them. */
static void rename_self(const struct keeper *k, const char *name)
{
    prctl(PR_SET_NAME, name, 0, 0, 0);
    memset(k->title, 0, k->title_room);
    snprintf(k->title, k->title_room + 1, "%s", name);
}

static void find_title(struct keeper *k, int argc, char **argv)
{
    k->title = argv[0];
    for (int i = 0; i < argc; i++) {
        char *end = argv[i] + strlen(argv[i]);

        if (end > k->title + k->title_room)
            k->title_room = (size_t)(end - k->title);
    }
}

static int listen_on(const char *host, int port, struct sockaddr_in *at)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
    socklen_t len = sizeof *at;

    *at = (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
    inet_pton(AF_INET, host, &at->sin_addr);
    if (port)
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, (struct sockaddr *)at, sizeof *at) == 0 && listen(fd, SOMAXCONN) == 0
        && getsockname(fd, (struct sockaddr *)at, &len) == 0)
        return fd;
    close(fd);
    return -1;
}

/* Mail, where it can be had; the company works without. */
static bool start_mail(struct keeper *k)
{
    CLEANUP(buf_release) struct buf text = BUF_INIT(2000);

    if (k->options->no_mail)
        return true;
    mail_missing(&text);
    if (text.len) {
        printf("missing%s\n", text.ptr);
        fflush(stdout);
        return true;
    }
    enum status st = mail_start(k->folder, k->options->virtual_time, &k->mail, &text);
    if (st)
        complain("the mail servers do not start", text.ptr);
    return !st || st == ST_UNSUPPORTED;
}

static bool start_server(struct keeper *k)
{
    struct sockaddr_in at;
    int listen_fd = listen_on(k->options->host, k->options->port, &at);
    pid_t keeper = getpid();

    if (listen_fd < 0) {
        complain("cannot listen", strerror(errno));
        return false;
    }
    const struct server_setup setup = {
        .faults = k->options->faults, .host = k->options->host, .ledger = k->options->ledger,
        .manners = k->options->manners, .folder = k->folder,
        .virtual_time = k->options->virtual_time,
        .port = ntohs(at.sin_port),
        .listen_fd = listen_fd, .mail = k->mail.running ? &k->mail : NULL,
    };

    k->server = fork();
    if (k->server == 0) {
        rename_self(k, "kettle-server");
        children_die_with(keeper);
        int code = server_run(&setup);
        if (getppid() != keeper && kill(k->front, 0) != 0)
            folder_remove(k->folder);
        exit(code);               /* and let the leak checker look */
    }
    close(listen_fd);
    mail_close_sockets(&k->mail);
    return k->server > 0;
}

/* One of our own has ended. Orphans of theirs end all the time. @return whose name, or NULL. */
static const char *reap(struct keeper *k)
{
    const char *who = NULL;
    pid_t pid;

    while ((pid = waitpid(-1, NULL, WNOHANG)) > 0) {
        if (pid == k->server) {
            who = "the server";
            k->server = 0;
        } else if (pid == k->mail.exim) {
            who = "Exim";
            k->mail.exim = 0;
        } else if (pid == k->mail.dovecot) {
            who = "Dovecot";
            k->mail.dovecot = 0;
        }
    }
    return who;
}

/* Until the front is gone or one of the children. @return exit code. */
static int watch(struct keeper *k, int front_fd, int signal_fd)
{
    for (;;) {
        struct pollfd fds[] = { { front_fd, POLLIN, 0 }, { signal_fd, POLLIN, 0 } };
        const char *ended = NULL;
        int got = 0;

        if (poll(fds, ARRAY_LEN(fds), -1) < 0)
            continue;
        if (fds[1].revents)
            got = signals_next(signal_fd);
        if (got == SIGCHLD)
            ended = reap(k);
        if (ended) {
            complain("ended by itself", ended);
            return 1;
        }
        if ((got && got != SIGCHLD) || at_end(front_fd, fds[0].revents))
            return 0;
    }
}

static int keep(struct keeper *k, int front_fd)
{
    int code = 1, signal_fd;

    setsid();
    children_adopt();
    signal_fd = signals_open();
    if (start_mail(k) && start_server(k)) {
        close(STDOUT_FILENO);     /* the server's alone: its reader sees the end of it */
        code = watch(k, front_fd, signal_fd);
    }
    const pid_t mail[] = { k->mail.exim, k->mail.dovecot };
    children_end(k->server, SERVER_PATIENCE_MS, mail, ARRAY_LEN(mail));
    folder_remove(k->folder);
    return code;
}

/* ---- the front ---- */

static int wait_for_end(int signal_fd, pid_t keeper, int *status)
{
    for (;;) {
        struct pollfd fds[] = { { STDIN_FILENO, POLLIN, 0 }, { signal_fd, POLLIN, 0 } };

        if (poll(fds, ARRAY_LEN(fds), -1) < 0)
            continue;
        if (fds[1].revents && signals_next(signal_fd) != SIGCHLD)
            return 0;
        if (fds[1].revents && waitpid(keeper, status, WNOHANG) == keeper)
            return 1;
        if (at_end(STDIN_FILENO, fds[0].revents))
            return 0;
    }
}

static int front(struct keeper *k, pid_t keeper, int keeper_fd, int signal_fd)
{
    int status = 0, ended = wait_for_end(signal_fd, keeper, &status);

    close(keeper_fd);             /* the keeper's sign to stop */
    while (!ended && waitpid(keeper, &status, 0) < 0 && errno == EINTR)
        ;
    if (WIFEXITED(status))
        return WEXITSTATUS(status);
    children_end(0, 0, NULL, 0);  /* it was killed: what it had is ours now */
    folder_remove(k->folder);
    complain("ended by itself", "the keeper");
    return 1;
}

int keeper_run(const struct options *o, int argc, char **argv)
{
    struct keeper k = { .options = o, .front = getpid() };
    int fds[2], signal_fd;

    find_title(&k, argc, argv);
    if (folder_make(o->dir, k.folder) != ST_OK || pipe(fds) != 0) {
        complain("cannot make a temporary folder", strerror(errno));
        return 1;
    }
    fcntl(fds[0], F_SETFD, FD_CLOEXEC);
    fcntl(fds[1], F_SETFD, FD_CLOEXEC);
    children_adopt();
    signal_fd = signals_open();

    pid_t keeper = fork();
    if (keeper < 0) {
        folder_remove(k.folder);
        complain("cannot start", strerror(errno));
        return 1;
    }
    if (keeper == 0) {
        close(fds[1]);
        close(signal_fd);
        dup2(open("/dev/null", O_RDONLY | O_CLOEXEC), STDIN_FILENO);
        rename_self(&k, "kettle-keeper");
        _exit(keep(&k, fds[0]));
    }
    close(fds[0]);
    /* Only the server holds stdout, and only until it ends. */
    dup2(STDERR_FILENO, STDOUT_FILENO);
    return front(&k, keeper, fds[1], signal_fd);
}
