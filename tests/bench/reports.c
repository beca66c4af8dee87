/* Reports of audits of growing size: seconds, bytes and memory of `shopper report`, a process a format,
 * from a result file to the finished report.
 *
 *   reports SHOPPER RESULT [JOURNEYS...]     default: 10 1000 100000
 *
 * The journeys of RESULT (whole ones: transcripts, findings, marks) stand in the file again and again,
 * each time under another name.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/model/json_out.h"
#include "reporters/reporter.h"

static struct result *load(const char *path)
{
    struct result *r = NULL;
    struct diags diags;
    FILE *f = fopen(path, "r");

    diags_init(&diags);
    if (!f || result_read(path, f, NULL, (struct result_change){ NULL, NULL }, &diags, &r)) {
        fprintf(stderr, "cannot read %s\n", path);
        exit(3);
    }
    fclose(f);
    diags_release(&diags);
    return r;
}

static bool dump(const struct journey_result *jr, struct buf *text, FILE *out)
{
    struct json_out o = json_out_line(text);

    buf_clear(text);
    journey_result_write(&o, jr);
    return fwrite(text->ptr, 1, text->len, out) == text->len;
}

/* An audit of `count` journeys; *bytes is how long its file is. */
static bool make_audit(const struct result *one, size_t count, const char *path, long *bytes)
{
    FILE *out = fopen(path, "w");
    struct buf text = BUF_INIT(RESULT_JOURNEY_MAX_BYTES);
    bool ok = out && fputs("{\"result\":1,\"tool\":\"shopper\",\"started\":\"2024-05-06T08:00:00Z\","
                           "\"duration_us\":1,\"journeys\":[", out) != EOF;

    for (size_t i = 0; ok && i < count; i++) {
        struct journey_result copy = *result_journey(one, i % one->count);
        struct transcript named = *copy.transcript;
        char *name = mem_printf("%s %zu", named.journey, i);

        named.journey = name;
        copy.transcript = &named;
        ok = fputs(i ? ",\n" : "\n", out) != EOF && dump(&copy, &text, out);
        free(name);
    }
    buf_release(&text);
    ok = ok && fputs("]}\n", out) != EOF;
    *bytes = out ? ftell(out) : 0;
    return out && !fclose(out) && ok;
}

static void report(const char *shopper, const char *path, const char *format, int to)
{
    char *option = mem_printf("--report=%s=-", format);

    dup2(to, STDOUT_FILENO);
    close(to);
    execl(shopper, shopper, "report", path, option, (char *)NULL);
    _exit(127);
}

static long long drain(int fd)
{
    static char block[1 << 16];
    long long bytes = 0;
    ssize_t n;

    while ((n = read(fd, block, sizeof block)) > 0)
        bytes += n;
    close(fd);
    return bytes;
}

static bool measure(const char *shopper, const char *path, const char *format, size_t count)
{
    struct rusage u;
    int ends[2], status = 0;
    pid_t child;

    if (pipe2(ends, O_CLOEXEC) || (child = fork()) < 0)
        return false;
    if (!child)
        report(shopper, path, format, ends[1]);
    close(ends[1]);

    long long bytes = drain(ends[0]);
    bool ok = wait4(child, &status, 0, &u) == child && WIFEXITED(status) && !WEXITSTATUS(status);
    double seconds = (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
                     (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;

    printf("%-14s %8zu journeys %9.2f s %8.0f us each %14lld bytes %8.0f each %8ld KiB%s\n", format,
           count, seconds, seconds * 1e6 / (double)count, bytes, (double)bytes / (double)count,
           u.ru_maxrss, ok ? "" : "  FAILED");
    fflush(stdout);
    return ok;
}

int main(int argc, char **argv)
{
    static const char *const sizes[] = { "10", "1000", "100000" };
    const char *folder = getenv("TMPDIR");
    char *path = mem_printf("%s/shopper-bench-%d.json", folder ? folder : "/var/tmp", (int)getpid());
    bool ok = argc >= 3;
    struct result *one = ok ? load(argv[2]) : NULL;

    for (int k = 0; ok && k < (argc > 3 ? argc - 3 : (int)ARRAY_LEN(sizes)); k++) {
        size_t count = strtoul(argc > 3 ? argv[k + 3] : sizes[k], NULL, 10);
        long bytes = 0;

        ok = count && make_audit(one, count, path, &bytes);
        printf("%-14s %8zu journeys %68ld bytes\n", "the result", count, bytes);
        for (size_t i = 0; reporters[i] && ok; i++)
            ok = measure(argv[1], path, reporters[i]->name, count);
        unlink(path);
    }
    result_free(one);
    free(path);
    return !ok;
}
