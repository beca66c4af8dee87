#ifndef JUDGE_DETECTOR_H
#define JUDGE_DETECTOR_H
/**
 * Detector: reads a view, adds findings. One file each; the table is detectors.c.
 */
#include "harness/judge/view.h"

struct detector {
    const char *name;
    void (*run)(struct view *v);
};

/* To add a detector: write judge/detect_<name>.c, declare it here, add its row in detectors.c, its
 * sentences in scenarios/lexicons/en.yaml (finding.<kind>[.<variant>]) and cases in
 * tests/judge/<finding>/. */
extern const struct detector detectors[];
extern const size_t detector_count;

void detect_repeats(struct view *v);
void detect_effort(struct view *v);
void detect_fallback(struct view *v);
void detect_dead_ends(struct view *v);
void detect_circles(struct view *v);
void detect_unanswered(struct view *v);
void detect_receipts(struct view *v);
void detect_waits(struct view *v);
void detect_promises(struct view *v);
void detect_handover(struct view *v);
void detect_language(struct view *v);
void detect_tone(struct view *v);
void detect_scripted(struct view *v);
void detect_contradiction(struct view *v);
void detect_recontact(struct view *v);
void detect_answers(struct view *v);
void detect_kindness(struct view *v);
void detect_spam(struct view *v);
void detect_mail_care(struct view *v);
void detect_off_topic(struct view *v);
void detect_no_apology(struct view *v);

/* Making a finding */

/**
 * A new finding, charged to the event's exchange. `variant` may be NULL; `event` is the scoring
 * event or NULL (not charged). The last evidence is seq itself; more is added before it.
 * @return valid until the next finding is added.
 */
struct finding *finding_add(struct view *v, const char *kind, const char *variant,
                            const char *event, int seq, double confidence);
void finding_evidence(struct view *v, struct finding *f, int seq);
/**
 * The customer's sentence (from the pack: finding.<kind>[.<variant>]) and the reason (why.<why>), in
 * the language of the report. After `why` what the reason may name, as (name, text) pairs, then NULL;
 * {slot}, {time}, {allowed}, {where}, {channel}, {company} and {outcome} are known to both.
 */
void finding_say(struct view *v, struct finding *f, const char *why, ...)
    __attribute__((sentinel));

/* In the language of the report; in the judgement's arena, or a pack's */
const char *judge_phrase(const struct view *v, const char *key);       /* the key, when no pack has it */
const char *judge_number(const struct view *v, int n);
const char *judge_what(const struct view *v, const char *what);        /* "the receipt" */
const char *judge_target(const struct view *v, const char *target);    /* "by phone"; NULL: elsewhere */

#endif
