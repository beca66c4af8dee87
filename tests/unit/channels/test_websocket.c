/* The WebSocket client against a server of the test that sends given bytes: what RFC 6455 demands of
 * a client, a row each. `says` is what the client sent behind its handshake (every frame must be
 * masked, 5.1), `hears` what its user was told. */
#include "tests/unit/support/cmocka.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "harness/channels/websocket.h"

#define GOOD "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" \
             "Sec-WebSocket-Accept: {accept}\r\n\r\n"
#define BYTES(s) s, sizeof(s) - 1
#define BYE "\x88\x02\x03\xe8"
#define X10 "xxxxxxxxxx"
#define X125 X10 X10 X10 X10 X10 X10 X10 X10 X10 X10 X10 X10 "xxxxx"
#define X126 X10 X10 X10 X10 X10 X10 X10 X10 X10 X10 X10 X10 "xxxxxx"

static const struct ws_case {
    const char *name, *answer;
    const char *frames;
    size_t len;
    const char *says, *hears;
} cases[] = {
    /* 4.1: what the client must see in the answer */
    { "names and tokens in any case (4.1)", "HTTP/1.1 101 x\r\nuPGRADE: WebSocket\r\nCONNECTION: "
      "keep-alive, upgrade\r\nsec-websocket-accept:{accept}\r\nX: y\r\n\r\n",
      BYTES(BYE), "close 1000|", "open|closed 1000|" },
    { "another status (4.1)", "HTTP/1.1 403 No\r\n\r\n", BYTES(""), "",
      "failed 403 it answered 403|" },
    { "no HTTP (4.1)", "SSH-2.0-x\r\n\r\n", BYTES(""), "",
      "failed 0 it does not answer in HTTP/1.1|" },
    { "no upgrade (4.1)", "HTTP/1.1 101 x\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}"
      "\r\n\r\n", BYTES(""), "", "failed 0 its answer has no \"Upgrade: websocket\"|" },
    { "no connection (4.1)", "HTTP/1.1 101 x\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: {accept}"
      "\r\n\r\n", BYTES(""), "", "failed 0 its answer has no \"Connection: Upgrade\"|" },
    { "no accept (4.1)", "HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
      BYTES(""), "", "failed 0 its Sec-WebSocket-Accept does not answer our key|" },
    { "another's accept (4.1)", "HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n", BYTES(""), "",
      "failed 0 its Sec-WebSocket-Accept does not answer our key|" },
    { "an extension (4.1)", "HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Accept: {accept}\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n",
      BYTES(""), "", "failed 0 it uses an extension that nobody asked for|" },
    { "another subprotocol (4.1)", "HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Accept: {accept}\r\nSec-WebSocket-Protocol: other\r\n\r\n", BYTES(""), "",
      "failed 0 it speaks a subprotocol that nobody asked for|" },
    { "our subprotocol (4.1)", "HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Accept: {accept}\r\nSec-WebSocket-Protocol: chat.v1\r\n\r\n", BYTES(BYE),
      "close 1000|", "open|closed 1000|" },
    { "no subprotocol, though we named one (4.1)", GOOD, BYTES("\x81\x02Hi" BYE), "close 1000|",
      "open|text Hi|closed 1000|" },
    { "two subprotocols (11.3.4)", "HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Accept: {accept}\r\nSec-WebSocket-Protocol: chat.v1\r\n"
      "Sec-WebSocket-Protocol: chat.v1\r\n\r\n", BYTES(""), "",
      "failed 0 its answer says a thing twice that it may say once|" },
    { "another upgrade (4.1)", "HTTP/1.1 101 x\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Accept: {accept}\r\n\r\n", BYTES(""), "",
      "failed 0 its answer has no \"Upgrade: websocket\"|" },
    { "another connection (4.1)", "HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: close\r\n"
      "Sec-WebSocket-Accept: {accept}\r\n\r\n", BYTES(""), "",
      "failed 0 its answer has no \"Connection: Upgrade\"|" },
    { "blanks around the accept (4.1)", "HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: "
      "Upgrade\r\nSec-WebSocket-Accept:  \t{accept} \t \r\n\r\n", BYTES(BYE), "close 1000|",
      "open|closed 1000|" },
    { "two accepts (11.3.3)", "HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Accept: x\r\nSec-WebSocket-Accept: {accept}\r\n\r\n", BYTES(""), "",
      "failed 0 its answer says a thing twice that it may say once|" },
    { "a redirect (4.1)", "HTTP/1.1 301 Moved\r\nLocation: /b\r\n\r\n", BYTES(""), "",
      "failed 301 it answered 301|" },
    { "a login is wanted (4.1)", "HTTP/1.1 401 No\r\nWWW-Authenticate: Basic\r\n\r\n", BYTES(""), "",
      "failed 401 it answered 401|" },
    { "cut off in the answer (4.1)", "HTTP/1.1 101 x\r\nUpg", BYTES(""), "",
      "failed 0 the connection broke before an answer came|" },
    /* 5.2, 5.6: frames */
    { "text (5.6)", GOOD, BYTES("\x81\x02Hi" BYE), "close 1000|", "open|text Hi|closed 1000|" },
    { "empty text (5.6)", GOOD, BYTES("\x81\0" BYE), "close 1000|", "open|text |closed 1000|" },
    { "binary is passed over (5.6)", GOOD, BYTES("\x82\x01x" BYE), "close 1000|",
      "open|closed 1000|" },
    { "a length in two bytes (5.2)", GOOD, BYTES("\x81\x7e\0\x7e" X126 BYE), "close 1000|",
      "open|text " X126 "|closed 1000|" },
    { "a length in eight bytes (5.2)", GOOD, BYTES("\x81\x7f\0\0\0\0\0\0\0\x02Hi" BYE),
      "close 1002|", "open|unreadable 1006|" },
    { "a short length in two bytes (5.2)", GOOD, BYTES("\x81\x7e\0\x02Hi" BYE), "close 1002|",
      "open|unreadable 1006|" },
    { "a length with the highest bit (5.2)", GOOD, BYTES("\x81\x7f\x80\0\0\0\0\0\0\x02Hi"),
      "close 1002|", "open|unreadable 1006|" },
    { "more than anybody reads (7.4.1)", GOOD, BYTES("\x81\x7f\0\0\0\0\0\x20\0\0Hi"),
      "close 1009|", "open|unreadable 1006|" },
    { "a masked frame (5.1)", GOOD, BYTES("\x81\x82\1\2\3\4Ik"), "close 1002|",
      "open|unreadable 1006|" },
    { "a reserved bit (5.2)", GOOD, BYTES("\xc1\x02Hi"), "close 1002|", "open|unreadable 1006|" },
    { "the second reserved bit (5.2)", GOOD, BYTES("\xa1\x02Hi"), "close 1002|",
      "open|unreadable 1006|" },
    { "the third reserved bit (5.2)", GOOD, BYTES("\x91\x02Hi"), "close 1002|",
      "open|unreadable 1006|" },
    { "a reserved bit in a control frame (5.2)", GOOD, BYTES("\xc9\0"), "close 1002|",
      "open|unreadable 1006|" },
    { "opcode 4 (5.2)", GOOD, BYTES("\x84\x02Hi"), "close 1002|", "open|unreadable 1006|" },
    { "opcode 5 (5.2)", GOOD, BYTES("\x85\x02Hi"), "close 1002|", "open|unreadable 1006|" },
    { "opcode 6 (5.2)", GOOD, BYTES("\x86\x02Hi"), "close 1002|", "open|unreadable 1006|" },
    { "opcode 7 (5.2)", GOOD, BYTES("\x87\x02Hi"), "close 1002|", "open|unreadable 1006|" },
    { "opcode 12 (5.2)", GOOD, BYTES("\x8c\0"), "close 1002|", "open|unreadable 1006|" },
    { "opcode 13 (5.2)", GOOD, BYTES("\x8d\0"), "close 1002|", "open|unreadable 1006|" },
    { "opcode 14 (5.2)", GOOD, BYTES("\x8e\0"), "close 1002|", "open|unreadable 1006|" },
    { "opcode 15 (5.2)", GOOD, BYTES("\x8f\0"), "close 1002|", "open|unreadable 1006|" },
    { "a masked control frame (5.1)", GOOD, BYTES("\x89\x81\1\2\3\4y"), "close 1002|",
      "open|unreadable 1006|" },
    { "an unknown opcode (5.2)", GOOD, BYTES("\x83\x02Hi"), "close 1002|", "open|unreadable 1006|" },
    { "an unknown control opcode (5.2)", GOOD, BYTES("\x8b\0"), "close 1002|",
      "open|unreadable 1006|" },
    /* 5.4: fragments */
    { "fragments (5.4)", GOOD, BYTES("\x01\x03Hel\0\x01l\x80\x01o" BYE), "close 1000|",
      "open|text Hello|closed 1000|" },
    { "a ping between fragments (5.4, 5.5.2)", GOOD, BYTES("\x01\x03Hel\x89\x01p\x80\x02lo" BYE),
      "pong p|close 1000|", "open|text Hello|closed 1000|" },
    { "a pong between fragments (5.4)", GOOD, BYTES("\x01\x03Hel\x8a\x01p\x80\x02lo" BYE),
      "close 1000|", "open|text Hello|closed 1000|" },
    { "empty fragments (5.4)", GOOD, BYTES("\x01\0\0\x05Hello\0\0\x80\0" BYE), "close 1000|",
      "open|text Hello|closed 1000|" },
    { "two messages in fragments (5.4)", GOOD, BYTES("\x01\x01\x61\x80\x01\x62\x01\x01\x63\x80\x01"
      "\x64" BYE), "close 1000|", "open|text ab|text cd|closed 1000|" },
    { "binary in fragments is passed over (5.4)", GOOD, BYTES("\x02\x01x\x80\x01y\x81\x02Hi" BYE),
      "close 1000|", "open|text Hi|closed 1000|" },
    { "a close between fragments (5.4, 5.5.1)", GOOD, BYTES("\x01\x03Hel" BYE), "close 1000|",
      "open|closed 1000|" },
    { "binary in the middle of a text (5.4)", GOOD, BYTES("\x01\x02Hi\x82\x01x"), "close 1002|",
      "open|unreadable 1006|" },
    { "a continuation after the end (5.4)", GOOD, BYTES("\x81\x02Hi\x80\x02Ho"), "close 1002|",
      "open|text Hi|unreadable 1006|" },
    { "a continuation of nothing (5.4)", GOOD, BYTES("\x80\x02Hi"), "close 1002|",
      "open|unreadable 1006|" },
    { "a beginning in the middle (5.4)", GOOD, BYTES("\x01\x02Hi\x81\x02Ho"), "close 1002|",
      "open|unreadable 1006|" },
    /* 5.5: control frames */
    { "ping (5.5.2)", GOOD, BYTES("\x89\x03" "abc" BYE), "pong abc|close 1000|",
      "open|closed 1000|" },
    { "a ping of nothing (5.5.2)", GOOD, BYTES("\x89\0" BYE), "pong |close 1000|",
      "open|closed 1000|" },
    { "the longest ping (5.5)", GOOD, BYTES("\x89\x7d" X125 BYE), "pong " X125 "|close 1000|",
      "open|closed 1000|" },
    { "no pong after a close (5.5.2)", GOOD, BYTES(BYE "\x89\x01x"), "close 1000|",
      "open|closed 1000|" },
    { "a close in fragments (5.5)", GOOD, BYTES("\x08\x02\x03\xe8"), "close 1002|",
      "open|unreadable 1006|" },
    { "a long close (5.5)", GOOD, BYTES("\x88\x7e\0\x7e" X126), "close 1002|",
      "open|unreadable 1006|" },
    { "pong of its own accord (5.5.3)", GOOD, BYTES("\x8a\x01x" BYE), "close 1000|",
      "open|closed 1000|" },
    { "a control frame in fragments (5.5)", GOOD, BYTES("\x09\x01x"), "close 1002|",
      "open|unreadable 1006|" },
    { "a long control frame (5.5)", GOOD, BYTES("\x89\x7e\0\x7e" X126), "close 1002|",
      "open|unreadable 1006|" },
    /* 5.5.1, 7: close */
    { "close without a code (7.1.5)", GOOD, BYTES("\x88\0"), "close|", "open|closed 1005|" },
    { "close with a reason (5.5.1)", GOOD, BYTES("\x88\x05\x03\xe9" "bye"), "close 1001|",
      "open|closed 1001|" },
    { "close with a code of one's own (7.4.2)", GOOD, BYTES("\x88\x02\x0f\xa0"), "close 4000|",
      "open|closed 4000|" },
    { "close with half a code (5.5.1)", GOOD, BYTES("\x88\x01\x03"), "close|",
      "open|unreadable 1006|" },
    { "close with a code nobody may send (7.4.1)", GOOD, BYTES("\x88\x02\x03\xed"), "close 1002|",
      "open|unreadable 1006|" },
    { "close with 0 (7.4)", GOOD, BYTES("\x88\x02\x00\x00"), "close 1002|",
      "open|unreadable 1006|" },
    { "close with 999 (7.4)", GOOD, BYTES("\x88\x02\x03\xe7"), "close 1002|",
      "open|unreadable 1006|" },
    { "close with 1004 (7.4)", GOOD, BYTES("\x88\x02\x03\xec"), "close 1002|",
      "open|unreadable 1006|" },
    { "close with 1006 (7.4)", GOOD, BYTES("\x88\x02\x03\xee"), "close 1002|",
      "open|unreadable 1006|" },
    { "close with 1015 (7.4)", GOOD, BYTES("\x88\x02\x03\xf7"), "close 1002|",
      "open|unreadable 1006|" },
    { "close with 1016 (7.4)", GOOD, BYTES("\x88\x02\x03\xf8"), "close 1002|",
      "open|unreadable 1006|" },
    { "close with 1100 (7.4)", GOOD, BYTES("\x88\x02\x04\x4c"), "close 1002|",
      "open|unreadable 1006|" },
    { "close with 2000 (7.4)", GOOD, BYTES("\x88\x02\x07\xd0"), "close 1002|",
      "open|unreadable 1006|" },
    { "close with 2999 (7.4)", GOOD, BYTES("\x88\x02\x0b\xb7"), "close 1002|",
      "open|unreadable 1006|" },
    { "close with 5000 (7.4)", GOOD, BYTES("\x88\x02\x13\x88"), "close 1002|",
      "open|unreadable 1006|" },
    { "close with 65535 (7.4)", GOOD, BYTES("\x88\x02\xff\xff"), "close 1002|",
      "open|unreadable 1006|" },
    { "close with 1001 (7.4)", GOOD, BYTES("\x88\x02\x03\xe9"), "close 1001|",
      "open|closed 1001|" },
    { "close with 1002 (7.4)", GOOD, BYTES("\x88\x02\x03\xea"), "close 1002|",
      "open|closed 1002|" },
    { "close with 1003 (7.4)", GOOD, BYTES("\x88\x02\x03\xeb"), "close 1003|",
      "open|closed 1003|" },
    { "close with 1007 (7.4)", GOOD, BYTES("\x88\x02\x03\xef"), "close 1007|",
      "open|closed 1007|" },
    { "close with 1008 (7.4)", GOOD, BYTES("\x88\x02\x03\xf0"), "close 1008|",
      "open|closed 1008|" },
    { "close with 1009 (7.4)", GOOD, BYTES("\x88\x02\x03\xf1"), "close 1009|",
      "open|closed 1009|" },
    { "close with 1010 (7.4)", GOOD, BYTES("\x88\x02\x03\xf2"), "close 1010|",
      "open|closed 1010|" },
    { "close with 1011 (7.4)", GOOD, BYTES("\x88\x02\x03\xf3"), "close 1011|",
      "open|closed 1011|" },
    { "close with 1012 (7.4)", GOOD, BYTES("\x88\x02\x03\xf4"), "close 1012|",
      "open|closed 1012|" },
    { "close with 1013 (7.4)", GOOD, BYTES("\x88\x02\x03\xf5"), "close 1013|",
      "open|closed 1013|" },
    { "close with 1014 (7.4)", GOOD, BYTES("\x88\x02\x03\xf6"), "close 1014|",
      "open|closed 1014|" },
    { "close with 3000 (7.4)", GOOD, BYTES("\x88\x02\x0b\xb8"), "close 3000|",
      "open|closed 3000|" },
    { "close with 4999 (7.4)", GOOD, BYTES("\x88\x02\x13\x87"), "close 4999|",
      "open|closed 4999|" },
    { "close with 1012 and a reason that is no text (5.5.1)", GOOD,
      BYTES("\x88\x04\x03\xf4\xc3\x28"), "close 1007|", "open|unreadable 1006|" },
    { "close with a reason that is no text (5.5.1)", GOOD, BYTES("\x88\x04\x03\xe8\xc3\x28"),
      "close 1007|", "open|unreadable 1006|" },
    { "nothing is heard after a close (5.5.1)", GOOD, BYTES(BYE "\x81\x02Hi"), "close 1000|",
      "open|closed 1000|" },
    { "gone without a close (7.1.5)", GOOD, BYTES("\x81\x02Hi"), "", "open|text Hi|broken 1006|" },
    { "gone in a frame (7.1.7)", GOOD, BYTES("\x81\x05Hi"), "", "open|broken 1006|" },
    /* 8.1: UTF-8 */
    { "UTF-8 (8.1)", GOOD, BYTES("\x81\x05" "caf\xc3\xa9" BYE), "close 1000|",
      "open|text caf\xc3\xa9|closed 1000|" },
    { "a character across fragments (8.1)", GOOD, BYTES("\x01\x01\xc3\x80\x01\xa9" BYE),
      "close 1000|", "open|text \xc3\xa9|closed 1000|" },
    { "no UTF-8 (8.1)", GOOD, BYTES("\x81\x02\xc3\x28"), "close 1007|", "open|unreadable 1006|" },
    { "half a character at the end (8.1)", GOOD, BYTES("\x81\x01\xc3"), "close 1007|",
      "open|unreadable 1006|" },
    { "a character in too many bytes (8.1)", GOOD, BYTES("\x81\x02\xc0\xaf"), "close 1007|",
      "open|unreadable 1006|" },
    { "behind the last character (8.1)", GOOD, BYTES("\x81\x04\xf4\x90\x80\x80"), "close 1007|",
      "open|unreadable 1006|" },
    { "no UTF-8 in a later fragment (8.1)", GOOD, BYTES("\x01\x02Hi\x80\x01\xff"), "close 1007|",
      "open|unreadable 1006|" },
    { "the last character there is (8.1)", GOOD, BYTES("\x81\x04\xf4\x8f\xbf\xbf" BYE),
      "close 1000|", "open|text \xf4\x8f\xbf\xbf|closed 1000|" },
    { "a surrogate (8.1)", GOOD, BYTES("\x81\x03\xed\xa0\x80"), "close 1007|",
      "open|unreadable 1006|" },
};

