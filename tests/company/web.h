#ifndef COMPANY_WEB_H
#define COMPANY_WEB_H
/**
 * Web: HTTP for the pages, the form and the chat, on libmicrohttpd inside the company's one loop.
 * A reply can be held back without holding up anybody else's.
 */
#include <microhttpd.h>

#include "harness/base/buf.h"

struct company;
struct web;

enum { WEB_BODY_MAX = 64 * 1024, WEB_PAGE_MAX = 256 * 1024, WEB_FIELDS_MAX = 20 };

struct web_field {
    char *name;                   /* owned */
    struct buf value;
};

/** What the customer sent. */
struct request {
    struct MHD_Connection *connection;
    const char *path;
    const char *part;             /* what stands at the route's "*"; NULL */
    struct slice body;
    struct web_field fields[WEB_FIELDS_MAX];      /* of a sent form, decoded */
    size_t field_count;
    const char *bad_body;         /* why the form could not be read; NULL */
};

const char *request_field(const struct request *r, const char *name);      /* "" when not there */
const char *request_query(const struct request *r, const char *name);      /* NULL when not there */
const char *request_cookie(const struct request *r, const char *name);     /* NULL when not there */

/** What goes back. Zeroed but for the body; 200 when the status is not set. */
struct reply {
    unsigned status;
    const char *type;             /* static text; text/html when NULL */
    struct buf body;
    char *location, *cookie;      /* owned; NULL none */
    const char *allow;            /* static text; methods, with 405 */
    int64_t due_us;               /* not sent before; 0 at once */
};

/** A row per address; routes.c. "*" in a path stands for one part of it. */
struct route {
    const char *method, *path;
    void (*handle)(struct company *c, const struct request *r, struct reply *out);
};
extern const struct route routes[];       /* ends with {0} */
/** The page or JSON for "no such address", "not that method", "too large". */
void routes_refuse(const char *path, unsigned status, struct reply *out);

/** @param listen_fd  bound and listening; web_stop closes it. NULL when it cannot be served. */
struct web *web_start(struct company *c, int listen_fd);
/** Sends what is held back, closes everything. NULL is fine. */
void web_stop(struct web *w);
/** Readable when there is something to do. */
int web_fd(const struct web *w);
/** Requests held back on purpose, whose customers still wait. */
size_t web_held(const struct web *w);
/** Does it. @return milliseconds until it wants to be called again, or -1. */
int web_run(struct web *w);

#endif
