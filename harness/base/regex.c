#define PCRE2_CODE_UNIT_WIDTH 8
#include "harness/base/regex.h"

#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    MATCH_LIMIT = 200000,         /* steps of one match; a page of text needs some hundreds */
    DEPTH_LIMIT = 2000,
    HEAP_LIMIT_KIB = 4096,
    JIT_STACK_BYTES = 1024 * 1024,   /* at most; "(a|b)*" takes some of it per character */
};

struct regex {
    pcre2_code *code;
    pcre2_match_context *context;
    uint32_t groups;
};

/* One stack per thread for compiled patterns: their own 32 KiB end after a page of text. */
static pcre2_jit_stack *jit_stack(void *unused)
{
    static _Thread_local pcre2_jit_stack *stack;

    (void)unused;
    if (!stack)
        stack = pcre2_jit_stack_create(32 * 1024, JIT_STACK_BYTES, NULL);
    return stack;
}

enum status regex_compile(const char *pattern, unsigned flags, struct regex_error *err,
                          struct regex **ret)
{
    uint32_t options = PCRE2_UTF;
    int code = 0;
    PCRE2_SIZE offset = 0;

    if (flags & REGEX_CASELESS)
        options |= PCRE2_CASELESS;
    if (flags & REGEX_LITERAL) {
        options |= PCRE2_LITERAL;
    } else {
        options |= PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C;
        if (flags & REGEX_DOTALL)
            options |= PCRE2_DOTALL;
        if (flags & REGEX_EXTENDED)
            options |= PCRE2_EXTENDED;
    }

    pcre2_code *c = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED, options, &code,
                                  &offset, NULL);
    if (!c) {
        err->offset = offset;
        if (pcre2_get_error_message(code, (PCRE2_UCHAR *)err->text, sizeof err->text) < 0)
            snprintf(err->text, sizeof err->text, "error %d", code);
        return ST_INVALID;
    }

    struct regex *r = mem_zero(1, sizeof *r);

    r->code = c;
    (void)pcre2_jit_compile(c, PCRE2_JIT_COMPLETE);   /* or else the interpreter does it */
    r->context = pcre2_match_context_create(NULL);
    pcre2_set_match_limit(r->context, MATCH_LIMIT);
    pcre2_set_depth_limit(r->context, DEPTH_LIMIT);
    pcre2_set_heap_limit(r->context, HEAP_LIMIT_KIB);
    pcre2_jit_stack_assign(r->context, jit_stack, NULL);
    pcre2_pattern_info(c, PCRE2_INFO_CAPTURECOUNT, &r->groups);
    *ret = r;
    return ST_OK;
}

void regex_free(struct regex *r)
{
    if (!r)
        return;
    pcre2_match_context_free(r->context);
    pcre2_code_free(r->code);
    free(r);
}

void regex_freep(struct regex **r)
{
    regex_free(*r);
    *r = NULL;
}

/* One block of match data per thread: creating one per match costs more than most matches. */
static pcre2_match_data *match_block(void)
{
    static _Thread_local pcre2_match_data *block;

    if (!block)
        block = pcre2_match_data_create(REGEX_GROUPS, NULL);
    return block;
}

enum status regex_search(const struct regex *r, struct slice subject, size_t from,
                         struct regex_match *m)
{
    if (from > subject.len)
        return ST_NOT_FOUND;

    pcre2_match_data *data = match_block();
    int rc = pcre2_match(r->code, (PCRE2_SPTR)subject.ptr, subject.len, from, 0, data, r->context);

    if (rc == PCRE2_ERROR_MATCHLIMIT || rc == PCRE2_ERROR_DEPTHLIMIT ||
        rc == PCRE2_ERROR_HEAPLIMIT || rc == PCRE2_ERROR_JIT_STACKLIMIT)
        return ST_LIMIT;
    if (rc < 0)
        return ST_NOT_FOUND;
    if (!m)
        return ST_OK;

    const PCRE2_SIZE *v = pcre2_get_ovector_pointer(data);
    uint32_t have = rc == 0 ? REGEX_GROUPS : (uint32_t)rc;

    m->count = r->groups + 1 < REGEX_GROUPS ? r->groups + 1 : REGEX_GROUPS;
    for (uint32_t i = 0; i < REGEX_GROUPS; i++) {
        m->start[i] = i < have ? v[2 * i] : SIZE_MAX;
        m->end[i] = i < have ? v[2 * i + 1] : SIZE_MAX;
    }
    return ST_OK;
}

unsigned regex_groups(const struct regex *r)
{
    return r->groups;
}

int regex_group(const struct regex *r, const char *name)
{
    int n = pcre2_substring_number_from_name(r->code, (PCRE2_SPTR)name);

    return n > 0 ? n : -1;
}
