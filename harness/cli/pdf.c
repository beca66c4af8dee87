#define _GNU_SOURCE
#include "harness/cli/pdf.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PRINT_SECONDS = 600, LOGO_MAX = 4 * 1024 * 1024, PDF_MAX = 1 << 30, PAGES_MAX = 1000000 };

extern char **environ;

static const char *const browsers[] = {
    "chromium", "chromium-browser", "google-chrome-stable", "google-chrome", NULL,
};

static const char *in_path(struct arena *a, const char *name)
{
    const char *path = getenv("PATH");

    if (strchr(name, '/'))
        return access(name, X_OK) ? NULL : name;
    for (; path && *path;) {
        size_t len = strcspn(path, ":");
        const char *full = arena_printf(a, "%.*s/%s", (int)len, path, name);

        if (len && !access(full, X_OK))
            return full;
        path += len + (path[len] == ':');
    }
    return NULL;
}

const char *pdf_browser(struct options *o, struct diags *diags)
{
    const char *given = option_text(o, OPT_BROWSER), *found = NULL;

    if (given) {
        found = in_path(o->arena, given);
        if (!found)
            diag_error(diags, "%s: there is no program %s", o->values[OPT_BROWSER].from, given);
        return found;
    }
    for (size_t i = 0; browsers[i] && !found; i++)
        found = in_path(o->arena, browsers[i]);
    if (!found)
        diag_error(diags, "a pdf report is printed by Chromium, which is not installed: "
                   "apt-get install chromium, or name one with --browser");
    return found;
}

enum status pdf_logo(struct options *o, struct diags *diags, struct slice *ret)
{
    const char *path = option_text(o, OPT_LOGO);
    CLEANUP(buf_release) struct buf b = BUF_INIT(LOGO_MAX);

    if (!path)
        return ST_OK;
    if (buf_read_file(&b, path) != ST_OK || b.len < 8 ||
        (memcmp(b.ptr, "\x89PNG", 4) != 0 && memcmp(b.ptr, "\xFF\xD8\xFF", 3) != 0)) {
        diag_error(diags, "--logo %s: not a PNG or JPEG picture of at most 4 MiB", path);
        return ST_INVALID;
    }
    *ret = (struct slice){ arena_strndup(o->arena, b.ptr, b.len), b.len };
    return ST_OK;
}

/* A folder of our own, with the page, the browser's profile and what it prints. */

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    (void)st;
    (void)kind;
    (void)at;
    remove(path);
    return 0;
}

static bool waited_for(pid_t pid)
{
    const struct timespec step = { 0, 20 * 1000 * 1000 };
    int status = 0;

    for (int i = 0; i < PRINT_SECONDS * 50; i++) {
        if (waitpid(pid, &status, WNOHANG) == pid)
            return WIFEXITED(status) && WEXITSTATUS(status) == 0;
        nanosleep(&step, NULL);
    }
    kill(pid, SIGKILL);
    waitpid(pid, &status, 0);
    return false;
}

static bool print(const char *browser, const char *folder)
{
    CLEANUP(mem_freep) char *profile = mem_printf("--user-data-dir=%s/profile", folder);
    CLEANUP(mem_freep) char *pdf = mem_printf("--print-to-pdf=%s/report.pdf", folder);
    CLEANUP(mem_freep) char *page = mem_printf("file://%s/report.html", folder);
    CLEANUP(mem_freep) char *name = mem_strdup(browser);
    char headless[] = "--headless=new", gpu[] = "--disable-gpu", bare[] = "--no-pdf-header-footer",
         first[] = "--no-first-run", quiet[] = "--disable-background-networking",
         sandbox[] = "--no-sandbox";
    /* root gets no sandbox from Chromium; the page has no script and loads nothing */
    char *last = geteuid() == 0 ? sandbox : NULL;
    char *argv[] = { name, headless, gpu, bare, first, quiet, profile, pdf, page, last, NULL };
    posix_spawn_file_actions_t files;
    pid_t pid;

    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);

    bool ok = !posix_spawn(&pid, browser, &files, NULL, argv, environ);

    posix_spawn_file_actions_destroy(&files);
    if (ok && waited_for(pid))
        return true;
    errno = ECANCELED;                           /* the browser's own reasons are not for people */
    return false;
}

