/* Whom or what a sentence is about, beside the customer: "the second passenger", "your old flat". */
#include <string.h>

#include "harness/read/reading.h"

enum { SUBJECTS_MAX = 8, NAMES_MAX_BYTES = 256 };

static const char WHOLE[] = "whole";

/* Every subject matters to a question that no slot is known for. A customer who wants another hotel
 * on the 7th tells the day, not another day. */
static bool matters(const struct reading *r, const struct lexicon_subject *s,
                    const struct mark *m)
{
    const char *slot = m->slot;
    const struct lexicon_slot *lexicon = slot ? pack_slot_named(r->pack, slot) : NULL;

    for (size_t i = 0; i < s->slots.count; i++)
        if (slot && (!strcmp(s->slots.items[i], slot) ||
                     (lexicon && lexicon->is_a && !strcmp(s->slots.items[i], lexicon->is_a))))
            return true;
    return m->kind == MARK_ASKS && (!slot || s->slots.count == 0);
}

/* Ascending, each once: names come out in the same order whatever the order of the words. */
static size_t insert(int *found, size_t count, int subject)
{
    size_t at = 0;

    while (at < count && found[at] < subject)
        at++;
    if (count == SUBJECTS_MAX || (at < count && found[at] == subject))
        return count;
    memmove(found + at + 1, found + at, (count - at) * sizeof *found);
    found[at] = subject;
    return count + 1;
}

static const char *names(const struct reading *r, const int *found, size_t count, bool loose)
{
    struct buf out = BUF_INIT(NAMES_MAX_BYTES);

    for (size_t i = 0; i < count; i++) {
        const struct lexicon_subject *s = pack_subject(r->pack, found[i]);

        if (s->loose == loose)
            buf_addf(&out, " %s", s->name);
    }

    const char *copy = out.len ? arena_strndup(r->a, out.ptr, out.len) : NULL;

    buf_release(&out);
    return copy;
}

void reading_subjects(const struct reading *r, struct mark *m, size_t start, size_t end)
{
    int found[SUBJECTS_MAX + 1];
    size_t count = 0;

    for (size_t i = r->first_word; i < r->end_word && r->pack->subjects.count;) {
        size_t words = 1;
        int from, subject = dictionary_match(&r->pack->subjects, NULL, &r->words, i, &words, &from);

        bool inside = r->words.items[i].start >= start && r->words.items[i].end <= end;

        if (subject >= 0 && !inside &&
            strcmp(pack_subject(r->pack, subject)->name, WHOLE) != 0 &&
            matters(r, pack_subject(r->pack, subject), m))
            count = insert(found, count, subject);
        i += subject >= 0 ? words : 1;
    }
    m->about = names(r, found, count, false);
    m->aim = names(r, found, count, true);
}

/* Persons are what a name may be asked of. */
const char *reading_person(const struct reading *r)
{
    struct mark m = { .kind = MARK_TELLS, .slot = "name" };

    reading_subjects(r, &m, 0, 0);
    return m.about;
}
