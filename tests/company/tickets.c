#include "tests/company/tickets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"

enum { FIRST_REFERENCE = 48213, REFERENCE_STEP = 17, REFERENCES = 90000 };

struct tickets {
    struct ticket **items;
    size_t count, cap;
};

struct tickets *tickets_new(void)
{
    return mem_zero(1, sizeof(struct tickets));
}

void tickets_free(struct tickets *t)
{
    for (size_t i = 0; t && i < t->count; i++) {
        free(t->items[i]->last_id);
        free(t->items[i]->references);
        free(t->items[i]->last_text);
        free(t->items[i]);
    }
    if (t)
        free(t->items);
    free(t);
}

struct ticket *tickets_open(struct tickets *t)
{
    struct ticket *k = mem_zero(1, sizeof *k);
    size_t number = (FIRST_REFERENCE - 10000 + t->count * REFERENCE_STEP) % REFERENCES + 10000;

    snprintf(k->reference, sizeof k->reference, "KC-%05zu", number);
    k->asked = SLOT_NONE;
    MEM_GROW(t->items, t->cap, t->count + 1);
    t->items[t->count++] = k;
    return k;
}

struct ticket *tickets_by_reference(const struct tickets *t, const char *reference)
{
    for (size_t i = t->count; reference[0] && i-- > 0; )
        if (strcmp(t->items[i]->reference, reference) == 0)
            return t->items[i];
    return NULL;
}

static struct ticket *by_slot(const struct tickets *t, const struct facts *f, enum slot slot)
{
    for (size_t i = t->count; facts_has(f, slot) && i-- > 0; )
        if (!t->items[i]->solved
            && text_same_ascii(t->items[i]->facts.value[slot], f->value[slot]))
            return t->items[i];
    return NULL;
}

struct ticket *tickets_by_facts(const struct tickets *t, const struct facts *f)
{
    struct ticket *k = by_slot(t, f, SLOT_ORDER_NUMBER);

    return k ? k : by_slot(t, f, SLOT_EMAIL);
}
