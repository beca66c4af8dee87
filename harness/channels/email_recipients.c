/* One mail, several recipients: who has it, who will not take it, who may take it later. */
#include "harness/channels/email.h"

void email_begin_recipients(struct visit *v)
{
    const struct email_state *s = email_state(v);
    struct outgoing *o = &email_state(v)->out;

    o->left = arena_alloc(v->arena, (o->draft.cc_count + 1) * sizeof *o->left);
    o->left[o->left_count++] = o->draft.to.address;
    for (size_t i = 0; i < s->cc_count; i++)
        o->left[o->left_count++] = s->cc[i].address;
}

void email_settle_recipients(struct visit *v, const struct mail_sent *how, bool last)
{
    struct outgoing *o = &email_state(v)->out;

    o->left_count = 0;
    for (size_t i = 0; i < how->recipient_count; i++) {
        const struct mail_recipient *who = &how->recipients[i];

        if (who->result == SEND_LATER && !last)
            o->left[o->left_count++] = arena_strdup(v->arena, who->address);
        else if (who->result == SEND_LATER)
            visit_company_failed(v, FAILURE_REFUSED_MAIL, "%s: not taken after %u tries: %.1000s",
                                 who->address, o->tries, who->words);
        else if (who->result == SEND_REFUSED)
            visit_company_failed(v, FAILURE_REFUSED_MAIL, "%s: %.1000s", who->address,
                                 who->words);
        else if (who->result == SEND_OURS)
            visit_note(v, "our mail server takes nothing for %s: %.500s", who->address,
                       who->words);
    }
}
