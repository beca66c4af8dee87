#ifndef CHANNELS_CHAT_SIGNATURE_H
#define CHANNELS_CHAT_SIGNATURE_H
/**
 * Chat signature: is a callback the company's? Shared secrets and HMACs (RFC 2104), compared in
 * constant time. No network, no clock.
 */
#include <stdint.h>

#include "harness/base/buf.h"
#include "harness/model/adapter.h"

enum { SIGNATURE_TOLERANCE_S = 300 };

/** A callback as far as its signature goes. */
struct signed_call {
    struct slice body;
    const char *(*header)(const void *context, const char *name);   /* NULL: it has none */
    const void *context;
};

/**
 * @param secret  the channel's.
 * @param now_s   Unix time.
 * @return NULL: it is theirs; else why not, for people.
 */
const char *signature_check(const struct adapter_signature *s, const char *secret,
                            const struct signed_call *call, int64_t now_s);

#endif
