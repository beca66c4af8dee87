#ifndef CHANNELS_PAGE_H
#define CHANNELS_PAGE_H
/**
 * Page: one web page as a customer meets it: its visible text, its forms, what its fields are
 * called.
 *
 * Ownership  everything lies in the page; page_free takes it all. Nothing here touches the network.
 * Caps       html_tame.h; a page over them says so in `cut`.
 * Encodings  encodings.h says which one a page is read in. All text here is UTF-8.
 */
#include <gumbo.h>
#include <stdbool.h>

#include "harness/base/buf.h"
#include "harness/base/duration.h"
#include "harness/channels/referrer.h"
#include "harness/model/lexicon.h"

enum { PAGE_TEXT_MAX = 256 * 1024, PAGE_NAMES_MAX = 8, PAGE_CONTROLS_MAX = 2000 };

/** How a control came by a name; earlier is better (a person reads labels first). */
enum name_source {
    NAME_LABEL, NAME_ARIA, NAME_PLACEHOLDER, NAME_TITLE, NAME_BEFORE, NAME_NAME, NAME_ID,
    NAME_SOURCES
};

struct control_name {
    enum name_source source;
    const char *text;             /* as shown, without colons and asterisks around it */
    const char *folded;           /* without "*", ":", "(required)" and the like, folded */
};

struct option {
    const char *label, *value;
    bool selected, disabled;
};

enum control_kind {
    CONTROL_TEXT,                 /* input of any typed kind, textarea: one value */
    CONTROL_CHECKBOX, CONTROL_RADIO, CONTROL_SELECT, CONTROL_FILE, CONTROL_HIDDEN,
    CONTROL_SUBMIT, CONTROL_IMAGE,/* press to send */
    CONTROL_BUTTON,               /* does nothing without scripts; reset */
};

struct control {
    enum control_kind kind;
    const char *type;             /* "text", "email", "textarea", "select", … */
    const GumboNode *node;
    int form;                     /* index of its owner; -1 none */
    const char *name, *value;     /* name NULL: not sent. value: its default, never NULL */
    const char *shown;            /* "" or what a button says */
    struct control_name names[PAGE_NAMES_MAX];
    size_t name_count;
    const char *group, *group_folded;     /* legend of its fieldset or group; NULL none */
    struct option *options;
    size_t option_count;
    bool checked, disabled, readonly, required, multiple;
    bool unseen;                  /* nobody sees it (sight.h): left as it is */
    const char *pattern, *min, *max;      /* NULL none */
    long min_length, max_length;  /* -1 none */

    /* What the customer made of it (fields.h). value, checked and options hold the rest. */
    bool edited;
    const char **files;           /* paths */
    size_t file_count;
};

struct form {
    const GumboNode *node;
    const char *id, *name;        /* NULL none */
    const char *action;           /* as written; NULL none */
    const char *method, *enctype; /* as written or NULL */
    const struct encoding *encoding;      /* what it is sent in */
    const char *title;            /* heading or legend or aria-label; "" none */
    bool no_validate, unseen;
};

struct page {
    struct arena *arena;
    const struct lexicons *packs;
    char *html;                   /* tamed, UTF-8; of a lender: page_html in page_holes.h */
    GumboOutput *tree;
    const char *url;              /* where it came from */
    const char *base;             /* what its links are relative to */
    const struct encoding *encoding;      /* what it was written in */
    const char *title;
    enum referrer_policy policy;  /* what its links and forms say of it */
    const char *refresh;          /* where it leads by itself; NULL nowhere */
    int64_t refresh_us;           /* after that time */
    bool cut;
    bool scripts;                 /* it has some; only a browser knows what they would do */
    const char *riddle;           /* a CAPTCHA that one of them sets (walls.h); NULL none */
    bool refused;                 /* it came back to a customer, with complaints (form_events.h) */
    struct form *forms;
    size_t form_count;
    struct control *controls;     /* in the order of the page */
    size_t control_count;
    struct page_id { const char *id; const GumboNode *node; } *ids;   /* sorted */
    size_t id_count;
    struct page_widget { const GumboNode *node; const char *name; } *widgets;     /* walls.h */
    size_t widget_count;

    struct page *lender;          /* whose tree, texts and names these are; NULL: its own */
    size_t borrowers;
    bool given_up;                /* goes with its last borrower */
    struct page *spare;           /* of a lender: memory that a borrower gave back */
    size_t lent_bytes;            /* of a borrower: its arena's, when it was lent */
    const char *text;             /* page_text of a lender, once somebody asked */
    const char **links;           /* page_links of a lender, once somebody asked */
    size_t link_count;
    struct page_hole *holes;      /* of a lender: where other answers may differ (page_holes.h) */
    size_t hole_count;
    const char **fillings;        /* what its borrower's answer had there; NULL: what the lender's had */
};

/**
 * @param packs         whose words for remarks are no part of a name; borrowed for the page's life.
 * @param content_type  the header; NULL none. Never fails: an empty page is a page.
 */
struct page *page_parse(const struct lexicons *packs, const char *url, const char *content_type,
                        struct slice bytes);
void page_free(struct page *p);                   /* NULL is fine; a lender's borrowers stay whole */

/** The same page for one customer, who may fill in its controls. Cheap: all else is shared. */
struct page *page_lend(struct page *p);

/** What the header lines say of the page, beside what it says itself; either may be NULL. */
void page_headers(struct page *p, const char *referrer_policy, const char *refresh);

/** Append what a person sees, a line per block, table cells with a tab between. */
void page_text(const struct page *p, struct buf *out);

/**
 * What the page says is wrong: texts of alerts and of error summaries; "" when there are none.
 * A page that confirms something has none.
 */
void page_errors(const struct page *p, struct buf *out);

/** Is the element made for a complaint, by its role or class? Fields themselves are not. */
bool node_complains(const GumboNode *n);

/**
 * Where the links of a page lead that a person sees: web addresses, each once, without fragments, not
 * the page itself, PAGE_LINKS_MAX at most. They live as long as the page.
 */
const char *const *page_links(struct page *p, size_t *count);

/* For the files that read the tree. page_tree.c */

/** Value of an attribute or NULL. */
const char *node_attribute(const GumboNode *n, const char *name);
bool node_is(const GumboNode *n, GumboTag tag);
/** Element or template: has children. */
bool node_is_element(const GumboNode *n);
const GumboVector *node_children(const GumboNode *n);
/** Append the visible text under n; `skip` (may be NULL) and what lies in it is left out. */
void node_text(const GumboNode *n, const GumboNode *skip, struct buf *out);
/** The same on one line, in the arena, with what only a screen reader says. */
const char *node_line(struct arena *a, const GumboNode *n, const GumboNode *skip);
/** The next node in document order below `root`; NULL at the end. */
const GumboNode *node_next(const GumboNode *n, const GumboNode *root);

/** First element of that id; NULL none. */
const GumboNode *page_by_id(const struct page *p, const char *id);

/* labels.c: fills the names and groups of every control. */
void page_name_controls(struct page *p);
/** A name as it is compared. In the arena. */
const char *name_folded(const struct lexicons *packs, struct arena *a, const char *text);

#endif
