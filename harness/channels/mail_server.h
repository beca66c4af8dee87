#ifndef CHANNELS_MAIL_SERVER_H
#define CHANNELS_MAIL_SERVER_H
/**
 * Mail server: one of OUR servers (the customer's provider), from the URL in the scenario.
 *
 *   smtp://[user:password@]host[:port][/ehlo-name]     smtps:// = TLS from the first byte
 *   imap://user:password@host[:port][/FOLDER]          imaps:// likewise
 *
 * A Maildir on this machine's disk is one, too, where mail comes in: scheme "maildir", path its folder.
 * User, password and path are percent-decoded. Ownership: everything lies in the arena given.
 */
#include <curl/curl.h>
#include <stdbool.h>

#include "harness/base/diag.h"

struct mail_token;

/** TLS_AUTO: STARTTLS where the server offers it, but not on loopback; certificates are checked. */
enum mail_tls { TLS_AUTO, TLS_REQUIRED, TLS_OFF };
extern const char *const mail_tls_names[];    /* "auto", "required", "off", NULL */

enum mail_protocol { MAIL_SMTP, MAIL_IMAP };

struct mail_server {
    const char *scheme;           /* "smtp", "smtps", "imap", "imaps" */
    const char *host, *port;      /* port "" = the scheme's own */
    const char *user, *password;  /* NULL none */
    const char *login_options;    /* "AUTH=PLAIN" after a ';' in the user part; NULL none */
    const char *path;             /* without the leading '/'; "" none */
    enum mail_tls tls;
    const char *ca;               /* file of trusted certificates; NULL = the system's */
    const char *token;            /* OAuth 2 access token, instead of a password; NULL none */
    struct mail_token *tokens;    /* or where it comes from, borrowed; NULL nowhere */
};

/**
 * @param what  the setting's name, for messages ("smtp").
 * @return ST_OK; ST_INVALID with the reason in diags (never with the password); *ret is untouched.
 */
MUST_CHECK enum status mail_server_parse(struct arena *a, const char *what, const char *url,
                                         enum mail_protocol protocol, struct diags *diags,
                                         struct mail_server *ret);

/** Address, login, TLS and time limits on an easy handle. `path` goes into the URL ("" none). */
void mail_server_apply(const struct mail_server *s, CURL *easy, const char *path);

/** Of a folder on disk; path is not copied. */
struct mail_server mail_server_maildir(const char *path);
bool mail_server_is_maildir(const struct mail_server *s);

/** "imap://host:993", for people: no user, no password. In the arena. */
const char *mail_server_name(struct arena *a, const struct mail_server *s);

/** Is it this machine? (127.0.0.0/8, ::1, localhost) */
bool mail_server_is_loopback(const struct mail_server *s);

#endif
