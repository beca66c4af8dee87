#define _XOPEN_SOURCE 700
#include "harness/cli/outputs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/text.h"
#include "harness/cli/pdf.h"
#include "harness/cli/session.h"

const char *scratch_folder(void)
{
    const char *given = getenv("TMPDIR");

    return given && *given ? given : access("/var/tmp", W_OK | X_OK) ? "/tmp" : "/var/tmp";
}

enum status make_folder(const char *path)
{
    char *copy = mem_strdup(path);
    enum status st = ST_OK;

    for (char *p = copy + 1; *p; p++) {
        if (*p != '/')
            continue;
        *p = '\0';
        if (mkdir(copy, 0777) && errno != EEXIST)
            st = ST_IO;
        *p = '/';
    }
    if (mkdir(copy, 0777) && errno != EEXIST)
        st = ST_IO;
    free(copy);
    return st;
}

static const struct reporter *find_reporter(const char *name, const char *where,
                                            struct diags *diags)
{
    const struct reporter *r = strcmp(name, reporter_pdf.name) ? reporter_find(name)
                                                               : &reporter_pdf;
    const char *names[32];
    size_t count = 0;
    struct buf list = BUF_INIT(512);

    if (r)
        return r;
    for (; reporters[count] && count < ARRAY_LEN(names) - 1; count++) {
        names[count] = reporters[count]->name;
        buf_addf(&list, "%s%s", count ? ", " : "", names[count]);
    }

    names[count++] = reporter_pdf.name;
    buf_addf(&list, ", %s", reporter_pdf.name);

    const char *near = suggest(name, names, count);

    if (near)
        diag_error(diags, "%s: unknown report format \"%s\"; did you mean \"%s\"?", where, name,
                   near);
    else
        diag_error(diags, "%s: unknown report format \"%s\"; there are %s", where, name, list.ptr);
    buf_release(&list);
    return NULL;
}

static enum status open_output(struct options *o, struct output *out, struct diags *diags)
{
    if (!out->path) {
        out->file = stdout;
        return ST_OK;
    }
    out->temporary = arena_printf(o->arena, "%s.XXXXXX", out->path);

    char *name = mem_strdup(out->temporary);
    int fd = mkstemp(name);
    mode_t mask = umask(0);

    umask(mask);
    out->temporary = arena_strdup(o->arena, name);
    free(name);
    if (fd < 0 || fchmod(fd, 0666 & ~mask) || !(out->file = fdopen(fd, "w"))) {
        diag_error(diags, "cannot write %s: %s", out->path, strerror(errno));
        if (fd >= 0) {
            close(fd);
            unlink(out->temporary);
        }
        out->temporary = NULL;
        return ST_IO;
    }

    struct stat st;

    if (!stat(out->path, &st) && S_ISDIR(st.st_mode)) {
        diag_error(diags, "cannot write %s: it is a folder", out->path);
        return ST_IO;
    }
    return ST_OK;
}

static bool taken(const struct outputs *out, const char *path)
{
    for (size_t i = 0; i < out->count; i++)
        if (!path == !out->items[i].path && (!path || !strcmp(path, out->items[i].path)))
            return true;
    return false;
}

enum status outputs_open(struct options *o, const char *folder, struct diags *diags,
                         struct outputs *out)
{
    const struct option_value *v = &o->values[OPT_REPORT];

