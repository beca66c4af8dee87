#ifndef JUDGE_VIEW_H
#define JUDGE_VIEW_H
/**
 * View: a transcript prepared for detectors: its marks by event, its exchanges, what was received
 * when, what the customer told. Built once (view_build); detectors read it and add findings.
 * Detectors know logic and no languages: words are the reader's.
 *
 * Times    microseconds; DURATION_UNKNOWN where the transcript does not say.
 * Cost     linear in events, times the slots in play.
 */
#include "harness/judge/judge.h"

/** What the company sent back in an exchange, beside struct exchange. */
struct response {
    int receipt_seq;              /* first receipt: automatic, or says only that it arrived; -1 */
    int answer_seq;               /* first thing that is more than a receipt; -1 none */
    int64_t receipt_us, answer_us;/* felt wait until then */
    int failed_seq;               /* the channel broke last here; -1 */
    int gave_up_seq;              /* the customer stopped waiting last here; -1 */
    bool opens_contact;           /* a form, or the first mail of a thread: a receipt is due */
    bool tells;                   /* it has words for somebody to read: a reference and a time are due */
    bool chases;                  /* the customer had to write again */
};

/** A slot the customer told, or a question without a slot that they answered. */
struct told {
    const char *slot;             /* NULL: `words` */
    const struct lexicon_slot *lexicon;   /* what the pack says of the slot; NULL nothing */
    const char *words, *topic;    /* own words of the question: struct mark */
    const char *about, *aim;      /* as of the question, else as it was told: struct mark */
    int seq;                      /* the customer's message */
    int asked_seq;                /* the question it answered; -1 volunteered */
    bool alone;                   /* the only answer in its message that fits */
    bool stands;                  /* still holds: not changed, no new task since */
    double confidence;
};

/** A question of the company, and what was told before it. */
struct question {
    const struct mark *mark;
    const struct told *told;      /* NULL: new */
    double confidence;            /* that it was told */
};

struct view {
    const struct transcript *t;
    const struct reader *reader;
    struct reading_memory *read_before;   /* NULL none */
    const struct expectations *e;
    struct judgement *j;
    struct arena *a;              /* the judgement's */

    size_t *first_mark;           /* per event and one more: index into j->marks */
    int *exchange_of;             /* per event; -1 none */
    struct response *responses;   /* per exchange */
    size_t exchange_cap;
    struct question *questions;
    size_t question_count, question_cap;
    struct told **told;
    size_t told_count, told_cap;
    bool times_unknown;
    bool dated;                   /* the transcript says when it began: */
    int64_t started;              /* seconds since 1970 */
    struct hours hours;           /* the company's, or what one assumes */

    struct ordinary { double amount; int exchange; bool early; } *waits;   /* without a finding */
    size_t wait_count, wait_cap;
};

void view_build(struct view *v);          /* t, reader, e, j, a are set */

/* exchanges.c, memory.c: parts of view_build */
void view_exchanges(struct view *v);
void view_responses(struct view *v);
void view_memory(struct view *v);

/** The surest mark of a kind in an event, of at least confidence .5; NULL none. */
const struct mark *view_mark(const struct view *v, int seq, enum mark_kind kind);
/** The first mark of a kind in an event, however unsure; NULL none. */
const struct mark *view_faint_mark(const struct view *v, int seq, enum mark_kind kind);
/** The marks of an event: begin and end. */
const struct mark *view_marks(const struct view *v, int seq, const struct mark **end);

const struct event *view_event(const struct view *v, int seq);
/** Family of the event's channel; a dialogue without channels is a chat. */
enum channel_family view_family(const struct view *v, const struct event *e);
bool view_same_channel(const struct event *a, const struct event *b);
/** The form of this sending: the last `form` event before it on its channel; -1 none is known. */
int view_form_of(const struct view *v, const struct event *sent);
/** A company message, or the page that answers a form (not an error page). */
bool view_is_reply(const struct event *e);
/** Is a mail about what the customer wrote? A survey, a newsletter or the absence of one employee
 * neither confirms nor answers it. True for whatever is no mail. */
bool view_is_about_it(const struct event *e);
/** The exchange of an event, or NULL. */
const struct exchange *view_exchange(const struct view *v, int seq);
/** Last reply of an exchange, or -1; last reply on the event's channel in the journey. */
int view_last_reply(const struct view *v, int exchange);
bool view_is_last_word(const struct view *v, int seq);
const char *view_verb(const struct view *v, const struct event *e);   /* "" unknown */

/** How long after its message a promised time is due: to the moment it names where the transcript
 * says when it began, with the company's working days; else about so long. UNKNOWN: no time. */
int64_t view_promised_us(const struct view *v, const struct mark *m);
/** Of a wait from event seq on, what fell into the company's opening hours, where it has any. */
int64_t view_open_us(const struct view *v, int seq, int64_t us);

/** Time allowed for something, and where it comes from. */
struct allowance {
    int64_t us;
    bool promised;                /* published or spoken; else the industry's figure */
    bool spoken;
    int spoken_seq;               /* the message that named it; -1 */
};
struct allowance view_receipt_allowance(const struct view *v, int exchange);
struct allowance view_answer_allowance(const struct view *v, int exchange);
/** The same before anything was said: published, else the industry's. */
struct allowance view_usual_allowance(const struct view *v, int exchange);

/** A wait that is charged although nobody would complain about it. */
void view_add_wait(struct view *v, int exchange, double amount);
/** A reply a little before its time: too little to be told as a finding, but a gain. */
void view_add_early(struct view *v, int exchange, double amount);

#endif
