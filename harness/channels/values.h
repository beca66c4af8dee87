#ifndef CHANNELS_VALUES_H
#define CHANNELS_VALUES_H
/**
 * Values: what each type of field takes for a value (html.spec.whatwg.org, 4.10.5.1 and 2.3).
 */
#include "harness/channels/page.h"

/**
 * The value sanitization algorithm of the control's type: what a browser makes of any text given to
 * it. Unfit dates and numbers become "", unfit colours black, sliders lie within their range.
 * @return in the arena, or `value` itself.
 */
const char *value_sanitized(struct arena *a, const struct control *c, const char *value);

/** Is it a value of that type? True for types that take any text. */
bool value_fits_type(const char *type, const char *value);

/**
 * The value as the number that min, max and step are about: milliseconds, months, or itself.
 * @return false for types without such, and for what is no value of the type.
 */
bool value_number(const char *type, const char *value, double *ret);

/** Is it off the steps the control allows, counted from its min, its default or zero? */
bool value_off_step(const struct control *c, const char *value);

/** Text with the line ends that wrap=hard adds in a browser's own monospaced font. */
const char *value_wrapped(struct arena *a, const char *value, long columns);

#endif
