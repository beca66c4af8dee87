#include "harness/load/yaml_errors.h"

#include <string.h>

#include "harness/base/text.h"
#include "harness/load/yaml_tree.h"

/* Told by a piece of libyaml's text. `at_context`: the context's position is where the slip is. */
static const struct rewording {
    const char *problem;
    bool at_context;
    const char *what, *hint;
} rewordings[] = {
    { "unknown escape character", false, "this escape is unknown in double quotes",
      "write patterns in single quotes: '…'" },
    { "could not find expected ':'", true, "this line is not \"key: value\"",
      "every line of a mapping is a key, a colon, a blank and a value" },
    { "mapping values are not allowed", false, "a \":\" where no key can be",
      "put a text that has \": \" in it in quotes" },
    { "did not find expected key", false, "this does not line up with the lines above",
      "keys of one mapping begin in the same column" },
    { "did not find expected '-' indicator", false, "this does not line up with the list above",
      "items of one list begin with \"- \" in the same column" },
    { "found unexpected end of stream", true, "this quote is never closed", NULL },
    { "found unexpected document indicator", true, "this quote is never closed", NULL },
    { "did not find expected ',' or ']'", true, "this \"[\" is never closed, or a comma is missing",
      NULL },
    { "did not find expected ',' or '}'", true, "this \"{\" is never closed, or a comma is missing",
      NULL },
    { "control characters are not allowed", false, "control characters are not allowed", NULL },
    { "block sequence entries are not allowed", false, "a list cannot begin here",
      "put the \"-\" on a line of its own below the key" },
};

static bool is_tab(const struct source *s, size_t at)
{
    return at < s->len && s->text[at] == '\t';
}

/* YAML reserves these at the beginning of a plain text. */
static bool is_reserved(const struct source *s, size_t at)
{
    return at < s->len && strchr("@`%", s->text[at]);
}

/* Pointing behind the last character helps nobody: show the end of the last line with something. */
static size_t step_back(const struct source *s, size_t at)
{
    if (at < s->len)
        return at;
    at = s->len;
    while (at > 0 && strchr(" \t\r\n", s->text[at - 1]))
        at--;
    return at;
}

/* The line's text up to `at`. */
static struct slice line_before(const struct source *s, size_t at)
{
    size_t start = at;

    while (start > 0 && s->text[start - 1] != '\n')
        start--;
    return (struct slice){ s->text + start, at - start };
}

/* `key: value` below a value, indented further: the line's first colon is the surprise. */
static bool is_first_colon(const struct source *s, size_t at)
{
    struct slice before = line_before(s, at);

    return !memchr(before.ptr, ':', before.len);
}

/* `key: "quoted" and more` */
static bool follows_quote(const struct source *s, size_t at)
{
    struct slice before = text_trim(line_before(s, at));

    return before.len && strchr("\"'", before.ptr[before.len - 1]);
}

void yaml_problem_report(const struct yaml_problem *p, const struct source *source,
                         struct diags *diags)
{
    const char *problem = p->problem ? p->problem : "cannot be read as YAML";
    const char *what = problem, *hint = NULL;
    size_t at = p->at;

    if (strstr(problem, "cannot start any token")) {
        what = "a text cannot begin like this";
        if (is_tab(source, at)) {
            what = "a tab where blanks are needed";
            hint = "indent with blanks";
        } else if (is_reserved(source, at)) {
            hint = "put the text in quotes";
        }
    }
    for (size_t i = 0; i < ARRAY_LEN(rewordings); i++) {
        const struct rewording *r = &rewordings[i];

        if (!strstr(problem, r->problem))
            continue;
        what = r->what;
        hint = r->hint;
        if (r->at_context && p->context)
            at = p->context_at;
        break;
    }
    if (strstr(problem, "mapping values are not allowed") && is_first_colon(source, at)) {
        what = "a key where none can be";
        hint = "is this line, or the one above, indented as it should be?";
    } else if (strstr(problem, "did not find expected key") && follows_quote(source, at)) {
        what = "text behind the closing quote";
        hint = "put all of it in one pair of quotes";
    }
    diag_add(diags, SEVERITY_ERROR, source, source_span(source, step_back(source, at), 1), hint,
             "%s", what);
}

bool yaml_text_check(const struct source *source, struct diags *diags)
{
    if (source->len > TREE_MAX_BYTES) {
        diag_add(diags, SEVERITY_ERROR, source, (struct span){ 0, 0, 0 }, NULL,
                 "the file is too big: over 1 MiB");
        return false;
    }

    struct slice all = { source->text, source->len };

    if (text_is_valid(all))
        return true;
    for (size_t i = 0; i < all.len;) {
        int32_t c;
        size_t used = text_decode(all.ptr + i, all.len - i, &c);

        if (used == 1 && c == 0xFFFD) {
            diag_add(diags, SEVERITY_ERROR, source, source_span(source, i, 1),
                     "save the file as UTF-8", "this is not UTF-8");
            return false;
        }
        i += used;
    }
    return false;
}