static bool write_page(const char *folder, const struct result *r, const struct report_options *o)
{
    CLEANUP(mem_freep) char *path = mem_printf("%s/report.html", folder);
    FILE *f = fopen(path, "w");
    bool ok = f && reporter_find("html")->write(r, o, f) == ST_OK;

    return f && !fclose(f) && ok;
}

/* On which page each journey begins. Chromium's PDF library writes its objects as plain text: pages
 * in the order of their object numbers, and "/j7 [12 0 R /XYZ …" for every place that is linked to. */
static unsigned page_of(const unsigned long *pages, size_t count, unsigned long object)
{
    for (size_t i = 0; i < count; i++)
        if (pages[i] == object)
            return (unsigned)i + 1;
    return 0;
}

static size_t find_pages(const struct buf *pdf, unsigned long **ret)
{
    static const char mark[] = " 0 obj\n<</Type /Page\n";
    size_t count = 0, cap = 0;

    for (const char *p = pdf->ptr, *end = pdf->ptr + pdf->len; count < PAGES_MAX; p++) {
        const char *digits = p = memmem(p, (size_t)(end - p), mark, sizeof mark - 1);

        if (!p)
            break;
        while (digits > pdf->ptr && digits[-1] >= '0' && digits[-1] <= '9')
            digits--;
        MEM_GROW(*ret, cap, count + 1);
        (*ret)[count++] = strtoul(digits, NULL, 10);
    }
    return count;
}

static bool find_places(const struct buf *pdf, unsigned *places, size_t count)
{
    unsigned long *pages = NULL;
    size_t page_count = find_pages(pdf, &pages);
    const char *p = pdf->ptr, *end = pdf->ptr + pdf->len;
    bool any = false;

    while (page_count && (p = memmem(p, (size_t)(end - p), "/j", 2)) != NULL && end - p > 32) {
        char *after;
        unsigned long journey = strtoul(p + 2, &after, 10);
        unsigned long object = !strncmp(after, " [", 2) ? strtoul(after + 2, NULL, 10) : 0;

        p += 2;
        if (!object || journey < 1 || journey > count)
            continue;
        places[journey - 1] = page_of(pages, page_count, object);
        any |= places[journey - 1] != 0;
    }
    free(pages);
    return any;
}

static bool printed_twice(const char *folder, const struct result *r,
                          const struct report_options *o, struct buf *pdf)
{
    CLEANUP(mem_freep) char *path = mem_printf("%s/report.pdf", folder);
    struct report_options print_o = *o;
    unsigned *pages = mem_zero(r->count + 1, sizeof *pages);

    print_o.flags |= REPORT_PRINT;

    bool ok = write_page(folder, r, &print_o) && print(o->browser, folder) &&
              buf_read_file(pdf, path) == ST_OK;

    if (ok && find_places(pdf, pages, r->count)) {
        print_o.pages = pages;
        buf_clear(pdf);
        ok = !remove(path) && write_page(folder, r, &print_o) && print(o->browser, folder) &&
             buf_read_file(pdf, path) == ST_OK;
    }
    free(pages);
    return ok;
}

static enum status write_pdf(const struct result *r, const struct report_options *o, FILE *out)
{
    const char *tmp = getenv("TMPDIR");
    CLEANUP(mem_freep) char *folder = mem_printf("%s/shopper-pdf.XXXXXX", tmp && *tmp ? tmp : "/tmp");
    CLEANUP(buf_release) struct buf pdf = BUF_INIT(PDF_MAX);

    if (!mkdtemp(folder))
        return ST_IO;

    bool ok = printed_twice(folder, r, o, &pdf) && pdf.len > 4 && !memcmp(pdf.ptr, "%PDF", 4) &&
              fwrite(pdf.ptr, 1, pdf.len, out) == pdf.len;
    int why = errno;

    nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    errno = why;
    return ok ? ST_OK : ST_IO;
}

const struct reporter reporter_pdf = {
    .name = "pdf", .extension = "pdf", .help = "the HTML report on paper: cover, contents, pages",
    .write = write_pdf,
};
