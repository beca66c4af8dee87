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

/* Machine code costs as much as many matches on a sentence, and most patterns never see so many. A
 * long text gets it at once: without, the limits above would come much earlier. */
enum { TEXT_OF_ONE_TRY = 64, TRIES_BEFORE_MACHINE_CODE = 12 };

enum state { NOT_COMPILED, COMPILED, WITH_MACHINE_CODE, NO_MACHINE_CODE };

struct regex {
    pcre2_code *code;             /* NULL: not yet, or it does not compile */
    pcre2_code *fast;             /* a copy with machine code: others may be matching with `code` */
    const char *pattern;          /* until it is compiled; borrowed */
    unsigned flags;
    uint32_t groups;
    _Atomic(enum state) state;
    _Atomic(uint32_t) tries;
};

/* One thread at a time makes something, before anybody matches with it. */
static pthread_mutex_t compile_lock = PTHREAD_MUTEX_INITIALIZER;

static pcre2_code *compiled(const char *pattern, unsigned flags, struct regex_error *err)
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
    }
    return c;
}

static void use_code(struct regex *r, pcre2_code *code)
{
    r->code = code;
    if (code)
        pcre2_pattern_info(code, PCRE2_INFO_CAPTURECOUNT, &r->groups);
}

/* One step nearer to machine code, whoever of several threads comes first. */
static enum state next_state(struct regex *r, enum state seen)
{
    struct regex_error err;

    pthread_mutex_lock(&compile_lock);

    enum state state = atomic_load_explicit(&r->state, memory_order_relaxed);

    if (state == seen && seen == NOT_COMPILED) {
        use_code(r, compiled(r->pattern, r->flags, &err));
        state = r->code ? COMPILED : NO_MACHINE_CODE;
    } else if (state == seen) {
        r->fast = pcre2_code_copy(r->code);
        state = !r->fast || pcre2_jit_compile(r->fast, PCRE2_JIT_COMPLETE) ? NO_MACHINE_CODE
                                                                           : WITH_MACHINE_CODE;
    }
    atomic_store_explicit(&r->state, state, memory_order_release);
    pthread_mutex_unlock(&compile_lock);
    return state;
}

/* A pattern is const to the threads that share it; how it is run is its own affair. */
static enum state compile_now(const struct regex *r)
{
    enum state state = atomic_load_explicit(&((struct regex *)r)->state, memory_order_acquire);

    return state == NOT_COMPILED ? next_state((struct regex *)r, state) : state;
}

/* Compiled, and for one that is used often: as machine code. */
static enum state ready(const struct regex *r, size_t len)
{
    struct regex *mine = (struct regex *)r;
    enum state state = compile_now(r);

    if (state != COMPILED)
        return state;

    size_t tries = 1 + len / TEXT_OF_ONE_TRY;

    if (tries < TRIES_BEFORE_MACHINE_CODE)
        tries += atomic_fetch_add_explicit(&mine->tries, (uint32_t)tries, memory_order_relaxed);
    return tries < TRIES_BEFORE_MACHINE_CODE ? state : next_state(mine, state);
}

/* Per thread: a stack for machine code, whose own 32 KiB end after a page of text, and a block for
 * results, since creating one per match costs more than most matches. */
static _Thread_local struct {
    pcre2_jit_stack *stack;
    pcre2_match_data *block;
    pcre2_match_context *limits;
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

static pcre2_match_context *limits(void)
{
    if (mine.limits)
        return mine.limits;
    mine.limits = pcre2_match_context_create(NULL);
    pcre2_set_match_limit(mine.limits, MATCH_LIMIT);
    pcre2_set_depth_limit(mine.limits, DEPTH_LIMIT);
    pcre2_set_heap_limit(mine.limits, HEAP_LIMIT_KIB);
    pcre2_jit_stack_assign(mine.limits, jit_stack, NULL);
    return mine.limits;
}

void regex_thread_ends(void)
{
    pcre2_jit_stack_free(mine.stack);
    pcre2_match_data_free(mine.block);
    pcre2_match_context_free(mine.limits);
    mine.stack = NULL;
    mine.block = NULL;
    mine.limits = NULL;
}

enum status regex_compile(const char *pattern, unsigned flags, struct regex_error *err,
                          struct regex **ret)
{
    pcre2_code *code = compiled(pattern, flags, err);

    if (!code)
        return ST_INVALID;
    *ret = mem_zero(1, sizeof **ret);
    use_code(*ret, code);
    (*ret)->state = COMPILED;
    return ST_OK;
}

struct regex *regex_later(const char *pattern, unsigned flags)
{
    struct regex *r = mem_zero(1, sizeof *r);

    r->pattern = pattern;
    r->flags = flags;
    return r;
}

void regex_free(struct regex *r)
{
    if (!r)
        return;
    pcre2_code_free(r->fast);
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

enum status regex_search(const struct regex *r, struct slice subject, size_t from,
                         struct regex_match *m)
{
    if (from > subject.len)
        return ST_NOT_FOUND;

    const pcre2_code *code = ready(r, subject.len) == WITH_MACHINE_CODE ? r->fast : r->code;

    if (!code)
        return ST_NOT_FOUND;
    return outcome(r, pcre2_match(code, (PCRE2_SPTR)subject.ptr, subject.len, from, 0,
                                  match_block(), limits()), m);
}

enum status regex_search_valid(const struct regex *r, struct slice subject, size_t from,
                               struct regex_match *m)
{
    PCRE2_SPTR text = (PCRE2_SPTR)subject.ptr;

    if (from > subject.len)
        return ST_NOT_FOUND;
    if (ready(r, subject.len) == WITH_MACHINE_CODE)
        return outcome(r, pcre2_jit_match(r->fast, text, subject.len, from, 0, match_block(),
                                          limits()), m);
    if (!r->code)
        return ST_NOT_FOUND;
    return outcome(r, pcre2_match(r->code, text, subject.len, from, PCRE2_NO_UTF_CHECK,
                                  match_block(), limits()), m);
}

unsigned regex_groups(const struct regex *r)
{
    compile_now(r);
    return r->groups;
}

int regex_group(const struct regex *r, const char *name)
{
    compile_now(r);

    int n = r->code ? pcre2_substring_number_from_name(r->code, (PCRE2_SPTR)name) : 0;

    return n > 0 ? n : -1;
}