struct peer {
    const struct ws_case *c;
    size_t step;
    int fd;
    unsigned port;
    pthread_t thread;
    struct buf request, got;
};

static void put_all(int fd, const char *bytes, size_t len, size_t step)
{
    for (size_t at = 0; at < len;) {
        ssize_t n = send(fd, bytes + at, at + step < len ? step : len - at, MSG_NOSIGNAL);

        if (n <= 0)
            return;
        at += (size_t)n;
    }
}

/* A second opinion on 4.2.2: key and GUID, SHA-1, base64. */
static void put_answer(struct peer *p, int fd)
{
    const char *key = strstr(p->request.ptr, "Sec-WebSocket-Key: "), *mark;
    struct buf out = BUF_INIT(4096);
    unsigned char digest[20];
    char accept[32], text[128];

    snprintf(text, sizeof text, "%.24s258EAFA5-E914-47DA-95CA-C5AB0DC85B11",
             key ? key + 19 : "");
    EVP_Digest(text, strlen(text), digest, NULL, EVP_sha1(), NULL);
    EVP_EncodeBlock((unsigned char *)accept, digest, 20);
    mark = strstr(p->c->answer, "{accept}");
    buf_add(&out, p->c->answer, mark ? (size_t)(mark - p->c->answer) : strlen(p->c->answer));
    if (mark)
        buf_addf(&out, "%s%s", accept, mark + 8);
    put_all(fd, out.ptr, out.len, p->step);
    buf_release(&out);
}

