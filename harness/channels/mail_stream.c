#include "harness/channels/mail_stream.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/buf.h"
#include "harness/base/mem.h"
#include "harness/channels/mail_token.h"

enum { OUT_MAX_BYTES = 40 * 1024 * 1024, WORDS_MAX_BYTES = 4096, CHUNK_BYTES = 16 * 1024 };

struct mail_stream {
    struct loop *loop;
    CURL *easy;
    struct mail_token *tokens;    /* NULL: none needed */
    struct mail_token_wish *wish; /* a token is on its way */
    char *token, *no_token;       /* the one in use; why there is none */
    bool renewed;                 /* it is the second */
    struct transfer *transfer;
    struct watch *watch;          /* once open */
    struct timer *failed;         /* a send failed: told from the loop, not from inside a call */
    struct mail_stream_events events;
    void *context;
    struct buf out;
    size_t sent;                  /* of out */
    struct buf words;
    bool logged_in;
    bool *freed;                  /* while a callback runs: has it freed us? */
};

void mail_stream_free(struct mail_stream *s)
{
    if (!s)
        return;
    if (s->freed)
        *s->freed = true;
    mail_token_cancel(s->wish);
    timer_cancel(s->failed);
    watch_free(s->watch);
    transfer_cancel(s->transfer);
    curl_easy_cleanup(s->easy);
    buf_release(&s->out);
    buf_release(&s->words);
    free(s->token);
    free(s->no_token);
    free(s);
}

bool mail_stream_logged_in(const struct mail_stream *s)
{
    return s->logged_in;
}

const char *mail_stream_last_words(const struct mail_stream *s)
{
    return s->words.ptr;
}

CURL *mail_stream_easy(const struct mail_stream *s)
{
    return s->easy;
}

static void on_failed(void *context)
{
    struct mail_stream *s = context;

    s->failed = NULL;
    s->events.closed(s->context, CURLE_SEND_ERROR);
}

static void flush(struct mail_stream *s)
{
    while (s->sent < s->out.len && !s->failed) {
        size_t n = 0;
        CURLcode rc = curl_easy_send(s->easy, s->out.ptr + s->sent, s->out.len - s->sent, &n);

        if (rc == CURLE_AGAIN)
            break;
        if (rc != CURLE_OK)
            s->failed = timer_start(s->loop, loop_now(s->loop), on_failed, s);
        s->sent += n;
    }
    if (s->sent == s->out.len) {
        buf_clear(&s->out);
        s->sent = 0;
    }
    watch_set(s->watch, s->out.len ? WATCH_READ | WATCH_WRITE : WATCH_READ);
}

void mail_stream_send(struct mail_stream *s, const char *bytes, size_t len)
{
    buf_add(&s->out, bytes, len);
    if (s->watch)
        flush(s);
}

/* Reads until there is nothing more: TLS may hold bytes back that no poll would tell of. */
static void on_socket(void *context, unsigned events)
{
    struct mail_stream *s = context;
    char chunk[CHUNK_BYTES];
    bool freed = false;

    if (events & WATCH_WRITE)
        flush(s);
    s->freed = &freed;
    for (;;) {
        size_t n = 0;
        CURLcode rc = events & WATCH_ERROR ? CURLE_RECV_ERROR
                                           : curl_easy_recv(s->easy, chunk, sizeof chunk, &n);

        if (rc == CURLE_AGAIN)
            break;
        if (rc != CURLE_OK || n == 0) {
            watch_set(s->watch, 0);
            s->freed = NULL;
            timer_cancel(s->failed);
            s->failed = NULL;
            s->events.closed(s->context, CURLE_RECV_ERROR);
            return;
        }
        s->events.bytes(s->context, chunk, n);
        if (freed)
            return;
    }
    s->freed = NULL;
}

