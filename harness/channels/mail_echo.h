#ifndef CHANNELS_MAIL_ECHO_H
#define CHANNELS_MAIL_ECHO_H
/**
 * Mail echo: does an answer quote what the customer wrote, and do its own words speak of it? Pure.
 *
 * Speaks  numbers of ours ("A-10442") that come up again, and words of ours that say something: by
 *         their stems and as parts of compounds. Words that any mail has, and names, do not count.
 * Limits  other words for the same ("boiler" for "kettle") are not known: then it says "no" or
 *         "unclear", with a low confidence. An indicator for people, not a finding.
 */
#include "harness/channels/mail_match.h"
#include "harness/model/lexicon.h"

enum echo { ECHO_UNCLEAR, ECHO_YES, ECHO_NO, ECHO_COUNT };
extern const char *const echo_names[ECHO_COUNT];

struct mail_echo {
    const char *quoted;           /* words of ours that stand in it; NULL none */
    enum echo speaks;
    double confidence;
    const char *evidence;         /* the words it shares, or those it has none of */
};

/** Strings lie in the arena, or are the thread's. names: of the people and firms of the thread, which
 * prove nothing. */
struct mail_echo mail_echo(struct arena *a, const struct mail *m, const struct mail_thread *t,
                           const struct lexicons *packs, const char *const *names,
                           size_t name_count);

/** Remember the words of a mail of ours, without what it quotes. */
void mail_thread_asked(struct arena *a, struct mail_thread *t, const char *words);

#endif
