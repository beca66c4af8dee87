#ifndef LOAD_SCENARIO_FIELDS_H
#define LOAD_SCENARIO_FIELDS_H
/**
 * Scenario fields: the keys of a scenario, one table per object. The loader reads by them, messages
 * list them, the JSON Schema is made from them.
 *
 * FIELD_CUSTOM rows are read by load_scenario.c and steps.c: customer.knows, channels, steps, the
 * verbs' own keys, replies.
 */
#include "harness/model/scenario.h"

extern const struct object scenario_object;               /* struct scenario */
extern const struct object step_objects[VERB_COUNT];      /* struct step; one per verb */
extern const struct object reply_object;                  /* struct reply_rule */

/** What stands in a channel beside its settings. */
extern const char *const channel_keys[];                  /* "type"; ends with NULL */
extern const char channel_type_help[];

/** The key that takes steps from another file. */
#define INCLUDE_KEY "include"
extern const char include_help[];

/** Every verb's name, in the order of enum verb, then NULL. */
void verb_names(const char *names[VERB_COUNT + 1]);

#endif
