#ifndef PLAY_PLAN_H
#define PLAY_PLAN_H
/**
 * Plan: what a journey would do, and to whom, without doing it. No traffic.
 *
 * Texts are rendered as far as they can be before anything was answered: what only a company's answer
 * can give stays as the scenario has it, {{ ticket }}.
 */
#include "harness/play/audit.h"

struct plan_step {
    const struct step *step;
    const char *channel;          /* its name; NULL: a pause */
    const char *host;             /* who is contacted; NULL nobody, or it cannot be told yet */
    const char *to;               /* mail: addresses; NULL as host */
    enum channel_family family;
    bool contact;                 /* it sends something, once for each round */
    const char *value, *subject, *text;   /* open, click: what; NULL none */
    struct named_text *fields;    /* fill */
    size_t field_count;
};

struct plan {
    struct plan_step *steps;
    size_t count;
};

/** Everything lies in the arena, or is the scenario's. */
struct plan plan_make(const struct scenario *s, const struct adapters *adapters,
                      struct audit_env env, struct arena *a);

#endif
