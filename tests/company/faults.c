#include "tests/company/faults.h"

#include <stdio.h>
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
static const struct manners good_manners = { MS(200), MS(1400), MS(900), "4 seconds", false };

static const struct manners_row {
    enum fault fault;
    struct manners manners;
} manners_rows[] = {
    { FAULT_SILENT, { -1, -1, -1, "4 seconds", false } },
    /* the answer comes when customers no longer wait for a receipt, in the published time */
    { FAULT_NO_ACK, { -1, MS(8000), MS(900), "4 seconds", false } },
    { FAULT_LATE_ACK, { MS(5000), MS(6200), MS(900), "4 seconds", false } },
    { FAULT_BREAK_PROMISE, { MS(200), MS(7000), MS(7000), "4 seconds", false } },
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

/* "3 weeks": in the largest unit that says it without a rest, and no time before it. */
static void make_promise(struct manners *m)
{
    static const struct { int64_t us; const char *name; } units[] = {
        { 7 * 86400 * US_PER_S, "week" }, { 86400 * US_PER_S, "day" }, { 3600 * US_PER_S, "hour" },
        { 60 * US_PER_S, "minute" }, { US_PER_S, "second" },
    };
    size_t u = 0;

    while (u + 1 < ARRAY_LEN(units) && m->answer_us % units[u].us)
        u++;
    int n = (int)((m->answer_us + units[u].us - 1) / units[u].us);
    snprintf(m->promise, sizeof m->promise, "%d %s%s", n, units[u].name, n == 1 ? "" : "s");
}

static void parse_manner(char *word, struct manners *m, struct diags *diags)
{
    struct { const char *name; int64_t *us; } all[] = {
        { "receipt", &m->ack_us }, { "answer", &m->answer_us }, { "reply", &m->reply_us },
    };
    char *value = strchr(word, '=');
    size_t i = 0;

    if (value)
        *value++ = '\0';
    while (i < ARRAY_LEN(all) && strcmp(all[i].name, word) != 0)
        i++;
    if (strcmp(word, "same-words") == 0 && !value)
        m->same_words = true;
    else if (i == ARRAY_LEN(all) || !value)
        diag_error(diags, "manners: expected receipt=TIME, answer=TIME, reply=TIME or same-words, not "
                   "\"%s\"", word);
    else if (strcmp(value, "never") == 0)
        *all[i].us = -1;
    else if (duration_parse(value, all[i].us) != ST_OK)
        diag_error(diags, "manners: \"%s\" is not a duration", value);
    else if (all[i].us == &m->answer_us)
        make_promise(m);
}

enum status manners_parse(const char *text, struct manners *ret, struct diags *diags)
{
    CLEANUP(mem_freep) char *copy = mem_strdup(text);
    size_t before = diags->errors;
    char *rest = copy;

    *ret = good_manners;
    for (char *word; (word = strtok_r(rest, ", ", &rest)); )
        parse_manner(word, ret, diags);
    return diags->errors > before ? ST_INVALID : ST_OK;
}

struct manners faults_manners(const struct faults *f, const struct manners *given)
{
    for (size_t i = 0; i < ARRAY_LEN(manners_rows); i++)
        if (f->on[manners_rows[i].fault])
            return manners_rows[i].manners;
    return *given;
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
