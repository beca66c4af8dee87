#ifndef CHANNELS_FORM_WORDS_H
#define CHANNELS_FORM_WORDS_H
/**
 * Form words: what the words around a form say, by the `forms` of the language packs: all of them,
 * since a page is in whatever language it is.
 */
#include <stdbool.h>

#include "harness/model/lexicon.h"

struct form_words {
    bool refuses;                 /* what was sent did not get through */
    bool complains;               /* something is wrong; many pages that thank say such a thing, too */
    bool thanks;
};

/** What a line of a page says. */
struct form_words form_words_say(const struct lexicons *packs, const char *line);

/** Does a field's label, folded, ask for what only a person can answer? */
bool form_words_riddle(const struct lexicons *packs, const char *folded, bool picture);

/** Does a button's text, folded, say that it does something else than send the form? */
bool form_words_aside(const struct lexicons *packs, const char *folded);

#endif
