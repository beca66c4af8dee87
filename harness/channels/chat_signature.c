#include "harness/channels/chat_signature.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>
#include <string.h>

enum { SECRET_MAX = 4096, DIGEST_MAX = 64, SIGNED_MAX = 2 * 1024 * 1024 };

static const EVP_MD *digest_of(int kind)
{
    switch (kind) {
    case SIGNATURE_SHA1: return EVP_sha1();
    case SIGNATURE_SHA512: return EVP_sha512();
    default: return EVP_sha256();
    }
}

/** @return how many bytes; -1 it is no base64, or too much of it. */
static int decode_base64(struct slice text, unsigned char *out, size_t room)
{
    size_t pad = 0;
    int n;

    while (pad < 2 && pad < text.len && text.ptr[text.len - 1 - pad] == '=')
        pad++;
    if (text.len == 0 || text.len % 4 || text.len / 4 * 3 > room)
        return -1;
    n = EVP_DecodeBlock(out, (const unsigned char *)text.ptr, (int)text.len);
    return n < 0 ? -1 : n - (int)pad;
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static int decode_hex(struct slice text, unsigned char *out, size_t room)
{
    if (text.len == 0 || text.len % 2 || text.len / 2 > room)
        return -1;
    for (size_t i = 0; i < text.len; i += 2) {
        int high = hex_digit(text.ptr[i]), low = hex_digit(text.ptr[i + 1]);

        if (high < 0 || low < 0)
            return -1;
        out[i / 2] = (unsigned char)(high << 4 | low);
    }
    return (int)(text.len / 2);
}

/** What was signed. False: a header it needs is not there. */
static bool signed_text(const struct adapter_signature *s, const struct signed_call *call,
                        struct buf *out)
{
    const char *p = s->of ? s->of : "{body}";

    while (*p) {
        size_t len = *p == '{' ? strcspn(p, "}") : 0;
        const char *value;
        char *name;

        if (len < 2 || p[len] != '}') {
            buf_addc(out, *p++);
            continue;
        }
        name = mem_strndup(p + 1, len - 1);
        value = strcmp(name, "body") ? call->header(call->context, name) : call->body.ptr;
        if (value)
            buf_add(out, value, strcmp(name, "body") ? strlen(value) : call->body.len);
        free(name);
        if (!value)
            return false;
        p += len + 1;
    }
    return !out->full;
}

static bool make_digest(const struct adapter_signature *s, const char *secret,
                        const struct slice what, unsigned char digest[EVP_MAX_MD_SIZE],
                        unsigned *len)
{
    unsigned char key[SECRET_MAX];
    size_t skip = s->base64 ? strlen(s->base64) : 0;
    int n = (int)strlen(secret);

    if (s->base64 && !strncmp(secret, s->base64, skip))
        n = decode_base64(slice_str(secret + skip), key, sizeof key);
    else if ((size_t)n <= sizeof key)
        memcpy(key, secret, (size_t)n);
    else
        n = -1;
    return n >= 0 && HMAC(digest_of(s->kind), key, n, (const unsigned char *)what.ptr, what.len,
                          digest, len) != NULL;
}

/** One of the signatures in the header, without its prefix. */
static bool fits(const struct adapter_signature *s, struct slice given,
                 const unsigned char *digest, unsigned len)
{
    unsigned char bytes[EVP_MAX_MD_SIZE + 4];
    int n = s->form == SIGNATURE_BASE64 ? decode_base64(given, bytes, sizeof bytes)
                                        : decode_hex(given, bytes, sizeof bytes);

    return n == (int)len && CRYPTO_memcmp(bytes, digest, len) == 0;
}

static bool has_digest(const struct adapter_signature *s, const char *header,
                       const unsigned char *digest, unsigned len)
{
    size_t skip = s->prefix ? strlen(s->prefix) : 0;

    while (*header) {             /* several while a secret is changed for a new one */
        size_t n = strcspn(header, " ");

        if (n > skip && (!skip || !memcmp(header, s->prefix, skip)) &&
            fits(s, (struct slice){ header + skip, n - skip }, digest, len))
            return true;
        header += n + (header[n] == ' ');
    }
    return false;
}

static bool is_secret(const struct adapter_signature *s, const char *header, const char *secret)
{
    size_t skip = s->prefix ? strlen(s->prefix) : 0;

    if (skip && strncmp(header, s->prefix, skip))
        return false;
    return strlen(header + skip) == strlen(secret) &&
           CRYPTO_memcmp(header + skip, secret, strlen(secret)) == 0;
}

static bool on_time(const struct adapter_signature *s, const struct signed_call *call,
                    int64_t now_s)
{
    const char *text = call->header(call->context, s->timestamp);
    char *end;
    long long at;

    if (!text || *text < '0' || *text > '9')
        return false;
    at = strtoll(text, &end, 10);
    return !*end && at >= now_s - SIGNATURE_TOLERANCE_S && at <= now_s + SIGNATURE_TOLERANCE_S;
}

const char *signature_check(const struct adapter_signature *s, const char *secret,
                            const struct signed_call *call, int64_t now_s)
{
    CLEANUP(buf_release) struct buf what = BUF_INIT(SIGNED_MAX);
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned len = 0;
    const char *header;

    if (!s->header)
        return NULL;
    header = call->header(call->context, s->header);
    if (!header || !*header)
        return "it is not signed";
    if (s->kind == SIGNATURE_SECRET)
        return secret && is_secret(s, header, secret) ? NULL : "its secret is not ours";
    if (s->timestamp && !on_time(s, call, now_s))
        return "its time is not now";
    if (!secret || !signed_text(s, call, &what) ||
        !make_digest(s, secret, buf_slice(&what), digest, &len) ||
        !has_digest(s, header, digest, len))
        return "its signature is wrong";
    return NULL;
}
