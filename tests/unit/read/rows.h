#ifndef TEST_ROWS_H
#define TEST_ROWS_H
/** Tables of sentences and what is read in them, for the tests of one language. */
#include <stddef.h>
#include <stdint.h>

/** Marks: "kind", "kind:slot" or "kind=value", in order of the text; language marks are left out.
 *  "K " before the text: the customer says it. The customer is Maja Lindner, with order A-10442. */
struct mark_row {
    const char *text, *marks;
};

struct promise_row {
    const char *text;
    int64_t us;                   /* 0: no promise */
};

/** Reads every row with the packs this program ships with; every difference is printed, and fails. */
void rows_check_marks(const char *language, const struct mark_row *rows, size_t count);
void rows_check_promises(const char *language, const struct promise_row *rows, size_t count);

#endif
