#ifndef CHANNELS_MAIL_KIND_H
#define CHANNELS_MAIL_KIND_H
/**
 * Mail kind: acknowledgement, absence notice, automatic notice, a person's answer, bounce, list
 * confirmation, survey or newsletter; from the signs of its headers and the words of the packs.
 *
 * How    every sign and every pattern found adds to the kinds it speaks for or against (a table);
 *        the highest sum wins, and the sums, taken as log odds, give the confidence. No single
 *        header decides: ticket systems mark their agents' answers as automatic too, and many
 *        automatic mails carry no header at all.
 * Pure.  Must not depend on: the read room (packs come as plain lexicons).
 */
#include "harness/channels/mail_read.h"
#include "harness/model/lexicon.h"

struct mail_guess {
    enum mail_kind kind;
    double confidence;            /* 0 to 1 */
    const char *rule;             /* what told most: a header or a pack's pattern */
};

/** Strings of the result lie in the arena, are the mail's, or constant. */
struct mail_guess mail_guess_kind(struct arena *a, const struct mail *m,
                                  const struct lexicons *packs);

/** Does an address say that nobody reads it ("no-reply@", "ne-pas-repondre@")? */
bool mail_is_no_reply(const char *address);

#endif
