#include "tests/company/bot.h"

#include "harness/base/duration.h"
#include "tests/company/company.h"
#include "tests/company/topics.h"

enum {
    SPEECH_MAX = 4000,
    THINK_MS = 60, THINK_MS_PER_BYTE_Q8 = 200,    /* a pause grows with what is said */
    THINK_MS_MOST = 300,
    HUMAN_MS = 500,
    MISUNDERSTOOD_MOST = 2,
};

/* One turn of the company: what it heard, and what it is about to say. */
struct turn {
    struct company *company;
    struct chat *chat;
    struct talk *talk;
    struct heard heard;
    struct buf speech;            /* the message being made */
    int64_t reply_us;             /* when the assistant's reply is complete */
};

static void say(struct turn *t, enum words w)
{
    struct talk *k = t->talk;
    char order[16];
    const struct speech speech = {
        .promise = t->company->manners.promise,
        .tongue = fault_on(&t->company->faults, FAULT_WRONG_LANGUAGE) ? TONGUE_GERMAN
                                                                      : TONGUE_ENGLISH,
        .variety = t->company->manners.same_words ? 0 : t->chat->seed + (uint32_t)k->turn * 7,
        .name = k->ticket ? k->ticket->name : NULL,
        .order = topic_order(&k->facts, order, sizeof order),
        .reference = k->ticket ? k->ticket->reference : NULL,
        .address = k->facts.value[SLOT_ADDRESS],
        .matter = topic_rows[k->topic].matter,
    };

    if (t->speech.len)
        buf_addc(&t->speech, ' ');
    words_say(&t->speech, w, &speech);
}

/* Sends what was said so far as one message. */
static void utter(struct turn *t)
{
    int64_t ms = THINK_MS + (int64_t)t->speech.len * THINK_MS_PER_BYTE_Q8 / 256;

    if (!t->speech.len)
        return;
    if (ms > THINK_MS_MOST)
        ms = THINK_MS_MOST;
    if (t->talk->human)
        ms += HUMAN_MS;
    if (fault_on(&t->company->faults, FAULT_SLOW) && t->talk->turn == 1)
        ms += t->company->faults.slow_us / US_PER_MS;
    chat_say(t->chat, buf_steal(&t->speech), ms * US_PER_MS);
    if (!t->talk->human)
        t->reply_us = chat_last_due(t->chat);
}

void bot_greet(struct company *c, struct chat *chat)
{
    struct turn t = { .company = c, .chat = chat, .talk = &chat->talk,
                      .speech = BUF_INIT(SPEECH_MAX) };

    say(&t, WORDS_GREETING);
    chat_say(chat, buf_steal(&t.speech), 0);
}

/* ---- faults that take the whole turn ---- */

static bool stay_silent(struct turn *t)
{
    (void)t;
    return true;
}

static bool understand_nothing(struct turn *t)
{
    say(t, WORDS_FALLBACK);
    return true;
}

static bool push_to_phone(struct turn *t)
{
    say(t, WORDS_CALL_US);
    utter(t);
    chat_close(t->chat);
    return true;
}

static bool close_early(struct turn *t)
{
    if (t->talk->turn < 2)
        return false;
    say(t, WORDS_CLOSED);
    utter(t);
    chat_close(t->chat);
    return true;
}

static const struct misbehaviour {
    enum fault fault;
    bool (*act)(struct turn *t);  /* true: the turn is over */
} misbehaviours[] = {
    { FAULT_SILENT, stay_silent },
    { FAULT_FALLBACK_LOOP, understand_nothing },
    { FAULT_CALL_US, push_to_phone },
    { FAULT_CLOSE_CHAT, close_early },
};

static bool misbehave(struct turn *t)
{
    for (size_t i = 0; i < ARRAY_LEN(misbehaviours); i++)
        if (fault_on(&t->company->faults, misbehaviours[i].fault) && misbehaviours[i].act(t))
            return true;
    return false;
}

/* ---- learning ---- */

