#ifndef STORE_HISTORY_INSIDE_H
#define STORE_HISTORY_INSIDE_H
/** What history.c and history_read.c share. */
#include <sqlite3.h>

#include "harness/store/history.h"

struct history {
    sqlite3 *db;
    const char *path;             /* borrowed */
};

#endif
