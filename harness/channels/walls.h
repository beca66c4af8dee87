#ifndef CHANNELS_WALLS_H
#define CHANNELS_WALLS_H
/**
 * Walls: what a page puts before its form: riddles that tell people from machines, and logins.
 */
#include "harness/channels/form_words.h"
#include "harness/channels/page.h"

/** page_parse: what looks like one, wherever it stands. */
void page_collect_widgets(struct page *p);

/**
 * The riddle (CAPTCHA) in a form, or beside the only one: "reCAPTCHA", "hCaptcha", …, "image
 * CAPTCHA"; NULL none, or one whose answer the customer has typed in.
 */
const char *form_captcha(const struct page *p, int form, const struct lexicons *packs);

/** A riddle that only a script of the page sets, known by the script's address; NULL none. */
const char *captcha_of_scripts(struct slice html);

/** The form that asks for a password and for little else; -1 none. */
int page_login(const struct page *p);

#endif
