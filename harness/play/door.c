#include "harness/play/door.h"

#include <stdlib.h>
#include <string.h>

enum { SECRET_MIN_BYTES = 4 };

void door_init(struct door *d, struct arena *arena)
{
    *d = (struct door){ .arena = arena };
}

static void keep(struct door *d, const char *secret)
{
    for (size_t i = 0; i < d->count; i++)
        if (!strcmp(d->secrets[i], secret))
            return;
    ARENA_GROW(d->arena, d->secrets, d->cap, d->count + 1);
    d->secrets[d->count++] = arena_strdup(d->arena, secret);
}

static bool unreserved(char c)                   /* RFC 3986 section 2.3 */
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c && strchr("-._~", c));
}

void door_keep_out(struct door *d, const char *secret)
{
    if (!secret || strlen(secret) < SECRET_MIN_BYTES)
        return;
    keep(d, secret);

    struct buf encoded = BUF_INIT(strlen(secret) * 3);

    for (const char *p = secret; *p; p++) {
        if (unreserved(*p))
            buf_addc(&encoded, *p);
        else
            buf_addf(&encoded, "%%%02X", (unsigned char)*p);
    }
    keep(d, encoded.ptr);
    buf_release(&encoded);
}

const char *door_clean(struct door *d, const char *s)
{
    for (size_t i = 0; s && i < d->count; i++) {
        const char *hit = strstr(s, d->secrets[i]);

        if (!hit)
            continue;

        size_t len = strlen(d->secrets[i]);
        struct buf out = BUF_INIT(strlen(s) * 2 + 16);

        for (const char *p = s; ; p = hit + len, hit = strstr(p, d->secrets[i])) {
            if (!hit) {
                buf_adds(&out, p);
                break;
            }
            buf_add(&out, p, (size_t)(hit - p));
            buf_adds(&out, "***");
        }
        s = arena_strdup(d->arena, out.ptr);
        buf_release(&out);
    }
    return s;
}

const struct event *door_pass(struct door *d, struct transcript *t, const struct event *e)
{
    struct event clean = *e;
    struct named_text *fields = NULL;

    if (!d->count)
        return transcript_append(t, e);
    clean.text = door_clean(d, e->text);
    clean.url = door_clean(d, e->url);
    clean.subject = door_clean(d, e->subject);
    clean.sender = door_clean(d, e->sender);
    clean.reply_address = door_clean(d, e->reply_address);
    clean.message_id = door_clean(d, e->message_id);
    if (e->field_count) {
        fields = mem_zero(e->field_count, sizeof *fields);
        for (size_t i = 0; i < e->field_count; i++) {
            fields[i].name = door_clean(d, e->fields[i].name);
            fields[i].text = door_clean(d, e->fields[i].text);
        }
        clean.fields = fields;
    }

    const struct event *stored = transcript_append(t, &clean);

    free(fields);
    return stored;
}
