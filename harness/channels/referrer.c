#include "harness/channels/referrer.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "harness/base/text.h"
#include "harness/channels/http.h"

/* What is said: of one's own origin, of another, and of a plain one from a safe page. */
enum says { NOTHING, ORIGIN, WHOLE };

static const struct policy_row {
    const char *name;
    enum says same, other, downgrade;
} policy_rows[] = {
    [REFERRER_DEFAULT] = { "strict-origin-when-cross-origin", WHOLE, ORIGIN, NOTHING },
    [REFERRER_NONE] = { "no-referrer", NOTHING, NOTHING, NOTHING },
    [REFERRER_NO_DOWNGRADE] = { "no-referrer-when-downgrade", WHOLE, WHOLE, NOTHING },
    [REFERRER_SAME_ORIGIN] = { "same-origin", WHOLE, NOTHING, NOTHING },
    [REFERRER_ORIGIN] = { "origin", ORIGIN, ORIGIN, ORIGIN },
    [REFERRER_STRICT_ORIGIN] = { "strict-origin", ORIGIN, ORIGIN, NOTHING },
    [REFERRER_ORIGIN_CROSS] = { "origin-when-cross-origin", WHOLE, ORIGIN, ORIGIN },
    [REFERRER_UNSAFE_URL] = { "unsafe-url", WHOLE, WHOLE, WHOLE },
};

/* Older names, of meta elements only; no header uses them. */
static const struct { const char *name; enum referrer_policy policy; } old_names[] = {
    { "never", REFERRER_NONE }, { "default", REFERRER_DEFAULT },
    { "always", REFERRER_UNSAFE_URL }, { "origin-when-crossorigin", REFERRER_ORIGIN_CROSS },
};

static bool is_named(struct slice s, const char *name)
{
    return s.len == strlen(name) && !strncasecmp(s.ptr, name, s.len);
}

enum referrer_policy referrer_policy_of(const char *list, enum referrer_policy otherwise)
{
    while (list && *list) {
        size_t len = strcspn(list, ",");
        struct slice one = text_trim((struct slice){ list, len });

        for (size_t i = 0; i < ARRAY_LEN(policy_rows); i++)
            if (is_named(one, policy_rows[i].name))
                otherwise = (enum referrer_policy)i;
        for (size_t i = 0; i < ARRAY_LEN(old_names); i++)
            if (is_named(one, old_names[i].name))
                otherwise = old_names[i].policy;
        list += len + (list[len] == ',');
    }
    return otherwise;
}

static bool has_word(const char *list, const char *word)
{
    while (list && *list) {
        size_t len = strcspn(list, " \t\n\f\r");

        if (is_named((struct slice){ list, len }, word))
            return true;
        list += len + (list[len] != '\0');
    }
    return false;
}

enum referrer_policy referrer_policy_for(const char *rel, const char *attribute,
                                         enum referrer_policy of_page)
{
    if (has_word(rel, "noreferrer"))
        return REFERRER_NONE;
    return referrer_policy_of(attribute, of_page);
}

static char *get_part(CURLU *u, CURLUPart part)
{
    char *got = NULL, *copy;

    if (curl_url_get(u, part, &got, 0))
        return NULL;
    copy = mem_strdup(got);
    curl_free(got);
    return copy;
}

/** Without user, password and fragment; `origin_only` leaves "scheme://host:port/". */
static char *stripped(const char *url, bool origin_only)
{
    CURLU *u = curl_url();
    char *result = NULL;

    if (u && !curl_url_set(u, CURLUPART_URL, url, CURLU_URLENCODE)) {
        curl_url_set(u, CURLUPART_USER, NULL, 0);
        curl_url_set(u, CURLUPART_PASSWORD, NULL, 0);
        curl_url_set(u, CURLUPART_FRAGMENT, NULL, 0);
        if (origin_only) {
            curl_url_set(u, CURLUPART_PATH, NULL, 0);
            curl_url_set(u, CURLUPART_QUERY, NULL, 0);
        }
        result = get_part(u, CURLUPART_URL);
    }
    curl_url_cleanup(u);
    return result;
}

static enum says says_of(const char *page, const char *url, enum referrer_policy policy)
{
    const struct policy_row *row = &policy_rows[policy];

    if (text_starts_with(page, "https:") && !text_starts_with(url, "https:"))
        return row->downgrade;
    return http_same_origin(page, url) ? row->same : row->other;
}

char *referrer_value(const char *page, const char *url, enum referrer_policy policy)
{
    enum says says = says_of(page, url, policy);

    return says == NOTHING ? NULL : stripped(page, says == ORIGIN);
}

char *referrer_origin(const char *page, const char *url, enum referrer_policy policy)
{
    char *origin = stripped(page, true);
    size_t len = origin ? strlen(origin) : 0;

    if (!origin || says_of(page, url, policy) == NOTHING) {
        free(origin);
        return mem_strdup("null");
    }
    if (len && origin[len - 1] == '/')
        origin[len - 1] = '\0';
    return origin;
}
