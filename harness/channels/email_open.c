/* The email channel's settings, and what becomes of them before the first contact. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"
#include "harness/channels/email.h"

static const char *const idle_names[] = { "auto", "off", NULL };
static const char *const links_names[] = { "check", "off", NULL };
static const char *const format_names[] = { "plain", "html", NULL };

static const struct field fields[] = {
    { .name = "to", .type = FIELD_TEMPLATE, .offset = offsetof(struct email_settings, to),
      .flags = FIELD_REQUIRED, .help = "the company's address" },
    { .name = "cc", .type = FIELD_TEMPLATE, .offset = offsetof(struct email_settings, cc),
      .help = "who gets each mail as well: addresses, a comma between them" },
    { .name = "from", .type = FIELD_TEMPLATE, .offset = offsetof(struct email_settings, from),
      .help = "the customer's address, where answers come to; default: the customer's email" },
    { .name = "smtp", .type = FIELD_TEMPLATE, .offset = offsetof(struct email_settings, smtp),
      .flags = FIELD_REQUIRED, .help = "our mail server: smtp[s]://[user:password@]host[:port]" },
    { .name = "imap", .type = FIELD_TEMPLATE, .offset = offsetof(struct email_settings, imap),
      .help = "the customer's mailbox: imap[s]://user:password@host[:port][/FOLDER]" },
    { .name = "maildir", .type = FIELD_TEMPLATE, .offset = offsetof(struct email_settings, maildir),
      .help = "instead of imap: a Maildir on this machine, where the customer's mail is delivered" },
    { .name = "tls", .type = FIELD_CHOICE, .offset = offsetof(struct email_settings, tls),
      .choices = mail_tls_names, .fallback = "auto",
      .help = "STARTTLS: auto (where offered, not on loopback), required or off" },
    { .name = "ca", .type = FIELD_TEXT, .offset = offsetof(struct email_settings, ca),
      .help = "file of trusted certificates (PEM), instead of the system's" },
    { .name = "token", .type = FIELD_TEMPLATE, .offset = offsetof(struct email_settings, token),
      .help = "OAuth 2 access token (OAUTHBEARER or XOAUTH2) where a URL has no password" },
    { .name = "token_command", .type = FIELD_TEXT,
      .offset = offsetof(struct email_settings, token_command),
      .help = "command (sh) that prints such a token, or a token endpoint's JSON; run again when it "
              "has expired" },
    { .name = "spam", .type = FIELD_TEMPLATE, .offset = offsetof(struct email_settings, spam),
      .help = "folder for suspected spam, watched too; default: the one marked \\Junk, or off" },
    { .name = "poll", .type = FIELD_DURATION, .offset = offsetof(struct email_settings, poll),
      .fallback = "500ms",
      .help = "how often the mailbox is looked at while mail is expected soon; then a sixtieth of the "
              "time waited, 30 s at most" },
    { .name = "idle", .type = FIELD_CHOICE, .offset = offsetof(struct email_settings, idle),
      .choices = idle_names, .fallback = "auto",
      .help = "IMAP IDLE between two looks: auto (where the server has it) or off" },
    { .name = "retry", .type = FIELD_DURATION, .offset = offsetof(struct email_settings, retry),
      .fallback = "1m",
      .help = "first wait when the server says to try again later (greylisting); then 5 times it" },
    { .name = "subject", .type = FIELD_TEMPLATE, .offset = offsetof(struct email_settings, subject),
      .help = "subject of a mail whose step gives none; default: the mail's first line" },
    { .name = "format", .type = FIELD_CHOICE, .offset = offsetof(struct email_settings, format),
      .choices = format_names, .fallback = "plain",
      .help = "what mails are: plain text, or (html) the same as HTML beside it" },
    { .name = "links", .type = FIELD_CHOICE, .offset = offsetof(struct email_settings, links),
      .choices = links_names, .fallback = "check",
      .help = "links in the company's mails: check (a HEAD to the allowed hosts; none that may confirm "
              "or unsubscribe) or off" },
    { .name = "marker", .type = FIELD_TEMPLATE, .offset = offsetof(struct email_settings, marker),
      .help = "value of an X-Shopper header in each mail; default: that of --marker, if any" },
    { 0 },
};

const struct object email_settings_object = {
    .name = "email channel", .size = sizeof(struct email_settings), .fields = fields,
    .span_offset = SIZE_MAX,
};

struct email_state *email_state(struct visit *v)
{
    return v->state;
}

const struct email_settings *email_settings(const struct visit *v)
{
    return v->spec->settings;
}

static enum status open_person(struct visit *v, const char *what, const struct template *t,
                               const char *fallback, struct diags *diags,
                               struct mail_person *ret)
{
    const char *text = t ? visit_render(v, t, diags) : fallback;

    if (!text)
        return ST_INVALID;
    if (mail_person_parse(v->arena, text, ret) == ST_OK)
        return ST_OK;
    diag_error(diags, "channel \"%s\": %s: \"%s\" is not one email address", v->spec->name, what,
               mail_header_text(v->arena, text));
    return ST_INVALID;
}

static enum status open_cc(struct visit *v, struct diags *diags)
{
    struct email_state *s = email_state(v);
    const struct template *t = email_settings(v)->cc;
    const char *text = t ? visit_render(v, t, diags) : "";

    if (!text)
        return ST_INVALID;

    enum status st = mail_people_parse(v->arena, text, &s->cc, &s->cc_count);

    if (st)
        diag_error(diags, "channel \"%s\": cc: \"%s\" are no email addresses with commas between "
                          "them, %d at most", v->spec->name, mail_header_text(v->arena, text),
                   MAIL_CC_MAX);
    return st;
}

/* Passwords never reach the transcript, neither decoded nor as they stand in the URL. */
static void keep_secret(struct visit *v, const struct mail_server *s)
{
    if (!s->password || !*s->password)
        return;
    v->sink->secret(v, s->password);

    char *escaped = curl_easy_escape(NULL, s->password, 0);

    if (escaped && strcmp(escaped, s->password))
        v->sink->secret(v, escaped);
    curl_free(escaped);
}

