/* What a break in the middle of a chat cost the customer: told by the words it was about, never mended
 * by saying them again. */
#include <stdlib.h>

#include "harness/base/duration.h"
#include "harness/base/text.h"
#include "harness/channels/chat_inside.h"

enum { QUOTE_COLUMNS = 60 };

void chat_add_turn(const struct chat *c, struct buf *out)
{
    buf_addc(out, '"');
    text_add_clipped(out, slice_str(c->said_last), QUOTE_COLUMNS);
    buf_addf(out, "\" (turn %u)", c->turns);
}

void chat_tell_break(struct chat *c, const char *why)
{
    CLEANUP(buf_release) struct buf turn = BUF_INIT(1024);

    c->broken_turn = c->turns;
    if (!c->turns) {
        visit_note(c->visit, "the chat's connection broke (%s) before anything was said", why);
        return;
    }
    chat_add_turn(c, &turn);
    if (c->answers)
        visit_note(c->visit, "the chat's connection broke (%s); %zu message%s had come since %s", why,
                   c->answers, c->answers == 1 ? "" : "s", turn.ptr);
    else
        visit_note(c->visit, "the chat's connection broke (%s); no answer to %s had come", why,
                   turn.ptr);
}

void chat_tell_again(struct chat *c, int64_t away_us)
{
    CLEANUP(buf_release) struct buf turn = BUF_INIT(1024);
    char *away = duration_text(away_us);

    if (c->turns)
        chat_add_turn(c, &turn);
    if (!c->turns)
        visit_note(c->visit, "connected again after %s; nothing had been said yet", away);
    else
        visit_note(c->visit, "connected again after %s; nothing was said twice; %s to %s that they "
                             "sent in between is lost, unless they send it again", away,
                   c->answers ? "anything more" : "an answer", turn.ptr);
    free(away);
}

void chat_tell_lost(struct chat *c)
{
    CLEANUP(buf_release) struct buf turn = BUF_INIT(1024);

    if (c->turns && c->broken_turn == c->turns && !c->answers) {
        chat_add_turn(c, &turn);
        visit_note(c->visit, "no answer to %s came any more: lost when the connection broke",
                   turn.ptr);
    }
    c->broken_turn = 0;
}

void chat_tell_asked_again(struct chat *c, int64_t away_us)
{
    char *away = duration_text(away_us);

    visit_note(c->visit, "the chat could be asked again after %s; nothing was said twice, and what "
                         "they said in between is read now if they kept it", away);
    free(away);
}

void chat_tell_in_doubt(struct chat *c)
{
    CLEANUP(buf_release) struct buf turn = BUF_INIT(1024);

    chat_add_turn(c, &turn);
    visit_note(c->visit, "no answer to %s: whether it arrived is not known, and it is not said again",
               turn.ptr);
}

void chat_tell_away(struct chat *c)
{
    char *away;

    if (!c->was_away || (!c->adapter->socket.path && !c->hook))
        return;
    c->was_away = false;
    away = duration_text(c->visit->away_us);
    visit_note(c->visit, "nobody listened for %s; what the company sent meanwhile is lost, unless it "
                         "sends it again", away);
    free(away);
}
