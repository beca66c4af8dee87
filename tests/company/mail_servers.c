#include "tests/company/mail_servers.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/company/children.h"
#include "tests/company/company.h"
#include "tests/company/fill.h"
#include "tests/company/mail_config.h"

enum { CONFIG_MAX = 20000, PATH_MAX_BYTES = 160 };

static const struct need {
    const char *path, *package;
} needs[] = {
    { MAIL_EXIM, "exim4-daemon-light" },
    { MAIL_DOVECOT, "dovecot-imapd" },
    { "/usr/lib/dovecot/imap", "dovecot-imapd" },
};

void mail_missing(struct buf *packages)
{
    const char *named = "";

    for (size_t i = 0; i < ARRAY_LEN(needs); i++) {
        if (access(needs[i].path, X_OK) == 0 || strcmp(named, needs[i].package) == 0)
            continue;
        named = needs[i].package;
        buf_addf(packages, " %s", named);
    }
}

/* Who the servers run as: ourselves, or for root somebody without rights. */
static enum status find_user(struct child *c, const char **name, struct buf *why)
{
    const struct passwd *p = getuid() == 0 ? getpwnam("nobody") : getpwuid(getuid());

    if (!p) {
        buf_adds(why, "the user they would run as has no name");
        return ST_UNSUPPORTED;
    }
    *name = p->pw_name;
    c->uid = getuid() == 0 ? p->pw_uid : (uid_t)-1;
    c->gid = p->pw_gid;
    return ST_OK;
}

static int listen_somewhere(int *port)
{
    struct sockaddr_in at = { .sin_family = AF_INET };
    socklen_t len = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || bind(fd, (struct sockaddr *)&at, len) != 0 || listen(fd, SOMAXCONN) != 0
        || getsockname(fd, (struct sockaddr *)&at, &len) != 0)
        return -1;
    *port = ntohs(at.sin_port);
    return fd;
}

struct place {
    const char *folder;
    const struct child *owner;
    bool by_postman;
};

static const char *in_folder(const struct place *at, const char *name, char path[PATH_MAX_BYTES])
{
    snprintf(path, PATH_MAX_BYTES, "%s/%s", at->folder, name);
    return path;
}

/* A file, or a folder when text is NULL, that only the servers can read. */
static enum status make_one(const struct place *at, const char *name, const char *text)
{
    char path[PATH_MAX_BYTES];
    int fd;

    in_folder(at, name, path);
    if (!text && mkdir(path, 0700) != 0)
        return ST_IO;
    if (text) {
        size_t len = strlen(text);

        fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (fd < 0)
            return ST_IO;
        ssize_t written = write(fd, text, len);
        close(fd);
        if (written != (ssize_t)len)
            return ST_IO;
    }
    if (at->owner->uid != (uid_t)-1 && chown(path, at->owner->uid, at->owner->gid) != 0)
        return ST_IO;
    return ST_OK;
}

static enum status make_config(const struct place *at, const char *name, const char *template,
                               const struct blank *blanks, size_t count)
{
    CLEANUP(buf_release) struct buf text = BUF_INIT(CONFIG_MAX);

    fill(&text, template, blanks, count);
    return make_one(at, name, text.ptr);
}

static enum status make_all(const struct place *at, const struct mail_servers *m, const char *user)
{
    static const char *const folders[] = { "mail", "spool", "log", "run", "state" };
    static const char *const boxes[] = {  /* the postman finds them there */
        MAIL_INCOMING, "mail/" MAIL_CUSTOMERS, "mail/" MAIL_SUPPORT,
        "mail/" MAIL_CUSTOMERS "/new", "mail/" MAIL_CUSTOMERS "/cur", "mail/" MAIL_CUSTOMERS "/tmp",
        "mail/" MAIL_SUPPORT "/new", "mail/" MAIL_SUPPORT "/cur", "mail/" MAIL_SUPPORT "/tmp",
    };
    char group[40], port[12];
    const struct group *named = getgrgid(at->owner->gid);
    const struct blank blanks[] = {
        { "dir", at->folder }, { "user", user }, { "group", group }, { "imap_port", port },
        { "customers", m->customers }, { "support", m->support },
        { "delivery", at->by_postman ? MAIL_INCOMING : "mail" },
    };
    enum status st = ST_OK;

    if (named)
        snprintf(group, sizeof group, "%s", named->gr_name);
    else
        snprintf(group, sizeof group, "%ld", (long)at->owner->gid);
    snprintf(port, sizeof port, "%d", m->imap_port);
    if (at->owner->uid != (uid_t)-1
        && chown(at->folder, at->owner->uid, at->owner->gid) != 0)
        return ST_IO;
    for (size_t i = 0; !st && i < ARRAY_LEN(folders); i++)
        st = make_one(at, folders[i], NULL);
    for (size_t i = 0; !st && at->by_postman && i < ARRAY_LEN(boxes); i++)
        st = make_one(at, boxes[i], NULL);
    if (!st)
        st = make_config(at, "exim.conf", mail_exim_config, blanks, ARRAY_LEN(blanks));
    if (!st)
        st = make_config(at, "dovecot.conf", mail_dovecot_config, blanks, ARRAY_LEN(blanks));
    if (!st)
        st = make_config(at, "users", mail_users, blanks, ARRAY_LEN(blanks));
    return st;
}

static enum status spawn_both(struct mail_servers *m, const struct place *at)
{
    char exim_conf[PATH_MAX_BYTES], dovecot_conf[PATH_MAX_BYTES], log[PATH_MAX_BYTES];
    char exim[] = MAIL_EXIM, dovecot[] = MAIL_DOVECOT;
    char config[] = "-C", wait[] = "-bw", small_c[] = "-c", foreground[] = "-F";
    char *exim_argv[] = { exim, config, exim_conf, wait, NULL };
    char *dovecot_argv[] = { dovecot, foreground, small_c, dovecot_conf, NULL };
    int log_fd = open(in_folder(at, "start.log", log), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    struct child c = *at->owner;

    in_folder(at, "exim.conf", exim_conf);
    in_folder(at, "dovecot.conf", dovecot_conf);
    c.out_fd = log_fd;
    /* -bw: the daemon takes a listening socket as its stdin, and stays in the foreground */
    c.argv = exim_argv, c.in_fd = m->smtp_fd, c.third_fd = -1;
    m->exim = children_spawn(&c);
    /* Dovecot takes it as systemd hands sockets over */
    c.argv = dovecot_argv, c.in_fd = -1, c.third_fd = m->imap_fd;
    m->dovecot = children_spawn(&c);
    close(log_fd);
    return m->exim > 0 && m->dovecot > 0 ? ST_OK : ST_IO;
}

enum status mail_start(const char *folder, bool by_postman, struct mail_servers *m,
                       struct buf *why)
{
    struct child owner = { 0 };
    const struct place at = { folder, &owner, by_postman };
    const char *user;
    enum status st = find_user(&owner, &user, why);

    if (st)
        return st;
    company_random(m->customers, MAIL_PASSWORD_MAX / 2);
    company_random(m->support, MAIL_PASSWORD_MAX / 2);
    m->smtp_fd = listen_somewhere(&m->smtp_port);
    m->imap_fd = listen_somewhere(&m->imap_port);
    if (m->smtp_fd < 0 || m->imap_fd < 0 || make_all(&at, m, user) || spawn_both(m, &at)) {
        buf_adds(why, strerror(errno));
        return ST_IO;
    }
    m->running = true;
    return ST_OK;
}

void mail_close_sockets(struct mail_servers *m)
{
    if (!m->running)
        return;
    close(m->smtp_fd);
    close(m->imap_fd);
}
