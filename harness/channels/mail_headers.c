#include "harness/channels/mail_inside.h"

#include <string.h>
#include <strings.h>

#include "harness/base/text.h"
#include "harness/channels/mail_charset.h"
#include "harness/channels/mail_compose.h"
#include "harness/channels/mail_verdict.h"
#include "harness/channels/mail_words.h"

const char *mail_clean(struct arena *a, const char *text)
{
    return text ? mail_header_text(a, text) : "";
}

const char *mail_header(GMimeObject *o, const char *name)
{
    const char *value = g_mime_object_get_header(o, name);

    return value ? value : "";
}

/* A header as it stands in the mail; "" none. */
static struct slice raw_header(GMimeObject *o, const char *name)
{
    GMimeHeader *h = g_mime_header_list_get_header(g_mime_object_get_header_list(o), name);

    return slice_str(h ? g_mime_header_get_raw_value(h) : NULL);
}

static const char *decoded(struct arena *a, struct slice raw)
{
    struct buf out = BUF_INIT(64 * 1024);
    const char *ret;

    mail_words_add(&out, raw);
    ret = mail_header_text(a, out.ptr);
    buf_release(&out);
    return ret;
}

/* The words before the address in "=?utf-8?B?…?= <anna@x>"; NULL: nothing encoded. */
static const char *encoded_name(struct arena *a, struct slice raw)
{
    const char *open = memchr(raw.ptr, '<', raw.len);
    struct slice name = { raw.ptr, open ? (size_t)(open - raw.ptr) : 0 };

    name = text_trim(name);
    if (name.len >= 2 && name.ptr[0] == '"' && name.ptr[name.len - 1] == '"')
        name = (struct slice){ name.ptr + 1, name.len - 2 };
    for (size_t i = 0; i + 1 < name.len; i++)
        if (name.ptr[i] == '=' && name.ptr[i + 1] == '?')
            return decoded(a, name);
    return NULL;
}

static void add_id(struct arena *a, struct mail_ids *ids, const char *id, size_t len)
{
    if (ids->count == MAIL_IDS_MAX || !mail_id_ok(id, len))
        return;
    for (size_t i = 0; i < ids->count; i++)
        if (strlen(ids->items[i]) == len && !memcmp(ids->items[i], id, len))
            return;
    ARENA_GROW(a, ids->items, ids->cap, ids->count + 1);
    ids->items[ids->count++] = arena_strndup(a, id, len);
}

void mail_add_ids(struct arena *a, struct mail_ids *ids, const char *value)
{
    while ((value = strchr(value, '<'))) {
        char id[MAIL_ID_MAX];
        size_t n = 0;

        for (value++; *value && *value != '>' && *value != '<' && n < sizeof id; value++)
            if ((unsigned char)*value > 0x20)
                id[n++] = *value;
        if (*value == '>')
            add_id(a, ids, id, n);
    }
}

static const char *message_id(struct arena *a, GMimeObject *m)
{
    struct mail_ids one = { 0 };

    mail_add_ids(a, &one, mail_header(m, "Message-Id"));
    return one.count ? one.items[0] : NULL;
}

static void add_recipient(struct arena *a, struct mail_ids *to, const char *address)
{
    struct mail_person p;

    if (!address || to->count == MAIL_RECIPIENTS_MAX ||
        mail_person_parse(a, address, &p) != ST_OK)
        return;

    char *lower = arena_strdup(a, p.address);

    for (char *c = lower; *c; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c | 0x20);
    for (size_t i = 0; i < to->count; i++)
        if (!strcmp(to->items[i], lower))
            return;
    ARENA_GROW(a, to->items, to->cap, to->count + 1);
    to->items[to->count++] = lower;
}

static void add_list(struct arena *a, struct mail_ids *to, InternetAddressList *list)
{
    int n = list ? internet_address_list_length(list) : 0;

    for (int i = 0; i < n && i < MAIL_RECIPIENTS_MAX; i++) {
        InternetAddress *one = internet_address_list_get_address(list, i);

        if (INTERNET_ADDRESS_IS_MAILBOX(one))
            add_recipient(a, to, internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(one)));
    }
}

static InternetAddressMailbox *first_mailbox(InternetAddressList *list)
{
    int n = list ? internet_address_list_length(list) : 0;

    for (int i = 0; i < n; i++) {
        InternetAddress *one = internet_address_list_get_address(list, i);

        if (INTERNET_ADDRESS_IS_MAILBOX(one))
            return INTERNET_ADDRESS_MAILBOX(one);
    }
    return NULL;
}

