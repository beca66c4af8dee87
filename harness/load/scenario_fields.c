#include "harness/load/scenario_fields.h"

#define NOWHERE SIZE_MAX

/* One row: key, type without its prefix, C struct, member, and whatever else the row has. */
#define ROW(key, kind, owner, member, ...) \
    { .name = key, .type = FIELD_##kind, .offset = offsetof(owner, member), __VA_ARGS__ }
/* A member of a struct that has no name of its own. */
#define INSIDE(key, kind, owner, outer, member, ...)                                       \
    { .name = key, .type = FIELD_##kind,                                                    \
      .offset = offsetof(owner, outer.member) - offsetof(owner, outer), __VA_ARGS__ }
#define SIZE_OF(owner, member) sizeof(((owner *)0)->member)

static const struct field patience_fields[] = {
    INSIDE("reply", DURATION, struct customer, patience, reply, .fallback = "5m",
           .help = "leaves a chat after waiting this long for a reply"),
    INSIDE("repeats", INT, struct customer, patience, repeats, .fallback = "2", .max = 100,
           .help = "answers the same question again this many times before giving up"),
    { 0 },
};
static const struct object patience_object = {
    "patience", SIZE_OF(struct customer, patience), patience_fields, NOWHERE,
};

static const struct field customer_fields[] = {
    ROW("name", TEMPLATE, struct customer, name, .flags = FIELD_REQUIRED,
        .help = "what the customer is called"),
    ROW("email", TEMPLATE, struct customer, email, .help = "the customer's own address"),
    ROW("language", TEXT, struct customer, language,
        .help = "what the customer writes in, when it is not the journey's language"),
    ROW("zone", TEXT, struct customer, zone,
        .help = "the customer's time zone, such as Europe/Berlin; default: the company's"),
    ROW("knows", CUSTOM, struct customer, knows,
        .help = "facts the customer tells when asked for them: order_number, postcode, ..."),
    ROW("security", TEXTS, struct customer, security,
        .help = "facts the company must ask again by law or for security: never a repeated "
                "question"),
    ROW("patience", OBJECT, struct customer, patience, .object = &patience_object,
        .help = "when the customer gives up"),
    { 0 },
};
static const struct object customer_object = {
    "customer", sizeof(struct customer), customer_fields, NOWHERE,
};

static const struct field promise_fields[] = {
    ROW("first_reply", DURATION, struct promises, first_reply, .fallback = "unknown",
        .help = "time to the first answer"),
    ROW("next_reply", DURATION, struct promises, next_reply, .fallback = "unknown",
        .help = "time to every later answer"),
    ROW("acknowledgement", DURATION, struct promises, acknowledgement, .fallback = "unknown",
        .help = "time to the receipt"),
    { 0 },
};
static const struct object promise_object = {
    "promise", sizeof(struct promises), promise_fields, NOWHERE,
};

#define PROMISE(key, family) \
    { .name = key, .type = FIELD_OBJECT, .offset = family * sizeof(struct promises), \
      .object = &promise_object, .help = "published times for " key }
static const struct field promises_fields[] = {
    PROMISE("form", FAMILY_FORM), PROMISE("chat", FAMILY_CHAT), PROMISE("email", FAMILY_EMAIL),
    { 0 },
};
static const struct object promises_object = {
    "promises", SIZE_OF(struct company, promises), promises_fields, NOWHERE,
};

static const struct field hours_fields[] = {
    ROW("zone", TEXT, struct hours_spec, zone, .flags = FIELD_REQUIRED,
        .help = "time zone: Europe/Berlin (IANA), or a POSIX rule such as CET-1CEST,M3.5.0,M10.5.0/3"),
    ROW("days", PAIRS, struct hours_spec, days, .flags = FIELD_REQUIRED,
        .help = "mon-fri: 09:00-18:00; several spans with commas; days left out are closed"),
    ROW("holidays", TEXTS, struct hours_spec, holidays,
        .help = "2026-12-25, or 12-25 for every year"),
    { 0 },
};
static const struct object hours_object = {
    "hours", sizeof(struct hours_spec), hours_fields, NOWHERE,
};

static const struct field company_fields[] = {
    ROW("name", TEXT, struct company, name, .help = "what the company is called"),
    ROW("hosts", TEXTS, struct company, hosts,
        .help = "the only hosts this journey may contact; \"*.example.com\" and \":port\" allowed"),
    ROW("promises", OBJECT, struct company, promises, .object = &promises_object,
        .help = "times the company publishes; they replace the industry's expectation"),
    ROW("hours", OBJECT, struct company, hours_spec, .object = &hours_object,
        .help = "when the company works: promised working days and waits for mail are counted so"),
    { 0 },
};
static const struct object company_object = {
    "company", sizeof(struct company), company_fields, NOWHERE,
};

static const struct field goal_fields[] = {
    INSIDE("solved", REGEX, struct scenario, goal, solved, .flags = FIELD_CASELESS | FIELD_SHORT,
           .help = "the company says this when the problem is solved"),
    INSIDE("partly", REGEX, struct scenario, goal, partly, .flags = FIELD_CASELESS,
           .help = "the company says this when it is solved in part"),
    { 0 },
};
static const struct object goal_object = {
    "goal", SIZE_OF(struct scenario, goal), goal_fields, NOWHERE,
};

static const struct field bar_fields[] = {
    INSIDE("score", NUMBER, struct scenario, bar, score, .fallback = "50", .max = 100,
           .flags = FIELD_SHORT, .help = "least score the journey must reach"),
    INSIDE("never", TEXTS, struct scenario, bar, never,
           .help = "findings that must not occur, or \"any\""),
    { 0 },
};
static const struct object bar_object = {
    "bar", SIZE_OF(struct scenario, bar), bar_fields, NOWHERE,
};

static const struct field scenario_fields[] = {
    ROW("journey", TEXT, struct scenario, name, .flags = FIELD_REQUIRED,
        .help = "what this journey is called in every report"),
    ROW("language", TEXT, struct scenario, language, .fallback = "en",
        .help = "what customer and company should talk in: en, de, fr, fa, ..."),
    ROW("tags", TEXTS, struct scenario, tags, .help = "for choosing journeys with --tag"),
    ROW("at", TEXTS, struct scenario, at,
        .help = "when the journey begins, in the customer's zone: \"20:30\", \"Sunday 11:00\"; "
                "it is played once for each, the next time it is that late"),
    ROW("customer", OBJECT, struct scenario, customer, .object = &customer_object,
        .flags = FIELD_REQUIRED, .help = "who plays this journey"),
    ROW("company", OBJECT, struct scenario, company, .object = &company_object,
        .flags = FIELD_REQUIRED, .help = "who is being shopped, and which hosts are theirs"),
    ROW("channels", CUSTOM, struct scenario, channels,
        .help = "ways to reach the company, by a name of your choice"),
    ROW("goal", OBJECT, struct scenario, goal, .object = &goal_object,
        .help = "what the customer wants to hear; without it the outcome is read from the replies"),
    ROW("steps", CUSTOM, struct scenario, steps, .flags = FIELD_REQUIRED,
        .help = "what the customer does, one after the other"),
    ROW("bar", OBJECT, struct scenario, bar, .object = &bar_object,
        .help = "what the journey must reach to pass"),
    { 0 },
};
const struct object scenario_object = {
    "the scenario", sizeof(struct scenario), scenario_fields, NOWHERE,
};

const char *const channel_keys[] = { "type", NULL };
const char channel_type_help[] = "what kind of channel it is";
const char include_help[] = "steps from another file, relative to this one";

/* Steps */

static const struct field reply_fields[] = {
    ROW("match", REGEX, struct reply_rule, match, .flags = FIELD_REQUIRED | FIELD_CASELESS,
        .help = "what the company says"),
    ROW("text", TEMPLATE, struct reply_rule, text, .flags = FIELD_REQUIRED,
        .help = "what the customer answers to it"),
    { 0 },
};
const struct object reply_object = {
    "reply", sizeof(struct reply_rule), reply_fields, NOWHERE,
};

static const struct field expect_fields[] = {
    ROW("matches", PATTERNS, struct expect, matches, .flags = FIELD_SHORT,
        .help = "patterns that must each match something the company says in this step"),
    ROW("contains", TEXTS, struct expect, contains,
        .help = "texts that must all occur; case and accents do not matter"),
    ROW("one_of", TEXTS, struct expect, one_of, .help = "texts of which one must occur"),
    ROW("language", TEXT, struct expect, language, .help = "language the reply must be in"),
    ROW("within", DURATION, struct expect, within, .fallback = "unknown",
        .help = "longest wait that is acceptable"),
    ROW("working_link", BOOL, struct expect, working_link,
        .help = "a link in it must lead to a page that is there; only company.hosts are looked at"),
    ROW("asks_nothing", BOOL, struct expect, asks_nothing,
        .help = "the company must ask for nothing"),
    ROW("hands_over", BOOL, struct expect, hands_over,
        .help = "the company must hand over to a person"),
    { 0 },
};
static const struct object expect_object = {
    "expect", sizeof(struct expect), expect_fields, offsetof(struct expect, at),
};

#define STEP(key, kind, member, ...) ROW(key, kind, struct step, member, __VA_ARGS__)
#define VERB(key) STEP(key, CUSTOM, value, .flags = FIELD_REQUIRED)

/* What any step may have, after its own keys. */
#define COMMON_ROWS                                                                           \
    STEP("name", TEXT, name, .help = "what reports call this step"),                         \
    STEP("within", DURATION, within, .fallback = "unknown",                                  \
         .help = "when this customer stops waiting; default: 5m in a chat, 48h by mail"),    \
    STEP("expect", OBJECT, expect, .object = &expect_object,                                 \
         .help = "checks on what the company says in this step"),                            \
    STEP("save", PATTERNS, save, .flags = FIELD_JQ,                                          \
         .help = "name: pattern; keeps group 1, or the whole match, for later steps; "       \
                 "or name: \"jq: PROGRAM\" over a list of the company's events"),            \
    STEP("when", TEMPLATE, when,                                                             \
         .help = "the step is left out when this is empty, false, no or 0"),                 \
    STEP("repeat", INT, repeat, .fallback = "1", .min = 1, .max = 100,                       \
         .help = "play the step this many times"),                                           \
    STEP("repeatable", BOOL, repeatable,                                                     \
         .help = "may be sent again after a crash; otherwise nothing is sent twice"),        \
    { 0 }

#define ATTACH_ROW STEP("attach", TEXTS, attach, .help = "files, relative to the scenario")
#define SUBJECT_ROW STEP("subject", TEMPLATE, subject, .help = "subject of the email")
#define TEXT_ROW(flag) \
    STEP("text", TEMPLATE, text, .flags = flag, .help = "what the customer writes")

#define ON_ROW STEP("on", CUSTOM, channel, \
                    .help = "form channel; default: the one used last, else the only one")

