#ifndef READ_PACK_H
#define READ_PACK_H
/**
 * Pack: a lexicon compiled for reading: frames as patterns, phrases in dictionaries.
 * Read-only once built, but for what pack_ready adds; may be shared by threads.
 */
#include "harness/base/regex.h"
#include "harness/model/lexicon.h"
#include "harness/model/mark.h"
#include "harness/model/when.h"
#include "harness/read/needles.h"
#include "harness/read/words.h"

/* What stands in a masked sentence where a frame has {slot}, {time}, {name}, {value}. */
enum mask { MASK_SLOT, MASK_TIME, MASK_NAME, MASK_VALUE, MASK_COUNT };
#define MASK_FIRST 0xE000

struct rule {
    enum mark_kind kind;
    const struct regex *match, *unless, *section_unless;    /* unless: may be NULL */
    bool frame;                   /* matched against the masked sentence */
    bool slots;                   /* a frame with {slot} or {slots}: its group "slots" */
    double confidence;
    int slot;                     /* of a slot's own patterns; -1: from the frame */
    const char *value;            /* fixed */
    int64_t within_us;            /* fixed; 0 none */
    bool boilerplate;
    const char *label;            /* "en:apologises/2" */
    const char *source;           /* of `match`, its frame words replaced */
};

/* Bit sets: a rule's index; behind the rules the pattern of counted times, then the fixed times. */
enum { PACK_RULES_MAX = 8192, PACK_WORDS = PACK_RULES_MAX / 64, PACK_QUOTES_MAX = 64 };

static inline bool bit_set(const uint64_t *set, size_t i)
{
    return set[i / 64] >> i % 64 & 1;
}

enum time_group { GROUP_HOUR, GROUP_MINUTE, GROUP_HALF, GROUP_WEEKDAY, GROUP_DAY, GROUP_MONTH,
                  GROUP_YEAR, TIME_GROUPS };
extern const char *const time_group_names[TIME_GROUPS];

struct fixed_time {
    const struct regex *match;
    int64_t us;
    const char *source;           /* of `match` */
    struct when when;             /* WHEN_NONE: only about `us` */
    bool named;                   /* its pattern has some of the groups of enum time_group */
};

struct pack {
    const struct lexicon *lexicon;        /* borrowed */
    struct arena *arena;
    struct dictionary stopwords;
    _Atomic(bool) ready;                  /* what follows has been made (pack_ready) */
    struct rule *rules;                   /* by kind, in the order of the pack */
    size_t rule_count, rule_cap;
    size_t first[MARK_COUNT + 1];         /* rules of kind k: first[k] .. first[k+1] */
    struct needles plain, masks;          /* what rules need of a sentence; of its masks */
    struct needles quoting;               /* what `quotes` need of a line */
    uint64_t *always;                     /* bit set of the rules that need nothing; PACK_WORDS */
    uint64_t *always_quotes;
    struct regex **owned;
    size_t owned_count, owned_cap;
    struct dictionary slots;              /* phrase → index into lexicon.slots */
    struct dictionary phrases;            /* name → index into lexicon.phrases */
    struct dictionary abbreviations, numbers, light;
    struct dictionary given;              /* a given name → its entry in lexicon.names */
    struct dictionary subjects;           /* phrase → index into lexicon.subjects */
    double *number_values;
    struct regex *time;                   /* number, maybe a range, unit; NULL no units */
    const char **unit_sources;    /* per unit: what every match of `time` with it contains */
    size_t unit_count;
    struct fixed_time *times;
    size_t time_count;
    struct dictionary weekdays, months;   /* name → number */
};

/**
 * ST_INVALID with diags (every error, not only the first); *ret untouched then. A prepared lexicon
 * (model/lexicon.h) is not looked into before pack_ready.
 */
MUST_CHECK enum status pack_compile(const struct lexicon *lexicon, struct diags *diags,
                                    struct pack **ret);
void pack_free(struct pack *p);

const struct lexicon_slot *pack_slot(const struct pack *p, int index);
const struct lexicon_slot *pack_slot_named(const struct pack *p, const char *name);   /* or NULL */
const struct lexicon_subject *pack_subject(const struct pack *p, int index);
bool pack_abbreviation(const struct pack *p, struct slice word);
bool pack_is_quote(const struct pack *p, struct slice line);

/** Fills p->given. */
void pack_names(struct pack *p);

/** A folded phrase as dictionaries want it, from a word list entry; NULL when it has no words. */
char *pack_phrase(struct arena *a, const char *text);

/* What one entry of a word list may stand for. */
enum { VARIANTS_MAX = 256, VARIANT_MAX_BYTES = 1024 };

/** How many entries "(number|no) of (the|your) order" stands for; 0 when it is not well formed, or
 * for more than VARIANTS_MAX. Groups do not nest. */
size_t variants_count(const char *text);
/** The i-th of them; the first takes the first way of each group. */
const char *variant(struct arena *a, const char *text, size_t i);

/* A time named in a text. */
struct time_span {
    size_t start, end;
    int64_t us;                   /* of a range its longer end */
    struct when when;             /* what it means; kind WHEN_NONE: only about `us` */
};

/**
 * The first time at or after byte `from`; false when there is none. worth: what pack_worth found in
 * the text; only that is tried.
 */
bool pack_find_time(const struct pack *p, const uint64_t *worth, struct slice text, size_t from,
                    struct time_span *out);

/**
 * Makes what is missing: most of the work of a pack, and most packs of a run are never read with. Any
 * thread, any time; before anything is read.
 */
void pack_ready(const struct pack *p);

/** Everything but what pack_worth needs; see pack_compile. */
MUST_CHECK enum status pack_fill(struct pack *p, struct diags *diags);

/**
 * What every pattern of the pack needs of a text, in their order, for lexicon.needs: finding that out
 * is slow. The pack must be ready.
 */
void pack_write_needs(const struct pack *p, struct buf *out);

/** What is worth trying on a text, given folded; sets all PACK_WORDS of `worth`. */
void pack_worth(const struct pack *p, struct slice folded, uint64_t *worth);

#endif
