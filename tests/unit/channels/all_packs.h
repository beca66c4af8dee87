#ifndef TEST_ALL_PACKS_H
#define TEST_ALL_PACKS_H
/** The language packs this program ships with, as channels get them; loaded once, for tests. */
#include "harness/model/lexicon.h"

struct lexicons all_packs(void);
void all_packs_free(void);

#endif
