#ifndef CHANNELS_MAIL_TOKEN_H
#define CHANNELS_MAIL_TOKEN_H
/**
 * Mail token: OAuth 2 access tokens for our mail servers, from a command.
 *
 * Command  run by sh. Its standard output is the token alone, or what a token endpoint answers
 *          (RFC 6749 section 5.1: JSON with access_token and perhaps expires_in). It is run once for
 *          all who ask, again when the token is about to expire or a server has refused it.
 * Limits   60 s for the command, 64 KiB of output.
 * Threads  loop thread only; callbacks come from the loop, never from inside a call.
 */
#include "harness/loop/loop.h"

struct mail_tokens;               /* all of one loop */
struct mail_token;                /* one command's; lives as long as they */
struct mail_token_wish;

struct mail_tokens *mail_tokens_new(struct loop *l);
/** After everybody who asks; NULL is fine. */
void mail_tokens_free(struct mail_tokens *all);

/** The same for the same command. */
struct mail_token *mail_tokens_find(struct mail_tokens *all, const char *command);

/** token NULL: there is none, and `why` says it ("…ended with exit code 1"). Both borrowed. */
typedef void mail_token_fn(void *context, const char *token, const char *why);
/** @param refused  a token that a server did not take: another one is wanted; NULL any. */
struct mail_token_wish *mail_token_get(struct mail_token *t, const char *refused,
                                       mail_token_fn *fn, void *context);
/** The callback will not come. NULL is fine; in the callback: forget it. */
void mail_token_cancel(struct mail_token_wish *w);

/** The one that was got last, perhaps expired; "" none. Borrowed until the next one comes. */
const char *mail_token_last(const struct mail_token *t);

#endif