/* Another channel's ticket, by the reference named or by what the customer told here. */
static void learn_ticket(struct turn *t)
{
    struct talk *k = t->talk;
    const struct tickets *all = t->company->tickets;
    struct ticket *found = tickets_by_reference(all, t->heard.reference);

    if (!found && !k->ticket)
        found = tickets_by_facts(all, &k->facts);
    if (!found || found == k->ticket)
        return;
    k->ticket = found;
    k->found = t->heard.reference[0] != '\0';
    if (k->topic == TOPIC_NONE)
        k->topic = found->topic;
    if (!fault_on(&t->company->faults, FAULT_FORGET_OTHER_CHANNEL)) {
        struct facts known = found->facts;

        facts_add(&known, &k->facts);
        k->facts = known;
    }
}

static void learn(struct turn *t)
{
    struct talk *k = t->talk;
    bool inattentive = k->turn == 1 && fault_on(&t->company->faults, FAULT_ASK_WHAT_WAS_GIVEN);

    if (!inattentive)
        facts_add(&k->facts, &t->heard.facts);
    if (t->heard.topic && (k->topic == TOPIC_NONE || k->solved)) {
        k->topic = t->heard.topic;
        k->solved = k->led = k->confirmed = false;
    }
    learn_ticket(t);
    if (k->ticket)
        facts_add(&k->ticket->facts, &k->facts);
}

static void hand_over(struct turn *t, enum words how)
{
    struct talk *k = t->talk;

    say(t, how);
    utter(t);
    k->human = true;
    k->misunderstood = 0;
    say(t, WORDS_HUMAN_HELLO);
}

/* The customer does not know what was asked: something else may do instead, or Jonas helps. True
 * when that was all there is to say. */
static bool do_without(struct turn *t, enum slot asked)
{
    static const struct { enum slot asked, instead; } rows[] = {
        { SLOT_ORDER_NUMBER, SLOT_EMAIL }, { SLOT_POSTCODE, SLOT_PHONE },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (rows[i].asked != asked)
            continue;
        t->talk->waived |= 1u << asked;
        if (facts_has(&t->talk->facts, rows[i].instead))
            return false;
        t->talk->expecting = rows[i].instead;
        say(t, topic_question(rows[i].instead));
        return true;
    }
    hand_over(t, WORDS_STUCK);
    t->talk->waived |= 1u << SLOT_ORDER_NUMBER | 1u << SLOT_POSTCODE;
    if (asked == SLOT_ADDRESS)
        say(t, WORDS_HUMAN_LISTENS);
    return asked == SLOT_ADDRESS;
}

/* ---- what to say next ---- */

static void not_understood(struct turn *t)
{
    t->talk->misunderstood++;
    bool stuck = t->talk->misunderstood >= MISUNDERSTOOD_MOST && !t->talk->human;

    if (stuck)
        hand_over(t, WORDS_STUCK);
    else
        say(t, WORDS_NOT_UNDERSTOOD);
    if (t->talk->expecting != SLOT_NONE)
        say(t, topic_question(t->talk->expecting));
    else if (stuck)
        say(t, WORDS_HUMAN_LISTENS);
}

static enum slot missing_slot(const struct talk *k)
{
    for (int i = 0; i < TOPIC_NEEDS; i++) {
        enum slot need = topic_rows[k->topic].chat_needs[i];

        if (need == SLOT_NONE)
            break;
        if (!facts_has(&k->facts, need) && !(k->waived & 1u << need))
            return need;
    }
    return SLOT_NONE;
}

static void ask(struct turn *t, enum slot slot)
{
    struct talk *k = t->talk;

    k->expecting = slot;
    if (slot == SLOT_ORDER_NUMBER && !k->asked_order_turn)
        k->asked_order_turn = k->turn;
    say(t, topic_question(slot));
}

static void solve(struct turn *t)
{
    struct talk *k = t->talk;
    const struct topic_row *row = &topic_rows[k->topic];

    if (fault_on(&t->company->faults, FAULT_BOILERPLATE)) {
        say(t, WORDS_BOILERPLATE);
        return;
    }
    if (!k->ticket) {
        k->ticket = tickets_open(t->company->tickets);
        k->ticket->topic = k->topic;
        k->ticket->facts = k->facts;
    }
    say(t, row->solved);
    k->solved = k->ticket->solved = true;
    if (fault_on(&t->company->faults, FAULT_CONTRADICT)) {
        utter(t);
        say(t, row->untrue);
        return;
    }
    say(t, WORDS_ANYTHING_ELSE);
}

