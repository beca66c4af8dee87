/* Which words stand in a jq program: those that would reach beyond the answer are refused. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/mem.h"
#include "harness/channels/jq_filter.h"

static const char *const refused[] = {
    "env", "$ENV", "$__prog_args", "input", "inputs", "input_filename", "input_line_number",
    "import", "include", "modulemeta", "get_search_list", "debug", "stderr", "halt", "halt_error",
};

static bool in_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

static bool is_refused(const char *word, size_t len)
{
    for (size_t i = 0; i < ARRAY_LEN(refused); i++)
        if (strlen(refused[i]) == len && !memcmp(refused[i], word, len))
            return true;
    return false;
}

/* `.env` and `{env: 1}` are names of members. */
static bool is_member(const char *begin, const char *word, size_t len)
{
    const char *after = word + len;

    if (word > begin && word[-1] == '.')
        return true;
    after += strspn(after, " \t\n");
    return *word != '$' && *after == ':' && after[1] != ':';
}

/** @return behind the string; *word is set when something refused stands in a \(...) of it. */
static const char *skip_string(const char *p, char **word);

static const char *scan(const char *begin, const char *p, bool inside, char **word)
{
    int depth = 0;

    while (*p && !*word) {
        size_t len = 0;

        if (*p == '"') {
            p = skip_string(p + 1, word);
            continue;
        }
        if (*p == '#') {
            p += strcspn(p, "\n");
            continue;
        }
        if (inside && *p == ')' && depth-- == 0)
            return p + 1;
        depth += *p == '(';
        if (*p == '$' || in_word(*p))
            for (len = 1; in_word(p[len]); len++)
                ;
        if (len && is_refused(p, len) && !is_member(begin, p, len))
            *word = mem_strndup(p, len);
        p += len ? len : 1;
    }
    return p;
}

static const char *skip_string(const char *p, char **word)
{
    while (*p && *p != '"' && !*word) {
        if (*p == '\\' && p[1] == '(')
            p = scan(p + 2, p + 2, true, word);
        else
            p += *p == '\\' && p[1] ? 2 : 1;
    }
    return *p ? p + 1 : p;
}

char *jq_refused_word(const char *program)
{
    char *word = NULL;

    scan(program, program, false, &word);
    return word;
}
