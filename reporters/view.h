#ifndef REPORTERS_VIEW_H
#define REPORTERS_VIEW_H
/**
 * View: what several formats say alike about a result: which findings, in which order, the words
 * for a score, a time, a wait. Nothing here is escaped: each format does that for itself.
 */
#include "harness/base/scratch.h"
#include "harness/model/result.h"

/** "ok", "fell short", "not tested", "stopped". */
const char *view_status(enum journey_status s);
/** "solved", "open", "not solved". */
const char *view_outcome(int outcome);
/** "user's own words for a line of the score": "outcome" → "Outcome of the journey". */
const char *view_line(const char *what);
/** The same inside a sentence: "for how it ended". */
const char *view_line_words(const char *what);
/** "100 - 14.7 for these findings - 15.0 for how it ended = 70.3"; nothing without a score. */
void view_account(struct buf *out, const struct journey_result *jr);

enum view_pick {
    VIEW_BAD,                     /* counted, against the company; most points lost first */
    VIEW_GOOD,                    /* counted, in its favour; in time order */
    VIEW_DOUBTS,                  /* below CONFIDENCE_COUNTS */
};

/** @return how many; *ret is an array of borrowed findings that the caller frees. */
size_t view_findings(const struct journey_result *jr, enum view_pick pick,
                     const struct finding ***ret);

/** "57 (52-58)", the range only where it differs once rounded. */
void view_score(const struct score *s, struct buf *out);
bool view_range_differs(const struct score *s);
bool view_grade_differs(const struct score *s);
/** "C", or "C (D to B)" where the range crosses a grade. */
void view_grade(const struct score *s, struct buf *out);
/** The score when there is one, else NULL. */
const struct score *view_known_score(const struct journey_result *jr);

/** Journey clock: "0:46.8", "1:02:05", "2 d 04:10", as fine as `total_us` makes sense. */
void view_clock(struct buf *out, int64_t t_us, int64_t total_us);
int64_t view_total_us(const struct transcript *t);

/** What the customer would say; the finding's title where nobody gave words. */
const char *view_say(const struct finding *f);
/** "order number": a slot's id as words. Appended. */
void view_slot(struct buf *out, const char *slot);
/** "4, 17" */
void view_events(struct buf *out, const struct finding *f);
/** "took 29.5 s, 8.0 s were allowed" or nothing. */
void view_times(struct buf *out, const struct finding *f);

/** Felt waits of one channel; DURATION_UNKNOWN where there were none. */
struct view_wait {
    const char *channel;
    enum channel_family family;
    int64_t receipt_us;           /* until the acknowledgement */
    int64_t first_us;             /* until the first other message */
    int64_t typing_us;            /* in a chat: until somebody was first seen typing, */
    int64_t word_us;              /* and until the first word of an answer in pieces */
    int64_t longest_us;
    size_t answers;               /* messages with a known wait */
};
/** A form that a customer came to. */
struct view_form {
    const char *channel;
    size_t fields, required, unlabelled;
    size_t pages;                 /* to it, since the customer sent something there; 0: the same page */
    int64_t reached_us;           /* what these were waited for, all in all */
    int64_t bytes, requests;      /* what came for them; 0 unknown */
};
enum { VIEW_FORMS_MAX = 8 };
size_t view_forms(const struct transcript *t, struct view_form *rows, size_t max);
/** "3.4 KB", "12 MB". Appended. */
void view_size(struct buf *out, int64_t bytes);

/** @return how many; caller frees *ret. */
size_t view_waits(const struct journey_result *jr, struct view_wait **ret);
/** What a customer waited for. */
enum view_wait_kind {
    WAIT_KIND_RECEIPT,            /* that it arrived: a mail, a form */
    WAIT_KIND_ANSWER,             /* to a mail, a form */
    WAIT_KIND_FIRST,              /* in a conversation: the first reply, then further ones */
    WAIT_KIND_NEXT,
    WAIT_KIND_PAGE,               /* for a page to come */
    WAIT_KIND_VAIN,               /* for nothing: gave up */
    WAIT_KIND_COUNT
};
struct view_waited {
    const char *channel;
    enum view_wait_kind kind;
    int64_t us;
};
/** Every felt wait of a journey, in time order. @return how many; caller frees *ret. */
size_t view_waited(const struct journey_result *jr, struct view_waited **ret);

/** Whether somebody stopped waiting there for what had not come. */
bool view_in_vain(const struct transcript *t, const struct event *e);
/** Felt wait that ended with event seq; DURATION_UNKNOWN. */
int64_t view_felt_wait(const struct journey_result *jr, int seq);

/** Who speaks: the customer's or company's name, clean; "shopper" for the harness. */
const char *view_party(const struct transcript *t, const struct event *e);
/** Something a person said, or the end of the talking: what a short transcript shows. */
bool view_is_talk(const struct event *e);
/** Name of the journey, or its file, or "journey". */
const char *view_name(const struct transcript *t);

/** "2024-05-06T08:00:00Z" → "6 May 2024, 08:00 UTC"; as it is when it looks otherwise. */
void view_date(struct buf *out, const char *rfc3339);

/** The scenario's line that event seq belongs to: of its step, else of the journey; 0 unknown. */
unsigned view_step_line(const struct transcript *t, int seq);
/** RFC 3339 to seconds since 1970 in UTC; false (and untouched) when it is not one. */
bool view_epoch(const char *rfc3339, int64_t *seconds);
/** When the audit began, or the first journey that says so; NULL unknown. */
const char *view_started(const struct result *r);

/** Keeps aside and clears. False when that failed or the buffer overflowed. */
bool view_keep(struct buf *b, struct scratch *aside);
/** Writes and clears. False when writing failed or the buffer overflowed. */
bool view_flush(struct buf *b, FILE *out);

/** Room for one journey's part of a report; no report part comes near it. */
enum { VIEW_PART_MAX = 512 * 1024 * 1024 };

#endif
