/* URLs by libcurl's own parser, where there is anything to decide: what is checked here is what it will
 * connect to. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"
#include "harness/channels/http.h"
#include "harness/channels/url_plain.h"

/* Relative references that are only a query or a fragment are older than libcurl's way of joining
 * them, so they are joined here. */
static bool set_relative(CURLU *u, const char *url)
{
    if (*url == '\0' || *url == '#')
        return true;
    if (*url == '?') {
        CLEANUP(mem_freep) char *query = mem_strndup(url + 1, strcspn(url + 1, "#"));

        return !curl_url_set(u, CURLUPART_QUERY, *query ? query : NULL, 0);
    }
    return !curl_url_set(u, CURLUPART_URL, url, CURLU_URLENCODE | CURLU_NON_SUPPORT_SCHEME);
}

/** With what is not ASCII behind the host as "%C3%A9": libcurl would write it in small letters. */
static char *escaped(struct slice url)
{
    CLEANUP(buf_release) struct buf out = BUF_INIT(url.len * 3 + 1);
    const char *end = url.ptr + url.len, *host = url.ptr;

    for (const char *p = url.ptr; p + 1 < end && !strchr("/?#", *p); p++)
        if (*p == ':')
            host = p + 1;
    if (end - host >= 2 && host[0] == '/' && host[1] == '/')
        host += 2 + strcspn(host + 2, "/?#");
    for (const char *p = url.ptr; p < end; p++) {
        if (p >= host && (unsigned char)*p >= 0x80)
            buf_addf(&out, "%%%02X", (unsigned char)*p);
        else if (!strchr("\t\n\r", *p))
            buf_addc(&out, *p);
    }
    return buf_steal(&out);
}

/** "/contact", or "contact" beside "/help", to a plain base. NULL: there is something to decide. */
static char *joined_plainly(const char *base, const char *url)
{
    struct url_plain plain;
    size_t kept;
    char *whole;

    if (!base || !url_is_plain(base, &plain) || url[strcspn(url, ":/?#")] == ':' ||
        text_starts_with(url, "//") || strchr("?#", *url))
        return NULL;
    kept = (size_t)(plain.path.ptr - base);
    for (size_t i = plain.path.len; *url != '/' && i > 0; i--)
        if (plain.path.ptr[i - 1] == '/') {
            kept += i;
            break;
        }
    whole = mem_printf("%.*s%s", (int)kept, base, url);
    if (!url_is_plain(whole, &plain)) {
        free(whole);
        return NULL;
    }
    return whole;
}

char *http_resolve(const char *base, const char *url)
{
    struct url_plain plain;
    char *whole;

    if (url_is_plain(url, &plain))
        return mem_strdup(url);
    if ((whole = joined_plainly(base, url)))
        return whole;

    char *reference = escaped(text_trim(slice_str(url))), *got = NULL, *copy = NULL;
    CURLU *u = curl_url();

    if (u &&
        (!base || !curl_url_set(u, CURLUPART_URL, base, CURLU_URLENCODE |
                                                            CURLU_NON_SUPPORT_SCHEME)) &&
        set_relative(u, reference)) {
        curl_url_set(u, CURLUPART_FRAGMENT, NULL, 0);
        if (!curl_url_get(u, CURLUPART_URL, &got, 0)) {
            copy = mem_strdup(got);
            curl_free(got);
        }
    }
    curl_url_cleanup(u);
    free(reference);
    return copy;
}

static bool same_part(CURLU *a, CURLU *b, CURLUPart part, unsigned flags)
{
    char *x = NULL, *y = NULL;
    bool same = !curl_url_get(a, part, &x, flags) && !curl_url_get(b, part, &y, flags) &&
                text_same_ascii(x, y);

    curl_free(x);
    curl_free(y);
    return same;
}

bool http_is_web(const char *url)
{
    return text_starts_with(url, "http://") || text_starts_with(url, "https://");
}

bool http_same_origin(const char *a, const char *b)
{
    CURLU *x = curl_url(), *y = curl_url();
    bool same = x && y && !curl_url_set(x, CURLUPART_URL, a, CURLU_URLENCODE) &&
                !curl_url_set(y, CURLUPART_URL, b, CURLU_URLENCODE) &&
                same_part(x, y, CURLUPART_SCHEME, 0) && same_part(x, y, CURLUPART_HOST, 0) &&
                same_part(x, y, CURLUPART_PORT, CURLU_DEFAULT_PORT);

    curl_url_cleanup(x);
    curl_url_cleanup(y);
    return same;
}

static bool is_literal(const struct template *t)
{
    for (size_t i = 0; t && i < t->count; i++)
        if (t->parts[i].variable)
            return false;
    return t != NULL;
}

static bool web_url(const char *url)
{
    struct url_plain plain;

    if (url_is_plain(url, &plain))
        return true;

    CURLU *u = curl_url();
    char *scheme = NULL;
    bool web = u && !curl_url_set(u, CURLUPART_URL, url, CURLU_URLENCODE) &&
               !curl_url_get(u, CURLUPART_SCHEME, &scheme, 0) &&
               (text_same_ascii(scheme, "http") || text_same_ascii(scheme, "https"));

    curl_free(scheme);
    curl_url_cleanup(u);
    return web;
}

void http_check_url(const struct scenario *s, const struct channel_spec *spec,
                    const struct template *t, struct diags *diags)
{
    if (!is_literal(t))
        return;
    if (!web_url(t->source))
        diag_add(diags, SEVERITY_ERROR, s->source, spec->at, "write http:// or https:// before it",
                 "channel \"%s\": \"%s\" is no web address", spec->name, t->source);
    else if (!url_allowed(s, t->source))
        diag_add(diags, SEVERITY_ERROR, s->source, spec->at,
                 "a journey contacts nobody else; list the host in company.hosts",
                 "channel \"%s\": the host of %s is not in company.hosts", spec->name, t->source);
}

enum status http_open_url(struct visit *v, const struct template *t, struct diags *diags,
                          const char **ret)
{
    const char *url = visit_render(v, t, diags);

    if (!url)
        return ST_NOT_FOUND;

    struct slice trimmed = text_trim(slice_str(url));
    url = arena_strndup(v->arena, trimmed.ptr, trimmed.len);
    if (!web_url(url)) {
        diag_error(diags, "channel \"%s\": \"%s\" is no web address (http:// or https://)",
                   v->spec->name, url);
        return ST_INVALID;
    }
    if (!url_allowed(v->scenario, url)) {
        diag_error(diags, "channel \"%s\": the host of %s is not in company.hosts; a journey "
                   "contacts nobody else", v->spec->name, url);
        return ST_DENIED;
    }
    v->host = url_host(v->arena, url);
    *ret = url;
    return ST_OK;
}
