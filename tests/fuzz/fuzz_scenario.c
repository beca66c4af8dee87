/* Any bytes as a journey file: errors with positions, never a crash; every diag can be rendered. */
#include "harness/load/load.h"
#include "tests/fuzz/fuzz.h"

static const char *no_env(void *context, const char *name)
{
    (void)context;
    (void)name;
    return NULL;
}

static const struct field fields[] = {
    { "url", FIELD_TEMPLATE, 0, 0, "address", NULL, NULL, NULL, 0, 0 }, { 0 },
};
static const struct object settings = { "a channel", sizeof(void *), fields, SIZE_MAX };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = { "dead_end", NULL };
    const struct channel_kind kinds[] = {
        { "form", FAMILY_FORM, &settings, 0 }, { "chat", FAMILY_CHAT, &settings, 0 },
        { "email", FAMILY_EMAIL, &settings, 0 },
    };
    const struct load_env env = { no_env, NULL, SEVERITY_WARNING };
    const struct load_context ctx = { &env, kinds, 3, names };
    struct sources sources = { 0 };
    struct scenario *s = NULL;
    struct diags diags;
    struct buf out = BUF_INIT(1 << 24);
    char *path = fuzz_file(data, size);

    diags_init(&diags);
    if (load_scenario(path, &ctx, &sources, &diags, &s) != ST_OK && !diags.errors)
        __builtin_trap();                        /* a failure that says nothing */
    diags_render(&diags, &out);
    buf_release(&out);
    diags_release(&diags);
    scenario_free(s);
    sources_release(&sources);
    fuzz_done(path);
    return 0;
}
