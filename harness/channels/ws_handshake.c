#include "harness/channels/ws_handshake.h"

#include <openssl/evp.h>
#include <openssl/rand.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"

#define WS_GUID "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

bool ws_make_key(char key[WS_KEY_SIZE])
{
    unsigned char nonce[16];

    if (RAND_bytes(nonce, sizeof nonce) != 1)
        return false;
    EVP_EncodeBlock((unsigned char *)key, nonce, sizeof nonce);
    return true;
}

void ws_write_request(struct buf *out, const struct ws_request *q, const char *key)
{
    buf_addf(out, "GET %s HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                  "Sec-WebSocket-Key: %s\r\nSec-WebSocket-Version: 13\r\n",
             q->path, q->host, key);
    if (q->protocol)
        buf_addf(out, "Sec-WebSocket-Protocol: %s\r\n", q->protocol);
    if (q->user_agent)
        buf_addf(out, "User-Agent: %s\r\n", q->user_agent);
    if (q->marker)
        buf_addf(out, "X-Shopper: %s\r\n", q->marker);
    for (size_t i = 0; i < q->header_count; i++)
        buf_addf(out, "%s\r\n", q->headers[i]);
    buf_adds(out, "\r\n");
}

static bool accept_of(const char *key, char accept[32])
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int len = 0;
    char *text = mem_printf("%s%s", key, WS_GUID);
    bool ok = EVP_Digest(text, strlen(text), digest, &len, EVP_sha1(), NULL) == 1 && len == 20;

    free(text);
    if (ok)
        EVP_EncodeBlock((unsigned char *)accept, digest, (int)len);
    return ok;
}

/** What the answer's headers say; empty = not there. `twice`: one stood there more than once. */
struct answer_headers {
    char upgrade[64], connection[256], accept[64], extensions[256], protocol[128];
    bool twice;
};

static bool take_header(struct answer_headers *h, struct slice name, struct slice value)
{
    const struct { const char *name; char *to; size_t size; bool list; } rows[] = {
        { "Upgrade", h->upgrade, sizeof h->upgrade, true },
        { "Connection", h->connection, sizeof h->connection, true },
        { "Sec-WebSocket-Accept", h->accept, sizeof h->accept, false },
        { "Sec-WebSocket-Extensions", h->extensions, sizeof h->extensions, true },
        { "Sec-WebSocket-Protocol", h->protocol, sizeof h->protocol, false },
    };
    char own[32];

    if (name.len == 0 || name.len >= sizeof own)
        return name.len != 0;
    memcpy(own, name.ptr, name.len);
    own[name.len] = '\0';
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        size_t len = strlen(rows[i].to);

        if (!text_same_ascii(own, rows[i].name))
            continue;
        if (len && !rows[i].list)
            h->twice = true;
        if (len + value.len + 2 >= rows[i].size)
            return false;
        if (len)
            rows[i].to[len++] = ',';
        memcpy(rows[i].to + len, value.ptr, value.len);
        rows[i].to[len + value.len] = '\0';
    }
    return true;
}

static bool has_token(const char *list, const char *token)
{
    while (*list) {
        size_t len = strcspn(list, ",");
        struct slice one = text_trim((struct slice){ list, len });
        char own[32] = "";

        if (one.len < sizeof own) {
            memcpy(own, one.ptr, one.len);
            if (text_same_ascii(own, token))
                return true;
        }
        list += len + (list[len] == ',');
    }
    return false;
}

static enum status judge(const struct answer_headers *h, const char *key, const char *protocol,
                         struct buf *why)
{
    char accept[32];

    if (!has_token(h->upgrade, "websocket"))
        buf_adds(why, "its answer has no \"Upgrade: websocket\"");
    else if (!has_token(h->connection, "upgrade"))
        buf_adds(why, "its answer has no \"Connection: Upgrade\"");
    else if (h->twice)
        buf_adds(why, "its answer says a thing twice that it may say once");
    else if (!accept_of(key, accept) || strcmp(h->accept, accept) != 0)
        buf_adds(why, "its Sec-WebSocket-Accept does not answer our key");
    else if (h->extensions[0])
        buf_adds(why, "it uses an extension that nobody asked for");
    else if (h->protocol[0] && (!protocol || strcmp(h->protocol, protocol) != 0))
        buf_adds(why, "it speaks a subprotocol that nobody asked for");
    else
        return ST_OK;
    return ST_INVALID;
}

/** "HTTP/1.1 101 ..." */
static bool read_status(struct slice line, int *status)
{
    if (line.len < 12 || memcmp(line.ptr, "HTTP/1.", 7) || line.ptr[8] != ' ')
        return false;
    for (int i = 9; i < 12; i++) {
        if (line.ptr[i] < '0' || line.ptr[i] > '9')
            return false;
        *status = *status * 10 + (line.ptr[i] - '0');
    }
    return line.len == 12 || line.ptr[12] == ' ';
}

static size_t answer_length(struct slice bytes)
{
    for (size_t i = 3; i < bytes.len; i++)
        if (!memcmp(bytes.ptr + i - 3, "\r\n\r\n", 4))
            return i + 1;
    return 0;
}

enum status ws_read_answer(struct slice bytes, const char *key, const char *protocol, size_t *used,
                           int *status, struct buf *why)
{
    struct answer_headers h = { .twice = false };
    size_t len = answer_length(bytes), at = 0;

    *status = 0;
    if (len == 0) {
        if (bytes.len < WS_ANSWER_MAX)
            return ST_NOT_FOUND;
        buf_adds(why, "its answer has no end");
        return ST_INVALID;
    }
    while (at + 2 < len) {
        const char *line = bytes.ptr + at;
        size_t n = (size_t)((const char *)memchr(line, '\r', len - at) - line);
        const char *colon = memchr(line, ':', n);
        bool first = at == 0;

        at += n + 2;
        if (first && !read_status((struct slice){ line, n }, status)) {
            buf_adds(why, "it does not answer in HTTP/1.1");
            return ST_INVALID;
        }
        if (first && *status != 101) {
            buf_addf(why, "it answered %d", *status);
            return ST_INVALID;
        }
        if (first)
            continue;
        if (!colon || !take_header(&h, (struct slice){ line, (size_t)(colon - line) },
                                   text_trim((struct slice){ colon + 1,
                                                             (size_t)(line + n - colon - 1) }))) {
            buf_adds(why, "its answer has a broken header");
            return ST_INVALID;
        }
    }
    *used = len;
    return judge(&h, key, protocol, why);
}