static void read_people(struct arena *a, struct mail *mail, GMimeMessage *m)
{
    /* The envelope's recipient first: To may be a list, an alias or anything else. */
    static const char *const delivered[] = { "Delivered-To", "Envelope-To", "X-Original-To",
                                             "X-Envelope-To" };
    InternetAddressMailbox *from = first_mailbox(g_mime_message_get_from(m));
    InternetAddressMailbox *reply = first_mailbox(g_mime_message_get_reply_to(m));

    if (!from)
        from = first_mailbox(g_mime_message_get_sender(m));
    mail->sender = mail->sender_name = "";
    if (from) {
        mail->sender = mail_clean(a, internet_address_mailbox_get_addr(from));
        mail->sender_name = encoded_name(a, raw_header(GMIME_OBJECT(m), "From"));
        if (!mail->sender_name)
            mail->sender_name = mail_clean(a, internet_address_get_name(INTERNET_ADDRESS(from)));
    }
    mail->reply_address =
        reply ? mail_clean(a, internet_address_mailbox_get_addr(reply)) : mail->sender;
    for (size_t i = 0; i < ARRAY_LEN(delivered); i++)
        add_recipient(a, &mail->recipients, g_mime_object_get_header(GMIME_OBJECT(m),
                                                                     delivered[i]));
    if (internet_address_list_length(g_mime_message_get_to(m)) > 0)
        mail->addressee = mail_clean(a, internet_address_get_name(
            internet_address_list_get_address(g_mime_message_get_to(m), 0)));
    add_list(a, &mail->recipients, g_mime_message_get_to(m));
    add_list(a, &mail->recipients, g_mime_message_get_cc(m));
}

/* Authentication-Results (RFC 8601) */

/* The last two labels of a host name: "mx2.example.test" and "example.test" are one house. */
static struct slice house(struct slice host)
{
    int dots = 0;

    for (size_t i = host.len; i-- > 0;)
        if (host.ptr[i] == '.' && ++dots == 2)
            return (struct slice){ host.ptr + i + 1, host.len - i - 1 };
    return host;
}

static bool same_house(struct slice a, struct slice b)
{
    a = house(a);
    b = house(b);
    return a.len == b.len && !strncasecmp(a.ptr, b.ptr, a.len);
}

static struct slice word(const char *p)
{
    p += strspn(p, " \t\r\n");
    return (struct slice){ p, strcspn(p, " \t\r\n;(") };
}

/* "by mx.example.test": who took the mail in. */
static struct slice taken_by(const char *received)
{
    for (const char *p = received; (p = strstr(p, "by ")); p++)
        if (p == received || strchr(" \t\n", p[-1]))
            return word(p + 3);
    return (struct slice){ "", 0 };
}

static void take_verdicts(struct arena *a, struct mail *mail, const char *results)
{
    static const char *const methods[] = { "spf", "dkim", "dmarc" };
    const char **to[] = { &mail->spf, &mail->dkim, &mail->dmarc };

    for (size_t i = 0; i < ARRAY_LEN(methods); i++)
        if (!**to[i])
            *to[i] = mail_verdict(a, results, methods[i]);
}

/* Only what the receiving house wrote: those above the first Received, or between Received lines of
 * the same house, and all of the first one's name. Below that anybody may have written them. */
static void read_verdicts(struct arena *a, struct mail *mail, GMimeObject *o)
{
    GMimeHeaderList *list = g_mime_object_get_header_list(o);
    struct slice by = { NULL, 0 }, trusted = { NULL, 0 };
    int n = g_mime_header_list_get_count(list);

    for (int i = 0; i < n; i++) {
        GMimeHeader *h = g_mime_header_list_get_header_at(list, i);
        const char *name = g_mime_header_get_name(h), *value = g_mime_header_get_value(h);

        if (value && text_same_ascii(name, "Received")) {
            struct slice host = taken_by(value);

            if (by.ptr && !same_house(by, host))
                return;
            by = host;
        } else if (value && text_same_ascii(name, "Authentication-Results")) {
            struct slice server = word(value);

            if (trusted.ptr && (trusted.len != server.len ||
                                strncasecmp(trusted.ptr, server.ptr, server.len)))
                continue;
            trusted = server;
            take_verdicts(a, mail, value);
        }
    }
}

/* "<https://list.test/leave?x>, <mailto:…>": the first that a browser could follow, else the first. */
static const char *unsubscribe_address(struct arena *a, const char *value)
{
    const char *first = "";

    for (const char *p = value; (p = strchr(p, '<'));) {
        size_t n = strcspn(++p, ">");
        const char *one = mail_clean(a, arena_strndup(a, p, n));

        if (text_starts_with(one, "http"))
            return one;
        first = *first ? first : one;
    }
    return first;
}

void mail_read_headers(struct arena *a, struct mail *mail, GMimeMessage *m)
{
    GMimeObject *o = GMIME_OBJECT(m);
    GDateTime *date = g_mime_message_get_date(m);

    mail->subject = decoded(a, raw_header(o, "Subject"));
    mail->message_id = message_id(a, o);
    mail->date = date ? g_date_time_to_unix(date) : -1;
    mail->date_offset = date ? (int32_t)(g_date_time_get_utc_offset(date) / 1000000) : 0;
    read_people(a, mail, m);
    mail_add_ids(a, &mail->answers, mail_header(o, "In-Reply-To"));
    mail_add_ids(a, &mail->answers, mail_header(o, "References"));
    mail_read_signs(a, mail, o);
    mail->unsubscribe = unsubscribe_address(a, mail_header(o, "List-Unsubscribe"));
    read_verdicts(a, mail, o);
}
