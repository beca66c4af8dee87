#ifndef MODEL_EVENT_H
#define MODEL_EVENT_H
/**
 * Event and transcript: what happened in one journey, in order, and nothing else.
 *
 * Units     t_us: microseconds since the journey began; never decreases. wait_us likewise.
 * Sequence  seq starts at 0 and has no gaps; it is the event's index in the transcript.
 * JSON      one object a line (JSON Lines); a header line first. Members that do not apply are left
 *           out. A reader ignores members it does not know.
 *
 * What the kinds mean
 *   step_begin  harness; step, text = the step's name
 *   sent        customer; text as the company gets it (for a form: "Label: value" lines, and
 *               `fields`); on a journey's own words `repeats_seq` may name the message it repeats
 *   message     company; text as a person reads it. Chat reply (`fields`: "choice 1", ... the
 *               buttons it offers), mail (`fields`: "spam folder" where
 *               it lay; "SPF", "DKIM", "DMARC": the receiving server's verdicts;
 *               "matched by": what told that it belongs to this journey; a person's answer:
 *               "quotes": words of ours in it; "speaks of it": "yes", "no" or "unclear", how sure,
 *               and the words that tell)
 *   page        company; a web page's visible text, url, status. reply_to >= 0: it answers a form.
 *               bytes, requests: what came over the wire for it, as far as the channel sees
 *   form        company; the form that was found; `fields` = label → type, and then what is
 *               particular: "email, required", "text, no label"; a riddle's type is "captcha"
 *   waiting     customer; starts to wait; code = wait_names[], text = for people, wait_us = at most
 *   transfer    harness; one HTTP, SMTP or IMAP exchange; timings, url, status, code = method
 *   note        harness; something worth knowing that is nobody's fault; code "links": the links of
 *               the mail or page reply_to were tried, `fields` = address → what came of it
 *               (LINK_…, and after a colon what exactly)
 *   gave_up     customer; ran out of patience; code = wait_names[]; wait_us = how long it waited
 *   failed      company: the channel broke for the customer (code from failure_rows); of a
 *               refused form `fields` = label → what is wrong with it, and reply_to -1 means that
 *               its own rules did not let it be sent;
 *               customer: an `expect` or `save` of the step was not met;
 *               harness: our side could not do it (exit code 4)
 *   step_end    harness; code "met", "unmet", "skipped" or "failed"
 *   evidence    harness; a file was kept: code from evidence_rows, text = its name below the folder
 *               of evidence
 */
#include <jansson.h>
#include <stdio.h>

#include "harness/base/diag.h"
#include "harness/base/duration.h"
#include "harness/model/scenario.h"

struct json_out;

enum party { PARTY_CUSTOMER, PARTY_COMPANY, PARTY_HARNESS, PARTY_COUNT };
extern const char *const party_names[PARTY_COUNT + 1];

enum event_kind {
    EVENT_STEP_BEGIN, EVENT_SENT, EVENT_MESSAGE, EVENT_PAGE, EVENT_FORM, EVENT_WAITING,
    EVENT_TRANSFER, EVENT_NOTE, EVENT_GAVE_UP, EVENT_FAILED, EVENT_STEP_END, EVENT_EVIDENCE,
    EVENT_COUNT
};
extern const char *const event_names[EVENT_COUNT + 1];

/** Why a channel broke, for `failed` events from the company. `dead_end` variants follow them. */
#define FAILURE_LIST(X)                                                              \
    X(HTTP_ERROR, "http_error", "the page or service answered with an error")        \
    X(BROKEN_LINK, "broken_link", "the page is not there (404 or 410)")              \
    X(UNREACHABLE, "unreachable", "no connection, or it broke")                      \
    X(CLOSED, "closed", "the company ended the conversation")                        \
    X(NO_FORM, "no_form", "the page has no form, or not the fields a customer needs")\
    X(REFUSED_INPUT, "refused_input", "the form refused what the customer entered")  \
    X(REFUSED_MAIL, "refused_mail", "the mail server refused the message")           \
    X(BOUNCED, "bounced", "the mail came back as undeliverable")                     \
    X(BAD_ANSWER, "bad_answer", "an answer nobody could read")

enum failure {
#define X(name, code, text) FAILURE_##name,
    FAILURE_LIST(X)
#undef X
    FAILURE_COUNT
};
const char *failure_code(enum failure f);
const char *failure_text(enum failure f);

/** What is kept where evidence was asked for: its name in the transcript, the file's extension, and
 *  whether it is text, out of which secrets are taken. */
#define EVIDENCE_LIST(X)                                                             \
    X(SCREENSHOT, "screenshot", "png", false)                                        \
    X(PAGE, "page", "html", true)                                                    \
    X(MAIL, "mail", "eml", true)                                                     \
    X(TRANSFERS, "transfers", "har", true)

enum evidence_kind {
#define X(name, code, extension, is_text) EVIDENCE_##name,
    EVIDENCE_LIST(X)
#undef X
    EVIDENCE_COUNT
};
struct evidence_row {
    const char *code, *extension;
    bool is_text;
};
extern const struct evidence_row evidence_rows[EVIDENCE_COUNT];

/** Who seems to have written a mail; unknown on other channels. */
enum nature { NATURE_UNKNOWN, NATURE_AUTOMATIC, NATURE_HUMAN, NATURE_BOUNCE, NATURE_COUNT };
extern const char *const nature_names[NATURE_COUNT + 1];

