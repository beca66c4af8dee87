#ifndef READ_READING_H
#define READ_READING_H
/**
 * Reading: one message while it is read. Used by reader.c (which message, which pack), mentions.c
 * (what stands behind a frame's words) and rules.c (patterns → marks).
 */
#include "harness/read/pack.h"
#include "harness/read/read.h"
#include "harness/read/tidy.h"

struct reader {
    struct pack **packs;
    size_t count, cap;
    const struct lexicon **lexicons;      /* of the packs, likewise `count` */
    size_t lexicon_cap;
    struct dictionary languages;          /* stop word → bit set of packs */
    struct arena *arena;                  /* of its keys */
    const char *say;                      /* what findings are said in */
};

enum { READER_MAX_PACKS = 30, MENTIONS_MAX = 64, MARKS_PER_MESSAGE = 256 };

struct mention {
    size_t start, end;                    /* bytes of the tidied text */
    size_t masked;                        /* byte of the masked sentence */
    enum mask mask;
    const char *slot;                     /* slot, value: which; else NULL */
    int64_t us;                           /* time */
    struct when when;                     /* likewise */
};

/* A fact of the transcript's `knows`, or the customer's mail address. */
struct fact {
    const char *slot;                     /* as marks name it */
    int pack_slot;                        /* what the pack calls it; -1 */
    const char *value;                    /* tidied */
};

struct reading {
    const struct reader *reader;
    const struct pack *pack;
    const struct transcript *t;
    const struct event *e;
    struct arena *a;
    struct marks *out;
    size_t out_first;                     /* marks of this message begin here */

    struct tidy tidy;
    struct words words;                   /* of the tidied text */
    struct dictionary known;              /* phrases of the facts' names → fact */
    struct fact *facts;
    size_t fact_count;
    const char *names[3];                 /* the customer's, tidied: whole, first, last; NULL none */

    struct sentence sentence;             /* the one being read */
    size_t first_word, end_word;          /* its words */
    struct mention mentions[MENTIONS_MAX];/* by start, not overlapping */
    size_t mention_count;
    struct buf masked;
    uint64_t worth[PACK_WORDS];           /* what is worth trying on the sentence */
    struct buf folded;                    /* scratch: needles_fold */
};

/** The pack of a tag, else English, else the first; NULL when there are none. */
const struct pack *reading_usual_pack(const struct reader *r, const char *language);
/** Facts and names of the transcript, for this pack. */
void reading_facts(struct reading *r);
/** What is worth trying on the current sentence, its mentions and its masked copy. */
void reading_mask(struct reading *r);
/** The name marks use for a slot of the pack: that of a fact which stands for it, if any. */
const char *reading_slot_name(const struct reading *r, int pack_slot);
/** Slot named in a form's label; NULL when none is. */
const char *reading_label_slot(const struct reading *r, const char *label);
/** What a form's label calls its field, as struct mark's topic; NULL when it says nothing. */
const char *reading_label_topic(const struct reading *r, const char *label);

/** Whether the words at bytes of the tidied text name somebody else than the customer; titled: "Mr"
 * stands before them. *sure is what to multiply the confidence with. */
bool reading_other_name(const struct reading *r, size_t start, size_t end, bool titled,
                        double *sure);
/** Marks of the current sentence: who sent it decides which kinds. */
void reading_sentence(struct reading *r);
/** What a company's sentence says of the customer's matter, as the customer would tell it. */
void reading_read_back(struct reading *r);
/** A mark at a span of the tidied text; NULL when there are too many. */
struct mark *reading_add(struct reading *r, enum mark_kind kind, size_t start, size_t end,
                         double confidence, const char *rule);
/** Sets about and aim of a question, or of something told, from the current sentence's subjects but
 * those between two bytes of the tidied text: what is asked for is not whom it is asked about. */
void reading_subjects(const struct reading *r, struct mark *m, size_t start, size_t end);
/** The persons of the current sentence beside the customer, as struct mark's about; NULL none. */
const char *reading_person(const struct reading *r);
/** The sentence's own words: folded, without stop words, and without light ones where others are left,
 * joined by blanks; NULL when none are left. */
const char *reading_content(const struct reading *r);

/** What the message is written in: index of a pack or -1; confidence 0..1. */
int reading_language(const struct reading *r, double *confidence);

#endif
