/* A chat over a WebSocket whose connection breaks: what the customer said is said once. The peer is a
 * thread of the test with a script for each connection. */
#include "tests/unit/support/cmocka.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "harness/channels/chat_inside.h"
#include "tests/unit/channels/recording_sink.h"

/** One connection: after each message of the client one text of the server, then a break. */
struct connection {
    const char *greeting;         /* comes with the handshake, so that it cannot be late; NULL none */
    const char *texts[4];         /* NULL = nothing to say to that message; "!" = break off */
    const char *later;            /* after the first text, when the gate is open; NULL nothing */
};

struct peer {
    struct connection connections[3];
    int fd;
    char url[64];
    pthread_t thread;
    struct buf heard;             /* "message|" of all connections */
    atomic_bool open;             /* the gate */
};

static void handshake(int fd, const char *greeting)
{
    CLEANUP(buf_release) struct buf in = BUF_INIT(65536);
    unsigned char digest[20];
    char chunk[2048], text[128], accept[32];
    size_t len;
    ssize_t n;

    while (!strstr(in.ptr, "\r\n\r\n") && (n = recv(fd, chunk, sizeof chunk, 0)) > 0)
        buf_add(&in, chunk, (size_t)n);
    snprintf(text, sizeof text, "%.24s258EAFA5-E914-47DA-95CA-C5AB0DC85B11",
             strstr(in.ptr, "Sec-WebSocket-Key: ") + 19);
    EVP_Digest(text, strlen(text), digest, NULL, EVP_sha1(), NULL);
    EVP_EncodeBlock((unsigned char *)accept, digest, 20);
    len = (size_t)snprintf(chunk, sizeof chunk, "HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                           "Sec-WebSocket-Accept: %s\r\n\r\n", accept);
    if (greeting)
        len += (size_t)snprintf(chunk + len, sizeof chunk - len, "\x81%c%s", (int)strlen(greeting),
                                greeting);
    send(fd, chunk, len, MSG_NOSIGNAL);
}

/** One short text of the client. False: it has closed, or is gone. */
static bool read_text(int fd, struct buf *heard)
{
    unsigned char head[6], body[126];
    size_t len;

    if (recv(fd, head, 6, MSG_WAITALL) != 6 || head[0] != 0x81)
        return false;
    len = head[1] & 0x7f;
    if (recv(fd, body, len, MSG_WAITALL) != (ssize_t)len)
        return false;
    for (size_t i = 0; i < len; i++)
        buf_addc(heard, (char)(body[i] ^ head[2 + i % 4]));
    buf_addc(heard, '|');
    return true;
}

static void send_text(int fd, const char *text)
{
    unsigned char frame[128] = { 0x81, (unsigned char)strlen(text) };

    memcpy(frame + 2, text, strlen(text));
    send(fd, frame, 2 + strlen(text), MSG_NOSIGNAL);
}

static void *serve(void *context)
{
    struct peer *p = context;

    for (size_t i = 0; i < ARRAY_LEN(p->connections); i++) {
        const struct connection *c = &p->connections[i];
        int fd = accept(p->fd, NULL, NULL);

        if (fd < 0)
            return NULL;
        handshake(fd, c->greeting);
        for (size_t k = 0; read_text(fd, &p->heard); k++) {
            const char *text = k < 4 ? c->texts[k] : NULL;

            if (text && *text == '!')
                break;
            if (!text)
                continue;
            send_text(fd, text);
            while (k == 1 && c->later && !atomic_load(&p->open))
                nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
            if (k == 1 && c->later)
                send_text(fd, c->later);
        }
        close(fd);
    }
    return NULL;
}

static const char *typing_kind = "typing", *words_kind = "w";
static struct adapter pushed = {
    .name = "pushed",
    .socket = { "/ws", NULL, "hello", "back" },
    .send = { .call = { "POST", NULL, "{text}" } },
    .messages = { .list = "m[]", .text = "t", .kind = "k", .typing = { &typing_kind, NULL, 1 },
                  .words = { &words_kind, NULL, 1 } },
    .close = { { NULL, NULL, "bye" } },
};
static const struct adapters all = { &pushed, 1 };

struct fixture {
    struct peer peer;
    struct recorder r;
    struct chat_settings settings;
};

static void begin(struct fixture *f)
{
    struct sockaddr_in at = { .sin_family = AF_INET };
    socklen_t size = sizeof at;

    f->peer.fd = socket(AF_INET, SOCK_STREAM, 0);
    buf_init(&f->peer.heard, 4096);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(f->peer.fd, (struct sockaddr *)&at, size), 0);
    assert_int_equal(listen(f->peer.fd, 4), 0);
    getsockname(f->peer.fd, (struct sockaddr *)&at, &size);
    snprintf(f->peer.url, sizeof f->peer.url, "http://127.0.0.1:%u/", ntohs(at.sin_port));
    pthread_create(&f->peer.thread, NULL, serve, &f->peer);
    f->settings = (struct chat_settings){ .adapter = "pushed", .settle = 50 * US_PER_MS };
    recorder_init(&f->r, &channel_chat, &f->settings, CLOCK_REAL);
    f->r.world.adapters = &all;
    recorder_allow(&f->r, "127.0.0.1");
    f->settings.url = recorder_template(&f->r, f->peer.url);
    assert_int_equal(recorder_open(&f->r), ST_OK);
}

