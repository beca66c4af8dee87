/* From bytes to a page: encoding, tree, forms and controls. */
#include "harness/channels/page.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "harness/base/text.h"
#include "harness/channels/controls.h"
#include "harness/channels/html_tame.h"
#include "harness/channels/http.h"
#include "harness/channels/mail_charset.h"

enum { META_WITHIN = 4096, CHARSET_MAX = 40, DECODED_MAX = HTTP_BODY_MAX * 3,
       TAMED_MAX = HTTP_BODY_MAX * 4 };

/* Encoding */

/** "charset = 'X'" at or after `at`; an arena copy in lower case, or NULL. */
static const char *charset_in(struct arena *a, struct slice text)
{
    for (size_t i = 0; i + 8 < text.len; i++) {
        size_t from = i + 7, len;
        char *name;

        if (strncasecmp(text.ptr + i, "charset", 7))
            continue;
        while (from < text.len && strchr(" \t\r\n", text.ptr[from]))
            from++;
        if (from >= text.len || text.ptr[from] != '=')
            continue;
        from++;
        while (from < text.len && strchr(" \t\r\n\"'", text.ptr[from]))
            from++;
        for (len = 0; from + len < text.len && !strchr(" \t\r\n\"';,/>", text.ptr[from + len]);)
            len++;
        if (len == 0 || len > CHARSET_MAX)
            continue;
        name = arena_strndup(a, text.ptr + from, len);
        for (char *p = name; *p; p++)
            *p = *p >= 'A' && *p <= 'Z' ? (char)(*p + 32) : *p;
        return name;
    }
    return NULL;
}

static const char *charset_of_meta(struct arena *a, struct slice html)
{
    const char *end = html.ptr + (html.len < META_WITHIN ? html.len : META_WITHIN);

    for (const char *p = html.ptr; (p = memchr(p, '<', (size_t)(end - p))); p++) {
        const char *close = memchr(p, '>', (size_t)(end - p));

        if (!close)
            break;
        if (close - p > 5 && !strncasecmp(p, "<meta", 5)) {
            const char *found = charset_in(a, (struct slice){ p, (size_t)(close - p) });

            if (found)
                return found;
        }
    }
    return NULL;
}

/** What the page is in, of those it may say itself; NULL it does not say. */
static const char *named_charset(struct arena *a, const char *content_type, struct slice bytes)
{
    const unsigned char *b = (const unsigned char *)bytes.ptr;
    const char *found = NULL;

    if (bytes.len >= 3 && b[0] == 0xEF && b[1] == 0xBB && b[2] == 0xBF)
        return "utf-8";
    if (bytes.len >= 2 && b[0] == 0xFF && b[1] == 0xFE)
        return "utf-16le";
    if (bytes.len >= 2 && b[0] == 0xFE && b[1] == 0xFF)
        return "utf-16be";
    if (content_type)
        found = charset_in(a, slice_str(content_type));
    return found ? found : charset_of_meta(a, bytes);
}

/* Names that the web has always read as windows-1252 (encoding.spec.whatwg.org, 4.2). */
static const char *page_charset(const char *named, struct slice bytes)
{
    static const char *const western[] = { "iso-8859-1", "latin1", "us-ascii", "ascii", "cp1252" };

    if (!named)
        return text_is_valid(bytes) ? "utf-8" : "windows-1252";
    for (size_t i = 0; i < ARRAY_LEN(western); i++)
        if (!strcmp(named, western[i]))
            return "windows-1252";
    return !strcmp(named, "utf8") || text_starts_with(named, "utf-16") ? "utf-8" : named;
}

/** Is there anything text_add_clean() would take out of valid UTF-8? */
static bool has_controls(struct slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.ptr[i] < ' ' && s.ptr[i] != '\n' && s.ptr[i] != '\t')
            return true;
    return false;
}

static char *decode(struct page *p, const char *content_type, struct slice bytes)
{
    struct buf tamed = BUF_INIT(TAMED_MAX);
    CLEANUP(buf_release) struct buf text = BUF_INIT(DECODED_MAX);
    CLEANUP(buf_release) struct buf clean = BUF_INIT(DECODED_MAX);
    const char *named = named_charset(p->arena, content_type, bytes);
    struct slice decoded;

    p->charset = page_charset(named, bytes);
    mail_charset_add(&text, named, bytes);
    decoded = buf_slice(&text);
    if (text_starts_with(text.ptr, "\xEF\xBB\xBF"))      /* the byte order mark, as UTF-8 */
        decoded = (struct slice){ text.ptr + 3, text.len - 3 };
    if (has_controls(decoded)) {
        text_add_clean(&clean, decoded);
        decoded = buf_slice(&clean);
    }
    p->cut = html_tame(&tamed, decoded) || text.full || clean.full;
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

/** The encoding a form is sent in: the first of accept-charset, else the page's. */
static const char *form_charset(struct page *p, const GumboNode *form)
{
    const char *accepts = node_attribute(form, "accept-charset");
    struct slice first = text_trim(slice_str(accepts));
    char *name;

    first.len = strcspn(first.ptr, " \t\n,") < first.len ? strcspn(first.ptr, " \t\n,")
                                                         : first.len;
    if (!first.len || first.len > CHARSET_MAX)
        return p->charset;
    name = arena_strndup(p->arena, first.ptr, first.len);
    for (char *c = name; *c; c++)
        *c = *c >= 'A' && *c <= 'Z' ? (char)(*c + 32) : *c;
    return page_charset(name, (struct slice){ "", 0 });
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
            .charset = form_charset(p, n),
            .title = form_title(p, n, heading),
            .no_validate = node_attribute(n, "novalidate") != NULL,
            .unseen = node_is_unseen_here(n),
        };
    }
}

/* The whole */

static void read_head(struct page *p)
{
    const GumboNode *root = p->tree->document;
    bool based = false, titled = false;

    p->base = p->url;
    p->title = "";
    for (const GumboNode *n = root; n; n = node_next(n, root)) {
        const char *href = node_is(n, GUMBO_TAG_BASE) ? node_attribute(n, "href") : NULL;

        if (href && !based) {
            char *base = http_resolve(p->url, href);

            if (base && (text_starts_with(base, "http:") || text_starts_with(base, "https:")))
                p->base = arena_strdup(p->arena, base);
            based = true;
            free(base);
        }
        if (node_is(n, GUMBO_TAG_TITLE) && !titled) {
            const GumboVector *inside = node_children(n);
            const GumboNode *text = inside->length ? inside->data[0] : NULL;

            titled = true;
            if (text && text->type == GUMBO_NODE_TEXT)
                p->title = node_line(p->arena, text, NULL);
        }
    }
}

struct page *page_parse(const char *url, const char *content_type, struct slice bytes)
{
    struct page *p = mem_zero(1, sizeof(*p));
    GumboOptions options = kGumboDefaultOptions;

    p->arena = arena_new();
    p->url = arena_strdup(p->arena, url);
    p->html = decode(p, content_type, bytes);
    options.max_errors = 0;
    p->tree = gumbo_parse_with_options(&options, p->html, strlen(p->html));
    collect_ids(p);
    read_head(p);
    collect_forms(p);
    controls_collect(p);
    page_name_controls(p);
    return p;
}

void page_free(struct page *p)
{
    if (!p)
        return;
    if (p->tree)
        gumbo_destroy_output(&kGumboDefaultOptions, p->tree);
    free(p->html);
    arena_free(p->arena);
    free(p);
}

void page_text(const struct page *p, struct buf *out)
{
    node_text(p->tree->document, NULL, out);
}
