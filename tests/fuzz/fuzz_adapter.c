/* Any bytes as a chat service's answer, or a piece of one, for every adapter that is shipped; and as
 * a callback's signature. Plain paths only: a jq program runs in a child, which has its own limits. */
#include <dirent.h>
#include <string.h>

#include "harness/base/text.h"
#include "harness/channels/chat_signature.h"
#include "harness/channels/chat_wire.h"
#include "harness/load/load.h"
#include "tests/fuzz/fuzz.h"

enum { ADAPTERS_MAX = 64, MESSAGES_MAX = 1 << 20 };

static struct adapter adapters[ADAPTERS_MAX];
static size_t adapter_count;
static struct arena *arena;       /* theirs; lives as long as the program */

static void without_programs(struct texts *list)
{
    size_t kept = 0;

    for (size_t i = 0; i < list->count; i++)
        if (!jq_program(list->items[i]))
            list->items[kept++] = list->items[i];
    list->count = kept;
}

static void load_adapters(void)
{
    static struct regex_list regexes;
    static struct sources sources;
    struct diags diags;
    DIR *dir = opendir("scenarios/adapters");

    arena = arena_new();
    diags_init(&diags);
    for (struct dirent *e; dir && (e = readdir(dir));) {
        size_t len = strlen(e->d_name);

        if (len < 5 || strcmp(e->d_name + len - 5, ".yaml") || adapter_count == ADAPTERS_MAX)
            continue;
        if (load_object_file(arena_printf(arena, "scenarios/adapters/%s", e->d_name), &adapter_object, arena,
                             &regexes, &sources, &diags, &adapters[adapter_count]) != ST_OK)
            abort();
        without_programs(&adapters[adapter_count++].messages.also);
    }
    if (!adapter_count)
        abort();                  /* run it from the top of the checkout */
    closedir(dir);
    diags_release(&diags);
}

static void on_message(void *context, const struct wire_message *m)
{
    size_t *count = context;

    ++*count;
    if (m->text && (!text_is_valid(slice_str(m->text)) || strlen(m->text) > WIRE_MESSAGE_MAX))
        __builtin_trap();
}

static const char *header_of(const void *context, const char *name)
{
    (void)name;
    return context;
}

static void read_all(const struct adapter *a, struct slice bytes)
{
    struct buf why = BUF_INIT(4096), words = BUF_INIT(WIRE_MESSAGE_MAX);
    const struct wire_blanks blanks = { .conversation = "c-1", .session = "s-1" };
    struct chat_vars vars = { 0 };
    struct jq_filters *filters = NULL;
    size_t count = 0;
    struct wire_reader r = { a, &blanks, &vars, on_message, &count, &filters };
    struct wire_answer answer;
    bool last = false;

    chat_vars_know_saved(&vars, a);
    if (wire_read(&r, bytes, &answer, &why) == ST_OK)
        free(answer.session);
    else if (!why.len)
        __builtin_trap();         /* a failure that says nothing */
    buf_clear(&why);
    if (!wire_read_piece(a, bytes, &filters, &words, &last, &why) && !why.len)
        __builtin_trap();
    for (size_t i = 0; i < vars.count; i++)
        if (vars.items[i].value && strlen(vars.items[i].value) > CHAT_VAR_MAX)
            __builtin_trap();
    jq_filters_free(filters);
    chat_vars_release(&vars);
    buf_release(&why);
    buf_release(&words);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct adapter *a;
    struct slice bytes;
    char *text;

    if (!adapter_count)
        load_adapters();
    if (size < 1)
        return 0;
    a = &adapters[data[0] % adapter_count];
    bytes = (struct slice){ (const char *)data + 1, size - 1 };
    read_all(a, bytes);
    text = mem_strndup(bytes.ptr, bytes.len);
    signature_check(&a->webhook.signature, "whsec_c2l4dGVlbg==",
                    &(struct signed_call){ bytes, header_of, text }, 1700000000);
    free(text);
    return 0;
}
