#ifndef READ_READ_H
#define READ_READ_H
/**
 * Read: one company message, with what came before it, into marks. Readers know languages and no
 * logic: whether a question is a repeated one is for the detectors.
 *
 * Pure and thread-safe once built. Cost is linear in the message's length.
 */
#include "harness/model/event.h"
#include "harness/model/lexicon.h"
#include "harness/model/mark.h"

struct reader;

struct reader *reader_new(void);
void reader_free(struct reader *r);       /* NULL is fine */

/**
 * Add a compiled pack. The lexicon is borrowed and must outlive the reader.
 * ST_INVALID with a diag when a frame has no {slot} or does not compile.
 */
MUST_CHECK enum status reader_add(struct reader *r, const struct lexicon *lexicon,
                                  struct diags *diags);

/**
 * Whether a company's own words can be read with: every pattern against texts that take long.
 * ST_INVALID with a diag for each that goes over the match limit. `name`: the file, for messages.
 */
MUST_CHECK enum status own_words_check(const char *name, const struct lexicon *own,
                                       struct diags *diags);

/** The packs as they were added; borrowed, valid until the next is added. */
struct lexicons reader_lexicons(const struct reader *r);

/**
 * Marks of the event t->events[seq]: a company message or page, or what the customer sent (of that
 * only the kinds of mark_is_customers); anything else has none. Only the events up to seq are
 * looked at. Appended to out; its items and all strings go to `a`, some are the reader's.
 */
void reader_read(const struct reader *r, const struct transcript *t, int seq, struct arena *a,
                 struct marks *out);

/**
 * What messages and pages said that came before: a text that comes again word for word is read once
 * for customers of whom the same is known. Bounded. For one reader and one thread.
 */
struct reading_memory;

struct reading_memory *reading_memory_new(void);
void reading_memory_free(struct reading_memory *m);      /* NULL is fine */
/** The same marks as reader_read. memory NULL: nothing is remembered. */
void reader_read_again(const struct reader *r, struct reading_memory *memory,
                       const struct transcript *t, int seq, struct arena *a, struct marks *out);

/**
 * The language findings are said in: a tag, which is copied. English until then. Before the first
 * transcript is judged.
 */
void reader_say_in(struct reader *r, const char *language);
const char *reader_says_in(const struct reader *r);
/** Whether there is a pack for a tag. */
bool reader_knows(const struct reader *r, const char *language);

/**
 * How a customer says something: a phrase of `key` in that language (English when the pack lacks
 * it), chosen by `seed`, with {name} replaced from `values`. A variant that needs a value which is
 * not there (or empty) is passed over. NULL when no pack has the key or no variant fits.
 */
const char *reader_phrase(const struct reader *r, const char *language, const char *key,
                          uint64_t seed, const struct named_text *values, size_t value_count,
                          struct arena *a);

/** The key, of those that begin with `prefix`, whose text this is in any pack; NULL: of none. */
const char *reader_phrase_key(const struct reader *r, const char *prefix, const char *text);

/** All texts of a phrase, as the pack has them (English when it lacks the key); NULL: no pack has it. */
const struct texts *reader_texts(const struct reader *r, const char *language, const char *key);

/** What people call a slot ("order number"), for phrases and findings; the id with blanks else. */
const char *reader_slot_words(const struct reader *r, const char *language, const char *slot,
                              struct arena *a);

/** What the language's pack (or English) says about a slot; NULL when it has no such slot. */
const struct lexicon_slot *reader_slot(const struct reader *r, const char *language,
                                       const char *slot);

#endif
