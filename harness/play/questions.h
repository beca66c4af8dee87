#ifndef PLAY_QUESTIONS_H
#define PLAY_QUESTIONS_H
/**
 * Questions: what the company's words want that no reader takes for a fact: yes or no, the one or the
 * other, a thing by the customer's own name for it. What to look for are the packs' phrases `hear.*`.
 */
#include "harness/read/read.h"

enum question_kind {
    QUESTION_NONE,
    QUESTION_OPEN,                /* what, when: only somebody who knows can answer */
    QUESTION_REQUEST,             /* could you */
    QUESTION_YES_NO,
    QUESTION_OFFER,               /* shall we, would you like */
    QUESTION_EITHER,
    QUESTION_HELPED,              /* was that it? */
    QUESTION_BEGIN,               /* how can we help? */
    QUESTION_COURTESY,            /* how are you? */
    QUESTION_ATTACH,              /* a photo, a file */
    QUESTION_DONE,                /* do it, and say when it is done */
};

struct question {
    enum question_kind kind;
    const char *options[2];       /* either: as the company named them; NULL too long to be said */
    bool yes_or_no;               /* offer: just that is wanted, whatever else is named */
};

/** Its words in one language. */
struct question_words {
    const struct reader *reader;
    const char *language;
};

/** The last question of a message; strings lie in `a`. */
struct question questions_last(const struct question_words *w, const char *text,
                               struct arena *a);
/** Has the message one of the words of `hear.KEY`? */
bool questions_has(const struct question_words *w, const char *key, const char *text);
/** Is it one of the words of `hear.KEY`? */
bool questions_is(const struct question_words *w, const char *key, struct slice word);

/** Folded for looking for words: marks of other scripts are blanks, but for "?". Caller frees. */
char *questions_fold(const char *text);
/** The next sentence, with what ends it; ptr NULL: there is none. *text goes on behind it. */
struct slice questions_sentence(const char **text);
/** Where folded words begin in a folded sentence, as words of their own; SIZE_MAX nowhere. An ending
 *  of some letters may follow the last one. */
size_t questions_find(const char *folded, const char *words);

#endif