static const struct field open_fields[] = { VERB("open"), ON_ROW, COMMON_ROWS };
static const struct field click_fields[] = { VERB("click"), ON_ROW, COMMON_ROWS };
static const struct field fill_fields[] = {
    VERB("fill"),
    STEP("fields", PAIRS, fields, .help = "what the customer enters, by the field's label"),
    ATTACH_ROW,
    STEP("submit", TEXT, submit, .help = "text of the button; default: the first that sends the form"),
    COMMON_ROWS,
};
static const struct field say_fields[] = {
    VERB("say"),
    TEXT_ROW(FIELD_REQUIRED),
    STEP("until", CHOICE, until, .choices = until_names, .fallback = "once",
         .help = "how long the conversation goes on"),
    STEP("human", BOOL, human,
         .help = "asks for a person when it is not understood or gets no further"),
    STEP("goodbye", BOOL, goodbye, .help = "takes leave when the conversation is over"),
    STEP("replies", CUSTOM, replies,
         .help = "scripted answers: pattern: text, or a list of {match, text}"),
    COMMON_ROWS,
};
static const struct field send_fields[] = {
    VERB("send"), SUBJECT_ROW, TEXT_ROW(FIELD_REQUIRED), ATTACH_ROW, COMMON_ROWS,
};
static const struct field reply_step_fields[] = {
    VERB("reply"), SUBJECT_ROW, TEXT_ROW(FIELD_REQUIRED), ATTACH_ROW, COMMON_ROWS,
};
static const struct field wait_fields[] = {
    VERB("wait"),
    STEP("for", CHOICE, wait_for, .choices = wait_names, .fallback = "message",
         .help = "what the customer waits for"),
    COMMON_ROWS,
};
static const struct field follow_fields[] = { VERB("follow"), ON_ROW, COMMON_ROWS };
static const struct field chase_fields[] = {
    VERB("chase"), SUBJECT_ROW, TEXT_ROW(0), ATTACH_ROW, COMMON_ROWS,
};
static const struct field pause_fields[] = { VERB("pause"), COMMON_ROWS };

#define STEP_OBJECT(verb, fields) { "a \"" verb "\" step", sizeof(struct step), fields, NOWHERE }
const struct object step_objects[VERB_COUNT] = {
    [VERB_OPEN] = STEP_OBJECT("open", open_fields),
    [VERB_CLICK] = STEP_OBJECT("click", click_fields),
    [VERB_FILL] = STEP_OBJECT("fill", fill_fields),
    [VERB_SAY] = STEP_OBJECT("say", say_fields),
    [VERB_SEND] = STEP_OBJECT("send", send_fields),
    [VERB_REPLY] = STEP_OBJECT("reply", reply_step_fields),
    [VERB_WAIT] = STEP_OBJECT("wait", wait_fields),
    [VERB_FOLLOW] = STEP_OBJECT("follow", follow_fields),
    [VERB_CHASE] = STEP_OBJECT("chase", chase_fields),
    [VERB_PAUSE] = STEP_OBJECT("pause", pause_fields),
};

void verb_names(const char *names[VERB_COUNT + 1])
{
    for (int v = 0; v < VERB_COUNT; v++)
        names[v] = verb_name((enum verb)v);
    names[VERB_COUNT] = NULL;
}
