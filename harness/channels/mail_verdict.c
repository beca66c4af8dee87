#include "harness/channels/mail_verdict.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

enum { VERDICT_MAX = 20 };

static const char LETTERS[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

/* Past blanks and comments, which nest; what the sender chose may stand in them. */
static const char *skip_comments(const char *p)
{
    unsigned depth = 0;

    for (; *p && (depth || *p == '(' || strchr(" \t\r\n", *p)); p++) {
        if (*p == '\\' && depth && p[1])
            p++;
        else if (*p == '(')
            depth++;
        else if (*p == ')')
            depth--;
    }
    return p;
}

/* The next ';' that is in no comment and no quoted string; NULL none. */
static const char *next_result(const char *p)
{
    bool quoted = false;

    for (p = skip_comments(p); *p && (quoted || *p != ';');) {
        if (*p == '\\' && quoted && p[1])
            p++;
        else if (*p == '"')
            quoted = !quoted;
        p = quoted ? p + 1 : skip_comments(p + 1);
    }
    return *p ? p : NULL;
}

/* "dkim=pass", "dkim/1 = pass": what stands behind the "="; NULL: another method. */
static const char *result_of(const char *p, const char *method)
{
    size_t len = strlen(method);

    p = skip_comments(p);
    if (strncasecmp(p, method, len))
        return NULL;
    p = skip_comments(p + len);
    if (*p == '/') {
        p = skip_comments(p + 1);
        p = skip_comments(p + strspn(p, "0123456789"));
    }
    return *p == '=' ? skip_comments(p + 1) : NULL;
}

const char *mail_verdict(struct arena *a, const char *results, const char *method)
{
    bool several = !strcmp(method, "dkim");      /* signatures; one that holds is enough */
    char *found = NULL;

    for (const char *p = next_result(results); p; p = next_result(p + 1)) {
        const char *word = result_of(p + 1, method);
        size_t n = word ? strspn(word, LETTERS) : 0;
        bool pass = several && n == 4 && !strncasecmp(word, "pass", n);

        if (!n || (found && !pass))
            continue;
        found = arena_strndup(a, word, n < VERDICT_MAX ? n : VERDICT_MAX);
        for (char *c = found; *c; c++)
            *c = (char)(*c | 0x20);
        if (pass)
            break;
    }
    return found ? found : "";
}