/* The dialogue until the login is libcurl's; only here can be seen how it went. */
static int on_debug(CURL *easy, curl_infotype type, char *text, size_t len, void *context)
{
    struct mail_stream *s = context;

    (void)easy;
    if (type == CURLINFO_HEADER_OUT && !(len >= 4 && !memcmp(text, "QUIT", 4)))
        buf_clear(&s->words);
    if (type == CURLINFO_HEADER_IN) {
        if (len >= 3 && !memcmp(text, "235", 3))
            s->logged_in = true;
        buf_add(&s->words, text, len);
    }
    return 0;
}

static bool start_watching(struct mail_stream *s)
{
    curl_socket_t fd = CURL_SOCKET_BAD;

    curl_easy_getinfo(s->easy, CURLINFO_ACTIVESOCKET, &fd);
    if (fd != CURL_SOCKET_BAD)
        s->watch = watch_new(s->loop, fd, on_socket, s);
    if (s->watch)
        watch_set(s->watch, WATCH_READ);
    return s->watch != NULL;
}

static void on_token(void *context, const char *token, const char *why);

static void on_connected(void *context, CURL *easy, CURLcode rc, int64_t at_us)
{
    struct mail_stream *s = context;

    (void)easy;
    (void)at_us;
    if (rc != CURLE_OK)
        s->transfer = NULL;       /* gone by itself */
    if (rc == CURLE_LOGIN_DENIED && s->tokens && !s->renewed) {
        s->renewed = true;
        s->wish = mail_token_get(s->tokens, s->token, on_token, s);
        return;
    }
    if (rc == CURLE_OK && !start_watching(s))
        rc = CURLE_RECV_ERROR;
    if (rc != CURLE_OK)
        s->events.closed(s->context, rc);
    else
        s->events.open(s->context);
}

static void on_token(void *context, const char *token, const char *why)
{
    struct mail_stream *s = context;

    s->wish = NULL;
    if (!token) {
        s->no_token = mem_printf("gets no login: %s", why);
        buf_clear(&s->words);
        s->events.closed(s->context, CURLE_LOGIN_DENIED);
        return;
    }
    free(s->token);
    s->token = mem_strdup(token);
    buf_clear(&s->words);
    curl_easy_setopt(s->easy, CURLOPT_XOAUTH2_BEARER, s->token);
    s->transfer = connection_start(s->loop, s->easy, on_connected, s);
}

const char *mail_stream_hopeless(const struct mail_stream *s, CURLcode rc)
{
    if (s->no_token)
        return s->no_token;
    switch (rc) {
    case CURLE_LOGIN_DENIED: return "refused the login";
    case CURLE_PEER_FAILED_VERIFICATION: return "has a certificate that is not trusted";
    case CURLE_USE_SSL_FAILED: return "offers no TLS, which `tls` requires";
    case CURLE_SSL_CACERT_BADFILE:
        return "cannot be checked: the file of trusted certificates (`ca`) cannot be read";
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL: return "is none that libcurl can speak to";
    default: return NULL;
    }
}

struct mail_stream *mail_stream_open(struct loop *l, const struct mail_server *server,
                                     const char *path, const struct mail_stream_events *events,
                                     void *context)
{
    CURL *easy = curl_easy_init();
    struct mail_stream *s;

    if (!easy)
        return NULL;
    s = mem_zero(1, sizeof *s);
    s->loop = l;
    s->easy = easy;
    s->events = *events;
    s->context = context;
    buf_init(&s->out, OUT_MAX_BYTES);
    buf_init(&s->words, WORDS_MAX_BYTES);
    mail_server_apply(server, easy, path);
    curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(easy, CURLOPT_VERBOSE, 1L);
    curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, on_debug);
    curl_easy_setopt(easy, CURLOPT_DEBUGDATA, s);
    s->tokens = server->tokens;
    if (s->tokens)
        s->wish = mail_token_get(s->tokens, NULL, on_token, s);
    else
        s->transfer = connection_start(l, easy, on_connected, s);
    return s;
}
