#ifndef MODEL_SCENARIO_H
#define MODEL_SCENARIO_H
/**
 * Scenario: one journey as its author wrote it, checked and typed, nothing resolved yet.
 *
 * Ownership  everything lies in `arena`, except compiled regexes, which scenario_free releases
 *            through `regexes`.
 */
#include "harness/base/duration.h"
#include "harness/base/field.h"
#include "harness/model/hours.h"
#include "harness/model/start_time.h"
#include "harness/model/template.h"

enum verb {
    VERB_OPEN, VERB_CLICK, VERB_FILL, VERB_SAY, VERB_SEND, VERB_REPLY, VERB_WAIT, VERB_FOLLOW,
    VERB_CHASE, VERB_PAUSE, VERB_COUNT
};

/** What a verb's own value is. */
enum verb_value { VALUE_CHANNEL, VALUE_TEMPLATE, VALUE_PATTERN, VALUE_DURATION };

/** One row per verb; model/scenario.c. */
struct verb_row {
    const char *name;
    enum verb_value value;
    const char *help;
};
extern const struct verb_row verb_rows[VERB_COUNT];
const char *verb_name(enum verb v);

/** What a customer waits for. */
enum wait_for { WAIT_MESSAGE, WAIT_ACKNOWLEDGEMENT, WAIT_ANSWER, WAIT_RESOLUTION, WAIT_COUNT };
extern const char *const wait_names[WAIT_COUNT + 1];

/** How a `say` goes on: `once` = one message and its reply. */
enum say_until { UNTIL_ONCE, UNTIL_GOAL, UNTIL_ANSWER, UNTIL_END, UNTIL_COUNT };
extern const char *const until_names[UNTIL_COUNT + 1];

/** Checks on what the company said in this step; each is optional. */
struct expect {
    struct patterns matches;              /* all must match some company message of the step */
    struct texts contains;                /* all must occur, folded */
    struct texts one_of;                  /* at least one must occur, folded */
    const char *language;                 /* BCP 47 primary tag */
    int64_t within;                       /* felt wait at most; DURATION_UNKNOWN = not given */
    bool working_link;                    /* a link in it leads to a page that is there */
    bool asks_nothing, hands_over;        /* what the company's words do, as marks tell */
    struct span at;
};

struct step {
    enum verb verb;
    struct span at;                       /* of the verb's key */
    const char *file;                     /* the file `at` is in; NULL = the scenario's own */
    const char *name;                     /* as given, or "say chat" made from verb and value */
    int channel;                          /* index into scenario.channels; -1 none (pause) */
    const struct template *value;         /* open, click: URL or text */
    struct pattern pattern;               /* follow */
    int64_t duration;                     /* pause */

    struct pairs fields;                  /* fill: label → value */
    struct texts attach;                  /* files, relative to the scenario; fill, send, reply */
    const char *submit;                   /* fill: text of the button; NULL = the form's first */
    const struct template *subject, *text;/* send, reply, say, chase */
    int until;                            /* enum say_until */
    bool human, goodbye;                  /* asks for a person; takes leave */
    struct replies { struct reply_rule *items; size_t count; } replies;
    int wait_for;                         /* enum wait_for */
    int64_t within;                       /* DURATION_UNKNOWN = the channel's default */

    struct expect expect;
    struct patterns save;                 /* capture name → pattern; group 1, else the whole; or
                                           * "jq: PROGRAM" over the events: text without regex */
    const struct template *when;          /* renders to "", "false", "no" or "0": skipped */
    int64_t repeat;                       /* times; 1 when not given */
    bool repeatable;
};

/** A scripted answer: when the company's message matches, say this instead of choosing. */
struct reply_rule {
    struct pattern match;
    const struct template *text;
};

struct known {                            /* one fact the customer knows */
    const char *name;                     /* the slot: order_number */
    const struct template *value;
    struct span at;
};

struct customer {
    const struct template *name, *email;
    const char *language;                 /* NULL = the journey's */
    const char *zone;                     /* NULL = the company's */
    struct { struct known *items; size_t count; } knows;
    struct texts security;                /* facts that must be asked again for security */
    struct { int64_t reply, repeats; } patience;   /* microseconds; times */
};

/** Times the company publishes; DURATION_UNKNOWN where it says nothing. */
struct promises {
    int64_t first_reply, next_reply, acknowledgement;
};

enum channel_family { FAMILY_FORM, FAMILY_CHAT, FAMILY_EMAIL, FAMILY_COUNT };
extern const char *const family_names[FAMILY_COUNT + 1];   /* "form", "chat", "email" */

/** Opening hours as written; company.hours is what they mean. */
struct hours_spec {
    const char *zone;
    struct pairs days;
    struct texts holidays;
};

struct company {
    const char *name;
    struct texts hosts;
    struct hours_spec hours_spec;
    struct hours hours;                   /* given: false when the company publishes none */
    struct promises promises[FAMILY_COUNT];
};

struct channel_spec {
    const char *name;
    const char *type;                     /* name of a row of the channel registry */
    enum channel_family family;
    unsigned more_verbs;                  /* 1u << VERB_x: beside those of its family */
    struct span at;
    const void *settings;                 /* struct of that row's object; in the arena */
};

struct scenario {
    struct arena *arena;
    struct source *source;                /* owned; the file */
    struct regex **regexes;               /* owned; arena array */
    size_t regex_count, regex_cap;

    const char *path;                     /* as given on the command line */
    const char *name;                     /* `journey:` */
    struct span name_at;
    const char *language;
    struct texts tags;
    struct texts at;                      /* when it begins; as written */
    struct start_time *starts;               /* what they mean, one for each */
    struct zone at_zone;
    struct customer customer;
    struct company company;
    struct channel_spec *channels;
    size_t channel_count;
    struct { struct pattern solved, partly; } goal;
    struct { struct step *items; size_t count; } steps;
    struct {
        double score;                     /* 50 when not given */
        struct texts never;               /* finding ids, or "any" */
    } bar;
};

void scenario_free(struct scenario *s);           /* NULL is fine */
void scenario_freep(struct scenario **s);
/** Remember a regex for release with the scenario. */
void scenario_own_regex(struct scenario *s, struct regex *r);

#endif
