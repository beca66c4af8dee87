#include "harness/channels/cookies.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <libpsl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "harness/base/text.h"
#include "harness/channels/url_plain.h"

enum { ATTRIBUTE_MAX = 1024, ATTRIBUTE_NAME_MAX = 16, AGE_DIGITS_MAX = 10 };
#define US_PER_SECOND INT64_C(1000000)
/* No cookie lives longer (RFC 6265bis, 5.5). */
#define AGE_MAX_S (INT64_C(400) * 24 * 3600)

enum same_site { SITE_UNSPECIFIED, SITE_NONE, SITE_LAX, SITE_STRICT };

struct cookie {
    char *name, *value, *domain, *path;
    bool host_only, secure;
    enum same_site same_site;
    int64_t made_us, used_us, ends_us;    /* ends_us: INT64_MAX with the visit */
};

struct cookies {
    struct cookie *items;
    size_t count, cap;
};

struct cookies *cookies_new(void)
{
    return mem_zero(1, sizeof(struct cookies));
}

static void release(struct cookie *c)
{
    free(c->name);
    free(c->value);
    free(c->domain);
    free(c->path);
}

void cookies_free(struct cookies *j)
{
    if (!j)
        return;
    for (size_t i = 0; i < j->count; i++)
        release(&j->items[i]);
    free(j->items);
    free(j);
}

static void drop(struct cookies *j, size_t i)
{
    release(&j->items[i]);
    memmove(&j->items[i], &j->items[i + 1], (--j->count - i) * sizeof(*j->items));
}

/* Places */

struct place {
    char *scheme, *host, *path;
    char *all;                    /* the memory of all three; NULL: each has its own */
};

static char *part(CURLU *u, CURLUPart what)
{
    char *got = NULL, *copy;

    if (curl_url_get(u, what, &got, 0))
        return mem_strdup("");
    copy = mem_strdup(got);
    curl_free(got);
    return copy;
}

static char *put(char **to, struct slice s)
{
    char *at = memcpy(*to, s.ptr, s.len);

    at[s.len] = '\0';
    *to = at + s.len + 1;
    return at;
}

static void plain_place(const struct url_plain *plain, struct place *p)
{
    char *to = mem_alloc(plain->scheme.len + plain->host.len + plain->path.len + 3);

    p->all = to;
    p->scheme = put(&to, plain->scheme);
    p->host = put(&to, plain->host);
    p->path = put(&to, plain->path);
}

static bool place_of(const char *url, struct place *p)
{
    struct url_plain plain;

    if (url_is_plain(url, &plain)) {
        plain_place(&plain, p);
        return true;
    }

    CURLU *u = curl_url();
    bool ok = u && !curl_url_set(u, CURLUPART_URL, url, CURLU_URLENCODE);

    *p = (struct place){ 0 };
    if (ok) {
        p->scheme = part(u, CURLUPART_SCHEME);
        p->host = part(u, CURLUPART_HOST);
        p->path = part(u, CURLUPART_PATH);
        for (char *c = p->host; *c; c++)
            *c = *c >= 'A' && *c <= 'Z' ? (char)(*c + 32) : *c;
    }
    curl_url_cleanup(u);
    return ok;
}

static void place_release(struct place *p)
{
    free(p->all);
    if (p->all)
        return;
    free(p->scheme);
    free(p->host);
    free(p->path);
}

static bool is_address(const char *host)
{
    struct in_addr v4;

    return *host == '[' || inet_pton(AF_INET, host, &v4) == 1;
}

static bool ends_with(const char *s, const char *end)
{
    size_t n = strlen(s), m = strlen(end);

    return n >= m && !strcmp(s + n - m, end);
}

static bool is_safe(const struct place *p)
{
    return !strcmp(p->scheme, "https") || !strcmp(p->host, "localhost") ||
           ends_with(p->host, ".localhost") || !strcmp(p->host, "[::1]") ||
           (is_address(p->host) && text_starts_with(p->host, "127."));
}

/** The part of a host that one owner has: the public suffix and one label more. */
static const char *owned_part(const char *host)
{
    const psl_ctx_t *list = psl_builtin();
    const char *owned = !is_address(host) && list ? psl_registrable_domain(list, host) : NULL;

    return owned ? owned : host;
}

static bool same_site(const char *a, const char *b)
{
    struct place x, y;
    bool one = place_of(a, &x), other = place_of(b, &y);
    bool same = one && other && !strcmp(x.scheme, y.scheme) &&
                !strcmp(owned_part(x.host), owned_part(y.host));

    place_release(&x);
    place_release(&y);
    return same;
}

