#ifndef CHANNELS_WS_HANDSHAKE_H
#define CHANNELS_WS_HANDSHAKE_H
/**
 * Ws handshake: the client's side of RFC 6455, section 4.1, as text out and text in. No network.
 */
#include "harness/base/buf.h"

enum { WS_KEY_SIZE = 25, WS_ANSWER_MAX = 64 * 1024 };

struct ws_request {
    const char *host, *path;      /* host with ":port" when it is not the scheme's own */
    const char *protocol;         /* subprotocol; NULL = none */
    const char *user_agent, *marker;      /* marker: X-Shopper; NULL none */
    const char *const *headers;   /* more lines, "Name: value" */
    size_t header_count;
    const char *ca;               /* certificates to trust instead of the system's; NULL = those */
};

/** A nonce of 16 random bytes in base64. False: the system gives no random bytes. */
MUST_CHECK bool ws_make_key(char key[WS_KEY_SIZE]);
void ws_write_request(struct buf *out, const struct ws_request *q, const char *key);

/**
 * Reads the server's answer.
 * @param used    on ST_OK how many bytes it took; frames follow it.
 * @param status  the HTTP status as soon as it is known; 0 before.
 * @param why     on failure what is wrong with it, for people.
 * @return ST_OK; ST_NOT_FOUND it has not ended yet; ST_INVALID the connection must be failed.
 */
MUST_CHECK enum status ws_read_answer(struct slice bytes, const char *key, const char *protocol,
                                      size_t *used, int *status, struct buf *why);

#endif
