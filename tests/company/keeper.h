#ifndef COMPANY_KEEPER_H
#define COMPANY_KEEPER_H
/**
 * Keeper: the processes of the company, and how they end together.
 *
 *   front    what was started: holds stdin, waits for its end or for a signal
 *   keeper   owns the folder and the children; cleans up when the front is gone, however it went
 *   server   web, chat, desk (server.h); Exim and Dovecot beside it
 *
 * Whoever is killed, even by SIGKILL, the rest ends and the folder goes: the keeper notices the
 * front's end by a pipe and its children's by SIGCHLD; the front does the keeper's work when that
 * one dies; children die with the keeper; a server that has lost both removes the folder.
 */
#include <stdbool.h>

struct options {
    const char *faults;           /* as given; checked before */
    const char *dir;              /* where the folder is made; NULL = /tmp */
    const char *ledger;           /* file that lists what customers said; NULL none */
    const char *host;             /* loopback address of the web server */
    int port;                     /* of the web server; 0 = any free one */
    const char *manners;          /* as given; checked before */
    bool no_mail;
    bool virtual_time;
};

/** @param argc, argv  main's own: the keeper writes its name over them. @return exit code. */
int keeper_run(const struct options *o, int argc, char **argv);

#endif
