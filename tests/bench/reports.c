/* Writing reports: seconds, bytes and memory per format, for audits of growing size. The journeys of
 * tests/report/audit stand in the result again and again (as the same objects), so what memory grows
 * is what the format itself needs. Each format runs in a process of its own.
 *
 *   reports [JOURNEYS...]     default: 10 1000 100000
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "reporters/reporter.h"

static ssize_t count_bytes(void *cookie, const char *data, size_t len)
{
    (void)data;
    *(long long *)cookie += (long long)len;
    return (ssize_t)len;
}

static double cpu_seconds(void)
{
    struct rusage u;

    getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
           (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static long peak_kib(void)
{
    struct rusage u;

    getrusage(RUSAGE_SELF, &u);
    return u.ru_maxrss;
}

static struct result *load(void)
{
    static const char path[] = "tests/report/audit/result.json";
    struct buf text = BUF_INIT(RESULT_MAX_BYTES);
    struct result *r = NULL;
    struct diags diags;

    diags_init(&diags);
    if (buf_read_file(&text, path) || result_parse(path, buf_slice(&text), &diags, &r)) {
        fprintf(stderr, "cannot read %s: run from the top folder\n", path);
        exit(3);
    }
    diags_release(&diags);
    buf_release(&text);
    return r;
}

static void measure(const struct reporter *reporter, const struct result *r)
{
    struct report_options o = { .columns = 80 };
    long long bytes = 0;
    FILE *f = fopencookie(&bytes, "w", (cookie_io_functions_t){ .write = count_bytes });
    long before = peak_kib();
    double start = cpu_seconds();
    bool ok = f && reporter->write(r, &o, f) == ST_OK && !fclose(f);
    double seconds = cpu_seconds() - start;

    printf("%-14s %8zu journeys %10.3f s %8.1f us each %14lld bytes %8.0f each %8ld KiB%s\n",
           reporter->name, r->count, seconds, seconds * 1e6 / (double)r->count, bytes,
           (double)bytes / (double)r->count, peak_kib() - before, ok ? "" : "  FAILED");
    fflush(stdout);
    _exit(ok ? 0 : 1);
}

int main(int argc, char **argv)
{
    const char *sizes[] = { "10", "1000", "100000" };
    struct result *one = load();
    int failed = 0, status = 0;

    for (size_t i = 0; reporters[i]; i++)
        for (int k = 0; k < (argc > 1 ? argc - 1 : (int)ARRAY_LEN(sizes)); k++) {
            size_t count = strtoul(argc > 1 ? argv[k + 1] : sizes[k], NULL, 10);
            struct result r = *one;

            r.count = count ? count : 1;
            r.journeys = mem_zero(r.count, sizeof *r.journeys);
            for (size_t n = 0; n < r.count; n++)
                r.journeys[n] = one->journeys[n % one->count];

            pid_t child = fork();

            if (!child)
                measure(reporters[i], &r);
            failed |= child < 0 || waitpid(child, &status, 0) != child || status;
            free(r.journeys);
        }
    result_free(one);
    return failed;
}
