#include "harness/channels/refusal.h"

#include <string.h>

#include "harness/base/text.h"
#include "harness/channels/fields.h"
#include "harness/channels/sight.h"

enum {
    CLIMB_MAX = 3, SAID_MAX = 2000, LOOKED_AT_MAX = 400, TEXT_KEPT = 64 * 1024, LINES_MAX = 500,
    LINE_LONGEST = 300,
};

/** A star, or the legend that explains it. */
static bool is_legend(const struct page *p, const char *text)
{
    return !*name_folded(p->packs, p->arena, text) || text_length(slice_str(text)) < 3 || *text == '*';
}

static void text_of(const struct page *p, struct buf *out)
{
    page_text(p, out);
    if (out->len > TEXT_KEPT) {
        out->len = TEXT_KEPT;
        out->ptr[out->len] = '\0';
    }
}

/** The line of a text that begins at *p, ended there; *p goes on behind it. NULL: no more. */
static char *next_line(char **p)
{
    char *line = *p;
    size_t len = strcspn(line, "\n");

    if (!*line)
        return NULL;
    *p += len + (line[len] != '\0');
    line[len] = '\0';
    return line;
}

/** A page that was refused already shows what it showed before, and means it. */
static bool is_news(const struct page *before, const char *old, const char *line)
{
    return before->refused || !strstr(old, line);
}

void refusal_words(const struct lexicons *packs, const struct page *before,
                   const struct page *answer, bool came_back, struct buf *out)
{
    CLEANUP(buf_release) struct buf old = BUF_INIT(PAGE_TEXT_MAX), new = BUF_INIT(PAGE_TEXT_MAX);
    CLEANUP(buf_release) struct buf refusals = BUF_INIT(TEXT_KEPT), all = BUF_INIT(TEXT_KEPT);
    bool thanked = false;
    size_t lines = 0;
    char *line, *p;

    text_of(before, &old);
    text_of(answer, &new);
    for (p = new.ptr; lines++ < LINES_MAX && (line = next_line(&p));) {
        struct form_words w;

        if (!*line || strlen(line) > LINE_LONGEST || !is_news(before, old.ptr, line))
            continue;
        w = form_words_say(packs, line);
        thanked |= w.thanks;
        if (w.refuses)
            buf_addf(&refusals, "%s%s", refusals.len ? "\n" : "", line);
        if (w.refuses || w.complains)
            buf_addf(&all, "%s%s", all.len ? "\n" : "", line);
    }
    if (came_back && !thanked)
        buf_add(out, all.ptr, all.len);
    else if (came_back || !thanked)
        buf_add(out, refusals.ptr, refusals.len);
}

void refusal_alerts(const struct lexicons *packs, const struct page *before,
                    const struct page *answer, struct buf *out)
{
    CLEANUP(buf_release) struct buf old = BUF_INIT(PAGE_TEXT_MAX), new = BUF_INIT(PAGE_TEXT_MAX);
    size_t lines = 0;
    char *line, *p;

    page_errors(before, &old);
    page_errors(answer, &new);
    for (p = new.ptr; lines++ < LINES_MAX && (line = next_line(&p));) {
        struct form_words w = form_words_say(packs, line);

        if (is_legend(answer, line) || !is_news(before, old.ptr, line) ||
            (w.thanks && !w.refuses && !w.complains))
            continue;
        buf_addf(out, "%s%s", out->len ? "\n" : "", line);
    }
}

/* Fields */

static const char *text_by_ids(const struct page *p, const char *ids, bool complaining)
{
    CLEANUP(buf_release) struct buf out = BUF_INIT(SAID_MAX);

    while (ids && *ids) {
        size_t len = strcspn(ids, " \t\n");
        CLEANUP(mem_freep) char *id = mem_strndup(ids, len);
        const GumboNode *n = *id ? page_by_id(p, id) : NULL;

        if (n && !node_unseen(n) && (complaining || node_complains(n)))
            buf_addf(&out, "%s%s", out.len ? " " : "", node_line(p->arena, n, NULL));
        ids += len;
        ids += strspn(ids, " \t\n");
    }
    return out.len ? arena_strndup(p->arena, out.ptr, out.len) : NULL;
}

static bool is_field(const GumboNode *n)
{
    const char *type = node_attribute(n, "type");

    return node_is(n, GUMBO_TAG_TEXTAREA) || node_is(n, GUMBO_TAG_SELECT) ||
           (node_is(n, GUMBO_TAG_INPUT) && !(type && text_same_ascii(type, "hidden")));
}

/** The complaint in what holds this field and no other. */
static const char *text_beside(const struct page *p, const struct control *c)
{
    const GumboNode *around = c->node->parent, *found = NULL;

    for (int up = 0; around && up < CLIMB_MAX; up++, around = around->parent) {
        size_t looked = 0;

        for (const GumboNode *n = around; n; n = node_next(n, around)) {
            if (++looked > LOOKED_AT_MAX || (n != c->node && is_field(n)))
                return NULL;
            if (!found && n != around && node_is_element(n) && node_complains(n) &&
                !node_unseen(n) && *node_line(p->arena, n, NULL))
                found = n;
        }
        if (found)
            return node_line(p->arena, found, NULL);
    }
    return NULL;
}

static const char *said_of(const struct page *p, const struct control *c)
{
    const char *marked = node_attribute(c->node, "aria-invalid"), *text;
    bool invalid = marked && *marked && !text_same_ascii(marked, "false");

    text = invalid ? text_by_ids(p, node_attribute(c->node, "aria-errormessage"), true) : NULL;
    if (!text)
        text = text_by_ids(p, node_attribute(c->node, "aria-describedby"), invalid);
    if (!text)
        text = text_beside(p, c);
    return text ? text : invalid ? "is marked as wrong" : NULL;
}

struct named_text *refused_fields(const struct page *answer, size_t *count)
{
    struct named_text *fields = arena_alloc(answer->arena,
                                            (answer->control_count + 1) * sizeof(*fields));

    *count = 0;
    for (size_t i = 0; i < answer->control_count; i++) {
        const struct control *c = &answer->controls[i];
        const char *text = field_fillable(c) ? said_of(answer, c) : NULL;

        if (text && !is_legend(answer, text))
            fields[(*count)++] = (struct named_text){
                c->name_count ? c->names[0].text : c->type, text,
            };
    }
    return fields;
}