static void confirm_address(struct turn *t)
{
    t->talk->confirming = true;
    say(t, WORDS_CONFIRM_ADDRESS);
}

/* The next question, or the solution when nothing is missing. */
static void go_on(struct turn *t)
{
    struct talk *k = t->talk;
    enum slot missing = missing_slot(k);

    if (k->found)
        say(t, WORDS_FOUND_TICKET);
    k->found = false;
    if (!k->led && topic_rows[k->topic].lead >= 0)
        say(t, (enum words)topic_rows[k->topic].lead);
    else if (k->led && !k->confirmed)
        say(t, WORDS_THANKS_FACT);
    k->led = true;

    bool again = fault_on(&t->company->faults, FAULT_ASK_TWICE) && !k->asked_twice
                 && k->asked_order_turn && k->turn >= k->asked_order_turn + 2;
    if (again) {
        k->asked_twice = true;
        ask(t, SLOT_ORDER_NUMBER);
    } else if (missing != SLOT_NONE) {
        ask(t, missing);
    } else if (k->topic == TOPIC_ADDRESS && !k->confirmed) {
        confirm_address(t);
    } else {
        solve(t);
    }
}

/* An answer to "is that right?". True when that was all there is to say. */
static bool hear_confirmation(struct turn *t)
{
    struct talk *k = t->talk;

    k->confirming = false;
    if (t->heard.yes) {
        k->confirmed = true;
        return false;
    }
    if (t->heard.no) {
        k->facts.value[SLOT_ADDRESS][0] = '\0';
        k->expecting = SLOT_ADDRESS;
        say(t, WORDS_CORRECT_ADDRESS);
        return true;
    }
    k->confirming = true;
    not_understood(t);
    return true;
}

static bool hear_farewell(struct turn *t)
{
    struct talk *k = t->talk;
    bool done = k->solved && (t->heard.thanks || t->heard.bye || t->heard.no);

    if (t->heard.topic || !(done || t->heard.bye))
        return false;
    say(t, done ? WORDS_WELCOME : WORDS_GOODBYE);
    utter(t);
    chat_close(t->chat);
    return true;
}

static void respond(struct turn *t, enum slot asked)
{
    struct talk *k = t->talk;
    bool given = asked != SLOT_NONE && facts_has(&t->heard.facts, asked);

    if (hear_farewell(t))
        return;
    if (t->heard.wants_human && !k->human) {
        hand_over(t, WORDS_HANDOVER);
        if (k->topic == TOPIC_NONE) {
            say(t, WORDS_HUMAN_LISTENS);
            return;
        }
    } else if (k->confirming) {
        if (hear_confirmation(t))
            return;
    } else if (asked != SLOT_NONE && !given) {
        if (t->heard.unknown) {
            if (do_without(t, asked))
                return;
        } else if (!t->heard.topic && !t->heard.reference[0]) {
            k->expecting = asked;
            not_understood(t);
            return;
        }
    } else if (k->topic == TOPIC_NONE || (k->solved && !t->heard.topic)) {
        if (k->solved)
            say(t, WORDS_HELP);
        else
            not_understood(t);
        return;
    }
    k->misunderstood = 0;
    go_on(t);
}

int64_t bot_hear(struct company *c, struct chat *chat, struct slice text)
{
    struct turn t = { .company = c, .chat = chat, .talk = &chat->talk,
                      .speech = BUF_INIT(SPEECH_MAX), .reply_us = company_now(c) };
    struct talk *k = t.talk;
    enum slot asked = k->expecting;

    k->turn++;
    k->expecting = SLOT_NONE;
    ear_hear(c->ear, text, asked, &t.heard);
    if (!misbehave(&t)) {
        learn(&t);
        if (fault_on(&c->faults, FAULT_RUDE) && k->turn == 1)
            say(&t, WORDS_RUDE);
        respond(&t, asked);
    }
    utter(&t);
    buf_release(&t.speech);
    return t.reply_us;
}