    *out = (struct outputs){ 0 };
    for (size_t i = 0; i < v->count; i++) {
        const char *eq = strchr(v->items[i], '=');
        const char *name = eq ? arena_strndup(o->arena, v->items[i], (size_t)(eq - v->items[i]))
                              : v->items[i];
        const struct reporter *r = find_reporter(name, v->from, diags);
        const char *path = eq ? eq + 1 : NULL;

        if (!r)
            return ST_INVALID;
        if (r == &reporter_pdf && (!(out->browser = pdf_browser(o, diags)) ||
                                   pdf_logo(o, diags, &out->logo) != ST_OK))
            return ST_INVALID;
        if (!eq && r->extension)
            path = arena_printf(o->arena, "%s%sreport.%s", folder ? folder : "",
                                folder ? "/" : "", r->extension);
        if (path && !strcmp(path, "-"))
            path = NULL;
        if (path && !*path) {
            diag_error(diags, "--report %s= needs a path", name);
            return ST_INVALID;
        }
        if (taken(out, path)) {
            diag_error(diags, "two reports cannot both go to %s",
                       path ? path : "standard output");
            return ST_INVALID;
        }
        MEM_GROW(out->items, out->cap, out->count + 1);
        out->items[out->count++] = (struct output){ .reporter = r, .path = path };
        if (!path)
            out->to_stdout = true;
        if (open_output(o, &out->items[out->count - 1], diags))
            return ST_IO;
    }
    if (option_text(o, OPT_HISTORY))
        return history_open(option_text(o, OPT_HISTORY), HISTORY_WRITE, diags, &out->history);
    return ST_OK;
}

struct report_options report_options_for(const struct options *o, FILE *f)
{
    struct report_options r = { .columns = 80, .language = option_text(o, OPT_LANGUAGE),
                                .paper = option_text(o, OPT_PAPER) };
    const char *when = option_text(o, OPT_COLOR), *columns = getenv("COLUMNS");
    bool terminal = isatty(fileno(f));
    const char *none = getenv("NO_COLOR"), *term = getenv("TERM");
    struct winsize size;

    if (!strcmp(when, "always") || (!strcmp(when, "auto") && terminal && !(none && *none) &&
                                    term && strcmp(term, "dumb")))
        r.flags |= REPORT_COLOR;
    if (option_on(o, OPT_DOUBTS))
        r.flags |= REPORT_DOUBTS;
    if (option_on(o, OPT_VERBOSE))
        r.flags |= REPORT_VERBOSE;
    if (!option_on(o, OPT_HIDE_NAMES))            /* nobody can take a name out of a picture */
        r.evidence = option_text(o, OPT_EVIDENCE);
    if (terminal && !ioctl(fileno(f), TIOCGWINSZ, &size) && size.ws_col >= 40)
        r.columns = size.ws_col;
    else if (columns && atoi(columns) >= 40)
        r.columns = atoi(columns);
    return r;
}

static enum status keep(struct history *h, const struct result *r, struct diags *diags)
{
    struct arena *a = arena_new();
    enum status st = history_add(h, r, wall_clock(a), diags);

    arena_free(a);
    return st;
}

enum status outputs_write(struct outputs *out, const struct options *o, const struct result *r,
                          struct diags *diags)
{
    enum status worst = ST_OK;

    for (size_t i = 0; i < out->count; i++) {
        struct output *x = &out->items[i];
        struct report_options ro = report_options_for(o, x->file);

        ro.browser = out->browser;
        ro.logo = out->logo;

        bool failed = x->reporter->write(r, &ro, x->file) != ST_OK || fflush(x->file) ||
                      !result_whole(r);

        if (x->path) {
            if (fclose(x->file))
                failed = true;
            x->file = NULL;
            if (!failed && rename(x->temporary, x->path))
                failed = true;
            if (!failed)
                x->temporary = NULL;
        }
        if (failed) {
            diag_error(diags, "cannot write the %s report to %s: %s", x->reporter->name,
                       x->path ? x->path : "standard output",
                       x->reporter == &reporter_pdf && errno == ECANCELED
                           ? "the browser did not print it" : strerror(errno));
            worst = ST_IO;
        }
    }
    if (out->history && keep(out->history, r, diags) != ST_OK)
        worst = ST_IO;
    return worst;
}

void outputs_release(struct outputs *out)
{
    for (size_t i = 0; i < out->count; i++) {
        struct output *x = &out->items[i];

        if (x->path && x->file)
            fclose(x->file);
        if (x->temporary)
            unlink(x->temporary);
    }
    history_close(out->history);
    free(out->items);
    *out = (struct outputs){ 0 };
}
