#ifndef PLAY_JOURNEY_H
#define PLAY_JOURNEY_H
/**
 * Journey: one customer playing one scenario, step by step. Internal to play.
 *
 * States   PLAYING one step at a time:
 *            act      the channel works; visit_done comes
 *            turn     a conversation listens until the company's turn is over (quiet for settle)
 *            wait     a `wait` step, until what it waits for has come or time is up
 *            pause    a `pause` step
 *          LEAVING   channels tell the company that the customer goes; before that, of one who was
 *                    stopped, PARTING: says goodbye in the chats
 *          OVER      nothing more will happen; the transcript has gone to the observer
 * The loop calls in from three places: visit_done, a message (emit), the one timer.
 */
#include <limits.h>

#include "harness/play/audit.h"
#include "harness/play/door.h"
#include "harness/play/keep.h"

/** PHASE_RESUMED: taken from a journal, about to go on. */
enum phase {
    PHASE_IDLE, PHASE_ACT, PHASE_TURN, PHASE_WAIT, PHASE_PAUSE, PHASE_DIARY, PHASE_LEAVING,
    PHASE_OVER, PHASE_RESUMED, PHASE_PARTING
};

/** What a channel brought before a resumed journey went on. */
struct late {
    struct visit *visit;
    struct event event;
    int64_t at_us;                        /* loop time */
    size_t order;
};

/** How a step ended; the `code` of its step_end event. */
enum step_result { STEP_MET, STEP_UNMET, STEP_SKIPPED, STEP_FAILED };

struct capture {
    const char *name, *value;
};

/** A question already answered in this conversation: who is asked again notices. */
struct told {
    const char *slot;
    int seq;                              /* of the `sent` event that told it */
    int times;                            /* asked for */
};

/** One `say … until`: what this customer remembers while talking. */
struct talk {
    int begin_seq;                        /* first event of the step */
    int turn_seq;                         /* events before this one are read already */
    int sent_seq;                         /* last thing said; -1 */
    int64_t sent_at;                      /* loop time */
    int turns, rephrased, nudged, confirmed;
    int humans, refused;                  /* asked for a person; chose none of what was offered */
    int repeated;                         /* said an answer again that was not understood */
    int same;                             /* times the company said just what it had said before */
    int leaving;                          /* said goodbye: 1 content, 2 not; 0 not yet */
    bool heard;                           /* the company has said something since sent_seq */
    struct told *told;
    size_t told_count, told_cap;
    const char *opening;                  /* what the customer came with */
    const char *told_last;                /* facts in the last thing said; NULL none */
};

struct journey {
    struct audit *audit;
    size_t index;
    size_t number;                        /* in the whole audit: for what must not depend on the rest */
    const struct scenario *scenario;
    struct arena *arena;                  /* the visits' and ours */
    struct transcript *transcript;
    struct door door;
    struct visit **visits;                /* per channel; NULL until needed */
    struct http_connections *connections; /* of them all; NULL until needed */
    int64_t started_at;                   /* loop time */
    const char *id;

    size_t step;                          /* index of the step being played */
    int64_t round;                        /* of `repeat`, from 0 */
    enum phase phase;
    bool stepping;                        /* inside journey_advance: do not recurse */
    struct timer *timer;
    int64_t timer_at;                     /* loop time it is set to, or was */
    struct timer *leaving;                /* the chats, while the customer waits for something else */
    int step_seq;                         /* of step_begin */
    bool company_failed, our_failed;      /* in this step; in this journey */
    bool unrendered;                      /* a channel's setting needs a variable without value */
    bool kept_evidence;
    size_t sent_ok;                       /* things sent that did arrive, in the whole journey */
    int64_t wait_from;                    /* loop time a wait began */
    int64_t diary_end;                    /* loop time at which a chase is written */
    int *consumed;                        /* seqs that fulfilled a wait, per wait_for one list */
    size_t consumed_count, consumed_cap;
    struct talk talk;
    struct polite_turn turn;              /* at the host of this step */
    int64_t queued_at;                    /* loop time; 0 it is not waiting for its turn */
    struct links *links;                  /* being looked at; NULL: not now */
    bool links_looked;                    /* in this step */
    const char *link_problem;             /* why none of them works; NULL: one does */
    size_t links_to;                      /* mails, pages before this event have been tried */
    struct passed_link { int page; const char *url; } *passed;    /* on pages, by their events */
    size_t passed_count, passed_cap;
    int ending;                           /* the step ends with this result + 1 when that is done */
    struct capture *captures;
    size_t capture_count, capture_cap;

