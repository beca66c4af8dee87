#include "harness/cli/machine.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

/* For the program itself (libraries, reports, journal, mail servers), and for its loops. */
enum { OWN_FILES = 64, BROWSER_FILES = 8 };

static bool contacts_somebody(const struct scenario *s)
{
    for (size_t i = 0; i < s->steps.count; i++)
        if (s->steps.items[i].channel >= 0)
            return true;
    return false;
}

/* How many files the connections of one journey take; mailboxes are shared. */
static size_t files_of(const struct scenario *s)
{
    size_t files = 0;

    if (!contacts_somebody(s))
        return 0;
    for (size_t i = 0; i < s->channel_count; i++)
        if (s->channels[i].family != FAMILY_EMAIL)
            files += strcmp(s->channels[i].type, "browser") ? 1 : BROWSER_FILES;
    return files ? files : 1;
}

/* The soft limit is a habit of shells; the hard one is meant. 0 = none. */
static size_t open_files(void)
{
    struct rlimit r;

    if (getrlimit(RLIMIT_NOFILE, &r))
        return 0;
    r.rlim_cur = r.rlim_max;
    setrlimit(RLIMIT_NOFILE, &r);
    getrlimit(RLIMIT_NOFILE, &r);
    return r.rlim_cur == RLIM_INFINITY ? 0 : (size_t)r.rlim_cur;
}

/* Ports a connection to one address can begin at; 0 = the system does not say. */
static size_t local_ports(void)
{
    FILE *f = fopen("/proc/sys/net/ipv4/ip_local_port_range", "r");
    unsigned low = 0, high = 0;
    int got = f ? fscanf(f, "%u %u", &low, &high) : 0;

    if (f)
        fclose(f);
    return got == 2 && high >= low ? (size_t)(high - low) + 1 : 0;
}

bool machine_bears(struct scenario *const *scenarios, size_t count, size_t at_once,
                   struct diags *diags)
{
    size_t files = open_files(), ports = local_ports(), each = 0, fit;
    size_t playing = at_once < count ? at_once : count;

    for (size_t i = 0; i < count; i++)
        each = files_of(scenarios[i]) > each ? files_of(scenarios[i]) : each;
    if (!each)
        return true;              /* who only waits needs none */
    fit = files > OWN_FILES ? (files - OWN_FILES) / each : 0;
    if (files && playing > fit) {
        diag_error(diags, "%zu journeys at once need about %zu open files, and this machine allows "
                   "%zu: --jobs %zu fits; or raise the limit (ulimit -Hn, LimitNOFILE= of systemd, "
                   "/etc/security/limits.conf)", playing, OWN_FILES + playing * each, files,
                   fit ? fit : 1);
        return false;
    }
    if (ports && playing > ports) {
        diag_error(diags, "%zu journeys at once need as many ports for their connections, and this "
                   "machine has %zu: --jobs %zu fits; or widen the range (sysctl "
                   "net.ipv4.ip_local_port_range), or play shards on several machines (--shard)",
                   playing, ports, ports);
        return false;
    }
    return true;
}