static void *serve(void *context)
{
    struct peer *p = context;
    int fd = accept(p->fd, NULL, NULL);
    char chunk[4096];
    ssize_t n;

    while (!strstr(p->request.ptr, "\r\n\r\n") && (n = recv(fd, chunk, sizeof chunk, 0)) > 0)
        buf_add(&p->request, chunk, (size_t)n);
    put_answer(p, fd);
    put_all(fd, p->c->frames, p->c->len, p->step);
    shutdown(fd, SHUT_WR);
    while ((n = recv(fd, chunk, sizeof chunk, 0)) > 0)
        buf_add(&p->got, chunk, (size_t)n);
    close(fd);
    return NULL;
}

static void peer_start(struct peer *p, const struct ws_case *c, size_t step)
{
    struct sockaddr_in at = { .sin_family = AF_INET };
    socklen_t size = sizeof at;

    *p = (struct peer){ .c = c, .step = step, .fd = socket(AF_INET, SOCK_STREAM, 0) };
    buf_init(&p->request, 65536);
    buf_init(&p->got, 65536);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(p->fd, (struct sockaddr *)&at, size), 0);
    assert_int_equal(listen(p->fd, 1), 0);
    getsockname(p->fd, (struct sockaddr *)&at, &size);
    p->port = ntohs(at.sin_port);
    pthread_create(&p->thread, NULL, serve, p);
}

