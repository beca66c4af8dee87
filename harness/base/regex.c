#define PCRE2_CODE_UNIT_WIDTH 8
#include "harness/base/regex.h"

#include <pcre2.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    MATCH_LIMIT = 200000,         /* steps of one match; a page of text needs some hundreds */
    DEPTH_LIMIT = 2000,
    HEAP_LIMIT_KIB = 4096,
    JIT_STACK_BYTES = 1024 * 1024,   /* at most; "(a|b)*" takes some of it per character */
};

enum jit { JIT_NOT_YET, JIT_READY, JIT_NONE };

struct regex {
    pcre2_code *code;
    pcre2_match_context *context;
    uint32_t groups;
    _Atomic(enum jit) jit;
};

/* Making machine code changes the pattern: one thread at a time, before anybody matches with it. */
static pthread_mutex_t jit_lock = PTHREAD_MUTEX_INITIALIZER;

static enum jit jit_of(struct regex *r)
{
    enum jit have = atomic_load_explicit(&r->jit, memory_order_acquire);

    if (have != JIT_NOT_YET)
        return have;
    pthread_mutex_lock(&jit_lock);
    have = atomic_load_explicit(&r->jit, memory_order_relaxed);
    if (have == JIT_NOT_YET) {
        have = pcre2_jit_compile(r->code, PCRE2_JIT_COMPLETE) ? JIT_NONE : JIT_READY;
        atomic_store_explicit(&r->jit, have, memory_order_release);
    }
    pthread_mutex_unlock(&jit_lock);
    return have;
}

/* Per thread: a stack for machine code, whose own 32 KiB end after a page of text, and a block for
 * results, since creating one per match costs more than most matches. */
static _Thread_local struct {
    pcre2_jit_stack *stack;
    pcre2_match_data *block;
} mine;

static pcre2_jit_stack *jit_stack(void *unused)
{
    (void)unused;
    if (!mine.stack)
        mine.stack = pcre2_jit_stack_create(32 * 1024, JIT_STACK_BYTES, NULL);
    return mine.stack;
}

static pcre2_match_data *match_block(void)
{
    if (!mine.block)
        mine.block = pcre2_match_data_create(REGEX_GROUPS, NULL);
    return mine.block;
}

void regex_thread_ends(void)
{
    pcre2_jit_stack_free(mine.stack);
    pcre2_match_data_free(mine.block);
    mine.stack = NULL;
    mine.block = NULL;
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

static enum status outcome(const struct regex *r, int rc, struct regex_match *m)
{
    if (rc == PCRE2_ERROR_MATCHLIMIT || rc == PCRE2_ERROR_DEPTHLIMIT ||
        rc == PCRE2_ERROR_HEAPLIMIT || rc == PCRE2_ERROR_JIT_STACKLIMIT)
        return ST_LIMIT;
    if (rc < 0)
        return ST_NOT_FOUND;
    if (!m)
        return ST_OK;

    const PCRE2_SIZE *v = pcre2_get_ovector_pointer(match_block());
    uint32_t have = rc == 0 ? REGEX_GROUPS : (uint32_t)rc;

    m->count = r->groups + 1 < REGEX_GROUPS ? r->groups + 1 : REGEX_GROUPS;
    for (uint32_t i = 0; i < REGEX_GROUPS; i++) {
        m->start[i] = i < have ? v[2 * i] : SIZE_MAX;
        m->end[i] = i < have ? v[2 * i + 1] : SIZE_MAX;
    }
    return ST_OK;
}

/* A pattern is const to the threads that share it; how it is run is its own affair. */
static enum jit jit(const struct regex *r)
{
    return jit_of((struct regex *)r);
}

enum status regex_search(const struct regex *r, struct slice subject, size_t from,
                         struct regex_match *m)
{
    if (from > subject.len)
        return ST_NOT_FOUND;
    (void)jit(r);
    return outcome(r, pcre2_match(r->code, (PCRE2_SPTR)subject.ptr, subject.len, from, 0,
                                  match_block(), r->context), m);
}

enum status regex_search_valid(const struct regex *r, struct slice subject, size_t from,
                               struct regex_match *m)
{
    PCRE2_SPTR text = (PCRE2_SPTR)subject.ptr;

    if (from > subject.len)
        return ST_NOT_FOUND;
    return outcome(r, jit(r) == JIT_READY
                          ? pcre2_jit_match(r->code, text, subject.len, from, 0, match_block(),
                                            r->context)
                          : pcre2_match(r->code, text, subject.len, from, PCRE2_NO_UTF_CHECK,
                                        match_block(), r->context), m);
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
