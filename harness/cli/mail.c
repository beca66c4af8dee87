/* shopper mail: what is read in mails from files, a line of JSON each. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "harness/cli/command.h"
#include "harness/cli/data.h"
#include "harness/cli/letter.h"

static bool print_one(const struct data *d, struct diags *diags, const char *path)
{
    CLEANUP(buf_release) struct buf bytes = BUF_INIT(MAIL_IN_MAX_BYTES);
    bool from_stdin = !strcmp(path, "-");
    enum status st = from_stdin ? buf_read_fd(&bytes, STDIN_FILENO) : buf_read_file(&bytes, path);
    json_t *o;

    if (st != ST_OK) {
        diag_error(diags, "cannot read %s: %s", path,
                   st == ST_LIMIT ? "over 4 MiB" : strerror(errno));
        return false;
    }
    o = letter_json(d->reader, buf_slice(&bytes));
    json_object_set_new(o, "file", json_string(path));
    json_dumpf(o, stdout, JSON_COMPACT | JSON_ENSURE_ASCII | JSON_SORT_KEYS);
    putchar('\n');
    json_decref(o);
    return true;
}

/* A folder stands for its *.eml. */
static bool print_path(const struct data *d, struct diags *diags, const char *path)
{
    DIR *dir = strcmp(path, "-") ? opendir(path) : NULL;
    bool ok = true;

    if (!dir)
        return print_one(d, diags, path);
    closedir(dir);

    struct texts files = data_files(d->arena, path, ".eml");

    for (size_t i = 0; ok && i < files.count; i++)
        ok = print_one(d, diags, files.items[i]);
    if (ok && !files.count) {
        diag_error(diags, "there is no *.eml in %s", path);
        ok = false;
    }
    return ok;
}

enum exit_code mail_command(struct options *o)
{
    struct diags diags;
    struct data data = { 0 };
    enum exit_code code = EXIT_INPUT;

    diags_init(&diags);
    if (!o->path_count) {
        diag_error(&diags, "shopper mail needs a FILE or a folder of *.eml");
        code = EXIT_USAGE;
    } else if (data_load(o, &diags, &data) == ST_OK) {
        bool ok = true;

        for (size_t i = 0; ok && i < o->path_count; i++)
            ok = print_path(&data, &diags, o->paths[i]);
        if (ok)
            code = EXIT_MET;
    }
    print_diags(&diags);
    data_release(&data);
    diags_release(&diags);
    return code;
}