/* A token without TLS is anybody's; on loopback nobody listens in. */
static enum status open_token(struct visit *v, struct diags *diags, struct mail_server *ret)
{
    const struct email_settings *set = email_settings(v);
    const char *token = set->token ? visit_render(v, set->token, diags) : NULL;

    if (!mail_server_is_loopback(ret) && ret->tls == TLS_AUTO)
        ret->tls = TLS_REQUIRED;
    if (set->token_command) {
        ret->tokens = email_state(v)->tokens;
        return ST_OK;
    }
    if (!token)
        return ST_INVALID;
    if (!*token || strpbrk(token, " \t\r\n\x01")) {
        diag_error(diags, "channel \"%s\": token: empty, or with white space in it",
                   v->spec->name);
        return ST_INVALID;
    }
    v->sink->secret(v, token);
    ret->token = token;
    return ST_OK;
}

static enum status open_server(struct visit *v, const char *what, const struct template *t,
                               enum mail_protocol protocol, struct diags *diags,
                               struct mail_server *ret)
{
    const struct email_settings *set = email_settings(v);
    const char *url = visit_render(v, t, diags);
    char *name;
    enum status st;

    if (!url)
        return ST_INVALID;
    name = mem_printf("channel \"%s\": %s", v->spec->name, what);
    st = mail_server_parse(v->arena, name, url, protocol, diags, ret);
    free(name);
    if (st)
        return st;
    ret->tls = (enum mail_tls)set->tls;
    ret->ca = set->ca;
    keep_secret(v, ret);
    return (set->token || set->token_command) && ret->user && !ret->password
               ? open_token(v, diags, ret) : ST_OK;
}

static enum status check_token(struct visit *v, struct diags *diags)
{
    const struct email_settings *set = email_settings(v);
    const struct email_state *s = email_state(v);
    const char *why = NULL;

    if ((set->token || set->token_command) && !s->smtp.token && !s->smtp.tokens &&
             !s->imap.token && !s->imap.tokens)
        why = "there is a token, but no URL with a user and without a password";
    if (why)
        diag_error(diags, "channel \"%s\": %s", v->spec->name, why);
    return why ? ST_INVALID : ST_OK;
}

/* "off" or a folder's name; without, the folder that the server marks as the one for spam. */
static enum status open_spam(struct visit *v, const struct template *t, struct diags *diags)
{
    struct email_state *s = email_state(v);

