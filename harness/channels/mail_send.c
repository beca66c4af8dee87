#include "harness/channels/mail_send.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/duration.h"
#include "harness/base/mem.h"
#include "harness/base/text.h"
#include "harness/channels/mail_stream.h"

enum { REPLY_MAX_BYTES = 8192 };
#define COMMAND_US (60 * US_PER_S)
#define BODY_US (600 * US_PER_S)  /* RFC 5321 section 4.5.3.2.6 */

/* What was sent last and waits for its reply. Order matters. */
enum stage { STAGE_CONNECT, STAGE_FROM, STAGE_TO, STAGE_COPY, STAGE_DATA, STAGE_BODY, STAGE_OVER };

static const char *const stage_names[] = {
    [STAGE_CONNECT] = "connect", [STAGE_FROM] = "MAIL FROM", [STAGE_TO] = "RCPT TO",
    [STAGE_COPY] = "RCPT TO", [STAGE_DATA] = "DATA", [STAGE_BODY] = "end of data",
    [STAGE_OVER] = "",
};

struct mail_sending {
    struct loop *loop;
    struct mail_stream *stream;
    struct timer *timer;          /* deadline of a reply */
    struct arena *arena;
    const char *from, *copy, *url;
    const char *connect_stage;    /* how far the connection came; NULL not told */
    struct mail_recipient *to;
    size_t to_count, asked;
    struct buf message;
    enum stage stage;
    bool has_login, holding;
    int64_t started_us;
    int64_t sent_bytes, received_bytes;
    struct buf reply;             /* the lines of one reply, as they come */
    mail_sent_fn *fn;
    void *context;
};

static void hold(struct mail_sending *m, bool on)
{
    if (m->holding == on)
        return;
    m->holding = on;
    if (on)
        loop_hold(m->loop);
    else
        loop_release(m->loop);
}

void mail_send_cancel(struct mail_sending *m)
{
    if (!m)
        return;
    hold(m, false);
    timer_cancel(m->timer);
    mail_stream_free(m->stream);
    buf_release(&m->message);
    buf_release(&m->reply);
    arena_free(m->arena);
    free(m);
}

static void end(struct mail_sending *m, enum send_result result, int status, const char *words)
{
    static const char quit[] = "QUIT\r\n";
    struct mail_sent sent = {
        .result = result, .status = status, .words = words, .url = m->url,
        .before_recipients = m->stage < STAGE_TO,
        .stage = m->connect_stage ? m->connect_stage : stage_names[m->stage],
        .recipients = m->to, .recipient_count = m->to_count,
        .at_us = loop_now(m->loop), .timings = transfer_timings(mail_stream_easy(m->stream), 0),
    };

    sent.timings.first_byte_us = DURATION_UNKNOWN;
    sent.timings.total_us = sent.at_us - m->started_us;
    sent.timings.sent_bytes = m->sent_bytes;
    sent.timings.received_bytes = m->received_bytes;
    if (m->stage > STAGE_CONNECT && status)      /* politely, without waiting for the answer */
        mail_stream_send(m->stream, quit, sizeof quit - 1);
    m->fn(m->context, &sent);
    mail_send_cancel(m);
}

/* Replies */

