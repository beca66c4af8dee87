/* `channels:` of a scenario: a name, a type, and the settings of that type's own table. */
#include <stdlib.h>
#include <string.h>

#include "harness/load/scenario_fields.h"
#include "harness/load/scenario_loader.h"
#include "harness/load/value.h"

/* Words people may rightly try, because the plan has them. */
static const char *const later_types[] = { "phone" };

static const char **kind_names(const struct scenario_loader *sl)
{
    const char **names = arena_alloc(sl->s->arena, (sl->ctx->kind_count + 1) * sizeof *names);

    for (size_t i = 0; i < sl->ctx->kind_count; i++)
        names[i] = sl->ctx->kinds[i].name;
    return names;
}

static const struct channel_kind *find_kind(struct scenario_loader *sl, const struct node *key,
                                            const struct node *n)
{
    const struct load_context *ctx = sl->ctx;
    const char **names = kind_names(sl);
    const struct node *type = node_get(n, "type");
    const char *all = names_list(sl->s->arena, names, ctx->kind_count);

    if (!type) {
        node_error(&sl->l, key, arena_printf(sl->s->arena, "one of: %s", all),
                   "channel \"%s\" needs a \"type\"", key->text);
        return NULL;
    }
    if (!value_is_text(&sl->l, "type", node_key(n, "type"), type, "a text"))
        return NULL;
    for (size_t i = 0; i < ctx->kind_count; i++)
        if (!strcmp(ctx->kinds[i].name, type->text))
            return &ctx->kinds[i];
    for (size_t i = 0; i < ARRAY_LEN(later_types); i++) {
        if (!strcmp(later_types[i], type->text)) {
            node_error(&sl->l, type, arena_printf(sl->s->arena, "this version has: %s", all),
                       "channel type \"%s\" is not part of this version yet", type->text);
            return NULL;
        }
    }
    node_error(&sl->l, type, names_hint(sl->s->arena, type->text, names, ctx->kind_count),
               "unknown channel type \"%s\"", type->text);
    return NULL;
}

static void read_channel(struct scenario_loader *sl, const struct node *key,
                         const struct node *n, struct channel_spec *spec)
{
    *spec = (struct channel_spec){
        .name = arena_strdup(sl->s->arena, key->text), .at = key->at,
        .family = FAMILY_COUNT,              /* until it is known: keeps later checks quiet */
    };
    if (n->kind != NODE_MAP) {
        node_error(&sl->l, node_is_nothing(n) ? key : n, NULL,
                   "channel \"%s\" needs a mapping with a \"type\", not %s", key->text,
                   node_words(n));
        return;
    }

    const struct channel_kind *kind = find_kind(sl, key, n);

    if (!kind)
        return;

    void *settings = arena_alloc(sl->s->arena, kind->settings->size);

    object_read(&sl->l, kind->settings, key, n, channel_keys, settings);
    spec->type = kind->name;
    spec->family = kind->family;
    spec->more_verbs = kind->more_verbs;
    spec->settings = settings;
}

void channels_read(struct scenario_loader *sl, const struct node *key, const struct node *n)
{
    struct scenario *s = sl->s;

    if (!n || node_is_nothing(n))
        return;
    if (n->kind != NODE_MAP) {
        node_error(&sl->l, n, "such as chat: {type: chat, url: …}",
                   "\"%s\" needs a mapping, name: settings, not %s", key->text, node_words(n));
        return;
    }
    s->channels = arena_alloc(s->arena, (n->count + 1) * sizeof *s->channels);
    for (size_t i = 0; i < n->count; i++)
        read_channel(sl, n->keys[i], n->items[i], &s->channels[s->channel_count++]);
}
