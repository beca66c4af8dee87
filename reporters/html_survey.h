#ifndef REPORTERS_HTML_SURVEY_H
#define REPORTERS_HTML_SURVEY_H
/**
 * Survey: what the first page needs to know of all journeys, gathered in one pass over them. Its size
 * does not grow with the audit: a few of the worst, sums of the rest, and the list's rows kept aside.
 */
#include "harness/base/scratch.h"
#include "reporters/html.h"

enum { SURVEY_WORST = 64, SURVEY_KINDS = 64, SURVEY_WAITS = 64, SURVEY_COMPANIES = 3 };

/** A finding, and where it stands. */
struct html_moment {
    size_t journey;               /* index */
    size_t finding;               /* index in its judgement */
    size_t place;                 /* in the list of bad ones that is shown, 1-based */
    const struct finding_row *row;
    double share;
    uint64_t said;                /* hash of the customer's sentence */
};

struct html_mend { const struct finding_row *row; double regain; size_t times; };
struct html_delight { struct html_moment first; size_t times; };

/** One kind of wait in one channel. */
struct html_spent {
    char *channel;                /* owned */
    enum view_wait_kind kind;
    int64_t total_us, longest_us;
    size_t times;
};

struct html_survey {
    char *companies[SURVEY_COMPANIES];           /* owned; each name once */
    size_t company_count;
    bool more_companies;
    double score_sum;
    size_t scored;
    struct html_moment worst[SURVEY_WORST];      /* most points first */
    size_t worst_count;
    struct html_mend mend[SURVEY_KINDS];
    size_t mend_count;
    struct html_delight delights[SURVEY_KINDS];
    size_t delight_count;
    struct html_spent spent[SURVEY_WAITS];
    size_t spent_count;
    int64_t waited_us, took_us;                  /* of all journeys */
    struct scratch rows;                         /* of the list of journeys, finished */
};

/** False when the rows could not be kept. */
bool html_survey(struct html_survey *s, const struct words *w, const struct result *r);
void html_survey_release(struct html_survey *s);

/** Whether the first `count` tell something worse of the same kind as m: the same thing twice in one
 *  journey is one moment; so is the same sentence in many. */
bool html_told(const struct html_moment *chosen, size_t count, const struct html_moment *m);

#endif
