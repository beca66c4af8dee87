/* What a person's answer takes up of what the customer wrote. */
#include <string.h>

#include "harness/channels/email.h"
#include "harness/channels/mail_echo.h"

/* A receipt repeats our words without having read them. */
static bool is_answer(const struct event *e)
{
    return e->kind == EVENT_MESSAGE && e->nature == NATURE_HUMAN;
}

void email_add_echo(struct visit *v, const struct mail *m, struct event *e)
{
    const struct email_state *s = email_state(v);
    const char *names[] = { s->from.name, s->from.address, s->to.name, s->to.address, m->addressee,
                            m->sender_name, m->sender };
    struct named_text *all;
    struct mail_echo echo;

    if (!is_answer(e) || !s->thread.asked.count)
        return;
    echo = mail_echo(v->arena, m, &s->thread, &v->world->lexicons, names, ARRAY_LEN(names));
    all = arena_alloc(v->arena, (e->field_count + 2) * sizeof *all);
    if (e->field_count)
        memcpy(all, e->fields, e->field_count * sizeof *all);
    if (echo.quoted)
        all[e->field_count++] = (struct named_text){ "quotes",
                                                    arena_strdup(v->arena, echo.quoted) };
    all[e->field_count++] = (struct named_text){
        "speaks of it", arena_printf(v->arena, "%s, %.0f %%: %s", echo_names[echo.speaks],
                                     echo.confidence * 100, echo.evidence) };
    e->fields = all;
}
