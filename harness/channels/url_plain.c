#include "harness/channels/url_plain.h"

#include <string.h>

enum { HOST_LEN_MAX = 253, PORT_DIGITS = 5, PORT_MAX = 65535, BYTE_DIGITS = 3, BYTE_MAX = 255 };

#define DIGITS "0123456789"

static bool is_host_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

/* RFC 3986, 3.3 and 3.4; no "%", behind which two readers may see different things. */
static bool is_path_char(char c)
{
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
        return true;
    switch (c) {
    case '-': case '.': case '_': case '~': case '!': case '$': case '&': case '\'': case '(': case ')':
    case '*': case '+': case ',': case ';': case '=': case ':': case '@': case '/':
        return true;
    default:
        return false;
    }
}

static size_t span(const char *s, bool (*is_char)(char))
{
    size_t n = 0;

    while (is_char(s[n]))
        n++;
    return n;
}

static const char *read_scheme(const char *url, struct url_plain *ret)
{
    static const struct { const char *text; size_t len; long port; } rows[] = {
        { "http://", 4, 80 }, { "https://", 5, 443 },
    };

    for (size_t i = 0; i < 2; i++) {
        if (strncmp(url, rows[i].text, rows[i].len + 3))
            continue;
        ret->scheme = (struct slice){ url, rows[i].len };
        ret->port = rows[i].port;
        return url + rows[i].len + 3;
    }
    return NULL;
}

/** A decimal number without zeros before it; -1: none, or too large. */
static long number(const char *s, size_t len, size_t digits, long max)
{
    long value = 0;

    if (!len || len > digits || (len > 1 && *s == '0'))
        return -1;
    for (size_t i = 0; i < len; i++)
        value = value * 10 + (s[i] - '0');
    return value <= max ? value : -1;
}

static bool is_four_numbers(struct slice host)
{
    const char *p = host.ptr, *end = p + host.len;

    for (int i = 0; i < 4; i++) {
        size_t len = strspn(p, DIGITS);

        if (number(p, len, BYTE_DIGITS, BYTE_MAX) < 0)
            return false;
        p += len;
        if (i < 3 && *p++ != '.')
            return false;
    }
    return p == end;
}

/* Labels of letters, digits and hyphens; a last one that begins with a digit may be a number. */
static bool is_name(struct slice host)
{
    const char *last = host.ptr;

    for (size_t i = 0; i < host.len; i++) {
        bool begins = i == 0 || host.ptr[i - 1] == '.';

        if (begins && (host.ptr[i] == '.' || host.ptr[i] == '-'))
            return false;
        last = begins ? host.ptr + i : last;
    }
    return host.len <= HOST_LEN_MAX && host.ptr[host.len - 1] != '.' && *last >= 'a' && *last <= 'z';
}

static const char *read_port(const char *p, struct url_plain *ret)
{
    size_t len = strspn(++p, DIGITS);

    ret->port = number(p, len, PORT_DIGITS, PORT_MAX);
    return ret->port > 0 ? p + len : NULL;
}

bool url_is_plain(const char *url, struct url_plain *ret)
{
    const char *p = read_scheme(url, ret);

    if (!p)
        return false;
    ret->host = (struct slice){ p, span(p, is_host_char) };
    if (!ret->host.len || !(is_name(ret->host) || is_four_numbers(ret->host)))
        return false;
    p += ret->host.len;
    if (*p == ':' && !(p = read_port(p, ret)))
        return false;
    ret->path = (struct slice){ p, span(p, is_path_char) };
    if (*p != '/')
        return false;
    for (const char *dot = p; (dot = memchr(dot, '.', (size_t)(p + ret->path.len - dot))); dot++)
        if (dot[-1] == '/')
            return false;
    p += ret->path.len;
    if (*p == '?' && p[1])
        for (p++; is_path_char(*p) || *p == '?'; p++)
            ;
    return *p == '\0';
}