static bool domain_covers(const char *domain, const char *host)
{
    size_t n = strlen(domain), m = strlen(host);

    return !strcmp(domain, host) ||
           (m > n && !is_address(host) && host[m - n - 1] == '.' && ends_with(host, domain));
}

static bool path_covers(const char *cookie, const char *path)
{
    size_t n = strlen(cookie);

    return !strncmp(cookie, path, n) &&
           (path[n] == '\0' || path[n] == '/' || cookie[n - 1] == '/');
}

/* Reading Set-Cookie (RFC 6265bis, 5.6) */

static struct slice trimmed(const char *s, size_t len)
{
    while (len && (*s == ' ' || *s == '\t')) {
        s++;
        len--;
    }
    while (len && (s[len - 1] == ' ' || s[len - 1] == '\t'))
        len--;
    return (struct slice){ s, len };
}

static char *copy_trimmed(const char *s, size_t len)
{
    struct slice t = trimmed(s, len);

    return mem_strndup(t.ptr, t.len);
}

struct attributes {
    char *domain, *path;          /* NULL: not given */
    bool secure, aged;
    int64_t ends_us;
    enum same_site same_site;
};

static void read_age(struct attributes *a, const char *value, int64_t now_us)
{
    bool minus = *value == '-';
    size_t n = strspn(value + minus, "0123456789");
    int64_t s;

    if (!n || value[minus + n])
        return;
    s = minus ? 0 : n > AGE_DIGITS_MAX ? AGE_MAX_S : strtoll(value, NULL, 10);
    a->aged = true;
    a->ends_us = s <= 0 ? INT64_MIN : now_us + (s < AGE_MAX_S ? s : AGE_MAX_S) * US_PER_SECOND;
}

static void read_expiry(struct attributes *a, const char *value, int64_t now_us)
{
    time_t at = curl_getdate(value, NULL), now = time(NULL);
    int64_t s = (int64_t)at - (int64_t)now;

    if (at == -1 || a->aged)
        return;
    a->ends_us = s <= 0 ? INT64_MIN : now_us + (s < AGE_MAX_S ? s : AGE_MAX_S) * US_PER_SECOND;
}

static void read_same_site(struct attributes *a, const char *value)
{
    a->same_site = text_same_ascii(value, "strict") ? SITE_STRICT
                 : text_same_ascii(value, "lax") ? SITE_LAX
                 : text_same_ascii(value, "none") ? SITE_NONE : SITE_UNSPECIFIED;
}

static void read_domain(struct attributes *a, const char *value)
{
    value += *value == '.';
    free(a->domain);
    a->domain = mem_strdup(value);
    for (char *c = a->domain; *c; c++)
        *c = *c >= 'A' && *c <= 'Z' ? (char)(*c + 32) : *c;
}

static void read_attribute(struct attributes *a, const char *name, const char *value,
                           int64_t now_us)
{
    if (text_same_ascii(name, "max-age")) {
        read_age(a, value, now_us);
    } else if (text_same_ascii(name, "expires")) {
        read_expiry(a, value, now_us);
    } else if (text_same_ascii(name, "domain")) {
        read_domain(a, value);
    } else if (text_same_ascii(name, "path")) {
        free(a->path);
        a->path = *value == '/' ? mem_strdup(value) : NULL;
    } else if (text_same_ascii(name, "secure")) {
        a->secure = true;
    } else if (text_same_ascii(name, "samesite")) {
        read_same_site(a, value);
    }
}

static void read_attributes(struct attributes *a, const char *p, int64_t now_us)
{
    while (*p == ';') {
        size_t len = strcspn(++p, ";"), name_len = strcspn(p, "=;");
        struct slice name = trimmed(p, name_len), value = { "", 0 };
        char brief[ATTRIBUTE_NAME_MAX + 1], content[ATTRIBUTE_MAX + 1], *to = brief;

        if (name_len < len)
            value = trimmed(p + name_len + 1, len - name_len - 1);
        if (name.len <= ATTRIBUTE_NAME_MAX && value.len <= ATTRIBUTE_MAX) {
            put(&to, name);
            to = content;
            put(&to, value);
            read_attribute(a, brief, content, now_us);
        }
        p += len;
    }
}

static bool has_controls(const char *s)
{
    for (; *s; s++)
        if (((unsigned char)*s < ' ' && *s != '\t') || *s == 127)
            return true;
    return false;
}

