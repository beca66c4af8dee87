/* The floor for any libcurl client: journeys of three GETs of one page, some at once on one multi
 * handle and one thread, a new connection for each journey; nothing is read but the status.
 *
 *   bare_loop [-r] [-h LINE]... [-l LINE]... URL JOURNEYS AT_ONCE [TIMES]
 *
 * -r       connections are kept and shared by all journeys
 * -h LINE  a header line of the first request of a journey, -l of the later ones
 * TIMES    a file: for each request, in microseconds, what libcurl says it took and what the server says it
 *          held it back (tests/bench/server.c). */
#define _GNU_SOURCE
#include <curl/curl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { REQUESTS = 3, AT_ONCE_MAX = 10000 };

struct slot {
    CURL *easy;
    int requests;                 /* of the journey in it */
    long held;
};

struct plan {
    const char *url;
    long journeys, at_once;
    struct curl_slist *first, *later;     /* header lines */
    bool reuse;
    FILE *times;                  /* NULL: nobody asks */
};

struct sink {
    struct slot *slot;
    const struct plan *plan;
};

static struct sink sinks[AT_ONCE_MAX];
static struct slot slots[AT_ONCE_MAX];

static size_t swallow(char *data, size_t size, size_t count, void *context)
{
    struct sink *s = context;
    const char *held = s->plan->times ? memmem(data, size * count, "held ", 5) : NULL;

    if (held)
        s->slot->held = strtol(held + 5, NULL, 10);
    return size * count;
}

static void begin(CURLM *multi, struct slot *s, const struct plan *p)
{
    struct curl_slist *lines = s->requests ? p->later : p->first;
    struct sink *sink = &sinks[s - slots];

    *sink = (struct sink){ s, p };
    curl_easy_reset(s->easy);
    curl_easy_setopt(s->easy, CURLOPT_URL, p->url);
    curl_easy_setopt(s->easy, CURLOPT_WRITEFUNCTION, swallow);
    curl_easy_setopt(s->easy, CURLOPT_WRITEDATA, sink);
    curl_easy_setopt(s->easy, CURLOPT_PRIVATE, s);
    if (lines)
        curl_easy_setopt(s->easy, CURLOPT_HTTPHEADER, lines);
    if (!p->reuse) {
        curl_easy_setopt(s->easy, CURLOPT_FRESH_CONNECT, s->requests == 0 ? 1L : 0L);
        curl_easy_setopt(s->easy, CURLOPT_FORBID_REUSE, s->requests == REQUESTS - 1 ? 1L : 0L);
    }
    curl_multi_add_handle(multi, s->easy);
}

static void note_time(CURL *easy, const struct slot *s, FILE *times)
{
    curl_off_t us = 0;

    curl_easy_getinfo(easy, CURLINFO_TOTAL_TIME_T, &us);
    fprintf(times, "%ld %ld\n", (long)us, s->held);
}

static bool read_plan(int argc, char **argv, struct plan *p)
{
    int o;

    while ((o = getopt(argc, argv, "rh:l:")) != -1) {
        if (o == 'r')
            p->reuse = true;
        else if (o == 'h')
            p->first = curl_slist_append(p->first, optarg);
        else if (o == 'l')
            p->later = curl_slist_append(p->later, optarg);
        else
            return false;
    }
    if (argc - optind < 3)
        return false;
    p->url = argv[optind];
    p->journeys = strtol(argv[optind + 1], NULL, 10);
    p->at_once = strtol(argv[optind + 2], NULL, 10);
    if (argc - optind == 4)
        p->times = fopen(argv[optind + 3], "w");
    return p->journeys >= 1 && p->at_once >= 1 && p->at_once <= AT_ONCE_MAX;
}

/** How many requests went wrong. */
static long play(CURLM *multi, const struct plan *p)
{
    long begun = 0, over = 0, wrong = 0;
    int running, left;
    CURLMsg *m;

    for (; begun < p->at_once && begun < p->journeys; begun++) {
        slots[begun].easy = curl_easy_init();
        begin(multi, &slots[begun], p);
    }
    while (over < p->journeys) {
        curl_multi_perform(multi, &running);
        while ((m = curl_multi_info_read(multi, &left))) {
            struct slot *s;
            long status = 0;

            curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, (char **)&s);
            curl_easy_getinfo(m->easy_handle, CURLINFO_RESPONSE_CODE, &status);
            if (p->times)
                note_time(m->easy_handle, s, p->times);
            wrong += m->data.result != CURLE_OK || status != 200;
            curl_multi_remove_handle(multi, s->easy);
            if (++s->requests == REQUESTS) {
                s->requests = 0;
                over++;
                if (begun++ >= p->journeys)
                    continue;
            }
            begin(multi, s, p);
        }
        if (over < p->journeys)
            curl_multi_poll(multi, NULL, 0, 1000, NULL);
    }
    return wrong;
}

int main(int argc, char **argv)
{
    struct plan p = { 0 };
    CURLM *multi;
    long wrong;

    curl_global_init(CURL_GLOBAL_DEFAULT);
    if (!read_plan(argc, argv, &p)) {
        fputs("usage: bare_loop [-r] [-h LINE]... [-l LINE]... URL JOURNEYS AT_ONCE [TIMES]\n", stderr);
        return 2;
    }
    multi = curl_multi_init();
    wrong = play(multi, &p);
    for (long i = 0; i < p.at_once && slots[i].easy; i++)
        curl_easy_cleanup(slots[i].easy);
    curl_multi_cleanup(multi);
    curl_slist_free_all(p.first);
    curl_slist_free_all(p.later);
    curl_global_cleanup();
    if (p.times)
        fclose(p.times);
    printf("%ld journeys, %ld requests went wrong\n", p.journeys, wrong);
    return wrong != 0;
}