/** The client's frames, unmasked. */
static void read_frames(const struct buf *got, struct buf *out)
{
    const unsigned char *b = (const unsigned char *)got->ptr;

    for (size_t at = 0; at + 6 <= got->len;) {
        size_t len = b[at + 1] & 0x7f;
        const unsigned char *mask = b + at + 2;
        char text[128] = "";

        assert_true(b[at + 1] & 0x80);
        assert_true(len < sizeof text && at + 6 + len <= got->len);
        for (size_t i = 0; i < len; i++)
            text[i] = (char)(b[at + 6 + i] ^ mask[i % 4]);
        if (b[at] == 0x88 && len >= 2)
            buf_addf(out, "close %d|", (unsigned char)text[0] << 8 | (unsigned char)text[1]);
        else
            buf_addf(out, "%s%s%s|", b[at] == 0x88 ? "close" : b[at] == 0x8a ? "pong " : "text ",
                     text, b[at] & 0x80 ? "" : " (more)");
        at += 6 + len;
    }
}

struct user {
    struct loop *loop;
    struct websocket *socket;
    struct buf heard;
    bool send;
};

static void on_open(void *context)
{
    struct user *u = context;

    buf_adds(&u->heard, "open|");
    if (u->send)
        assert_true(websocket_send(u->socket, "Hello"));
}

