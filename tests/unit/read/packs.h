#ifndef TEST_PACKS_H
#define TEST_PACKS_H
/** The language packs this program ships with, loaded once, for tests. */
#include "harness/read/read.h"

const struct reader *packs_reader(void);
void packs_free(void);

#endif
