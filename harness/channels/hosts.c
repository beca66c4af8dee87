/* The host rule: which machines a journey may contact. Everything that connects asks here first. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"
#include "harness/channels/channel.h"
#include "harness/channels/url_plain.h"

enum { HOST_MAX = 256 };

/* A host as it is compared: lower case, without brackets, without the root's dot, IPv6 addresses in
 * one spelling. Names beyond ASCII are left as they are. False: empty or too long. */
static bool normal_host(const char *s, size_t len, char out[HOST_MAX])
{
    struct in6_addr v6;

    if (len > 1 && s[0] == '[' && s[len - 1] == ']') {
        s++;
        len -= 2;
    }
    if (len > 0 && s[len - 1] == '.')
        len--;
    if (len == 0 || len >= HOST_MAX)
        return false;
    for (size_t i = 0; i < len; i++)
        out[i] = s[i] >= 'A' && s[i] <= 'Z' ? (char)(s[i] + 32) : s[i];
    out[len] = '\0';
    if (strlen(out) != len)
        return false;             /* a NUL inside */
    if (strchr(out, ':') && inet_pton(AF_INET6, out, &v6) == 1)
        inet_ntop(AF_INET6, &v6, out, HOST_MAX);
    return true;
}

/* "host", "host:port", "[v6]", "[v6]:port", bare v6. *port is -1 where the rule names none. */
static bool split_rule(const char *rule, char host[HOST_MAX], long *port)
{
    const char *first = strchr(rule, ':'), *last = strrchr(rule, ':');
    const char *bracket = strrchr(rule, ']');
    const char *end = rule + strlen(rule);
    char *stop;

    *port = -1;
    if (bracket ? last > bracket : (last && first == last)) {
        *port = strtol(last + 1, &stop, 10);
        if (stop == last + 1 || *stop || *port <= 0 || *port > 65535)
            return false;
        end = last;
    }
    return normal_host(rule, (size_t)(end - rule), host);
}

static bool rule_allows(const char *rule, const char *host, long port)
{
    char allowed[HOST_MAX];
    long allowed_port;

    if (!split_rule(rule, allowed, &allowed_port))
        return false;
    if (allowed_port >= 0 && allowed_port != port)
        return false;
    if (!text_starts_with(allowed, "*."))
        return strcmp(allowed, host) == 0;

    size_t suffix = strlen(allowed) - 1, len = strlen(host);   /* ".example.com" */

    return suffix > 1 && len > suffix && strcmp(host + len - suffix, allowed + 1) == 0;
}

bool host_allowed(const struct scenario *s, const char *host, long port)
{
    char wanted[HOST_MAX];

    if (!host || !normal_host(host, strlen(host), wanted))
        return false;
    for (size_t i = 0; i < s->company.hosts.count; i++)
        if (rule_allows(s->company.hosts.items[i], wanted, port))
            return true;
    return false;
}

/* Browsers end the host at a backslash, libcurl does not: what two readers see differently is not
 * allowed at all. */
static bool plain_authority(const char *url)
{
    const char *from = strstr(url, "//");

    from = from ? from + 2 : url;
    return !memchr(from, '\\', strcspn(from, "/?#"));
}

const char *url_host(struct arena *a, const char *url)
{
    struct url_plain plain;

    if (url_is_plain(url, &plain))
        return arena_strndup(a, plain.host.ptr, plain.host.len);

    CURLU *u = curl_url();
    char *host = NULL;
    const char *copy = "";

    if (u && !curl_url_set(u, CURLUPART_URL, url, CURLU_URLENCODE | CURLU_NON_SUPPORT_SCHEME) &&
        !curl_url_get(u, CURLUPART_HOST, &host, 0))
        copy = arena_strdup(a, host);
    curl_free(host);
    curl_url_cleanup(u);
    return copy;
}

static bool plain_allowed(const struct scenario *s, const struct url_plain *plain)
{
    char host[HOST_MAX];

    memcpy(host, plain->host.ptr, plain->host.len);       /* at most 253 bytes */
    host[plain->host.len] = '\0';
    return host_allowed(s, host, plain->port);
}

bool url_allowed(const struct scenario *s, const char *url)
{
    struct url_plain plain;

    if (url_is_plain(url, &plain))
        return plain_allowed(s, &plain);

    CURLU *u = curl_url();
    char *scheme = NULL, *host = NULL, *port = NULL, *zone = NULL;
    bool ok = false;

    if (u && plain_authority(url) &&
        !curl_url_set(u, CURLUPART_URL, url, CURLU_URLENCODE | CURLU_NON_SUPPORT_SCHEME) &&
        !curl_url_get(u, CURLUPART_SCHEME, &scheme, 0) &&
        (text_same_ascii(scheme, "http") || text_same_ascii(scheme, "https")) &&
        curl_url_get(u, CURLUPART_ZONEID, &zone, 0) == CURLUE_NO_ZONEID &&
        !curl_url_get(u, CURLUPART_HOST, &host, 0) &&
        !curl_url_get(u, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT))
        ok = host_allowed(s, host, strtol(port, NULL, 10));
    curl_free(scheme);
    curl_free(host);
    curl_free(port);
    curl_free(zone);
    curl_url_cleanup(u);
    return ok;
}
