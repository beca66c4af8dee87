#ifndef CHANNELS_CHANNEL_H
#define CHANNELS_CHANNEL_H
/**
 * Channel: one way to reach the company, behind one vtable. Side effects on the company happen
 * here and nowhere else.
 *
 * Contract  act() only starts work. What happens arrives at the visit as events (visit_emit) and
 *           exactly one visit_done per act(), from the loop, never from inside act() itself.
 *           After visit_done a channel that is `listening` may still emit messages at any time.
 *           visit_done, and outside an act any event but `transfer`, `note` and `evidence`, may close
 *           the visit before they return: a channel does nothing with its state after them.
 * Words     a visit is one journey's use of one channel of its scenario, from the first step that
 *           needs it to the journey's end.
 */
#include "harness/base/field.h"
#include "harness/loop/loop.h"
#include "harness/model/event.h"
#include "harness/model/lexicon.h"

struct visit;
struct channel_world;
struct http_connections;          /* http_connections.h */

/** What the customer does on a channel, with every template rendered. */
struct action {
    enum verb verb;               /* open click fill say send reply chase */
    const char *text;             /* say, send, reply, chase: words; open: URL; click: label */
    const char *subject;          /* send; NULL else */
    const struct named_text *fields;      /* fill: label → value */
    size_t field_count;
    const char *submit;           /* fill; NULL = the form's own */
    const char *const *attach;    /* files; resolved paths */
    size_t attach_count;
    int repeats_seq;              /* goes into the `sent` event */
    bool in_doubt;                /* it may have been done before a crash: only a channel that can
                                   * find out takes this, and does it if it was not; else
                                   * ST_UNSUPPORTED */
};

enum done {
    DONE_OK,                      /* sent, opened, … */
    DONE_COMPANY_FAILED,          /* a `failed` event from the company was emitted before */
    DONE_OUR_FAILED,              /* a `failed` event from the harness was emitted before */
};

struct channel {
    const char *name;             /* value of `type:` */
    enum channel_family family;
    unsigned verbs;               /* 1u << VERB_x of those it can do; wait needs `listen` */
    const struct object *settings;
    size_t state_size;            /* zeroed bytes per visit */
    /** What a field table cannot say (an adapter that does not exist): errors with the span of
     *  `spec`, found before the first contact. NULL: nothing to check. */
    void (*check)(const struct scenario *s, const struct channel_spec *spec,
                  const struct channel_world *world, struct diags *diags);
    /** Resolve settings; no traffic yet. On failure diags say why (exit code 4). */
    enum status (*open)(struct visit *v, struct diags *diags);
    enum status (*act)(struct visit *v, const struct action *a);
    /** Start noticing what the company sends unasked. Idempotent. NULL: nothing comes unasked. */
    void (*listen)(struct visit *v);
    void (*hush)(struct visit *v);
    /** Nothing will be done here for many minutes: what can be had again (connections) is given back.
     *  Not during an act. NULL: there is no such thing. */
    void (*rest)(struct visit *v);
    /** Stop the act that is under way; its visit_done will not come. Idempotent. */
    void (*cancel)(struct visit *v);
    /** The customer leaves for good: tells the company, in the channel's own way. Not during an act, and
     *  nothing is heard any more. True: visit_left comes from the loop, if close() does not come before.
     *  NULL, or false: there is nothing to tell, or it is told already. */
    bool (*leave)(struct visit *v);
    void (*close)(struct visit *v);   /* accepts a half-open visit; frees what state points to */
    /** What a later process needs to go on with this visit (cookies, ids of a conversation): a new
     *  JSON object, for the journal and nobody else. NULL: nothing. Called at any time. */
    json_t *(*save)(struct visit *v);
    /** Do its visits share something that belongs to one loop (a mailbox and its reader, a listener, a
     *  browser)? Then all such journeys play on the same one. NULL: no. */
    bool (*one_loop)(const struct channel_spec *spec, const struct channel_world *world);
    /** After open(): go on from what save() gave. What does not fit any more is passed over. */
    void (*restore)(struct visit *v, const json_t *saved);
};

/* To add a channel: write channels/<name>.c, add its row here (sorted), give it a journey case. */
extern const struct channel channel_browser, channel_chat, channel_email, channel_form;
extern const struct channel *const channels[];          /* ends with NULL */
const struct channel *channel_find(const char *name);
/** A one_loop: every visit does. */
bool channel_bound(const struct channel_spec *spec, const struct channel_world *world);

/** What all visits of one loop share; owned by the player. */
struct channel_world {
    struct loop *loop;
    struct mailboxes *mailboxes;          /* email.c's own; one reader per mailbox, not per visit */
    struct jq_filters *filters;           /* jq_filter.h; begun when one is needed */
    struct page_memory *pages;            /* form.c's own; begun when one is met */
    struct webhooks *webhooks;            /* chat.c's own; one listener per address, not per visit */
    const struct adapters *adapters;      /* model/adapter.h; loaded by cli, borrowed */
    const char *user_agent;               /* "shopper/0.1" */
    const char *marker;                   /* of all requests and mails: X-Shopper; NULL none */
    int64_t epoch_us;                     /* wall clock at the loop's time 0, since 1970 */
    struct lexicons lexicons;             /* the language packs, to tell kinds of mail apart */
    int64_t since_us;                     /* loop time at which the run began; INT64_MAX: now */
    const char *run_id;
    bool shares_connections;              /* between customers, for load; else each has their own */
};

/** Made by the first email visit; the world's owner frees it, after the visits and before the loop. */
void mailboxes_free(struct mailboxes *all);   /* NULL is fine */
/** A customer of this run, with or without an inbox to look into: mail for them is not foreign. */
void mailboxes_know(struct channel_world *w, const char *address);
/** Mails seen in all mailboxes that belong to nobody; NULL: 0. */
size_t mailboxes_foreign(const struct mailboxes *all);
/** The same, of the first form visit. */
void page_memory_free(struct page_memory *m);
/** The same, of the first chat visit that is called back. */
void webhooks_free(struct webhooks *all);     /* NULL is fine */

