#ifndef MODEL_LEXICON_H
#define MODEL_LEXICON_H
/**
 * Lexicon: one language pack as data: what company messages look like, and how a customer talks.
 * A new language is one file in scenarios/lexicons. Patterns are caseless; they are matched against
 * text as it came, so they must allow for both apostrophes and, in Persian, the zero-width non-joiner.
 */
#include "harness/base/field.h"

/** One pattern of one mark. */
struct lexicon_rule {
    struct pattern match;
    struct pattern unless;        /* does not count where this matches in the same sentence */
    double confidence;            /* 0 = the section's default (.9) */
    const char *value;            /* fixed value or slot (pushes: phone, email, …); may be NULL */
    const char *within;           /* promises: a fixed duration ("1d"); else taken from the text */
    bool boilerplate;
};

struct lexicon_slot {
    const char *name;             /* order_number */
    struct texts words;           /* what it is called: "order number", "order no", … */
    struct patterns asks;         /* whole questions that ask for it in other words */
    struct pattern value;         /* what a value looks like; optional */
};

struct lexicon_rules {            /* one mark kind's rules */
    const char *name;             /* mark_name() */
    struct list rules;            /* struct lexicon_rule */
};

struct lexicon_unit {             /* a time unit: "hours" → 1h */
    const char *name;             /* pattern */
    struct pattern match;
    int64_t us;
};

struct lexicon_phrases {          /* how the customer says a thing; {slot} and {value} are filled in */
    const char *name;             /* give, give_again, unknown, rephrase, human, chase, goodbye, … */
    struct texts texts;
};

struct lexicon {
    const char *language, *title;
    const char *direction;        /* "ltr", "rtl" */
    struct list slots;            /* struct lexicon_slot, by name */
    struct list asks;             /* struct lexicon_rule with one {slot} each: question frames */
    struct list marks;            /* struct lexicon_rules, by mark name */
    struct list units;            /* struct lexicon_unit */
    struct pairs numbers;         /* number words: "two" → 2 */
    struct texts stopwords;       /* for language and similarity */
    struct list phrases;          /* struct lexicon_phrases, by name */
};

extern const struct object lexicon_object;        /* model/lexicon.c */

#endif