/* "550-5.1.1 no\r\n550 such user\r\n" → "550 5.1.1 no such user" */
static const char *words_of(struct mail_sending *m, const char *text)
{
    CLEANUP(buf_release) struct buf out = BUF_INIT(REPLY_MAX_BYTES * 3 + 16);
    const char *p = text;

    while (*p) {
        size_t len = strcspn(p, "\n");
        struct slice line = { p, len };

        if (out.len && line.len >= 4 && (line.ptr[3] == '-' || line.ptr[3] == ' '))
            line = (struct slice){ line.ptr + 4, line.len - 4 };
        line = text_trim(line);
        if (out.len && line.len)
            buf_addc(&out, ' ');
        text_add_clean(&out, line);
        if (out.len > 3 && out.ptr[3] == '-')
            out.ptr[3] = ' ';
        p += len + (p[len] == '\n');
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

static enum send_result refusal(const struct mail_sending *m, int status, const char *words)
{
    if (status / 100 == 4)
        return SEND_LATER;
    if (status / 100 != 5)
        return m->stage == STAGE_BODY ? SEND_UNKNOWN : SEND_OURS;
    /* Refusing the sender is about our address; the rest about theirs, or about what we wrote. */
    return m->stage == STAGE_FROM || about_us(status, words) ? SEND_OURS : SEND_REFUSED;
}

static void on_deadline(void *context)
{
    struct mail_sending *m = context;

    m->timer = NULL;
    end(m, m->stage == STAGE_BODY ? SEND_UNKNOWN : SEND_OURS, 0, "the mail server does not answer");
}

static void say(struct mail_sending *m, enum stage stage, const char *bytes, size_t len)
{
    m->stage = stage;
    m->sent_bytes += (int64_t)len;
    buf_clear(&m->reply);
    timer_cancel(m->timer);
    m->timer = timer_start(m->loop,
                           loop_now(m->loop) + (stage == STAGE_BODY ? BODY_US : COMMAND_US),
                           on_deadline, m);
    mail_stream_send(m->stream, bytes, len);
}

static void say_command(struct mail_sending *m, enum stage stage, const char *text)
{
    say(m, stage, text, strlen(text));
}

/* RFC 5321 section 4.5.2: a line that begins with a dot gets another; a dot alone ends it. */
static void say_body(struct mail_sending *m)
{
    CLEANUP(buf_release) struct buf wire = BUF_INIT(m->message.len * 2 + 8);
    const char *p = m->message.ptr, *stop = p + m->message.len;

    while (p < stop) {
        const char *nl = memchr(p, '\n', (size_t)(stop - p));
        size_t len = (size_t)((nl ? nl + 1 : stop) - p);

        if (*p == '.')
            buf_addc(&wire, '.');
        buf_add(&wire, p, len);
        p += len;
    }
    if (wire.len < 2 || memcmp(wire.ptr + wire.len - 2, "\r\n", 2))
        buf_adds(&wire, "\r\n");
    buf_adds(&wire, ".\r\n");
    say(m, STAGE_BODY, wire.ptr, wire.len);
}

static void ask_next(struct mail_sending *m)
{
    say_command(m, STAGE_TO,
                arena_printf(m->arena, "RCPT TO:<%s>\r\n", m->to[m->asked].address));
}

/* Nobody was taken: what is ours to mend comes first, then what may be tried again. */
static void end_untaken(struct mail_sending *m)
{
    static const enum send_result order[] = { SEND_OURS, SEND_LATER, SEND_REFUSED };

    for (size_t k = 0; k < ARRAY_LEN(order); k++)
        for (size_t i = 0; i < m->to_count; i++)
            if (m->to[i].result == order[k]) {
                end(m, order[k], m->to[i].status, m->to[i].words);
                return;
            }
}

/* The server's word on one recipient; the mail goes on for those that are taken. */
static void on_recipient(struct mail_sending *m, int status, const char *words)
{
    struct mail_recipient *who = &m->to[m->asked++];
    bool taken = false;

    who->status = status;
    who->words = words;
    who->result = status / 100 == 2 ? SEND_OK : refusal(m, status, words);
    if (m->asked < m->to_count) {
        ask_next(m);
        return;
    }
    for (size_t i = 0; i < m->to_count; i++)
        taken |= m->to[i].result == SEND_OK;
    if (!taken)
        end_untaken(m);
    else if (m->copy)
        say_command(m, STAGE_COPY, arena_printf(m->arena, "RCPT TO:<%s>\r\n", m->copy));
    else
        say_command(m, STAGE_DATA, "DATA\r\n");
}

static void on_reply(struct mail_sending *m, int status)
{
    static const int wanted[] = { [STAGE_FROM] = 2, [STAGE_TO] = 0, [STAGE_COPY] = 0, [STAGE_DATA] = 3,
                                  [STAGE_BODY] = 2 };
    const char *words = words_of(m, m->reply.ptr);

    if (wanted[m->stage] && status / 100 != wanted[m->stage]) {
        end(m, refusal(m, status, words), status, words);
        return;
    }
    switch (m->stage) {
    case STAGE_FROM: ask_next(m); break;
    case STAGE_TO: on_recipient(m, status, words); break;
    case STAGE_COPY: say_command(m, STAGE_DATA, "DATA\r\n"); break;
    case STAGE_DATA: say_body(m); break;
    case STAGE_BODY: end(m, SEND_OK, status, words); break;
    case STAGE_CONNECT: case STAGE_OVER: break;
    }
}

/* The status of a reply that is all there: its last line has a blank after the code. 0: not yet. */
static int complete(const struct buf *reply)
{
    size_t start = reply->len;

    if (!start || reply->ptr[start - 1] != '\n')
        return 0;
    for (start--; start && reply->ptr[start - 1] != '\n';)
        start--;

    const char *p = reply->ptr + start;
    size_t len = reply->len - start;

    for (int i = 0; i < 3; i++)
        if (len < 5 || p[i] < '0' || p[i] > '9')
            return -1;
    if (p[3] == '-')
        return 0;
    return (p[0] - '0') * 100 + (p[1] - '0') * 10 + (p[2] - '0');
}

static void on_bytes(void *context, const char *bytes, size_t len)
{
    struct mail_sending *m = context;
    int status;

    m->received_bytes += (int64_t)len;
    buf_add(&m->reply, bytes, len);
    status = m->reply.full ? -1 : complete(&m->reply);
    if (status < 0)
        end(m, m->stage == STAGE_BODY ? SEND_UNKNOWN : SEND_OURS, 0,
            "the mail server's answer is not SMTP");
    else if (status > 0)
        on_reply(m, status);
}

/* The connection */

static void on_open(void *context)
{
    struct mail_sending *m = context;

    if (m->has_login && !mail_stream_logged_in(m->stream)) {
        end(m, SEND_OURS, 0, "the mail server offers no login on this connection (without TLS?), "
                             "but a password is given: nothing was sent");
        return;
    }
    hold(m, true);
    say_command(m, STAGE_FROM, arena_printf(m->arena, "MAIL FROM:<%s>\r\n", m->from));
}

static bool is_about_tls(CURLcode rc)
{
    return rc == CURLE_PEER_FAILED_VERIFICATION || rc == CURLE_SSL_CONNECT_ERROR ||
           rc == CURLE_USE_SSL_FAILED || rc == CURLE_SSL_CACERT_BADFILE ||
           rc == CURLE_SSL_CERTPROBLEM;
}

static void on_closed(void *context, CURLcode rc)
{
    struct mail_sending *m = context;
    const char *said = mail_stream_last_words(m->stream);
    long status = 0;

    if (m->stage != STAGE_CONNECT) {
        end(m, m->stage == STAGE_BODY ? SEND_UNKNOWN : SEND_OURS, 0,
            "the mail server closed the connection");
        return;
    }
    curl_easy_getinfo(mail_stream_easy(m->stream), CURLINFO_RESPONSE_CODE, &status);
    const char *why = mail_stream_hopeless(m->stream, rc);

    if (status >= 400 && *said)
        why = words_of(m, said);
    m->connect_stage = rc == CURLE_LOGIN_DENIED || rc == CURLE_AUTH_ERROR ? "AUTH"
                       : is_about_tls(rc)                                 ? "TLS"
                       : status >= 400                                    ? "greeting or EHLO"
                                                                          : "connect";
    end(m, status / 100 == 4 ? SEND_LATER : SEND_OURS, status >= 400 ? (int)status : 0,
        why ? why : curl_easy_strerror(rc));
}

struct mail_sending *mail_send(struct loop *l, const struct mail_server *s, const char *ehlo,
                               const char *from, const char *const *to, size_t count,
                               const char *copy, struct buf *message, mail_sent_fn *fn,
                               void *context)
{
    static const struct mail_stream_events events = { on_open, on_bytes, on_closed };
    struct mail_sending *m = mem_zero(1, sizeof *m);

    m->loop = l;
    m->arena = arena_new();
    m->from = arena_strdup(m->arena, from);
    m->to = arena_alloc(m->arena, count * sizeof *m->to);
    for (size_t i = 0; i < count; i++)
        m->to[i] = (struct mail_recipient){ .address = arena_strdup(m->arena, to[i]) };
    m->to_count = count;
    m->copy = arena_strdup(m->arena, copy);
    m->url = mail_server_name(m->arena, s);
    m->has_login = s->user != NULL;
    m->started_us = loop_now(l);
    m->fn = fn;
    m->context = context;
    m->message = *message;
    buf_init(message, message->max);
    buf_init(&m->reply, REPLY_MAX_BYTES);
    m->stream = mail_stream_open(l, s, *s->path ? s->path : ehlo, &events, m);
    if (!m->stream) {
        mail_send_cancel(m);
        return NULL;
    }
    return m;
}
