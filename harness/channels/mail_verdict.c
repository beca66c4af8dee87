#include "harness/channels/mail_verdict.h"

#include <string.h>
#include <strings.h>

enum { VERDICT_MAX = 20 };

const char *mail_verdict(struct arena *a, const char *results, const char *method)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    size_t len = strlen(method), n;

    for (const char *p = strchr(results, ';'); p; p = strchr(p + 1, ';')) {
        const char *word = p + 1 + strspn(p + 1, " \t\r\n");
        char *lower;

        if (strncasecmp(word, method, len) || word[len] != '=')
            continue;
        word += len + 1;
        n = strspn(word, letters);
        lower = arena_strndup(a, word, n < VERDICT_MAX ? n : VERDICT_MAX);
        for (char *c = lower; *c; c++)
            *c = (char)(*c | 0x20);
        return lower;
    }
    return "";
}
