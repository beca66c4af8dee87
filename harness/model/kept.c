#include "harness/model/kept.h"

#include <stdlib.h>

const char *const kept_status_names[KEPT_STATUS_COUNT + 1] = {
    "new", "open", "parked", "over", NULL,
};

struct kept_batch kept_batch_new(void)
{
    return (struct kept_batch){ .arena = arena_new() };
}

void kept_batch_release(struct kept_batch *b)
{
    arena_free(b->arena);
    free(b->rows);
    *b = (struct kept_batch){ 0 };
}

void kept_batch_add(struct kept_batch *b, const struct kept_row *row)
{
    struct kept_row *to;

    MEM_GROW(b->rows, b->cap, b->count + 1);
    to = &b->rows[b->count++];
    *to = *row;
    to->name = arena_strdup(b->arena, row->name);
    to->json = arena_strdup(b->arena, row->json);
}

void kept_journey_release(struct kept_journey *k)
{
    json_decref(k->header);
    json_decref(k->events);
    json_decref(k->parts);
    *k = (struct kept_journey){ 0 };
}
