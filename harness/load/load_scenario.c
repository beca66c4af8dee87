#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"
#include "harness/load/scenario_fields.h"
#include "harness/load/scenario_loader.h"
#include "harness/load/source_file.h"
#include "harness/load/value.h"

static void read_knows(struct scenario_loader *sl)
{
    const struct node *customer = node_get(sl->top, "customer");
    const struct node *n = customer ? node_get(customer, "knows") : NULL;
    struct customer *c = &sl->s->customer;

    if (!n || node_is_nothing(n))
        return;
    if (n->kind != NODE_MAP) {
        node_error(&sl->l, n, "such as {order_number: A-1}",
                   "\"knows\" needs a mapping, fact: value, not %s", node_words(n));
        return;
    }
    c->knows.items = arena_alloc(sl->s->arena, (n->count + 1) * sizeof *c->knows.items);
    for (size_t i = 0; i < n->count; i++) {
        const struct node *key = n->keys[i];

        if (strspn(key->text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                              "0123456789_-") != key->len) {
            node_error(&sl->l, key, "such as order_number",
                       "a fact's name has letters, digits, \"_\" and \"-\" only");
            continue;
        }
        c->knows.items[c->knows.count++] = (struct known){
            arena_strdup(sl->s->arena, key->text),
            value_template(&sl->l, key->text, key, n->items[i]), key->at,
        };
    }
}

/* `journey:` is what tells this kind of file from any other. */
static bool is_scenario(struct scenario_loader *sl)
{
    if (sl->top->kind == NODE_MAP)
        return true;
    node_error(&sl->l, sl->top, "it begins with \"journey: \" and a name",
               "a scenario must be a mapping, not %s", node_words(sl->top));
    return false;
}

static void check_name(struct scenario_loader *sl)
{
    const struct node *n = node_get(sl->top, "journey");

    if (!n || !sl->s->name)
        return;
    sl->s->name_at = n->at;
    if (!text_trim(slice_str(sl->s->name)).len)
        node_error(&sl->l, n, NULL, "the journey needs a name");
}

static void read_scenario(struct scenario_loader *sl)
{
    struct scenario *s = sl->s;

    object_read(&sl->l, &scenario_object, NULL, sl->top, NULL, s);
    sl->customer_templates = sl->l.template_count;
    read_knows(sl);
    sl->known_templates = sl->l.template_count;
    check_name(sl);
    language_check(sl, sl->top, &s->language);
    if (node_get(sl->top, "customer"))
        language_check(sl, node_get(sl->top, "customer"), &s->customer.language);
    channels_read(sl, node_key(sl->top, "channels"), node_get(sl->top, "channels"));
    sl->channel_templates = sl->l.template_count;
    steps_read(sl, node_key(sl->top, "steps"), node_get(sl->top, "steps"));
    for (size_t i = 0; i < s->steps.count; i++)
        step_check(sl, i);
    company_check(sl);
    variables_check(sl);
}

static struct scenario *new_scenario(const char *path)
{
    struct arena *a = arena_new();
    struct scenario *s = arena_alloc(a, sizeof *s);

    s->arena = a;
    s->path = arena_strdup(a, path);
    return s;
}

enum status load_scenario(const char *path, const struct load_context *ctx,
                          struct sources *sources, struct diags *diags, struct scenario **ret)
{
    struct source *source;
    enum status st = source_of_file(path, sources, &source);

    if (st) {
        diag_error(diags, "cannot read %s: %s", path, source_failure(st));
        return ST_IO;
    }

    struct regex_list regexes = { 0 };
    CLEANUP(scenario_freep) struct scenario *s = new_scenario(path);
    struct scenario_loader sl = {
        .l = { .arena = s->arena, .regexes = &regexes, .diags = diags, .refuse_variables = true,
               .key_hint = steps_key_hint },
        .ctx = ctx, .sources = sources, .s = s,
    };
    size_t before = diags->errors;

    if (!tree_parse(source, s->arena, diags, &sl.top) && is_scenario(&sl))
        read_scenario(&sl);
    for (size_t i = 0; i < regexes.count; i++)
        scenario_own_regex(s, regexes.items[i]);
    free(regexes.items);
    diags_sort(diags);
    if (diags->errors > before)
        return ST_INVALID;

    s->source = sources_take(sources, source);
    *ret = s;
    s = NULL;
    return ST_OK;
}