static void end(struct fixture *f)
{
    recorder_release(&f->r);
    shutdown(f->peer.fd, SHUT_RDWR);
    pthread_join(f->peer.thread, NULL);
    close(f->peer.fd);
    buf_release(&f->peer.heard);
}

static int say(struct fixture *f, const char *text)
{
    return recorder_act(&f->r, &(struct action){ .verb = VERB_SAY, .text = text,
                                                 .repeats_seq = -1 });
}

static void a_break_says_nothing_twice(void **state)
{
    struct fixture f = { .peer.connections = {
        { "{\"m\":[{\"k\":\"w\",\"t\":\"Welcome\"}]}", { NULL, "{\"m\":[{\"k\":\"w\",\"t\":\"One.\"}]}", "!" }, NULL },
        { NULL, { "{\"m\":[{\"k\":\"w\",\"t\":\"Where were we?\"}]}",
                  "{\"m\":[{\"k\":\"w\",\"t\":\"Three.\"}]}" }, NULL } } };

    (void)state;
    begin(&f);
    assert_int_equal(say(&f, "one"), DONE_OK);
    channel_chat.listen(&f.r.visit);
    recorder_wait(&f.r, 4);               /* handshake, greeting, words, reply */
    assert_int_equal(say(&f, "two"), DONE_OK);
    recorder_wait(&f.r, 9);               /* words, break, handshake, again, what comes then */
    assert_int_equal(say(&f, "three"), DONE_OK);
    recorder_wait(&f.r, 11);
    end(&f);
}

static void the_transcript_tells_it(void **state)
{
    struct fixture f = { .peer.connections = {
        { "{\"m\":[{\"k\":\"w\",\"t\":\"Welcome\"}]}", { NULL, "!" }, NULL },
        { NULL, { "{\"m\":[{\"k\":\"w\",\"t\":\"Where were we?\"}]}" }, NULL } } };
    const char *log;

    (void)state;
    begin(&f);
    assert_int_equal(say(&f, "one"), DONE_OK);
    channel_chat.listen(&f.r.visit);
    recorder_wait(&f.r, 7);
    log = recorder_log(&f.r, 1u << EVENT_SENT | 1u << EVENT_MESSAGE | 1u << EVENT_NOTE |
                                 1u << EVENT_FAILED);
    assert_non_null(strstr(log, "message company Welcome\nsent customer one\n"
                                "note harness the chat's connection broke (the connection broke); "
                                "no answer to \"one\" (turn 1) had come\n"
                                "note harness connected again after "));
    assert_non_null(strstr(log, "; nothing was said twice; an answer to \"one\" (turn 1) that they "
                                "sent in between is lost, unless they send it again\n"));
    assert_non_null(strstr(log, "message company Where were we?\n"));
    recorder_close(&f.r);
    shutdown(f.peer.fd, SHUT_RDWR);
    pthread_join(f.peer.thread, NULL);
    assert_string_equal(f.peer.heard.ptr, "hello|one|back|");
    close(f.peer.fd);
    buf_release(&f.peer.heard);
    recorder_release(&f.r);
}