/** What a mail is. Newsletters are what nobody asked for just now; everything else answers. */
enum mail_kind {
    MAIL_UNKNOWN, MAIL_ACKNOWLEDGEMENT, MAIL_OUT_OF_OFFICE, MAIL_NOTICE, MAIL_HUMAN, MAIL_BOUNCE,
    MAIL_CONFIRMATION, MAIL_SURVEY, MAIL_NEWSLETTER, MAIL_KIND_COUNT
};
extern const char *const mail_kind_names[MAIL_KIND_COUNT + 1];
enum nature mail_kind_nature(enum mail_kind k);

/** One transfer's phases, each since the transfer's start; DURATION_UNKNOWN = did not happen. */
struct timings {
    int64_t lookup_us, connect_us, tls_us, first_byte_us, total_us;
    int64_t sent_bytes, received_bytes;
};

struct named_text {
    const char *name, *text;
};

/** How the fields of a note about links begin. */
#define LINKS_NOTE "links"
#define LINK_WORKS "works"
#define LINK_DEAD "dead"
#define LINK_UNCLEAR "unclear"
#define LINK_NOT_FOLLOWED "not followed"
#define LINK_NOT_OPENED "not opened"

struct event {
    int seq;
    int64_t t_us;
    enum event_kind kind;
    enum party from;
    int step;                     /* index into the steps; -1 none */
    const char *channel;          /* name in the scenario; NULL none */
    const char *text;             /* never NULL; valid UTF-8 */
    const char *code;             /* see above; NULL none */
    int reply_to;                 /* seq of the `sent` event this answers; -1 unknown or none */
    int repeats_seq;              /* sent: the earlier message said again; -1 none */
    int64_t wait_us;              /* felt wait; message: until its last word; DURATION_UNKNOWN */
    int64_t first_word_us;        /* message that came in pieces: until its first; or UNKNOWN */
    int64_t lag_us;               /* of wait_us, at most so much may be our own lateness; 0 none */
    int64_t typing_us;            /* message: until the company was seen typing; or UNKNOWN */
    struct named_text *fields;    /* sent by form, form, mail */
    size_t field_count;
    const char *url;              /* page, form, transfer */
    int status;                   /* HTTP or SMTP status; 0 none */
    int64_t bytes;                /* page: its weight; 0 unknown */
    int64_t requests;             /* page: for so many things; 0 unknown */
    enum nature nature;           /* message by email */
    enum mail_kind mail_kind;     /* likewise, in more detail */
    double mail_confidence;       /* of mail_kind, 0 to 1 */
    const char *mail_rule;        /* what told: a header or a pack's rule; NULL none */
    const char *subject, *sender, *reply_address, *message_id;   /* email; NULL */
    bool has_timings;
    struct timings timings;       /* transfer */
};

/** What judging needs to know of the scenario; the header line. */
struct transcript_step {
    uint32_t line;
    const char *verb, *name, *channel;    /* channel NULL for none */
};

struct transcript_channel {
    const char *name, *type;
    enum channel_family family;
};

struct transcript {
    struct arena *arena;
    const char *journey, *file, *language, *started;      /* started: RFC 3339 or NULL */
    uint32_t line;                                        /* of `journey:` in file */
    const char *customer_name, *customer_email;           /* NULL unknown */
    struct named_text *knows;
    size_t know_count;
    const char **security;                                /* facts that must be asked again */
    size_t security_count;
    const char *company_name;                             /* NULL unknown */
    struct promises promises[FAMILY_COUNT];
    struct hours hours;                                   /* given: false unknown */
    struct transcript_channel *channels;
    size_t channel_count;
    const char *goal_solved, *goal_partly;                /* patterns or NULL */
    double bar_score;
    const char **bar_never;
    size_t bar_never_count;
    struct transcript_step *steps;
    size_t step_count;
    const char **tags;
    size_t tag_count;

    struct event *events;                                 /* an array of its own */
    size_t count, cap;
};

struct transcript *transcript_new(void);
void transcript_free(struct transcript *t);
void transcript_freep(struct transcript **t);

/** Bytes it holds. */
size_t transcript_bytes(const struct transcript *t);

/**
 * Append a copy of *e (strings copied into the arena). seq is set here; t_us is raised to the last
 * event's if it is earlier.
 * @return the stored event; valid until the next append (the array may move); strings stay.
 */
const struct event *transcript_append(struct transcript *t, const struct event *e);

/** Of a mail's fields: is it one of its links ("link", "link 2", …)? */
bool field_is_link(const struct named_text *field);
/** Is it the note about the links of a mail? */
bool links_is_note(const struct event *e);

/** An event with every "none" value set; the caller fills in the rest. */
struct event event_init(enum event_kind kind, enum party from);

/** Family of a channel by name; FAMILY_COUNT when there is no such channel. */
enum channel_family transcript_family(const struct transcript *t, const char *channel);

/** As json_out.h says. */
void transcript_header_write(struct json_out *o, const char *key, const struct transcript *t);
void event_write(struct json_out *o, const struct event *e);
/** The same as a tree: a new reference. */
json_t *event_json(const struct event *e);

/** Header and events, one a line. ST_IO on a write error. */
MUST_CHECK enum status transcript_write(const struct transcript *t, FILE *out);

enum { TRANSCRIPT_MAX_BYTES = 256 * 1024 * 1024, EVENT_TEXT_MAX_BYTES = 4 * 1024 * 1024 };

/**
 * Read JSON Lines. Unknown members are ignored; a wrong type is an error with its line.
 * @param name   for messages.
 * @return ST_OK; ST_INVALID with the reasons in diags. *ret untouched on failure.
 */
MUST_CHECK enum status transcript_parse(const char *name, struct slice text, struct diags *diags,
                                        struct transcript **ret);

/** From JSON values (a result file keeps them inside); same errors, no positions. */
MUST_CHECK enum status transcript_from_json(const json_t *header, const json_t *events,
                                            struct diags *diags, struct transcript **ret);

#endif