/** Name and value; false: no cookie. */
static bool read_pair(struct cookie *c, const char *s)
{
    size_t len = strcspn(s, ";"), name_len = strcspn(s, "=;");

    if (name_len < len) {
        c->name = copy_trimmed(s, name_len);
        c->value = copy_trimmed(s + name_len + 1, len - name_len - 1);
    } else {
        c->name = mem_strdup("");
        c->value = copy_trimmed(s, len);
    }
    return (*c->name || *c->value) && strlen(c->name) + strlen(c->value) <= COOKIE_BYTES_MAX;
}

/* Up to the last slash of the page's own path. */
static char *default_path(const char *path)
{
    const char *slash = strrchr(path, '/');

    return *path != '/' || slash == path ? mem_strdup("/")
                                         : mem_strndup(path, (size_t)(slash - path));
}

static bool domain_acceptable(const char *domain, const char *host)
{
    const psl_ctx_t *list = psl_builtin();

    if (!domain_covers(domain, host))
        return false;
    if (!strcmp(domain, host))
        return true;
    return list ? !psl_is_public_suffix(list, domain) : strchr(domain, '.') != NULL;
}

/** A name that promises something about the cookie; nameless ones may not pretend to. */
static bool prefix_kept(const struct cookie *c, const struct attributes *a)
{
    const char *name = *c->name ? c->name : c->value;
    bool of_host = !strncasecmp(name, "__Host-", 7);

    if (!of_host && strncasecmp(name, "__Secure-", 9))
        return true;
    return *c->name && c->secure && (!of_host || (c->host_only && a->path && !strcmp(a->path, "/")));
}

/** A page over plain HTTP may not overlay what a safe one has set. */
static bool overlays_secure(const struct cookies *j, const struct cookie *c)
{
    for (size_t i = 0; i < j->count; i++) {
        const struct cookie *o = &j->items[i];

        if (o->secure && !strcmp(o->name, c->name) &&
            (domain_covers(o->domain, c->domain) || domain_covers(c->domain, o->domain)) &&
            path_covers(o->path, c->path))
            return true;
    }
    return false;
}

static bool acceptable(const struct cookies *j, const struct cookie *c, const struct attributes *a,
                       const struct place *p)
{
    if (has_controls(c->name) || has_controls(c->value) || !domain_covers(c->domain, p->host))
        return false;
    if (!is_safe(p) && (c->secure || overlays_secure(j, c)))
        return false;
    if (c->same_site == SITE_NONE && !c->secure)
        return false;
    return prefix_kept(c, a);
}

/* Keeping */

static void make_room(struct cookies *j, const char *domain)
{
    size_t of_host = 0, oldest = 0, oldest_of_host = SIZE_MAX;

    for (size_t i = 0; i < j->count; i++) {
        if (j->items[i].used_us < j->items[oldest].used_us)
            oldest = i;
        if (strcmp(owned_part(j->items[i].domain), owned_part(domain)))
            continue;
        of_host++;
        if (oldest_of_host == SIZE_MAX || j->items[i].used_us < j->items[oldest_of_host].used_us)
            oldest_of_host = i;
    }
    if (of_host >= COOKIES_OF_HOST_MAX)
        drop(j, oldest_of_host);
    else if (j->count >= COOKIES_MAX)
        drop(j, oldest);
}

static void keep(struct cookies *j, struct cookie *c, int64_t made_us, int64_t now_us)
{
    c->made_us = c->used_us = made_us;
    for (size_t i = 0; i < j->count; i++) {
        struct cookie *o = &j->items[i];

        if (strcmp(o->name, c->name) || strcmp(o->domain, c->domain) ||
            strcmp(o->path, c->path) || o->host_only != c->host_only)
            continue;
        c->made_us = o->made_us;
        drop(j, i);
        break;
    }
    if (c->ends_us <= now_us) {
        release(c);
        return;
    }
    make_room(j, c->domain);
    MEM_GROW(j->items, j->cap, j->count + 1);
    j->items[j->count++] = *c;
}

void cookies_store(struct cookies *j, const char *url, const char *set_cookie, int64_t now_us)
{
    struct attributes a = { .ends_us = INT64_MAX };
    struct cookie c = { 0 };
    struct place p;
    bool ok = place_of(url, &p) && read_pair(&c, set_cookie);

    if (ok) {
        read_attributes(&a, set_cookie + strcspn(set_cookie, ";"), now_us);
        ok = !a.domain || !*a.domain || domain_acceptable(a.domain, p.host);
        c.host_only = !a.domain || !*a.domain || is_address(p.host);
        c.domain = mem_strdup(c.host_only ? p.host : a.domain);
        c.path = a.path ? mem_strdup(a.path) : default_path(p.path);
        c.secure = a.secure;
        c.same_site = a.same_site;
        c.ends_us = a.ends_us;
    }
    if (ok && acceptable(j, &c, &a, &p))
        keep(j, &c, now_us, now_us);
    else
        release(&c);
    free(a.domain);
    free(a.path);
    place_release(&p);
}

