#include "harness/channels/reading.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "harness/base/text.h"
#include "harness/channels/page_memory.h"

/* The worst pages of that size take some milliseconds, and most are smaller. */
enum { AT_ONCE_MAX = 16 * 1024 };

struct reading {
    struct work *work;
    struct page_memory **memory;  /* of the loop */
    const struct lexicons *packs;
    reading_fn *fn;
    void *context;
    struct reading **under_way;
    struct arena *arena;          /* of the answer's strings */
    struct http_answer answer;
    struct buf body;
    struct reading_result result;
};

static bool is_html(const char *type)
{
    return !type || !strncasecmp(type, "text/html", 9) ||
           !strncasecmp(type, "application/xhtml+xml", 21);
}

static bool is_words(const char *type)
{
    return !strncasecmp(type, "text/", 5) || !strncasecmp(type, "application/json", 16);
}

/** All that takes long. @param known  the page, if somebody has read it before. */
static void read_answer(const struct lexicons *packs, const struct http_answer *a,
                        struct page *known, struct reading_result *r)
{
    *r = (struct reading_result){ .text = BUF_INIT(PAGE_TEXT_MAX) };
    if (a->fault != HTTP_ANSWERED)
        return;
    if (is_html(a->content_type)) {
        r->page = known ? known : page_parse(packs, a->url, a->content_type, a->body);
        page_text(r->page, &r->text);
    } else if (is_words(a->content_type)) {
        text_add_clean(&r->text, a->body);
    }
}

/** On the loop: what was read now is known to the next customer. */
static void hand_over(struct page_memory **memory, const struct http_answer *a, bool known,
                      struct reading_result *r)
{
    if (!r->page)
        return;
    if (!known)
        r->page = page_keep(memory, r->page, a->content_type, a->body);
    page_headers(r->page, a->referrer_policy, a->refresh);
}

/* On a thread */

static void release(struct reading *r)
{
    buf_release(&r->body);
    buf_release(&r->result.text);
    arena_free(r->arena);
    free(r);
}

static void on_thread(void *context)
{
    struct reading *r = context;

    read_answer(r->packs, &r->answer, NULL, &r->result);
}

static void on_read(void *context)
{
    struct reading *r = context;

    *r->under_way = NULL;
    hand_over(r->memory, &r->answer, false, &r->result);
    r->fn(r->context, &r->answer, &r->result);
    release(r);
}

static void drop(void *context)
{
    struct reading *r = context;

    page_free(r->result.page);
    release(r);
}

/** The body changes hands. */
static struct reading *taken(const struct http_answer *a)
{
    struct reading *r = mem_zero(1, sizeof(*r));

    r->arena = arena_new();
    r->answer = *a;
    r->answer.why = arena_strdup(r->arena, a->why);
    r->answer.method = arena_strdup(r->arena, a->method);
    r->answer.url = arena_strdup(r->arena, a->url);
    r->answer.content_type = arena_strdup(r->arena, a->content_type);
    r->answer.referrer_policy = arena_strdup(r->arena, a->referrer_policy);
    r->answer.refresh = arena_strdup(r->arena, a->refresh);
    r->body = *a->own;
    buf_init(a->own, 0);
    r->answer.body = buf_slice(&r->body);
    r->answer.own = &r->body;
    return r;
}

void reading_start(struct channel_world *w, const struct http_answer *a, reading_fn *fn,
                   void *context, struct reading **under_way)
{
    struct page *known = a->fault == HTTP_ANSWERED && is_html(a->content_type)
                             ? page_recall(w->pages, a->url, a->content_type, a->body) : NULL;
    struct reading *r;

    if (a->fault != HTTP_ANSWERED || known || a->body.len <= AT_ONCE_MAX) {
        struct reading_result result;

        read_answer(&w->lexicons, a, known, &result);
        hand_over(&w->pages, a, known, &result);
        fn(context, a, &result);
        buf_release(&result.text);
        return;
    }
    r = taken(a);
    r->memory = &w->pages;
    r->packs = &w->lexicons;
    r->fn = fn;
    r->context = context;
    r->under_way = under_way;
    r->work = work_start(w->loop, on_thread, on_read, r);
    *under_way = r;
}

void reading_cancel(struct reading *r)
{
    if (r)
        work_abandon(r->work, drop);
}
