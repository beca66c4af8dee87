/* Between two looks into a folder: IDLE or silence, and for how long. */
#include "harness/channels/imap_client_inside.h"

#include <stdio.h>

#include "harness/base/duration.h"

#define IDLE_MAX_US (25 * 60 * US_PER_S)   /* RFC 2177: a server may hang up after 30 minutes */
#define IN_VAIN_US US_PER_S
#define REST_MAX_US (30 * US_PER_S)
enum { REST_SHARE = 60 };

static void on_rested(void *context)
{
    struct imap_client *c = context;

    c->timer = NULL;
    if (c->phase == PHASE_IDLING)
        imap_client_end_idle(c);
    else
        imap_client_command(c, PHASE_NOOP, "NOOP");
}

int64_t imap_rest_us(int64_t poll_us, int64_t waited_us)
{
    int64_t us = waited_us / REST_SHARE;

    us = us < REST_MAX_US ? us : REST_MAX_US;
    return us > poll_us ? us : poll_us;
}

static int64_t rest_us(const struct imap_client *c)
{
    return imap_rest_us(c->poll_us, loop_now(c->loop) - c->expected_us);
}

/* On a shared clock the lookout says when there may be mail. */
static void rest_for(struct imap_client *c, enum phase phase, int64_t us)
{
    imap_client_hold(c, false);
    timer_cancel(c->timer);
    c->phase = phase;
    c->timer = loop_is_shared(c->loop)
                   ? NULL : timer_start(c->loop, loop_now(c->loop) + us, on_rested, c);
}

/* Mail that was told of between IDLE and its "+" is looked for at once. */
void imap_client_idles(struct imap_client *c)
{
    if (c->pushed)
        imap_client_end_idle(c);
    else
        rest_for(c, PHASE_IDLING, rest_us(c) < IDLE_MAX_US ? rest_us(c) : IDLE_MAX_US);
}

void imap_client_expect(struct imap_client *c)
{
    c->expected_us = loop_now(c->loop);
    if (c->timer && (c->phase == PHASE_IDLING || c->phase == PHASE_RESTING))
        rest_for(c, c->phase, rest_us(c));
}

int64_t imap_client_blind_us(const struct imap_client *c)
{
    return c->was_pushed ? 0 : c->blind_us;
}

void imap_client_search(struct imap_client *c)
{
    char text[64];

    c->was_pushed = c->pushed;
    c->pushed = c->found = false;
    c->blind_us = loop_now(c->loop) - c->searched_us;
    c->searched_us += c->blind_us;
    snprintf(text, sizeof text, "UID SEARCH UID %u:*", c->folder.last_uid + 1);
    imap_client_command(c, PHASE_SEARCH, text);
}

void imap_client_look(void *context)
{
    struct imap_client *c = context;

    c->look_again = c->phase != PHASE_RESTING;
    if (c->phase == PHASE_RESTING)
        imap_client_command(c, PHASE_NOOP, "NOOP");
}

/* Told of mail that a search did not find (yet): look again soon, but not at once, for ever. */
void imap_client_rest(struct imap_client *c)
{
    bool in_vain = (c->pushed || c->was_pushed) && !c->found;
    int64_t us = rest_us(c);

    if (in_vain && us > IN_VAIN_US)
        us = IN_VAIN_US;
    if (c->pushed && c->found) {  /* the folder grew while we were fetching */
        imap_client_search(c);
        return;
    }
    c->was_pushed = false;
    if (c->look_again) {
        c->look_again = false;
        imap_client_command(c, PHASE_NOOP, "NOOP");
        return;
    }
    if (c->can_idle && c->idle && !in_vain && !loop_is_shared(c->loop)) {
        imap_client_command(c, PHASE_IDLE, "IDLE");
        return;
    }
    rest_for(c, PHASE_RESTING, us);
}
