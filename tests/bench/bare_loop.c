/* The floor for any libcurl client: journeys of three GETs of one page, some at once on one multi
 * handle and one thread, a new connection for each journey; nothing is read but the status.
 *
 *   bare_loop URL JOURNEYS AT_ONCE [TIMES]
 *
 * TIMES   a file: for each request, in microseconds, what libcurl says it took and what the server says it
 *         held it back (tests/bench/server.c). */
#define _GNU_SOURCE
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REQUESTS = 3, AT_ONCE_MAX = 10000 };

struct slot {
    CURL *easy;
    int requests;                 /* of the journey in it */
    long held;
};

static FILE *times;

static size_t swallow(char *data, size_t size, size_t count, void *context)
{
    struct slot *s = context;
    const char *held = times ? memmem(data, size * count, "held ", 5) : NULL;

    if (held)
        s->held = strtol(held + 5, NULL, 10);
    return size * count;
}

static void begin(CURLM *multi, struct slot *s, const char *url)
{
    curl_easy_reset(s->easy);
    curl_easy_setopt(s->easy, CURLOPT_URL, url);
    curl_easy_setopt(s->easy, CURLOPT_WRITEFUNCTION, swallow);
    curl_easy_setopt(s->easy, CURLOPT_WRITEDATA, s);
    curl_easy_setopt(s->easy, CURLOPT_PRIVATE, s);
    curl_easy_setopt(s->easy, CURLOPT_FRESH_CONNECT, s->requests == 0 ? 1L : 0L);
    curl_easy_setopt(s->easy, CURLOPT_FORBID_REUSE, s->requests == REQUESTS - 1 ? 1L : 0L);
    curl_multi_add_handle(multi, s->easy);
}

static void note_time(CURL *easy, const struct slot *s)
{
    curl_off_t us = 0;

    curl_easy_getinfo(easy, CURLINFO_TOTAL_TIME_T, &us);
    fprintf(times, "%ld %ld\n", (long)us, s->held);
}

int main(int argc, char **argv)
{
    static struct slot slots[AT_ONCE_MAX];
    long journeys = argc >= 4 ? strtol(argv[2], NULL, 10) : 0;
    long at_once = argc >= 4 ? strtol(argv[3], NULL, 10) : 0, begun = 0, over = 0, wrong = 0;
    int running;

    if (journeys < 1 || at_once < 1 || at_once > AT_ONCE_MAX) {
        fputs("usage: bare_loop URL JOURNEYS AT_ONCE [TIMES]\n", stderr);
        return 2;
    }
    times = argc == 5 ? fopen(argv[4], "w") : NULL;
    curl_global_init(CURL_GLOBAL_DEFAULT);
    CURLM *multi = curl_multi_init();

    for (; begun < at_once && begun < journeys; begun++) {
        slots[begun].easy = curl_easy_init();
        begin(multi, &slots[begun], argv[1]);
    }
    while (over < journeys) {
        CURLMsg *m;
        int left;

        curl_multi_perform(multi, &running);
        while ((m = curl_multi_info_read(multi, &left))) {
            struct slot *s;
            long status = 0;

            curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, (char **)&s);
            curl_easy_getinfo(m->easy_handle, CURLINFO_RESPONSE_CODE, &status);
            if (times)
                note_time(m->easy_handle, s);
            wrong += m->data.result != CURLE_OK || status != 200;
            curl_multi_remove_handle(multi, s->easy);
            if (++s->requests == REQUESTS) {
                s->requests = 0;
                over++;
                if (begun++ >= journeys)
                    continue;
            }
            begin(multi, s, argv[1]);
        }
        if (over < journeys)
            curl_multi_poll(multi, NULL, 0, 1000, NULL);
    }
    for (long i = 0; i < at_once && slots[i].easy; i++)
        curl_easy_cleanup(slots[i].easy);
    curl_multi_cleanup(multi);
    curl_global_cleanup();
    if (times)
        fclose(times);
    printf("%ld journeys, %ld requests went wrong\n", over, wrong);
    return wrong != 0;
}
