#ifndef COMPANY_SERVER_H
#define COMPANY_SERVER_H
/**
 * Server: the company at work: one process, one loop around libmicrohttpd, libcurl and timers.
 */
#include <stdbool.h>

struct mail_servers;

struct server_setup {
    const char *faults;           /* valid */
    const char *host;
    const char *ledger;           /* file; NULL none */
    const char *manners;          /* valid */
    const char *folder;           /* the company's */
    bool virtual_time;
    int port, listen_fd;
    const struct mail_servers *mail;      /* NULL = without mail */
};

/** Prints the ready line when everything answers; serves until SIGTERM. @return exit code. */
int server_run(const struct server_setup *setup);

#endif
