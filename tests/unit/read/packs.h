#ifndef TEST_PACKS_H
#define TEST_PACKS_H
/** The language packs this program ships with, loaded once, for tests. */
#include "harness/read/read.h"

const struct reader *packs_reader(void);
/** What findings are said in from now on. */
void packs_say_in(const char *language);
void packs_free(void);

#endif
