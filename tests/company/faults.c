#include "tests/company/faults.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/duration.h"

#define MS(n) ((n) * US_PER_MS)

static const struct fault_row {
    const char *name, *help;
} rows[FAULT_COUNT] = {
#define X(id, name, help) [FAULT_##id] = { name, help },
    FAULT_LIST(X)
#undef X
};

static const char *const names[FAULT_COUNT] = {
#define X(id, name, help) [FAULT_##id] = name,
    FAULT_LIST(X)
#undef X
};

/* The company promises 4 seconds and publishes 3 s for the receipt, 10 s for the answer. */
static const struct manners good_manners = { MS(200), MS(1400), MS(900) };

static const struct manners_row {
    enum fault fault;
    struct manners manners;
} manners_rows[] = {
    { FAULT_SILENT, { -1, -1, -1 } },
    /* the answer comes when customers no longer wait for a receipt, in the published time */
    { FAULT_NO_ACK, { -1, MS(8000), MS(900) } },
    { FAULT_LATE_ACK, { MS(5000), MS(6200), MS(900) } },
    { FAULT_BREAK_PROMISE, { MS(200), MS(7000), MS(7000) } },
};

static int fault_find(const char *name)
{
    for (int i = 0; i < FAULT_COUNT; i++)
        if (strcmp(names[i], name) == 0)
            return i;
    return -1;
}

static void parse_slow(const char *value, struct faults *f, struct diags *diags)
{
    if (!value)
        diag_error(diags, "fault \"slow\" needs a duration: slow=3s");
    else if (duration_parse(value, &f->slow_us) != ST_OK)
        diag_error(diags, "fault \"slow\": \"%s\" is not a duration", value);
}

static void parse_one(char *word, struct faults *f, struct diags *diags)
{
    char *value = strchr(word, '=');

    if (value)
        *value++ = '\0';
    int which = fault_find(word);
    if (which < 0) {
        const char *near = suggest(word, names, FAULT_COUNT);
        char *hint = near ? mem_printf("did you mean \"%s\"?", near) : NULL;

        diag_add(diags, SEVERITY_ERROR, NULL, (struct span){ 0 }, hint,
                 "unknown fault \"%s\"", word);
        free(hint);
        return;
    }
    f->on[which] = true;
    if (which == FAULT_SLOW)
        parse_slow(value, f, diags);
    else if (value)
        diag_error(diags, "fault \"%s\" takes no value", word);
}

enum status faults_parse(const char *text, struct faults *f, struct diags *diags)
{
    CLEANUP(mem_freep) char *copy = mem_strdup(text);
    size_t before = diags->errors;
    char *rest = copy;

    *f = (struct faults){ 0 };
    if (strcmp(text, "none") == 0)
        return ST_OK;
    for (char *word; (word = strtok_r(rest, ", ", &rest)); )
        parse_one(word, f, diags);
    return diags->errors > before ? ST_INVALID : ST_OK;
}

struct manners faults_manners(const struct faults *f)
{
    for (size_t i = 0; i < ARRAY_LEN(manners_rows); i++)
        if (f->on[manners_rows[i].fault])
            return manners_rows[i].manners;
    return good_manners;
}

bool fault_on(const struct faults *f, enum fault which)
{
    return f->on[which];
}

void faults_list(struct buf *out)
{
    for (int i = 0; i < FAULT_COUNT; i++)
        buf_addf(out, "%-20s  %s\n", rows[i].name, rows[i].help);
}