/**
 * The visit. Fields up to `state` are set by the player before open() and are read-only to the
 * channel; render() and the emit functions are the only ways back.
 */
struct visit {
    const struct channel *channel;
    struct channel_world *world;
    const struct scenario *scenario;
    const struct channel_spec *spec;      /* name, settings */
    const char *customer_name, *customer_email, *language;
    const char *run_id, *journey_id;      /* journey_id: unique in the run, [a-z0-9-] */
    int step;                             /* the step being played; channels put it into events */
    int64_t away_us;                      /* > 0: goes on after nobody played for so long */
    int64_t settle_us;            /* set by open(): quiet for so long, the company's turn is over */
    bool keeps;                           /* there is a journal */
    int64_t since_us;                     /* loop time since which its journey has been listening */
    const int64_t *happened;              /* of the event being emitted; NULL = now */
    const char *host;             /* set by open(): who is contacted; mail: the domain it goes to */
    const char *to;               /* set by open(); mail: all addresses it goes to */
    const char *ca;               /* set by open(): file of certificates to trust; NULL the system's */
    bool hears;                   /* set by open(): what comes late or unasked can still be heard */
    bool tries_links;             /* set by open(): links in its messages, pages are to be tried */
    struct http_connections *connections; /* of all the customer's visits; NULL: this one has its own */
    struct arena *arena;                  /* the journey's; lives as long as the visit */
    void *state;
    struct visit_sink *sink;              /* the player's side */
    /** Keeps a file and says so in an `evidence` event; NULL: nobody asked for evidence. */
    void (*evidence)(struct visit *v, enum evidence_kind kind, struct slice bytes);
};

enum { PAGE_LINKS_MAX = 20 };      /* so many links of a page are looked at */

struct visit_sink {
    /** Append to the transcript. channel, step, t_us are filled in here. Returns its seq. */
    int (*emit)(struct visit *v, const struct event *e);
    void (*done)(struct visit *v, enum done how);
    /** Render a template of the settings; NULL with a diag when a variable has no value. */
    const char *(*render)(struct visit *v, const struct template *t, struct diags *diags);
    /** From now on this text never reaches the transcript (passwords, tokens). */
    void (*secret)(struct visit *v, const char *text);
    void (*commit)(struct visit *v, timer_fn *fn, void *context);     /* NULL: nothing is kept */
    void (*settled)(struct visit *v);                                 /* likewise */
    void (*looked)(struct visit *v);                                  /* likewise */
    /** The company asked to slow down (429, or 503 with Retry-After), for that long. May be NULL. */
    void (*slow_down)(struct visit *v, int status, int64_t us);
    void (*left)(struct visit *v);    /* may be NULL */
    /** Links of the page that event `page` tells of, to be tried when the step is over. May be NULL. */
    void (*links)(struct visit *v, int page, const char *const *urls, size_t count);
    /** The company is seen typing: whoever talks lets them finish. May be NULL. */
    void (*typing)(struct visit *v);
};

/* Shorthands; visit.c */
int visit_emit(struct visit *v, const struct event *e);
/** What came while nobody looked: with the loop time at which it came. */
int visit_emit_past(struct visit *v, const struct event *e, int64_t at_us);
/** A resumed visit has emitted everything that came while nobody looked. Once; email only. */
void visit_looked(struct visit *v);
void visit_done(struct visit *v, enum done how);
/** What leave() had to tell is told, or could not be. May close the visit before it returns. */
void visit_left(struct visit *v);
void visit_typing(struct visit *v);
const char *visit_render(struct visit *v, const struct template *t, struct diags *diags);
/**
 * What follows cannot be taken back: words leave for the company. fn is called when the journal has
 * everything up to here on the disk, and at once, from inside, where there is none. Once per try;
 * not after cancel().
 */
void visit_commit(struct visit *v, timer_fn *fn, void *context);
/**
 * What became of it is known: it arrived, or it was refused. Until then a crash leaves it in doubt.
 * visit_done says the same on every channel but a chat, whose act may end before that.
 */
void visit_settled(struct visit *v);
/** `failed` events: from the company, with its code; from our side. text is printf-like. */
void visit_company_failed(struct visit *v, enum failure f, const char *fmt, ...) PRINTF_LIKE(3, 4);
void visit_our_failed(struct visit *v, const char *fmt, ...) PRINTF_LIKE(2, 3);
/**
 * Hand in a file as evidence: right after the event it belongs to, for example a mail as it came
 * after its `message`. Nothing happens where none was asked for (v->evidence is NULL: spare the work
 * of making it). Secrets are taken out of text as at the transcript's door.
 */
void visit_evidence(struct visit *v, enum evidence_kind kind, struct slice bytes);
void visit_note(struct visit *v, const char *fmt, ...) PRINTF_LIKE(2, 3);

/**
 * May this journey contact that URL? company.hosts decides ("*.example.com" are its subdomains,
 * ":port" allowed; a host without a port allows every port). url_allowed knows http and https only.
 * Mail servers of the scenario are not asked about.
 *
 * A literal URL outside is an error of check(); a rendered one of open() (exit code 4); a redirect
 * of the company to a host outside is not followed: a note and a `failed` event from the harness
 * say where it led, because beyond it nothing could be tested.
 */
bool host_allowed(const struct scenario *s, const char *host, long port);
bool url_allowed(const struct scenario *s, const char *url);
/** Its host, without port; "" when there is none. */
const char *url_host(struct arena *a, const char *url);

#endif
