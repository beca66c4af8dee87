#ifndef TESTS_LOAD_KINDS_H
#define TESTS_LOAD_KINDS_H
/* Channel types for the loader's tests: like the real ones, whose tables stand above this room. */
#include <string.h>

#include "harness/load/load.h"

struct form_settings { const struct template *url; };
struct chat_settings { const char *adapter; const struct template *url; int64_t settle; };
struct email_settings { const struct template *to, *smtp, *imap; };

#define KIND_ROW(owner, key, kind, ...) \
    { .name = #key, .type = FIELD_##kind, .offset = offsetof(struct owner, key), __VA_ARGS__ }

static const struct field form_fields[] = {
    KIND_ROW(form_settings, url, TEMPLATE, .flags = FIELD_REQUIRED, .help = "address of the page"),
    { 0 },
};
static const struct field chat_fields[] = {
    KIND_ROW(chat_settings, adapter, TEXT, .fallback = "rest", .help = "the vendor's protocol"),
    KIND_ROW(chat_settings, url, TEMPLATE, .flags = FIELD_REQUIRED, .help = "address of the API"),
    KIND_ROW(chat_settings, settle, DURATION, .fallback = "2s", .help = "quiet that ends a turn"),
    { 0 },
};
static const struct field email_fields[] = {
    KIND_ROW(email_settings, to, TEMPLATE, .flags = FIELD_REQUIRED,
             .help = "the company's address"),
    KIND_ROW(email_settings, smtp, TEMPLATE, .help = "server for sending"),
    KIND_ROW(email_settings, imap, TEMPLATE, .help = "server for reading"),
    { 0 },
};
static const struct object form_object = { "a form channel", sizeof(struct form_settings),
                                           form_fields, SIZE_MAX };
static const struct object chat_object = { "a chat channel", sizeof(struct chat_settings),
                                           chat_fields, SIZE_MAX };
static const struct object email_object = { "an email channel", sizeof(struct email_settings),
                                            email_fields, SIZE_MAX };
static const struct channel_kind kinds[] = {
    { "chat", FAMILY_CHAT, &chat_object, 0 },
    { "email", FAMILY_EMAIL, &email_object, 0 },
    { "form", FAMILY_FORM, &form_object, 0 },
};
static const char *const finding_names[] = {
    "dead_end", "missed_acknowledgement", "repeated_question", "slow_reply", NULL,
};

/* An environment with one variable in it. */
static inline const char *env_get(void *context, const char *name)
{
    (void)context;
    return strcmp(name, "COMPANY_URL") ? NULL : "http://localhost:8080";
}
static const struct load_env env_refusing = { env_get, NULL, SEVERITY_ERROR };
static const struct load_env env_warning = { env_get, NULL, SEVERITY_WARNING };

static inline struct load_context kinds_context(const struct load_env *env)
{
    return (struct load_context){ env, kinds, ARRAY_LEN(kinds), finding_names };
}

#endif
