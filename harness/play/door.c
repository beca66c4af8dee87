#include "harness/play/door.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"

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

/* The forms in which texts of others carry a secret. */

static bool alphanumeric(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static void add_percent(struct buf *out, const char *s)      /* RFC 3986 section 2.3 */
{
    for (; *s; s++)
        if (alphanumeric(*s) || strchr("-._~", *s))
            buf_addc(out, *s);
        else
            buf_addf(out, "%%%02X", (unsigned char)*s);
}

static void add_form(struct buf *out, const char *s)         /* url.spec.whatwg.org, 5.2 */
{
    for (; *s; s++)
        if (alphanumeric(*s) || strchr("*-._", *s))
            buf_addc(out, *s);
        else if (*s == ' ')
            buf_addc(out, '+');
        else
            buf_addf(out, "%%%02X", (unsigned char)*s);
}

static void add_json(struct buf *out, const char *s)         /* RFC 8259 section 7 */
{
    for (; *s; s++)
        if ((unsigned char)*s < ' ')
            buf_addf(out, "\\u%04X", (unsigned char)*s);
        else
            buf_addf(out, *s == '"' || *s == '\\' ? "\\%c" : "%c", *s);
}

static void add_html(struct buf *out, const char *s)
{
    text_add_xml(out, slice_str(s));
}

void door_keep_out(struct door *d, const char *secret)
{
    static void (*const forms[])(struct buf *, const char *) = {
        add_percent, add_form, add_json, add_html,
    };

    if (!secret || strlen(secret) < SECRET_MIN_BYTES)
        return;
    keep(d, secret);
    for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
        struct buf form = BUF_INIT(strlen(secret) * 6);

        forms[i](&form, secret);
        keep(d, form.ptr);
        buf_release(&form);
    }
}

/** Where `secret` begins; NULL: nowhere. */
static const char *find(struct slice s, const char *secret, size_t len)
{
    const char *end = s.ptr + s.len;

    for (const char *p = s.ptr; (size_t)(end - p) >= len; p++) {
        p = memchr(p, *secret, (size_t)(end - p) - len + 1);
        if (!p || !memcmp(p, secret, len))
            return p;
    }
    return NULL;
}

static void replace(struct slice s, const char *secret, struct buf *out)
{
    size_t len = strlen(secret);
    const char *hit;

    while ((hit = find(s, secret, len))) {
        buf_add(out, s.ptr, (size_t)(hit - s.ptr));
        buf_adds(out, "***");
        s.len -= (size_t)(hit - s.ptr) + len;
        s.ptr = hit + len;
    }
    buf_add(out, s.ptr, s.len);
}

void door_clean_bytes(const struct door *d, struct slice s, struct buf *out)
{
    struct buf other = BUF_INIT(out->max), swap;

    buf_add(out, s.ptr, s.len);
    for (size_t i = 0; i < d->count; i++) {
        if (!find(buf_slice(out), d->secrets[i], strlen(d->secrets[i])))
            continue;
        buf_clear(&other);
        replace(buf_slice(out), d->secrets[i], &other);
        swap = *out;
        *out = other;
        other = swap;
    }
    buf_release(&other);
}

const char *door_clean(struct door *d, const char *s)
{
    for (size_t i = 0; s && i < d->count; i++) {
        if (!strstr(s, d->secrets[i]))
            continue;

        struct buf out = BUF_INIT(strlen(s) * 2 + 16);

        replace(slice_str(s), d->secrets[i], &out);
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
