#ifndef REPORTERS_HTML_H
#define REPORTERS_HTML_H
/**
 * The HTML report's parts: one self-contained page, no script, everything foreign escaped.
 *
 * Ids     journey i: "j<i+1>"; its bad finding k: "j…-f<k+1>"; event seq: "j…-e<seq>".
 */
#include "reporters/reporter.h"
#include "reporters/view.h"

/** One journey on its way to the page. */
struct html_journey {
    const struct journey_result *jr;
    size_t number;                        /* 1-based */
    const struct finding **bad, **good;   /* in the order shown */
    const struct finding **doubts;        /* only when asked for */
    size_t bad_count, good_count, doubt_count;
    int64_t total_us;
    struct html_pictures *pictures;       /* NULL: no folder with evidence is known */
};

/** Screenshots stand in the page itself, up to so many bytes of them. */
enum { HTML_PICTURE_MAX = 2 * 1024 * 1024, HTML_PICTURES_MAX = 24 * 1024 * 1024 };
struct html_pictures {
    const char *folder;
    size_t used;                          /* bytes of the pictures so far */
};


/** Escaped text; html_clip: one line of at most that many columns; html_bdi: kept to itself. */
void html_text(struct buf *out, const char *s);
void html_clip(struct buf *out, const char *s, size_t columns);
void html_bdi(struct buf *out, const char *s, size_t columns);
void html_duration(struct buf *out, int64_t us);
/** <span class="chip …">fell short</span> */
void html_chip(struct buf *out, enum journey_status s);
/** A ring with the score and its grade; a dash without one. */
void html_ring(struct buf *out, const struct score *s);
/** <a class="flag" href="#j2-f1">1</a> for every bad finding that event seq proves. */
void html_flags(struct buf *out, const struct html_journey *h, int seq);
/** What the company said at or just before finding f; NULL when it said nothing. */
const struct event *html_quotation(const struct transcript *t, const struct finding *f);

void html_summary(struct buf *out, const struct result *r);
void html_journey(struct buf *out, const struct html_journey *h);
/** The picture: lanes, messages, waits, mood, flags. Nothing for fewer than two messages. */
void html_map(struct buf *out, const struct html_journey *h);
void html_transcript(struct buf *out, const struct html_journey *h);
/** The picture that an `evidence` event names, or its name alone. */
void html_evidence(struct buf *out, struct html_pictures *pictures, const struct event *e);
void html_transfers(struct buf *out, const struct html_journey *h);

/** The page's only style sheet in pieces (NULL ends), and its SHA-256 for the page's policy. */
extern const char *const html_style[];
extern const char html_style_sha256[];

#endif
