#define _GNU_SOURCE               /* nftw */
#include "tests/company/folder.h"

#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { OPEN_FDS = 16 };

/* Can anybody pass through this folder and those above it? The servers do not run as root. */
static int is_open_to_all(const char *path)
{
    char real[PATH_MAX];
    struct stat st;

    if (!realpath(path, real))
        return 0;
    for (char *slash = real + strlen(real); slash; slash = strrchr(real, '/')) {
        *slash = '\0';
        if (stat(*real ? real : "/", &st) != 0 || !(st.st_mode & S_IXOTH))
            return 0;
    }
    return 1;
}

static int fits(const char *parent)
{
    return parent && *parent && strlen(parent) < FOLDER_PATH_MAX - sizeof "/kettle-XXXXXX"
           && (geteuid() != 0 || is_open_to_all(parent));
}

enum status folder_make(const char *parent, char path[FOLDER_PATH_MAX])
{
    snprintf(path, FOLDER_PATH_MAX, "%s/kettle-XXXXXX", fits(parent) ? parent : "/tmp");
    if (!mkdtemp(path) || chmod(path, 0755) != 0)
        return ST_IO;
    return ST_OK;
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st, (void)type, (void)ftw;
    remove(path);
    return 0;
}

void folder_remove(const char *path)
{
    nftw(path, remove_entry, OPEN_FDS, FTW_DEPTH | FTW_PHYS);
}
