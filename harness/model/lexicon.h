#ifndef MODEL_LEXICON_H
#define MODEL_LEXICON_H
/**
 * Lexicon: one language pack as data: what company messages look like, and how a customer talks.
 * A new language is one file in scenarios/lexicons.
 *
 * Patterns are caseless and are matched against one sentence at a time, in a tidied copy: curly
 * apostrophes are ', every run of white space (and a zero-width non-joiner) is one blank, Arabic
 * yeh and kaf are the Persian ones, alef and waw have no hamza, vowel signs and the Persian link
 * after a final he are gone, Arabic and Persian digits are ASCII.
 *
 * A frame is a pattern with these words in it, which stand for what was found before:
 *   {slot}   what a slot is called ("order number")     {slots}  one or several, joined
 *   {value}  a value this customer knows ("A-10442")    {time}   "two working days", "24 hours"
 *   {name}   the customer's name or first name
 * Any rule may be a frame.
 */
#include "harness/base/buf.h"
#include "harness/base/field.h"

/** One pattern of one mark. */
struct lexicon_rule {
    struct pattern match;
    struct pattern unless;        /* does not count where this matches in the same sentence */
    double confidence;            /* 0 = the section's default (.9) */
    const char *value;            /* fixed value or slot (pushes: phone, email, …; tells; requests:
                                   * "another" matter); may be NULL */
    int64_t within;               /* promises: a fixed duration; 0 = taken from the text */
    bool boilerplate;
};

struct lexicon_slot {
    const char *name;             /* order_number */
    struct texts words;           /* what it is called: "order number", "(order|purchase) no", … */
    struct patterns asks;         /* whole questions that ask for it in other words */
    struct patterns tells;        /* how a customer tells it; group 1, else the whole, is the value */
    struct pattern unless;        /* these questions ask for something else; optional */
    struct pattern value;         /* what a value looks like; optional */
    const char *is_a;             /* a more general slot (departure_date: date); NULL none */
    bool usual;                   /* what is_a says, with nothing more said, usually means this one */
    struct texts answered_by;     /* other slots that answer it too (duration: the last day) */
    const char *follows;          /* asked anew when this slot changes (time: date); NULL none */
    bool open;                    /* any name may be the answer: what its tells miss is one too */
    bool complete;                /* tells knows nearly every answer: one in other words is none */
    bool fixed;                   /* stays the same whatever the customer wants: an order number */
    bool matter;                  /* fixed, but for another matter: another order has another number */
};

/** Whom or what a question may be about, beside the customer and the matter: "your daughter's name". */
struct lexicon_subject {
    const char *name;             /* daughter; the same in every pack. "whole": takes in all of it */
    struct texts words;           /* "daughter" */
    struct texts slots;           /* matters for these (and what is one of them); none: for all */
    bool loose;                   /* only where both questions name one: a mobile, a landline */
};

struct lexicon_rules {            /* one mark kind's rules; a kind may have several of these */
    const char *name;             /* mark_name() */
    const char *origin;           /* a company's own words: how its rules are called; else NULL */
    struct pattern unless;        /* for every rule of the kind */
    struct patterns patterns;     /* rules that are only a pattern */
    struct list rules;            /* struct lexicon_rule */
};

struct lexicon_unit {             /* a time unit: "hours" → 1h */
    const char *name;
    struct pattern match;
    int64_t us;
    bool working;                 /* only days or hours on which a company works */
};

struct lexicon_phrases {          /* how the customer says a thing; {slot} and {value} are filled in */
    const char *name;             /* give, give_again, unknown, rephrase, human, chase, goodbye, … */
    struct texts texts;
};

/**
 * What a kind of mail (model/event.h) looks like. These patterns are matched against the whole
 * subject or text in the form of text_fold: small letters, no accents, ASCII digits, one blank.
 */
struct lexicon_mail {
    const char *name;             /* mail_kind_names[] */
    double weight;                /* of its patterns; 1 when not given */
    struct patterns subject, text;/* each tells much */
    struct patterns weak;         /* each tells a little; in the text */
};

/**
 * What web pages say around forms. Folded like the patterns of mails, matched against one line of a
 * page, or a field's label.
 */
struct lexicon_forms {
    struct patterns refusals;     /* it did not get through, whatever else the page says */
    struct patterns complaints;   /* something is wrong, if the page does not thank as well */
    struct patterns conditions;   /* a sentence that only says what may be: neither of the two */
    struct patterns thanks;       /* it got through */
    struct patterns riddles;      /* labels of what only a person can answer (CAPTCHA) */
    struct patterns pictures;     /* likewise where a picture stands beside it */
    struct patterns asides;       /* buttons that do not send the form: upload, preview, cancel */
    /* Plain words, folded. */
    struct texts remarks;         /* beside a label, and no part of its name: "required" */
    struct texts yes, no;         /* what is written for a box that is to be ticked, or not */
};

struct lexicon {
    const char *language, *title;
    const char *direction;        /* "ltr", "rtl" */
    const char *letters;          /* letters that few other languages have; may be NULL */
    const char *join;             /* alternatives that stand between slots: "and|or|your|the" */
    const char *range;            /* between two numbers: "to|or|-" */
    struct texts endings;         /* what a slot's last word may end in: "s" */
    struct texts abbreviations;   /* a full stop after these ends no sentence; "-str": words so ending */
    bool ordinals;                /* nor does one after a number of one or two digits: "3. Juni" */
    struct patterns quotes;       /* lines after which a mail quotes an older one */
    struct list slots;            /* struct lexicon_slot, by name */
    struct list marks;            /* struct lexicon_rules, by mark name */
    struct list units;            /* struct lexicon_unit, by name */
    struct list times;            /* struct lexicon_rule: fixed times ("tomorrow") with `within`, and
                                   * as `value` what they mean (model/when.h); its groups "hour",
                                   * "minute", "half" (pm), "weekday", "day", "month", "year" */
    struct pairs weekdays;        /* names: "friday" → 5 */
    struct pairs months;          /* names: "march" → 3; Iran's months from 21 on */
    struct pairs numbers;         /* number words: "two" → 2 */
    struct texts stopwords;       /* for language and similarity */
    struct texts names;           /* given names; those of one entry are one person's: "bill will" */
    struct texts chatter;         /* words of any customer's mail that tell nothing of its matter */
    struct texts light;           /* words that say little in a question: want, choose; similarity */
    struct list subjects;         /* struct lexicon_subject, by name */
    struct list phrases;          /* struct lexicon_phrases, by name */
    struct list mails;            /* struct lexicon_mail, by name */
    struct lexicon_forms forms;

    bool prepared;                /* typed when the program was built (load/prepared.h): it is known to
                                   * be right, and its patterns are compiled when first used */
    struct slice needs;           /* of a prepared one: what its patterns need (read/pack.h) */
};

struct lexicons {
    const struct lexicon *const *items;
    size_t count;
};

extern const struct object lexicon_object;        /* model/lexicon.c */

/**
 * Put a company's own words over a language pack: its slots come first (words and patterns of one
 * that the pack has are added), its rules beside the pack's, its phrases in place of the pack's; lists
 * and number words are added. `own` stays as it is; everything new lies in `a`. The pack is no longer
 * one that was prepared.
 */
void lexicon_merge(struct lexicon *pack, const struct lexicon *own, struct arena *a);

#endif
