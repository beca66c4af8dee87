#ifndef COMPANY_CHILDREN_H
#define COMPANY_CHILDREN_H
/**
 * Children: processes that never outlive the one that started them.
 *
 * A process that called children_adopt() becomes the parent of its descendants' orphans, so that
 * children_end() gets at all of them and at nobody else's.
 */
#include <sys/types.h>

void children_adopt(void);

/** What a child gets; a descriptor of -1 is /dev/null. */
struct child {
    char *const *argv;            /* argv[0] is a path */
    char *const *env;             /* NULL = none but PATH */
    int in_fd, out_fd;            /* stdin; stdout and stderr */
    int third_fd;                 /* becomes 3 when not -1; LISTEN_FDS and LISTEN_PID name it */
    uid_t uid;                    /* (uid_t)-1 = as we are */
    gid_t gid;
};

/**
 * Start a program in a process group of its own; it gets SIGTERM when this process dies, however.
 * @return its pid, or -1.
 */
pid_t children_spawn(const struct child *c);
/** In a new child: die with `parent` by SIGTERM; exits at once when it is dead already. */
void children_die_with(pid_t parent);
/**
 * End them all and wait for it: first SIGTERM to `first` (0 none) and `patience_ms` for it to end,
 * then SIGKILL to the process groups of `others`, and to every child that is left.
 */
void children_end(pid_t first, int patience_ms, const pid_t *others, size_t count);

#endif
