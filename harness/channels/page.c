/* From bytes to a page: encoding, tree, forms and controls. */
#include "harness/channels/page.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "harness/base/text.h"
#include "harness/channels/controls.h"
#include "harness/channels/encodings.h"
#include "harness/channels/html_tame.h"
#include "harness/channels/http.h"
#include "harness/channels/sight.h"
#include "harness/channels/walls.h"

enum { DECODED_MAX = HTTP_BODY_MAX * 3, TAMED_MAX = HTTP_BODY_MAX * 4,
       DELAY_DIGITS_MAX = 9 };
#define WHITE " \t\n\f\r"

static char *decode(struct page *p, const char *content_type, struct slice bytes)
{
    struct buf tamed = BUF_INIT(TAMED_MAX);
    CLEANUP(buf_release) struct buf text = BUF_INIT(DECODED_MAX);

    p->encoding = encoding_of_page(content_type, bytes);
    encoding_read(p->encoding, &text, bytes);
    p->cut = html_tame(&tamed, buf_slice(&text)) || text.full;
    return buf_steal(&tamed);
}

/* Ids */

static int by_id(const void *a, const void *b)
{
    const struct page_id *x = a, *y = b;
    int order = strcmp(x->id, y->id);

    if (order)
        return order;
    return x->node->v.element.start_pos.offset < y->node->v.element.start_pos.offset ? -1 : 1;
}

static void collect_ids(struct page *p)
{
    size_t cap = 0;

    for (const GumboNode *n = p->tree->document; n; n = node_next(n, p->tree->document)) {
        const char *id = node_attribute(n, "id");

        if (!id || !*id)
            continue;
        ARENA_GROW(p->arena, p->ids, cap, p->id_count + 1);
        p->ids[p->id_count++] = (struct page_id){ id, n };
    }
    if (p->id_count)
        qsort(p->ids, p->id_count, sizeof(*p->ids), by_id);
}

