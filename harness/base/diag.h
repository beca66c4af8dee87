#ifndef BASE_DIAG_H
#define BASE_DIAG_H
/**
 * Diagnostics: what is wrong with what somebody wrote, where, and how to mend it.
 *
 * Shape   a source is a named text with a line index; a span is 1-based, in characters, end_col
 *         excluded; line 0 means "no position".
 * Output  scenario.yaml:12:12: error: unknown channel "emial"
 *            12 |   channel: emial
 *               |            ^^^^^ did you mean "email"?
 */
#include <stdint.h>

#include "harness/base/buf.h"

struct span {
    uint32_t line, col, end_col;
};

enum severity { SEVERITY_NOTE, SEVERITY_WARNING, SEVERITY_ERROR };

struct source {
    char *name, *text;
    size_t len;
    uint32_t *starts;             /* byte offset of each line */
    uint32_t lines;
};

/** Copies both. Caller frees with source_free. */
struct source *source_new(const char *name, struct slice text);
void source_free(struct source *s);
struct slice source_line(const struct source *s, uint32_t line);   /* without its line end */
/** Span of `len` bytes at a byte offset (for regex errors and templates inside a scalar). */
struct span source_span(const struct source *s, size_t offset, size_t len);

struct diag {
    enum severity severity;
    const struct source *source;  /* borrowed; NULL = no position. Must outlive the diags */
    struct span at;
    const char *what, *hint;      /* owned by the diags' arena; hint may be NULL */
};

struct diags {
    struct arena *arena;
    struct diag *items;
    size_t count, cap;
    size_t errors;                /* of `count`, those that are errors */
};

void diags_init(struct diags *d);
void diags_release(struct diags *d);

/**
 * Add one. `source` may be NULL, `hint` may be NULL.
 * Text in `fmt` is one line, without a final full stop.
 */
void diag_add(struct diags *d, enum severity severity, const struct source *source,
              struct span at, const char *hint, const char *fmt, ...) PRINTF_LIKE(6, 7);
/** An error without a position. */
void diag_error(struct diags *d, const char *fmt, ...) PRINTF_LIKE(2, 3);

/** Sorts by source and position (stable), as a reader wants them. */
void diags_sort(struct diags *d);
void diag_render(const struct diag *d, struct buf *out);
void diags_render(const struct diags *d, struct buf *out);

/**
 * "did you mean": the best of `count` names for what was typed, or NULL when none is near.
 * Near: Damerau-Levenshtein distance of at most a third of the length, or a shared long prefix.
 */
const char *suggest(const char *typed, const char *const *names, size_t count);

/** "did you mean …?", else "one of: …" when they are few, else NULL. Ends up in the arena. */
const char *names_hint(struct arena *a, const char *typed, const char *const *names, size_t count);

/** "form, chat, email", in the arena. */
const char *names_list(struct arena *a, const char *const *names, size_t count);

#endif
