/* What a message is written in: frequent words and letters of each pack, counted. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"
#include "harness/read/reading.h"

static const double LETTER_WEIGHT = .5, LETTERS_MAX = 5;

/* How often letters of the pack stand in the text. */
static double count_letters(const struct pack *p, struct slice text)
{
    const char *letters = p->lexicon->letters;
    double n = 0;

    for (size_t i = 0; letters && i < text.len && n < LETTERS_MAX / LETTER_WEIGHT;) {
        int32_t c;
        size_t used = text_decode(text.ptr + i, text.len - i, &c);
        char letter[5] = "";

        if (used > 1) {
            memcpy(letter, text.ptr + i, used);
            n += strstr(letters, letter) != NULL;
        }
        i += used;
    }
    return n * LETTER_WEIGHT;
}

static bool beyond_ascii(struct slice text)
{
    unsigned char all = 0;

    for (size_t i = 0; i < text.len; i++)
        all |= (unsigned char)text.ptr[i];
    return all >= 0x80;
}

int reading_language(const struct reading *r, double *confidence)
{
    double hits[READER_MAX_PACKS] = { 0 }, best = 0, second = 0;
    struct slice text = buf_slice(&r->tidy.text);
    bool letters = beyond_ascii(text);
    int winner = -1;

    for (size_t i = 0; i < r->words.count; i++) {
        int set = dictionary_find(&r->reader->languages, words_folded(&r->words, i));

        for (size_t k = 0; set > 0 && k < r->reader->count; k++)
            hits[k] += set >> k & 1;
    }
    for (size_t k = 0; k < r->reader->count; k++) {
        hits[k] += letters ? count_letters(r->reader->packs[k], text) : 0;
        if (hits[k] > best) {
            second = best;
            best = hits[k];
            winner = (int)k;
        } else if (hits[k] > second) {
            second = hits[k];
        }
    }
    *confidence = winner < 0 ? 0 : (best - second) / (best + 1);
    return winner;
}