    /* What the journal needs (keep.h). */
    struct kept_marks kept;
    const char *saying;           /* words of the chat's act under way; NULL: another act */
    int saying_repeats;
    bool in_doubt;                /* it may be on its way to the company, and nobody knows yet */
    bool unknown;                 /* it was when shopper stopped; only an answer can tell */
    bool look_first;              /* this act may have been done before a crash */
    enum phase resumed;           /* PHASE_RESUMED: the phase it stood in */
    int64_t turn_until;           /* the timer of a PHASE_TURN, on a clock that stood still since */
    int64_t away_us;              /* how long nobody played it before that */
    bool stopping;                /* it ends with the step, at the latest at stop_by (loop time) */
    int64_t stop_by;
    size_t parting;               /* PHASE_PARTING: channels before this one have heard a goodbye */
    bool stopped;                 /* it leaves before its end */
    bool parks;                   /* the timer is for parking, not for what the phase waits for */
    size_t to_look;               /* mailboxes not looked through yet since then */
    struct late *late;            /* what came meanwhile, to be given out in order */
    size_t late_count, late_cap;
};

/* audit.c */
struct audit {
    struct audit_options o;
    struct channel_world world;
    struct scenario *const *scenarios;
    struct journey **journeys;            /* NULL before their start and after their end */
    size_t count;
    struct timer *later;                  /* until the next one's start */
    struct common *common;
    struct polite *polite;                /* of the common */
    bool alone;                           /* the common is ours */
    struct audit *mail_lane;              /* has the mailboxes; NULL: we have, or there are none */
    struct keep *keep;                    /* NULL: no journal */
    struct link_memory *links;            /* NULL: none tried yet */
};

/** A customer of this run has that address. */
void audit_know(struct audit *a, const char *address);
/** The journey is over: takes its transcript; frees it from the loop, starts the next one. */
void audit_ended(struct audit *a, struct journey *j, bool stopped);
/** It waits in the journal, at least until then (microseconds since 1970); freed likewise. */
void audit_parked(struct audit *a, struct journey *j, int64_t wake_us);

struct journey *journey_new(struct audit *a, size_t index, const struct scenario *s);
void journey_free(struct journey *j);
void journey_start(struct journey *j);
/** Its first step begins now: times are counted from here on. */
void journey_begin_clock(struct journey *j);
/* stop.c */
/** By a signal. The step under way may end first, for a while; then the same as stop_now. */
void journey_stop(struct journey *j);
/** A goodbye where the customer is in a chat, unless they may go on later; then the end. */
void journey_stop_now(struct journey *j);
/** The next goodbye, or the end. */
void journey_part(struct journey *j);
/** The time to end in is over. */
bool journey_out_of_time(const struct journey *j);
/** journey.c: ends it as it stands. */
void journey_stopped(struct journey *j);

/* save.c, resume.c */
enum phase journey_phase_named(const char *name);     /* PHASE_OVER: none of them */
/** Before journey_start. Takes the transcript over. False: the journal makes no sense. */
bool journey_restore(struct journey *j, struct transcript *t, const json_t *parts);
void journey_go_on(struct journey *j);
/** It is emitted later, in the order in which things came. */
void journey_keep_late(struct journey *j, struct visit *v, const struct event *e, int64_t at_us);
/** It is left open whether the company got it: the `failed` event. */
void journey_unknown(struct journey *j);

/* journey.c, for its neighbours */
const struct step *journey_step(const struct journey *j);
int journey_emit(struct journey *j, const struct event *e);
void journey_note(struct journey *j, enum event_kind kind, enum party from, const char *code,
                  const char *fmt, ...) PRINTF_LIKE(5, 6);
void journey_timer(struct journey *j, int64_t delay_us);        /* replaces the one timer */
/** The same, for a customer who has nothing to do but wait so long: a long one is parked. */
void journey_rest(struct journey *j, int64_t left_us);
void journey_end_step(struct journey *j, enum step_result how);
/** Leave is taken, or has taken too long: the journey is over. */
void journey_gone(struct journey *j);
/** Rendered in the journey's arena; NULL: a variable has no value, *missing names it. */
const char *journey_render(struct journey *j, const struct template *t, const char **missing);
const char *journey_value(void *journey, const char *name);     /* a template_lookup */
/** What an event of it says. */
void journey_read(struct journey *j, int seq, struct marks *out);
void journey_capture(struct journey *j, const char *name, const char *value);
int64_t journey_patience(const struct journey *j);
const struct regex *journey_goal(const struct journey *j);      /* NULL none */
bool journey_goal_met(const struct journey *j, int from_seq);