const GumboNode *page_by_id(const struct page *p, const char *id)
{
    size_t low = 0, high = p->id_count;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (strcmp(p->ids[middle].id, id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < p->id_count && !strcmp(p->ids[low].id, id) ? p->ids[low].node : NULL;
}

/* Forms */

static bool is_heading(const GumboNode *n)
{
    return n->type == GUMBO_NODE_ELEMENT &&
           ((n->v.element.tag >= GUMBO_TAG_H1 && n->v.element.tag <= GUMBO_TAG_H6) ||
            n->v.element.tag == GUMBO_TAG_LEGEND);
}

static const char *form_title(struct page *p, const GumboNode *form, const GumboNode *heading)
{
    const char *label = node_attribute(form, "aria-label");
    const char *by = node_attribute(form, "aria-labelledby");
    const GumboNode *labelling = by ? page_by_id(p, by) : NULL;

    if (label)
        return label;
    if (labelling)
        return node_line(p->arena, labelling, NULL);
    for (const GumboNode *n = form; n; n = node_next(n, form))
        if (is_heading(n))
            return node_line(p->arena, n, NULL);
    return heading ? node_line(p->arena, heading, NULL) : "";
}

/** The encoding a form is sent in: the first it knows of accept-charset, else the page's. */
static const struct encoding *form_encoding(const struct page *p, const GumboNode *form)
{
    const char *accepts = node_attribute(form, "accept-charset");

    while (accepts && *accepts) {
        size_t len = strcspn(accepts, " \t\n\f\r");
        const struct encoding *e = encoding_find((struct slice){ accepts, len });

        if (e)
            return encoding_for_output(e);
        accepts += len + (accepts[len] != '\0');
    }
    return encoding_for_output(p->encoding);
}

static void collect_forms(struct page *p)
{
    const GumboNode *heading = NULL, *root = p->tree->document;
    size_t cap = 0;

    for (const GumboNode *n = root; n; n = node_next(n, root)) {
        if (is_heading(n))
            heading = n;
        if (!node_is(n, GUMBO_TAG_FORM))
            continue;
        if (p->form_count == PAGE_CONTROLS_MAX) {
            p->cut = true;
            return;
        }
        ARENA_GROW(p->arena, p->forms, cap, p->form_count + 1);
        p->forms[p->form_count++] = (struct form){
            .node = n,
            .id = node_attribute(n, "id"),
            .name = node_attribute(n, "name"),
            .action = node_attribute(n, "action"),
            .method = node_attribute(n, "method"),
            .enctype = node_attribute(n, "enctype"),
            .encoding = form_encoding(p, n),
            .title = form_title(p, n, heading),
            .no_validate = node_attribute(n, "novalidate") != NULL,
            .unseen = node_is_unseen_here(n),
        };
    }
}

/* The whole */

static void read_base(struct page *p, const char *href)
{
    char *base = http_resolve(p->url, href);

    if (base && (text_starts_with(base, "http:") || text_starts_with(base, "https:")))
        p->base = arena_strdup(p->arena, base);
    free(base);
}

/* "5; url=/next" (html.spec.whatwg.org, 4.2.5.3, the shared declarative refresh steps). */
static void read_refresh(struct page *p, const char *text)
{
    size_t seconds = strspn(text += strspn(text, WHITE), "0123456789");
    int64_t after = seconds < DELAY_DIGITS_MAX ? strtoll(text, NULL, 10) * US_PER_S : INT64_MAX;
    char quote, *to;

    if ((!seconds && *text != '.') || p->refresh)
        return;
    text += seconds;
    text += strspn(text, "0123456789.");
    if (!*text || !strchr(";," WHITE, *text))
        return;
    text += strspn(text, WHITE);
    text += *text == ';' || *text == ',';
    text += strspn(text, WHITE);
    if (!strncasecmp(text, "url", 3) && text[3 + strspn(text + 3, WHITE)] == '=') {
        text += 3 + strspn(text + 3, WHITE) + 1;
        text += strspn(text, WHITE);
    }
    quote = *text == '"' || *text == '\'' ? *text++ : '\0';
    to = mem_strndup(text, quote ? strcspn(text, (char[]){ quote, '\0' }) : strlen(text));
    char *url = *to ? http_resolve(p->base, to) : NULL;

    if (url && strcmp(url, p->url)) {
        p->refresh = arena_strdup(p->arena, url);
        p->refresh_us = after;
    }
    free(url);
    free(to);
}

static void read_meta(struct page *p, const GumboNode *n)
{
    const char *name = node_attribute(n, "name"), *pragma = node_attribute(n, "http-equiv");
    const char *content = node_attribute(n, "content");

    if (content && name && text_same_ascii(name, "referrer"))
        p->policy = referrer_policy_of(content, p->policy);
    if (content && pragma && text_same_ascii(pragma, "refresh"))
        read_refresh(p, content);
}

static const char *title_of(struct page *p, const GumboNode *n)
{
    const GumboVector *inside = node_children(n);
    const GumboNode *text = inside->length ? inside->data[0] : NULL;

    return text && text->type == GUMBO_NODE_TEXT ? node_line(p->arena, text, NULL) : "";
}

static void read_head(struct page *p)
{
    const GumboNode *root = p->tree->document;
    bool based = false, titled = false;

    p->base = p->url;
    p->title = "";
    for (const GumboNode *n = root; n && !based; n = node_next(n, root))
        if (node_is(n, GUMBO_TAG_BASE) && node_attribute(n, "href")) {
            read_base(p, node_attribute(n, "href"));
            based = true;
        }
    for (const GumboNode *n = root; n; n = node_next(n, root)) {
        if (node_is(n, GUMBO_TAG_META))
            read_meta(p, n);
        if (node_is(n, GUMBO_TAG_TITLE) && !titled) {
            titled = true;
            p->title = title_of(p, n);
        }
    }
}

void page_headers(struct page *p, const char *policy, const char *refresh)
{
    if (policy && p->policy == REFERRER_DEFAULT)
        p->policy = referrer_policy_of(policy, p->policy);
    if (refresh)
        read_refresh(p, refresh);
}

/* The tree lies in the page's arena: a node at a time, its malloc and free were a third of its cost. */
static void *from_arena(void *arena, size_t size)
{
    return arena_alloc(arena, size);
}

static void leave_in_arena(void *arena, void *ptr)
{
    (void)arena, (void)ptr;
}

static bool has_scripts(struct slice html)
{
    const char *end = html.ptr + html.len;

    for (const char *p = html.ptr; (p = memchr(p, '<', (size_t)(end - p))); p++)
        if (end - p > 7 && !strncasecmp(p, "<script", 7))
            return true;
    return false;
}

struct page *page_parse(const struct lexicons *packs, const char *url, const char *content_type,
                        struct slice bytes)
{
    struct page *p = mem_zero(1, sizeof(*p));
    GumboOptions options = kGumboDefaultOptions;

    p->arena = arena_new();
    p->packs = packs;
    p->url = arena_strdup(p->arena, url);
    p->html = decode(p, content_type, bytes);
    options.max_errors = 0;
    options.allocator = from_arena;
    options.deallocator = leave_in_arena;
    options.userdata = p->arena;
    p->tree = gumbo_parse_with_options(&options, p->html, strlen(p->html));
    sight_read(p);
    collect_ids(p);
    read_head(p);
    collect_forms(p);
    controls_collect(p);
    page_name_controls(p);
    page_collect_widgets(p);
    p->scripts = has_scripts(bytes);
    p->riddle = captcha_of_scripts(bytes);
    return p;
}

/** Memory for a borrower: what the last one who gave it back has left, or new. */
static struct page *borrower_of(struct page *lender)
{
    struct page *p = lender->spare;
    struct arena *arena;
    struct control *controls;

    if (!p) {
        p = mem_zero(1, sizeof(*p));
        p->arena = arena_new();
        p->controls = arena_alloc(p->arena, (lender->control_count + 1) * sizeof(*p->controls));
        for (size_t i = 0; i < lender->control_count; i++)
            if (lender->controls[i].option_count)
                p->controls[i].options = arena_alloc(p->arena, lender->controls[i].option_count *
                                                                   sizeof(struct option));
        p->lent_bytes = arena_bytes(p->arena);
    }
    lender->spare = NULL;
    arena = p->arena;
    controls = p->controls;
    size_t lent_bytes = p->lent_bytes;

    *p = *lender;
    p->arena = arena;
    p->controls = controls;
    p->lent_bytes = lent_bytes;
    return p;
}

struct page *page_lend(struct page *lender)
{
    struct page *p = borrower_of(lender);

    p->lender = lender;
    p->borrowers = 0;
    for (size_t i = 0; i < p->control_count; i++) {
        const struct control *from = &lender->controls[i];
        struct control *to = &p->controls[i];
        struct option *options = to->options;

        *to = *from;
        to->options = options;
        if (from->option_count)
            memcpy(options, from->options, from->option_count * sizeof(*options));
    }
    lender->borrowers++;
    return p;
}

static void free_borrower(struct page *p)
{
    arena_free(p->arena);
    free(p);
}

/* Whoever only looked at it leaves its memory for the next one. */
static void give_back(struct page *p)
{
    struct page *lender = p->lender;

    if (!lender->spare && !lender->given_up && arena_bytes(p->arena) == p->lent_bytes)
        lender->spare = p;
    else
        free_borrower(p);
    if (--lender->borrowers == 0 && lender->given_up)
        page_free(lender);
}

void page_free(struct page *p)
{
    if (!p)
        return;
    if (p->lender) {
        give_back(p);
        return;
    }
    p->given_up = true;
    if (p->borrowers)
        return;
    if (p->spare)
        free_borrower(p->spare);
    free(p->html);
    arena_free(p->arena);
    free(p);
}

void page_text(const struct page *p, struct buf *out)
{
    struct page *lender = p->lender;

    if (!lender) {
        node_text(p->tree->document, NULL, out);
        return;
    }
    if (!lender->text) {
        CLEANUP(buf_release) struct buf text = BUF_INIT(out->max);

        node_text(p->tree->document, NULL, &text);
        lender->text = arena_strndup(lender->arena, text.ptr, text.len);
    }
    buf_adds(out, lender->text);
}