static void on_text(void *context, struct slice text)
{
    struct user *u = context;

    buf_addf(&u->heard, "text %.*s|", SLICE_ARG(text));
}

static void on_closed(void *context, const struct websocket_end *e)
{
    struct user *u = context;

    if (!strstr(u->heard.ptr, "open|"))
        buf_addf(&u->heard, "failed %d %s|", e->status, e->why);
    else
        buf_addf(&u->heard, "%s %d|", e->unreadable ? "unreadable"
                 : e->code == WS_ABNORMAL ? "broken" : "closed", e->code);
    websocket_free(u->socket);
    u->socket = NULL;
    loop_stop(u->loop);
}

static void play(const struct ws_case *c, size_t step, bool send, struct buf *said,
                 struct user *u, struct peer *p)
{
    static const struct websocket_events events = { on_open, on_text, on_closed };
    static const char *const more[] = { "Authorization: Bearer t" };
    struct ws_request q = { .protocol = "chat.v1", .user_agent = "test", .marker = "audit 7",
                            .headers = more, .header_count = 1 };
    char url[64];

    peer_start(p, c, step);
    snprintf(url, sizeof url, "http://127.0.0.1:%u/a?b=1#c", p->port);
    *u = (struct user){ .loop = loop_new(CLOCK_REAL), .send = send };
    buf_init(&u->heard, 8192);
    u->socket = websocket_open(u->loop, url, &q, 10 * US_PER_S, &events, u);
    loop_run(u->loop);
    assert_null(u->socket);
    pthread_join(p->thread, NULL);
    close(p->fd);
    loop_free(u->loop);
    read_frames(&p->got, said);
}

