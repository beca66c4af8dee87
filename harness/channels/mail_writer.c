/* Who signs a mail: a person, or a team. By the given names of the language packs and by what stands
 * below the closing formula; most mails that no header speaks for are told apart by that. */
#include "harness/channels/mail_writer.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"

enum { LAST_LINES = 4, NAME_MAX_BYTES = 48, NAME_WORDS_MAX = 4, FOLDED_MAX = 512 };

/* Folded words that stand in the names of teams and firms, as words or at the end of one. */
static const char *const teams[] = {
    "team", "support", "service", "services", "care", "desk", "helpdesk", "crew", "folks", "staff",
    "department", "office", "ltd", "inc", "llc", "gmbh", "ag", "co", "company", "kundenservice",
    "kundendienst", "kundendialog", "kundenbetreuung", "verwaltung", "abteilung", "redaktion",
    "stadtwerke", "equipe", "clientele", "client", "clients", "agence", "mairie", "societe",
    "everyone", "all", "your", "ihr", "ihre", "votre", "تیم", "واحد", "پشتیبانی", "شرکت", "روابط",
};

static bool is_letter(int32_t c)
{
    return (c >= 'a' && c <= 'z') || c > 0xBF;
}

/* The next word of a folded text; empty at its end. */
static struct slice next_word(const char **p)
{
    struct slice word = { *p, 0 };
    const char *end = *p + strlen(*p);

    while (*p < end) {
        int32_t c;
        size_t used = text_decode(*p, (size_t)(end - *p), &c);

        if (is_letter(c) && c != 0x60C && !(c >= 0x2000 && c < 0x2C00)) {
            if (!word.len)
                word.ptr = *p;
            word.len = (size_t)(*p + used - word.ptr);
        } else if (word.len) {
            break;
        }
        *p += used;
    }
    return word;
}

static bool is_team(struct slice word)
{
    for (size_t i = 0; i < ARRAY_LEN(teams); i++)
        if (slice_eq(word, teams[i]))
            return true;
    return false;
}

/* Names are written in small letters; only those with accents need folding. */
static bool holds_name(const char *entry, struct slice word)
{
    char *folded = NULL;
    bool found = false;

    for (const char *c = entry; !folded && *c; c++)
        if ((unsigned char)*c >= 0x80)
            folded = text_folded(entry);

    const char *p = folded ? folded : entry;

    for (struct slice name = next_word(&p); name.len && !found; name = next_word(&p))
        found = name.len == word.len && !memcmp(name.ptr, word.ptr, word.len);
    free(folded);
    return found;
}

static bool is_given(const struct lexicons *packs, struct slice word)
{
    for (size_t i = 0; packs && i < packs->count; i++) {
        const struct texts *names = &packs->items[i]->names;

        for (size_t k = 0; k < names->count; k++)
            if (holds_name(names->items[k], word))
                return true;
    }
    return false;
}

enum writer mail_writer_named(const struct lexicons *packs, const char *name)
{
    char *folded = text_folded(name);
    const char *p = folded;
    enum writer who = WRITER_UNKNOWN;
    size_t words = 0;

    for (struct slice word = next_word(&p); word.len; word = next_word(&p)) {
        if (is_team(word)) {
            who = WRITER_TEAM;
            break;
        }
        if (++words <= NAME_WORDS_MAX && who == WRITER_UNKNOWN && is_given(packs, word))
            who = WRITER_PERSON;
    }
    free(folded);
    return who;
}

/* A line that is a name and nothing else. */
static bool could_be_name(struct slice line)
{
    size_t words = 1;

    if (!line.len || line.len > NAME_MAX_BYTES || memchr(line.ptr, '@', line.len) ||
        strchr("?!:.", line.ptr[line.len - 1]))
        return false;
    for (size_t i = 0; i < line.len; i++) {
        if (line.ptr[i] >= '0' && line.ptr[i] <= '9')
            return false;
        words += line.ptr[i] == ' ';
    }
    return words <= NAME_WORDS_MAX + 1;
}

enum writer mail_writer_signed(const struct lexicons *packs, struct slice text)
{
    const char *end = text.ptr + text.len;
    enum writer who = WRITER_UNKNOWN;

    for (size_t lines = 0; end > text.ptr && lines < LAST_LINES && who != WRITER_PERSON;) {
        const char *start = end;

        while (start > text.ptr && start[-1] != '\n')
            start--;

        struct slice line = text_trim((struct slice){ start, (size_t)(end - start) });

        if (could_be_name(line) && start > text.ptr) {
            char *copy = mem_strndup(line.ptr, line.len);
            enum writer found = mail_writer_named(packs, copy);

            free(copy);
            who = found != WRITER_UNKNOWN ? found : who;
        }
        lines += line.len > 0;
        end = start > text.ptr ? start - 1 : text.ptr;
    }
    return who;
}
