#ifndef CHANNELS_FORM_EVENTS_H
#define CHANNELS_FORM_EVENTS_H
/**
 * Form events: what happens with a web form, as the transcript tells it. The plain form channel and
 * the browser say the same things in the same words.
 */
#include "harness/channels/channel.h"
#include "harness/channels/fields.h"

/** A copy of *a that lives as long as the visit. */
struct action form_copy_action(struct visit *v, const struct action *a);

/** check(): the literal addresses of the `open` steps on this channel. */
void form_check_opens(const struct scenario *s, const struct channel_spec *spec,
                      struct diags *diags);

/** How long this customer waits for a page. */
int64_t form_patience(const struct visit *v);

/** What there is to tell of a page. */
struct page_told {
    const char *url, *text;
    int status;
    int64_t wait_us;
    int reply_to;                 /* -1: nothing was sent before it */
    int64_t bytes, requests;      /* what came for it; 0 unknown */
    struct page *page;            /* whose links are looked at when the step is over; NULL none */
};
/** The `page` event of an answer. */
void form_tell_page(struct visit *v, const struct page_told *p);

/** Values of `links:`, and whether it says that those of pages are looked at. */
extern const char *const form_links_names[];
enum form_links { FORM_LINKS_CHECK, FORM_LINKS_OFF };
#define FORM_LINKS_HELP                                                                     \
    "links of the pages on the way: check (at the end of the step, a HEAD to the allowed "  \
    "hosts, each once a run; none that may do something) or off"
/**
 * The `form` event: which fields there are, and of what type: "email", "text, required", "text, no
 * label". A riddle that guards the form is a field of the type "captcha".
 */
void form_tell_form(struct visit *v, const struct page *p, int form);
/**
 * Would a browser let the form pass? If not, an event says so: the company's failure where it refuses
 * what is true of this customer (name, email, a fact of `knows`), with each such field and what is
 * said of it; else ours.
 */
enum done form_tell_violations(struct visit *v, const struct page *p, int form);
/**
 * The `sent` event, as the customer would tell it. Passwords are kept out of it, and of the rest.
 *
 * @param hits  one per field of the action.
 * @return its seq.
 */
int form_tell_sent(struct visit *v, const struct page *p, const struct action *a,
                   const struct field_hit *hits);

/** Is the form on that page, too? It has `share` of its fields. */
bool form_is_again(const struct page *from, int form, const struct page *page, int again,
                   double share);

/** Search boxes and newsletters stand on every page: per form of `answer`, was it on the page before,
 *  too, and not the one that was sent? In the answer's arena. */
bool *forms_of_the_site(const struct page *before, int sent, const struct page *answer);

/**
 * Was what was sent refused? The form came back with complaints, by roles, classes and aria-invalid,
 * or by new words on the page that complain and do not thank; or another page says that it did not
 * get through (form_words.h). The fields of the event say which field each complaint is about.
 * @param sent_seq  of the `sent` event.
 * @return true: the `failed` event has been emitted.
 */
bool form_tell_refused(struct visit *v, const struct page *sent_from, int form,
                       struct page *answer, int status, int sent_seq);

#endif
