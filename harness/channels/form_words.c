#include "harness/channels/form_words.h"

#include <string.h>

#include "harness/base/regex.h"
#include "harness/base/text.h"

static bool any(const struct patterns *list, struct slice text)
{
    for (size_t i = 0; i < list->count; i++)
        if (regex_search(list->items[i].pattern.regex, text, 0, NULL) == ST_OK)
            return true;
    return false;
}

/** Length of the first sentence: to a mark with a blank after it. */
static size_t sentence(struct slice s)
{
    for (size_t i = 0; i + 1 < s.len; i++)
        if (strchr(".!?;", s.ptr[i]) && s.ptr[i + 1] == ' ')
            return i + 1;
    return s.len;
}

static void listen(struct form_words *w, const struct lexicon_forms *f, struct slice s)
{
    bool perhaps = any(&f->conditions, s), refuses = !perhaps && any(&f->refusals, s);

    w->refuses |= refuses;
    w->complains |= !perhaps && any(&f->complaints, s);
    w->thanks |= !refuses && any(&f->thanks, s);
}

struct form_words form_words_say(const struct lexicons *packs, const char *line)
{
    CLEANUP(mem_freep) char *folded = text_folded(line);
    struct form_words w = { false, false, false };

    for (struct slice s = slice_str(folded); s.len;) {
        size_t len = sentence(s);
        struct slice one = text_trim((struct slice){ s.ptr, len });

        for (size_t i = 0; i < packs->count; i++)
            listen(&w, &packs->items[i]->forms, one);
        s.ptr += len;
        s.len -= len;
    }
    return w;
}

bool form_words_riddle(const struct lexicons *packs, const char *folded, bool picture)
{
    for (size_t i = 0; i < packs->count; i++) {
        const struct lexicon_forms *f = &packs->items[i]->forms;

        if (any(&f->riddles, slice_str(folded)) ||
            (picture && any(&f->pictures, slice_str(folded))))
            return true;
    }
    return false;
}

bool form_words_aside(const struct lexicons *packs, const char *folded)
{
    for (size_t i = 0; i < packs->count; i++)
        if (any(&packs->items[i]->forms.asides, slice_str(folded)))
            return true;
    return false;
}
