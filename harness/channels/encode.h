#ifndef CHANNELS_ENCODE_H
#define CHANNELS_ENCODE_H
/**
 * Encode: a filled-in form as the request a browser makes of it (html.spec.whatwg.org, 4.10.22).
 */
#include "harness/channels/page.h"

enum { UPLOAD_MAX = 32 * 1024 * 1024 };

struct submission {
    const char *method;           /* "GET", "POST" */
    char *url;                    /* owned */
    const char *content_type;     /* NULL for GET; in the page's arena */
    struct buf body;
};

/**
 * @param button    index of the control that was pressed; -1 none.
 * @param boundary  for multipart/form-data: letters and digits.
 * @param why       on failure what a person would need to know.
 * @return ST_OK; ST_UNSUPPORTED the form cannot be sent without scripts, or to where no browser
 *         sends; ST_IO a file cannot be read; ST_LIMIT over UPLOAD_MAX. *ret is untouched then.
 */
MUST_CHECK enum status form_encode(struct page *p, int form, int button, const char *boundary,
                                   struct submission *ret, struct buf *why);
void submission_release(struct submission *s);

#endif
