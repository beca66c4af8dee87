#include "harness/channels/chat_vars.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/mem.h"

const struct chat_var *chat_vars_find(const struct chat_vars *v, const char *name, size_t len)
{
    for (size_t i = 0; v && i < v->count; i++)
        if (strlen(v->items[i].name) == len && !memcmp(v->items[i].name, name, len))
            return &v->items[i];
    return NULL;
}

void chat_vars_set(struct chat_vars *v, const char *name, const char *value)
{
    const struct chat_var *old = chat_vars_find(v, name, strlen(name));
    struct chat_var *var;

    if (old) {
        var = &v->items[old - v->items];
        free(var->value);
    } else {
        MEM_GROW(v->items, v->cap, v->count + 1);
        var = &v->items[v->count++];
        var->name = mem_strdup(name);
    }
    var->value = mem_strdup(value);
}

static void know(struct chat_vars *v, const struct pairs *names)
{
    for (size_t i = 0; i < names->count; i++)
        chat_vars_set(v, names->items[i].name, NULL);
}

void chat_vars_know_saved(struct chat_vars *v, const struct adapter *a)
{
    for (size_t i = 0; i < a->prepare.count; i++)
        know(v, &LIST_ITEM(struct adapter_prepare, a->prepare, i)->save);
    know(v, &a->open.save);
    know(v, &a->messages.save);
}

void chat_vars_release(struct chat_vars *v)
{
    for (size_t i = 0; i < v->count; i++) {
        free(v->items[i].name);
        free(v->items[i].value);
    }
    free(v->items);
    *v = (struct chat_vars){ 0 };
}