    s->spam = t ? visit_render(v, t, diags) : "\\Junk";
    if (!s->spam)
        return ST_INVALID;
    if (!*s->spam || text_same_ascii(s->spam, "off"))
        s->spam = NULL;
    return ST_OK;
}

/* What the customer knows (an order number) is no reference of the company's, even in a subject. */
static void keep_own_words(struct visit *v, struct mail_thread *t)
{
    struct diags ignored;

    diags_init(&ignored);
    for (size_t i = 0; i < v->scenario->customer.knows.count; i++) {
        const char *value = visit_render(v, v->scenario->customer.knows.items[i].value, &ignored);

        if (value)
            mail_thread_own_words(v->arena, t, value);
    }
    diags_release(&ignored);
}

void email_check(const struct scenario *s, const struct channel_spec *spec,
                 const struct channel_world *world, struct diags *diags)
{
    const struct email_settings *set = spec->settings;
    const struct { bool wrong; const char *why; } rules[] = {
        { !set->imap && !set->maildir, "`imap` is missing (or `maildir`): where is mail read?" },
        { set->imap && set->maildir, "`imap` or `maildir`, not both" },
        { set->token && set->token_command, "`token` or `token_command`, not both" },
    };

    (void)world;
    for (size_t i = 0; i < ARRAY_LEN(rules); i++)
        if (rules[i].wrong)
            diag_add(diags, SEVERITY_ERROR, s->source, spec->at, NULL, "channel \"%s\": %s",
                     spec->name, rules[i].why);
}

static enum status open_mailbox(struct visit *v, struct diags *diags)
{
    struct email_state *s = email_state(v);
    const struct email_settings *set = email_settings(v);
    const char *path;

    if (!set->maildir)
        return open_server(v, "imap", set->imap, MAIL_IMAP, diags, &s->imap);
    path = visit_render(v, set->maildir, diags);
    if (!path)
        return ST_INVALID;
    s->imap = mail_server_maildir(path);
    return ST_OK;
}

static void open_mailboxes(struct visit *v)
{
    struct channel_world *w = v->world;
    const struct mailbox_run run = {
        .epoch_us = w->epoch_us, .since_us = w->since_us,
        .id = w->run_id,
    };

    w->mailboxes = mailboxes_new(w->loop);
    if (w->epoch_us)
        mailboxes_run(w->mailboxes, &run);
}

enum status email_open(struct visit *v, struct diags *diags)
{
    struct email_state *s = email_state(v);
    const struct email_settings *set = email_settings(v);
    enum status st = open_person(v, "to", set->to, NULL, diags, &s->to);

    if (!st)
        st = open_cc(v, diags);
    if (!v->world->mailboxes)
        open_mailboxes(v);
    if (set->token_command)
        s->tokens = mail_tokens_find(mailboxes_tokens(v->world->mailboxes), set->token_command);
    if (!st)
        st = open_person(v, "from", set->from, v->customer_email, diags, &s->from);
    if (!st)
        st = open_server(v, "smtp", set->smtp, MAIL_SMTP, diags, &s->smtp);
    if (!st)
        st = open_mailbox(v, diags);
    if (!st)
        st = check_token(v, diags);
    if (!st)
        st = open_spam(v, set->spam, diags);
    if (!st && set->subject && !(s->default_subject = visit_render(v, set->subject, diags)))
        st = ST_INVALID;
    s->marker = v->world->marker;
    if (!st && set->marker && !(s->marker = visit_render(v, set->marker, diags)))
        st = ST_INVALID;
    if (st)
        return st;
    if (!*s->from.name)
        s->from.name = v->customer_name;
    s->thread.address = s->from.address;
    s->thread.partner = s->to.address;
    v->to = s->to.address;
    for (size_t i = 0; i < s->cc_count; i++)
        v->to = arena_printf(v->arena, "%s, %s", v->to, s->cc[i].address);
    v->host = strrchr(s->to.address, '@') ? strrchr(s->to.address, '@') + 1 : s->to.address;
    v->tries_links = set->links == 0;
    keep_own_words(v, &s->thread);
    s->opened = true;
    return ST_OK;
}
