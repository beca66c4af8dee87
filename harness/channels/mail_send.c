#include "harness/channels/mail_send.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/mem.h"
#include "harness/base/text.h"

enum { REPLY_MAX_BYTES = 4096 };

/* How far the dialogue came: the last command that went out. Order matters. */
enum stage { STAGE_CONNECT, STAGE_HELLO, STAGE_LOGIN, STAGE_FROM, STAGE_TO, STAGE_DATA,
             STAGE_BODY, STAGE_ENDED };

struct mail_sending {
    CURL *easy;
    struct transfer *transfer;
    struct curl_slist *to;
    struct buf message;
    size_t read;
    enum stage stage;
    bool said_hello, logged_in, has_login, no_login;
    struct buf reply;             /* lines since the last command */
    struct arena *arena;
    const char *url;
    mail_sent_fn *fn;
    void *context;
};

static void free_sending(struct mail_sending *m)
{
    curl_easy_cleanup(m->easy);
    curl_slist_free_all(m->to);
    buf_release(&m->message);
    buf_release(&m->reply);
    arena_free(m->arena);
    free(m);
}

void mail_send_cancel(struct mail_sending *m)
{
    if (!m)
        return;
    transfer_cancel(m->transfer);
    free_sending(m);
}

static size_t read_body(char *to, size_t size, size_t count, void *context)
{
    struct mail_sending *m = context;
    size_t n = m->message.len - m->read;

    /* libcurl goes on without a login when the server offers none; nothing is sent that way. */
    if (m->has_login && m->said_hello && !m->logged_in) {
        m->no_login = true;
        return CURL_READFUNC_ABORT;
    }
    n = n < size * count ? n : size * count;
    memcpy(to, m->message.ptr + m->read, n);
    m->read += n;
    m->stage = m->read == m->message.len ? STAGE_ENDED : STAGE_BODY;
    return n;
}

static void on_command(struct mail_sending *m, const char *text, size_t len)
{
    static const struct { const char *word; enum stage stage; } stages[] = {
        { "EHLO", STAGE_HELLO }, { "HELO", STAGE_HELLO }, { "AUTH", STAGE_LOGIN },
        { "MAIL", STAGE_FROM },  { "RCPT", STAGE_TO },    { "DATA", STAGE_DATA },
    };

    buf_clear(&m->reply);
    m->reply.full = false;
    for (size_t i = 0; i < ARRAY_LEN(stages) && len >= 4; i++)
        if (!memcmp(text, stages[i].word, 4))
            m->stage = stages[i].stage;
    if (m->stage == STAGE_HELLO)
        m->said_hello = true;
}

/* Only here do we learn what was said when: libcurl's result is the same for many refusals. */
static int on_debug(CURL *easy, curl_infotype type, char *text, size_t len, void *context)
{
    struct mail_sending *m = context;

    (void)easy;
    if (type == CURLINFO_HEADER_OUT) {
        on_command(m, text, len);
    } else if (type == CURLINFO_HEADER_IN) {
        if (len >= 3 && !memcmp(text, "235", 3))
            m->logged_in = true;
        buf_add(&m->reply, text, len);
    }
    return 0;
}

/* "550-5.1.1 no\r\n550 such user\r\n" → "550 5.1.1 no such user" */
static const char *words_of(struct mail_sending *m, int status)
{
    CLEANUP(buf_release) struct buf out = BUF_INIT(REPLY_MAX_BYTES * 3 + 16);
    const char *p = m->reply.ptr, *end = p + m->reply.len;

    buf_addf(&out, "%d", status);
    while (p < end) {
        const char *nl = memchr(p, '\n', (size_t)(end - p));
        struct slice line = { p, (size_t)((nl ? nl : end) - p) };

        if (line.len >= 4 && (line.ptr[3] == '-' || line.ptr[3] == ' '))
            line = (struct slice){ line.ptr + 4, line.len - 4 };
        line = text_trim(line);
        if (line.len)
            buf_addc(&out, ' ');
        text_add_clean(&out, line);
        p = nl ? nl + 1 : end;
    }
    return arena_strndup(m->arena, out.ptr, out.len);
}

