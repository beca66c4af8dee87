#include "harness/channels/mail_server.h"

#include <string.h>

#include "harness/base/mem.h"
#include "harness/base/text.h"

const char *const mail_tls_names[] = { "auto", "required", "off", NULL };

/* Long enough for a slow provider, short enough for a person who waits in front of a terminal. */
enum { CONNECT_SECONDS = 30, ANSWER_SECONDS = 60, TRANSFER_SECONDS = 300 };

static const char *const schemes[][2] = {
    [MAIL_SMTP] = { "smtp", "smtps" },
    [MAIL_IMAP] = { "imap", "imaps" },
};

/* A part of the URL in the arena; NULL when it has none. *bad: it cannot be decoded (libcurl takes
 * no control characters). */
static const char *part(struct arena *a, CURLU *u, CURLUPart what, unsigned flags, bool *bad)
{
    char *text = NULL;
    const char *copy = NULL;
    CURLUcode rc = curl_url_get(u, what, &text, flags);

    if (rc == CURLUE_OK && text)
        copy = arena_strdup(a, text);
    *bad |= rc == CURLUE_URLDECODE;
    curl_free(text);
    return copy;
}

/* Nothing of a URL may break out of a protocol line. */
static bool has_control(const char *s)
{
    for (; s && *s; s++)
        if ((unsigned char)*s < 0x20 || *s == 0x7f)
            return true;
    return false;
}

enum status mail_server_parse(struct arena *a, const char *what, const char *url,
                              enum mail_protocol protocol, struct diags *diags,
                              struct mail_server *ret)
{
    const char *plain = schemes[protocol][0], *secure = schemes[protocol][1];
    struct mail_server s = { 0 };
    CURLU *u = curl_url();
    bool bad = false;

    if (!u || curl_url_set(u, CURLUPART_URL, url, 0) != CURLUE_OK) {
        curl_url_cleanup(u);
        diag_error(diags, "%s is not a URL of the form %s://[user:password@]host[:port]", what,
                   plain);
        return ST_INVALID;
    }
    s.scheme = part(a, u, CURLUPART_SCHEME, 0, &bad);
    s.host = part(a, u, CURLUPART_HOST, 0, &bad);
    s.port = part(a, u, CURLUPART_PORT, 0, &bad);
    s.user = part(a, u, CURLUPART_USER, CURLU_URLDECODE, &bad);
    s.password = part(a, u, CURLUPART_PASSWORD, CURLU_URLDECODE, &bad);
    s.login_options = part(a, u, CURLUPART_OPTIONS, CURLU_URLDECODE, &bad);
    s.path = part(a, u, CURLUPART_PATH, CURLU_URLDECODE, &bad);
    curl_url_cleanup(u);

    s.port = s.port ? s.port : "";
    s.path = s.path && *s.path == '/' ? s.path + 1 : "";
    if (!s.scheme || (strcmp(s.scheme, plain) && strcmp(s.scheme, secure))) {
        diag_error(diags, "%s: \"%s\" is not %s:// or %s://", what, s.scheme ? s.scheme : "",
                   plain, secure);
        return ST_INVALID;
    }
    if (bad || !s.host || !*s.host || has_control(s.user) || has_control(s.password) ||
        has_control(s.path)) {
        diag_error(diags, "%s: the URL needs a host, and control characters have no place in it",
                   what);
        return ST_INVALID;
    }
    if (protocol == MAIL_IMAP && !s.user) {
        diag_error(diags, "%s: the URL names no mailbox user (imap://user:password@host)", what);
        return ST_INVALID;
    }
    *ret = s;
    return ST_OK;
}

bool mail_server_is_loopback(const struct mail_server *s)
{
    return text_starts_with(s->host, "127.") || text_same_ascii(s->host, "localhost") ||
           !strcmp(s->host, "[::1]");
}

struct mail_server mail_server_maildir(const char *path)
{
    return (struct mail_server){ .scheme = "maildir", .host = "localhost", .port = "",
                                 .path = path };
}

bool mail_server_is_maildir(const struct mail_server *s)
{
    return !strcmp(s->scheme, "maildir");
}

const char *mail_server_name(struct arena *a, const struct mail_server *s)
{
    if (mail_server_is_maildir(s))
        return s->path;
    return arena_printf(a, "%s://%s%s%s", s->scheme, s->host, *s->port ? ":" : "", s->port);
}

/* On loopback nobody listens in, and a certificate for "localhost" is rarely signed by anybody. */
static long tls_level(const struct mail_server *s)
{
    switch (s->tls) {
    case TLS_REQUIRED: return CURLUSESSL_ALL;
    case TLS_OFF: return CURLUSESSL_NONE;
    case TLS_AUTO: break;
    }
    return mail_server_is_loopback(s) && !s->ca ? CURLUSESSL_NONE : CURLUSESSL_TRY;
}

void mail_server_apply(const struct mail_server *s, CURL *easy, const char *path)
{
    char *escaped = curl_easy_escape(easy, path, 0);
    char *url = mem_printf("%s://%s%s%s/%s", s->scheme, s->host, *s->port ? ":" : "", s->port,
                           escaped ? escaped : "");

    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_free(escaped);
    mem_freep(&url);
    if (s->user) {
        curl_easy_setopt(easy, CURLOPT_USERNAME, s->user);
        curl_easy_setopt(easy, CURLOPT_PASSWORD, s->password ? s->password : "");
    }
    if (s->token)                 /* OAUTHBEARER (RFC 7628) or XOAUTH2, as the server offers */
        curl_easy_setopt(easy, CURLOPT_XOAUTH2_BEARER, s->token);
    if (s->login_options)
        curl_easy_setopt(easy, CURLOPT_LOGIN_OPTIONS, s->login_options);
    if (s->ca)
        curl_easy_setopt(easy, CURLOPT_CAINFO, s->ca);
    curl_easy_setopt(easy, CURLOPT_USE_SSL, tls_level(s));
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps,imap,imaps");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");     /* no proxy of the environment by accident */
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
    curl_easy_setopt(easy, CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)ANSWER_SECONDS);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT, (long)TRANSFER_SECONDS);
}