/* Sending */

static bool site_allows(const struct cookie *c, bool cross_site, bool safe_method, int64_t now_us)
{
    if (!cross_site || c->same_site == SITE_NONE)
        return true;
    if (c->same_site == SITE_STRICT)
        return false;
    return safe_method ||
           (c->same_site == SITE_UNSPECIFIED && now_us - c->made_us <= COOKIE_LAX_UNSAFE_US);
}

/* Longer paths first, then the older one. */
static int by_rank(const void *a, const void *b)
{
    const struct cookie *x = *(struct cookie *const *)a, *y = *(struct cookie *const *)b;
    size_t n = strlen(x->path), m = strlen(y->path);

    if (n != m)
        return n > m ? -1 : 1;
    if (x->made_us != y->made_us)
        return x->made_us < y->made_us ? -1 : 1;
    return x < y ? -1 : 1;
}

void cookies_add(struct cookies *j, const char *url, const char *initiator, const char *method,
                 int64_t now_us, struct buf *out)
{
    bool cross_site = j->count && initiator && !same_site(initiator, url);
    bool safe_method = !strcmp(method, "GET") || !strcmp(method, "HEAD");
    struct cookie **sent;
    size_t count = 0;
    struct place p;
    bool ok = j->count && place_of(url, &p);

    if (!ok)
        return;
    sent = mem_zero(j->count, sizeof(*sent));

    for (size_t i = 0; i < j->count; i++) {
        struct cookie *c = &j->items[i];
        bool of_host = c->host_only ? !strcmp(c->domain, p.host)
                                    : domain_covers(c->domain, p.host);

        if (!of_host || c->ends_us <= now_us || !path_covers(c->path, p.path) ||
            (c->secure && !is_safe(&p)) || !site_allows(c, cross_site, safe_method, now_us))
            continue;
        c->used_us = now_us;
        sent[count++] = c;
    }
    qsort(sent, count, sizeof(*sent), by_rank);
    for (size_t i = 0; i < count; i++)
        buf_addf(out, "%s%s%s%s", i ? "; " : "", sent[i]->name, *sent[i]->name ? "=" : "",
                 sent[i]->value);
    free(sent);
    place_release(&p);
}

/* In a later process */

json_t *cookies_save(const struct cookies *j, int64_t now_us)
{
    json_t *all = json_array();
    int64_t wall = (int64_t)time(NULL);

    for (size_t i = 0; i < j->count; i++) {
        const struct cookie *c = &j->items[i];
        json_t *one = json_pack("{s:s%, s:s%, s:s, s:s, s:b, s:b, s:i, s:I}", "name", c->name,
                                strlen(c->name), "value", c->value, strlen(c->value), "domain",
                                c->domain, "path", c->path, "host_only", c->host_only, "secure",
                                c->secure, "same_site", (int)c->same_site, "made",
                                (json_int_t)(wall + (c->made_us - now_us) / US_PER_SECOND));

        if (one && c->ends_us != INT64_MAX)
            json_object_set_new(one, "ends", json_integer(
                wall + (c->ends_us - now_us) / US_PER_SECOND));
        if (one)
            json_array_append_new(all, one);
    }
    return all;
}

void cookies_restore(struct cookies *j, const json_t *saved, int64_t now_us)
{
    int64_t wall = (int64_t)time(NULL);

    for (size_t i = 0; i < json_array_size(saved); i++) {
        const char *name, *value, *domain, *path;
        json_t *one = json_array_get(saved, i), *ends = json_object_get(one, "ends");
        struct cookie c = { .ends_us = INT64_MAX };
        int host_only, secure, same;
        json_int_t made;

        if (json_unpack(one, "{s:s, s:s, s:s, s:s, s:b, s:b, s:i, s:I}", "name", &name, "value",
                        &value, "domain", &domain, "path", &path, "host_only", &host_only,
                        "secure", &secure, "same_site", &same, "made", &made) ||
            same < SITE_UNSPECIFIED || same > SITE_STRICT || *path != '/')
            continue;
        if (ends)
            c.ends_us = now_us + (json_integer_value(ends) - wall) * US_PER_SECOND;
        c.name = mem_strdup(name);
        c.value = mem_strdup(value);
        c.domain = mem_strdup(domain);
        c.path = mem_strdup(path);
        c.host_only = host_only;
        c.secure = secure;
        c.same_site = (enum same_site)same;
        keep(j, &c, now_us + (made - wall) * US_PER_SECOND, now_us);
    }
}
