#ifndef COMPANY_FOLDER_H
#define COMPANY_FOLDER_H
/**
 * Folder: the one temporary folder that holds everything the company writes.
 */
#include "harness/base/status.h"

enum { FOLDER_PATH_MAX = 64 };    /* Dovecot's UNIX sockets lie in it: their paths are short */

/**
 * Make a new one inside `parent` (mode 0755, as mkdtemp names it), or inside /tmp when `parent` is
 * NULL, too long, or nobody could reach it who is not root.
 * @return ST_OK; ST_IO (errno says why).
 */
MUST_CHECK enum status folder_make(const char *parent, char path[FOLDER_PATH_MAX]);
/** With everything in it. What is gone already is fine. */
void folder_remove(const char *path);

#endif