/* The next words are said, and the loss is told by the words that it was about. */
static void what_was_lost_is_told(void **state)
{
    struct fixture f = { .peer.connections = {
        { "{\"m\":[{\"k\":\"w\",\"t\":\"Welcome\"}]}", { NULL, "!" }, NULL },
        { NULL, { NULL, "{\"m\":[{\"k\":\"w\",\"t\":\"Two.\"}]}" }, NULL } } };
    const char *log;

    (void)state;
    begin(&f);
    assert_int_equal(say(&f, "one"), DONE_OK);
    channel_chat.listen(&f.r.visit);
    recorder_wait(&f.r, 6);               /* handshake, greeting, words, break, handshake, again */
    assert_int_equal(say(&f, "two"), DONE_OK);
    while (strcmp(recorder_last(&f.r, EVENT_MESSAGE)->text, "Two.") != 0)
        recorder_turn(&f.r);
    log = recorder_log(&f.r, 1u << EVENT_SENT | 1u << EVENT_NOTE | 1u << EVENT_MESSAGE);
    assert_non_null(strstr(log, "note harness no answer to \"one\" (turn 1) came any more: lost when "
                                "the connection broke\nsent customer two\nmessage company Two.\n"));
    end(&f);
}

/* Each waits until the one before was read: so one is later than the other. */
static void typing_words_and_more_words(void **state)
{
    struct fixture f = { .peer.connections = { {
        "{\"m\":[{\"k\":\"w\",\"t\":\"Welcome\"}]}", { NULL, "{\"m\":[{\"k\":\"typing\"}]}" },
        "{\"m\":[{\"k\":\"w\",\"t\":\"One.\"},{\"k\":\"w\",\"t\":\"More.\"}]}" } } };
    const struct event *m;

    (void)state;
    begin(&f);
    assert_int_equal(say(&f, "one"), DONE_OK);
    channel_chat.listen(&f.r.visit);
    while (!f.r.typings)
        recorder_turn(&f.r);
    atomic_store(&f.peer.open, true);
    while (strcmp(recorder_last(&f.r, EVENT_MESSAGE)->text, "More.") != 0)
        recorder_turn(&f.r);
    m = recorder_last(&f.r, EVENT_MESSAGE) - 1;
    assert_string_equal(m->text, "One.");
    assert_true(m->typing_us > 0 && m->typing_us < m->wait_us);
    assert_int_equal(m[1].reply_to, m->reply_to);         /* one turn */
    assert_int_equal(m[1].typing_us, DURATION_UNKNOWN);
    end(&f);
}

static void leave_is_taken_over_the_socket(void **state)
{
    struct fixture f = { .peer.connections = { { "{\"m\":[{\"k\":\"w\",\"t\":\"Welcome\"}]}", { NULL }, NULL } } };

    (void)state;
    begin(&f);
    assert_int_equal(say(&f, "one"), DONE_OK);
    assert_false(channel_chat.leave(&f.r.visit));     /* said, and there is no answer to wait for */
    assert_false(channel_chat.leave(&f.r.visit));
    recorder_close(&f.r);
    shutdown(f.peer.fd, SHUT_RDWR);
    pthread_join(f.peer.thread, NULL);
    assert_string_equal(f.peer.heard.ptr, "hello|one|bye|");
    close(f.peer.fd);
    buf_release(&f.peer.heard);
    recorder_release(&f.r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_break_says_nothing_twice),
        cmocka_unit_test(the_transcript_tells_it),
        cmocka_unit_test(what_was_lost_is_told),
        cmocka_unit_test(typing_words_and_more_words),
        cmocka_unit_test(leave_is_taken_over_the_socket),
    };

    return cmocka_run_group_tests_name("chat over a socket", tests, NULL, NULL);
}