/* Does this 5xx speak about us, not about the recipient? Logins (530, 534, 535, 538 and 5.7.0, .8,
 * .9, .11) and relaying are our account at our own server. */
static bool about_us(int status, const char *words)
{
    static const char *const codes[] = { " 5.7.0 ", " 5.7.8 ", " 5.7.9 ", " 5.7.11 " };
    char *folded = text_folded(words);
    bool ours = status == 530 || status == 534 || status == 535 || status == 538 ||
                strstr(folded, "relay") || strstr(folded, "authentication required");

    free(folded);
    for (size_t i = 0; i < ARRAY_LEN(codes); i++)
        ours |= strstr(words, codes[i]) != NULL;
    return ours;
}

static enum send_result judge_reply(const struct mail_sending *m, int status, const char *words)
{
    if (m->stage <= STAGE_LOGIN)
        return SEND_OURS;
    if (status / 100 == 4)
        return status == 421 && m->stage == STAGE_FROM ? SEND_OURS : SEND_LATER;
    if (status / 100 != 5)
        return m->stage == STAGE_ENDED ? SEND_UNKNOWN : SEND_OURS;
    if (m->stage == STAGE_FROM || about_us(status, words))
        return SEND_OURS;
    return SEND_REFUSED;
}

static struct mail_sent result_of(struct mail_sending *m, CURLcode rc, int64_t at_us)
{
    struct mail_sent sent = { .url = m->url, .at_us = at_us,
                              .timings = transfer_timings(m->easy) };
    long code = 0;

    curl_easy_getinfo(m->easy, CURLINFO_RESPONSE_CODE, &code);
    sent.status = (int)code;
    sent.words = words_of(m, sent.status);
    if (rc == CURLE_OK) {
        sent.result = SEND_OK;
    } else if (m->no_login) {
        sent.result = SEND_OURS;
        sent.words = "the mail server offers no login on this connection (without TLS?), but a "
                     "password is given: nothing was sent";
    } else if (m->stage > STAGE_CONNECT && m->reply.len && code >= 400) {
        sent.result = judge_reply(m, sent.status, sent.words);
    } else {
        sent.result = m->stage == STAGE_ENDED ? SEND_UNKNOWN : SEND_OURS;
        sent.status = m->stage > STAGE_CONNECT ? sent.status : 0;
        sent.words = curl_easy_strerror(rc);
    }
    return sent;
}

static void on_transfer(void *context, CURL *easy, CURLcode rc, int64_t at_us)
{
    struct mail_sending *m = context;
    struct mail_sent sent = result_of(m, rc, at_us);

    (void)easy;
    m->fn(m->context, &sent);
    free_sending(m);
}

struct mail_sending *mail_send(struct loop *l, const struct mail_server *s, const char *ehlo,
                               const char *from, const char *to, struct buf *message,
                               mail_sent_fn *fn, void *context)
{
    struct mail_sending *m = mem_zero(1, sizeof *m);
    size_t len = message->len;
    CURL *easy = curl_easy_init();

    m->easy = easy;
    m->arena = arena_new();
    m->fn = fn;
    m->context = context;
    m->has_login = s->user != NULL;
    m->url = mail_server_name(m->arena, s);
    buf_init(&m->reply, REPLY_MAX_BYTES);
    buf_init(&m->message, message->max);
    m->message = *message;
    buf_init(message, message->max);
    if (!easy) {
        free_sending(m);
        return NULL;
    }
    mail_server_apply(s, easy, *s->path ? s->path : ehlo);
    m->to = curl_slist_append(NULL, arena_printf(m->arena, "<%s>", to));
    curl_easy_setopt(easy, CURLOPT_MAIL_FROM, arena_printf(m->arena, "<%s>", from));
    curl_easy_setopt(easy, CURLOPT_MAIL_RCPT, m->to);
    curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(easy, CURLOPT_READFUNCTION, read_body);
    curl_easy_setopt(easy, CURLOPT_READDATA, m);
    curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)len);
    curl_easy_setopt(easy, CURLOPT_VERBOSE, 1L);
    curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, on_debug);
    curl_easy_setopt(easy, CURLOPT_DEBUGDATA, m);
    m->transfer = transfer_start(l, easy, on_transfer, m);
    return m;
}
