/* JSON Schema (draft 2020-12) of a scenario, for editors: from the tables the loader reads by.
 * It asks no more than they do; what needs more than one place at a time (does this channel exist?)
 * is the loader's alone. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "harness/load/scenario_fields.h"
#include "harness/load/load.h"

struct schema {
    const struct load_context *ctx;
    json_t *defs;                 /* what is used in more than one place */
};

static json_t *object_schema(struct schema *s, const struct object *o);

static json_t *ref(const char *name)
{
    return json_pack("{s:o}", "$ref", json_sprintf("#/$defs/%s", name));
}

static json_t *list_of(json_t *items)
{
    return json_pack("{s:s, s:o}", "type", "array", "items", items);
}

static json_t *map_of(json_t *values)
{
    return json_pack("{s:s, s:o}", "type", "object", "additionalProperties", values);
}

static json_t *one_of(const char *const *names)
{
    json_t *list = json_array();

    for (; *names; names++)
        json_array_append_new(list, json_string(*names));
    return json_pack("{s:o}", "enum", list);
}

static json_t *number_schema(const struct field *f)
{
    json_t *j = json_pack("{s:s}", "type", f->type == FIELD_INT ? "integer" : "number");
    const char *const names[] = { "minimum", "maximum" };
    const double values[] = { f->min, f->max };

    for (size_t i = 0; i < ARRAY_LEN(names) && f->max > f->min; i++)
        json_object_set_new(j, names[i], f->type == FIELD_INT ? json_integer((json_int_t)values[i])
                                                              : json_real(values[i]));
    return j;
}

/* Rows whose reading is code have their schema here too. */

static json_t *verb_schema(enum verb v)
{
    static const char *const defs[] = {
        [VALUE_CHANNEL] = "text", [VALUE_TEMPLATE] = "text", [VALUE_PATTERN] = "pattern",
        [VALUE_DURATION] = "duration",
    };
    json_t *j = ref(defs[verb_rows[v].value]);

    json_object_set_new(j, "description", json_string(verb_rows[v].help));
    return j;
}

static json_t *replies_schema(struct schema *s)
{
    return json_pack("{s:[o, o]}", "anyOf", map_of(ref("text")),
                     list_of(object_schema(s, &reply_object)));
}

static json_t *knows_schema(struct schema *s)
{
    (void)s;
    return json_pack("{s:s, s:{s:s}, s:o}", "type", "object",
                     "propertyNames", "pattern", "^[A-Za-z0-9_-]+$",
                     "additionalProperties", ref("text"));
}

static json_t *channels_schema(struct schema *s)
{
    json_t *any = json_array();

    for (size_t i = 0; i < s->ctx->kind_count; i++) {
        const struct channel_kind *k = &s->ctx->kinds[i];
        char name[64];
        json_t *j = object_schema(s, k->settings), *type;

        snprintf(name, sizeof name, "channel_%s", k->name);
        type = json_pack("{s:s, s:s}", "const", k->name, "description", channel_type_help);
        json_object_set_new(json_object_get(j, "properties"), channel_keys[0], type);
        if (!json_object_get(j, "required"))
            json_object_set_new(j, "required", json_array());
        json_array_append_new(json_object_get(j, "required"), json_string(channel_keys[0]));
        json_object_set_new(s->defs, name, j);
        json_array_append_new(any, ref(name));
    }
    return map_of(json_pack("{s:o}", "anyOf", any));
}

static json_t *steps_schema(struct schema *s)
{
    json_t *any = json_array();

    for (int v = 0; v < VERB_COUNT; v++) {
        char name[32];

        snprintf(name, sizeof name, "step_%s", verb_name((enum verb)v));
        json_object_set_new(s->defs, name, object_schema(s, &step_objects[v]));
        json_array_append_new(any, ref(name));
    }
    json_array_append_new(any, json_pack("{s:s, s:{s:{s:s, s:s}}, s:b, s:[s]}", "type", "object",
                                         "properties", INCLUDE_KEY, "type", "string",
                                         "description", include_help,
                                         "additionalProperties", 0, "required", INCLUDE_KEY));
    return json_pack("{s:s, s:i, s:{s:o}}", "type", "array", "minItems", 1, "items", "anyOf", any);
}

/* The loader knows which findings there are, so the editor shall too. */
static json_t *never_schema(struct schema *s)
{
    json_t *name = s->ctx->finding_names ? one_of(s->ctx->finding_names) : ref("text");

    if (s->ctx->finding_names)
        json_array_append_new(json_object_get(name, "enum"), json_string("any"));
    json_object_set_new(s->defs, "finding", name);
    return json_pack("{s:[o, o]}", "anyOf", ref("finding"), list_of(ref("finding")));
}

static json_t *on_schema(struct schema *s)
{
    (void)s;
    return ref("text");
}

static const struct custom {
    const char *object, *key;
    json_t *(*make)(struct schema *s);
} customs[] = {
    { "customer", "knows", knows_schema },
    { "the scenario", "channels", channels_schema },
    { "the scenario", "steps", steps_schema },
    { "a \"say\" step", "replies", replies_schema },
    { "a \"open\" step", "on", on_schema },
    { "a \"click\" step", "on", on_schema },
    { "a \"follow\" step", "on", on_schema },
    { "bar", "never", never_schema },
};

