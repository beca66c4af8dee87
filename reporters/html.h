#ifndef REPORTERS_HTML_H
#define REPORTERS_HTML_H
/**
 * The HTML report's parts: one self-contained page, everything foreign escaped; its only script
 * filters the list of journeys, and nothing but that list needs it.
 *
 * Ids     journey i: "j<i+1>"; its bad finding k: "j…-f<k+1>"; event seq: "j…-e<seq>".
 */
#include "reporters/reporter.h"
#include "reporters/view.h"
#include "reporters/words.h"

/** From so many journeys on, transcripts are folded up and the list can be searched. */
enum { HTML_MANY = 12 };

/** One journey on its way to the page. */
struct html_journey {
    const struct journey_result *jr;
    const struct words *w;
    size_t number;                        /* 1-based */
    const struct finding **bad, **good;   /* in the order shown */
    const struct finding **doubts;        /* only when asked for */
    size_t bad_count, good_count, doubt_count;
    int64_t total_us;
    bool many;                            /* one of many journeys: transcripts are folded up */
    bool print;                           /* everything is unfolded */
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
/** Kept on one line. */
void html_duration(struct buf *out, const struct words *w, int64_t us);
void html_clock(struct buf *out, const struct words *w, int64_t t_us, int64_t total_us);
/** <span class="chip …">fell short</span> */
void html_chip(struct buf *out, const struct words *w, enum journey_status s);
const char *html_outcome(const struct words *w, int outcome);
/** A ring with the score and its grade; a dash without one. */
void html_ring(struct buf *out, const struct words *w, const struct score *s);
/** <a class="flag" href="#j2-f1">1</a> for every bad finding that event seq proves. */
void html_flags(struct buf *out, const struct html_journey *h, int seq);
/** What the company said at or just before finding f; NULL when it said nothing. */
const struct event *html_quotation(const struct transcript *t, const struct finding *f);

/** Who speaks, escaped. */
void html_party(struct buf *out, const struct words *w, const struct transcript *t,
                const struct event *e);

/** Of a whole audit: html_survey.h. */
struct html_survey;
void html_summary(struct buf *out, const struct words *w, const struct result *r,
                  const struct html_survey *s);
/** The first page's cards: worst moments, what delighted, what to mend, where time went. */
void html_moments(struct buf *out, const struct words *w, const struct result *r,
                  const struct html_survey *s);
/** One row a journey, and the controls that the script needs. Writes what `out` holds to f; false
 *  when that failed. */
bool html_glance(struct buf *out, const struct words *w, const struct result *r,
                 struct html_survey *s, FILE *f);
void html_glance_row(struct buf *out, const struct words *w, const struct journey_result *jr,
                     size_t i);
void html_facts(struct buf *out, const struct html_journey *h);
/** Yes or no: what a customer asks about first. */
void html_indicators(struct buf *out, const struct html_journey *h);
/** The journey as a story: who wrote what, when, and what the customer thought of it. */
void html_story(struct buf *out, const struct html_journey *h);
void html_journey(struct buf *out, const struct html_journey *h);
/** The picture: lanes, messages, waits, mood, flags. Nothing for fewer than two messages. */
void html_map(struct buf *out, const struct html_journey *h);
void html_transcript(struct buf *out, const struct html_journey *h);
/** The picture that an `evidence` event names, or its name alone. */
void html_evidence(struct buf *out, const struct html_journey *h, const struct event *e);
void html_transfers(struct buf *out, const struct html_journey *h);

/** Beginning and end of a page: `title` is escaped already; `pictures` allows data: images. */
void html_page_head(struct buf *out, const struct words *w, const char *title, bool pictures);
/** The same for paper: head, cover with logo, contents. `when`: escaped; date and size of it all. */
void html_print_head(struct buf *out, const struct words *w, const struct result *r,
                     const struct report_options *o, const char *title, const char *when);
void html_base64(struct buf *out, struct slice s);

/** The page's only style sheet in pieces (NULL ends), and its SHA-256 for the page's policy. */
extern const char *const html_style[];
extern const char html_style_sha256[];
/** The only script: filter and search. Reading works without it. */
extern const char *const html_script[];
extern const char html_script_sha256[];

#endif