/* visits.c */
struct visit *journey_visit(struct journey *j, int channel);    /* opened; NULL after a failure */
struct visit *journey_open(struct journey *j, int channel, struct diags *diags);   /* says why */
struct visit *journey_try(struct journey *j, int channel);      /* the same, NULL and no word of why */
void journey_act(struct journey *j, const struct action *a);    /* on the step's channel */
void journey_close_visits(struct journey *j);
/** The customer takes leave of a channel, or (-1) of all. */
void journey_leave(struct journey *j, int channel);
/** Have they said something in this chat, and no goodbye, and is it open? */
bool journey_is_talking(const struct visit *v);
/** From now on they are not. */
void journey_fall_silent(struct visit *v);
/** Is anybody still being told? */
bool journey_is_leaving(const struct journey *j);

/** Before a step: may it begin? False: step_begin is called when its turn has come. */
bool journey_turn(struct journey *j);
/** The same in the middle of a step: the timer fires again when its turn has come. */
bool journey_take_turn(struct journey *j);

/** Something of it has changed since the journal got it last. Asked once. */
bool visit_changed(struct visit *v);

/* step.c: begins the current step */
void step_begin(struct journey *j);
void step_act(struct journey *j);         /* what the step does, once more from the beginning */
void pause_go_on(struct journey *j);
/* conversation.c: say … until */
void conversation_begin(struct journey *j, const char *opening);
void conversation_sent(struct journey *j, enum done how);
void conversation_message(struct journey *j, const struct event *e);
void conversation_timer(struct journey *j);
void conversation_typing(struct journey *j);
void conversation_go_on(struct journey *j);
/* customer.c: what to say next; NULL = nothing more to say */
enum reply_kind { REPLY_SAY, REPLY_LISTEN, REPLY_MET, REPLY_UNMET, REPLY_GIVE_UP };
struct reply {
    enum reply_kind kind;
    const char *text;                     /* say; give up: why */
    int repeats_seq;
    int leaving;                          /* say: the last words; as in talk */
    const char *told;                     /* say: the facts in it; as in talk */
};
struct reply customer_reply(struct journey *j);
const char *customer_goodbye(struct journey *j);
/* waits.c */
void wait_begin(struct journey *j);
void wait_message(struct journey *j, const struct event *e);
void wait_timer(struct journey *j);
void wait_go_on(struct journey *j);
bool wait_is_over(struct journey *j, int64_t at_us);      /* it gave up before: the step ends */
/** The first event that a wait on this channel may look at: what came after the customer's last word
 *  there, or when they have not used it yet, after their first word anywhere. */
size_t wait_start(const struct journey *j, const char *channel);
/** Does this message give the customer what they wait for? */
bool wait_fulfils(struct journey *j, const struct event *e, enum wait_for what);
/** Is a mail about what the customer wrote: no survey, no newsletter, nobody's absence? */
bool wait_about_it(const struct event *e);
/* diary.c */
void diary_begin(struct journey *j);
void diary_message(struct journey *j, const struct event *e);
void diary_timer(struct journey *j);
void diary_go_on(struct journey *j);
/* checks.c: `expect` and `save` of the step just played; false = one was not met */
bool checks_pass(struct journey *j);
/** The company's words that a step is judged by. */
size_t checks_first(const struct journey *j);
bool checks_ours(const struct journey *j, const struct event *e);
/* links.c */
/** The next web address in *text, without what only ends the sentence; *text goes on behind it. */
struct slice links_next(const char **text);
/** Looks whether a link of this step's works; then journey_end_step once more. */
void links_begin(struct journey *j);
/** The page of an event has these links. */
void links_passed(struct journey *j, int page, const char *const *urls, size_t count);
/** Tries the links of the next mail or page that came since it was asked last; then the same. False:
 *  there is none. */
bool links_try(struct journey *j, enum step_result how);
void links_stop(struct journey *j);

#endif