static void demand(void **state)
{
    static const size_t steps[] = { 100000, 1 };      /* however the network cuts it */
    const struct ws_case *c = *state;

    for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
        CLEANUP(buf_release) struct buf said = BUF_INIT(8192);
        struct user u;
        struct peer p;

        play(c, steps[i], false, &said, &u, &p);
        assert_string_equal(u.heard.ptr, c->hears);
        assert_string_equal(said.ptr, c->says);
        buf_release(&u.heard);
        buf_release(&p.request);
        buf_release(&p.got);
    }
}

static void the_request(void **state)
{
    static const struct ws_case c = { "", GOOD, BYTES(BYE), "", "" };
    CLEANUP(buf_release) struct buf said = BUF_INIT(8192);
    CLEANUP(buf_release) struct buf wanted = BUF_INIT(8192);
    char first[WS_KEY_SIZE], second[WS_KEY_SIZE], *key;
    struct user u;
    struct peer p;

    (void)state;
    play(&c, 100000, true, &said, &u, &p);
    key = strstr(p.request.ptr, "Sec-WebSocket-Key: ");
    assert_non_null(key);
    buf_addf(&wanted, "GET /a?b=1 HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nUpgrade: websocket\r\n"
             "Connection: Upgrade\r\n%.43s\r\nSec-WebSocket-Version: 13\r\n"
             "Sec-WebSocket-Protocol: chat.v1\r\nUser-Agent: test\r\nX-Shopper: audit 7\r\n"
             "Authorization: Bearer t\r\n\r\n", p.port, key);
    assert_string_equal(p.request.ptr, wanted.ptr);
    assert_true(ws_make_key(first) && ws_make_key(second));
    assert_int_equal(strlen(first), 24);              /* 16 bytes, and never the same */
    assert_string_not_equal(first, second);
    assert_string_equal(said.ptr, "text Hello|close 1000|");
    buf_release(&u.heard);
    buf_release(&p.request);
    buf_release(&p.got);
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(cases) + 1] = { cmocka_unit_test(the_request) };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        tests[i + 1] = (struct CMUnitTest){ .name = cases[i].name, .test_func = demand,
                                            .initial_state = (void *)(uintptr_t)&cases[i] };
    return _cmocka_run_group_tests("websocket", tests, ARRAY_LEN(tests), NULL, NULL);
}
