#ifndef CHANNELS_JS_PATTERN_H
#define CHANNELS_JS_PATTERN_H
/**
 * Js pattern: what a form's `pattern` says to a browser, for PCRE2.
 *
 * Browsers compile it with the flag v (html.spec.whatwg.org, "compiled pattern regular expression";
 * tc39.es/ecma262, 22.2.1), which knows no superfluous escapes, and no loose "-", "(", "{", "/", "|"
 * in a class: [0-9()+-] is no pattern at all, and then every value passes. \d and \w are ASCII there.
 */
#include "harness/base/buf.h"

/** @return false: a browser ignores it, or nobody here can say what it means: every value passes. */
bool js_pattern(const char *pattern, struct buf *out);

#endif