static const struct custom *find_custom(const struct object *o, const struct field *f)
{
    for (size_t i = 0; i < ARRAY_LEN(customs); i++)
        if (!strcmp(customs[i].object, o->name) && !strcmp(customs[i].key, f->name))
            return &customs[i];
    return NULL;
}

static json_t *verb_of_step(const struct field *f)
{
    for (int v = 0; v < VERB_COUNT; v++)
        if (!strcmp(verb_name((enum verb)v), f->name))
            return verb_schema((enum verb)v);
    return json_object();
}

static json_t *value_schema(struct schema *s, const struct field *f)
{
    switch (f->type) {
    case FIELD_TEXT: case FIELD_TEMPLATE: return ref("text");
    case FIELD_REGEX: return ref("pattern");
    case FIELD_DURATION: return ref("duration");
    case FIELD_INT: case FIELD_NUMBER: return number_schema(f);
    case FIELD_BOOL: return json_pack("{s:s}", "type", "boolean");
    case FIELD_CHOICE: return one_of(f->choices);
    case FIELD_TEXTS: return ref("texts");
    case FIELD_PAIRS: return map_of(ref("text"));
    case FIELD_PATTERNS: return ref("patterns");
    case FIELD_OBJECT: return object_schema(s, f->object);
    case FIELD_OBJECTS: return list_of(object_schema(s, f->object));
    case FIELD_MAP: return map_of(object_schema(s, f->object));
    default: return verb_of_step(f);
    }
}

static json_t *default_value(const struct field *f)
{
    if (f->type == FIELD_DURATION && !strcmp(f->fallback, "unknown"))
        return NULL;
    if (f->type == FIELD_INT)
        return json_integer((json_int_t)strtoll(f->fallback, NULL, 10));
    if (f->type == FIELD_NUMBER || f->type == FIELD_BOOL)
        return json_loads(f->fallback, JSON_DECODE_ANY, NULL);
    return json_string(f->fallback);
}

static json_t *field_schema(struct schema *s, const struct object *o, const struct field *f)
{
    const struct custom *custom = find_custom(o, f);
    json_t *j = custom ? custom->make(s) : value_schema(s, f);
    json_t *fallback = f->fallback ? default_value(f) : NULL;

    if (f->help)
        json_object_set_new(j, "description", json_string(f->help));
    if (fallback)
        json_object_set_new(j, "default", fallback);
    return j;
}

static json_t *object_schema(struct schema *s, const struct object *o)
{
    json_t *properties = json_object(), *required = json_array();
    const struct field *brief = NULL;

    for (const struct field *f = o->fields; f->type != FIELD_END; f++) {
        json_object_set_new(properties, f->name, field_schema(s, o, f));
        if (f->flags & FIELD_REQUIRED)
            json_array_append_new(required, json_string(f->name));
        if (f->flags & FIELD_SHORT)
            brief = f;
    }

    json_t *j = json_pack("{s:s, s:o, s:b}", "type", "object", "properties", properties,
                          "additionalProperties", 0);

    if (json_array_size(required))
        json_object_set(j, "required", required);
    json_decref(required);
    if (!brief)
        return j;

    json_t *alone = field_schema(s, o, brief);

    json_object_set_new(alone, "not", json_pack("{s:s}", "type", "object"));
    return json_pack("{s:[o, o]}", "anyOf", j, alone);
}

/* Texts may look like numbers or truth values to an editor; the loader keeps them as written. */
static void add_definitions(json_t *defs)
{
    json_object_set_new(defs, "text", json_pack("{s:[s, s, s]}", "type", "string", "number",
                                                "boolean"));
    json_object_set_new(defs, "texts", json_pack("{s:[o, o]}", "anyOf", ref("text"),
                                                 list_of(ref("text"))));
    json_object_set_new(defs, "pattern", json_pack("{s:s, s:i}", "type", "string",
                                                   "minLength", 1));
    json_object_set_new(defs, "patterns", json_pack("{s:[o, o, o]}", "anyOf", ref("pattern"),
                                                    list_of(ref("pattern")),
                                                    map_of(ref("pattern"))));
    json_object_set_new(defs, "duration", json_pack("{s:s, s:s}", "type", "string", "pattern",
        "^( *([0-9]+\\.?[0-9]*|\\.[0-9]+) *(us|ms|s|m|min|h|d|w))+$"));
}

static int add_bytes(const char *bytes, size_t len, void *buf)
{
    buf_add(buf, bytes, len);
    return 0;
}

void load_schema(const struct load_context *ctx, struct buf *out)
{
    struct schema s = { ctx, json_object() };

    add_definitions(s.defs);

    json_t *body = object_schema(&s, &scenario_object);
    json_t *top = json_pack("{s:s, s:s}", "$schema", "https://json-schema.org/draft/2020-12/schema",
                            "title", "A customer's journey for shopper");

    json_object_update(top, body);
    json_object_set_new(top, "$defs", s.defs);
    json_dump_callback(top, add_bytes, out, JSON_INDENT(2));
    buf_addc(out, '\n');
    json_decref(body);
    json_decref(top);
}
