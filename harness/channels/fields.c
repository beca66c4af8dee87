#include "harness/channels/fields.h"

#include <string.h>

#include "harness/base/diag.h"
#include "harness/base/text.h"
#include "harness/channels/form_words.h"

enum {
    SCORE_WHOLE = 1000, SCORE_WITHIN = 500, SCORE_AROUND = 400, SCORE_STEP = 10,
    NAMES_LISTED_MAX = 40, OPTIONS_LISTED_MAX = 8, PART_MIN = 3,
};

bool field_fillable(const struct control *c)
{
    return !c->unseen && (c->kind == CONTROL_TEXT || c->kind == CONTROL_CHECKBOX ||
                          c->kind == CONTROL_RADIO || c->kind == CONTROL_SELECT ||
                          c->kind == CONTROL_FILE);
}

bool field_unlabelled(const struct control *c)
{
    return (c->name_count == 0 || c->names[0].source > NAME_BEFORE) && !c->group;
}

static bool is_word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

bool name_has_words(const char *whole, const char *part)
{
    size_t len = strlen(part);

    if (len < PART_MIN)
        return false;
    for (const char *p = whole; (p = strstr(p, part)); p++)
        if ((p == whole || !is_word_byte(p[-1])) && !is_word_byte(p[len]))
            return true;
    return false;
}

static int score_of(const char *name, const char *wanted, enum name_source source)
{
    int rank = (int)source * SCORE_STEP;

    if (!strcmp(name, wanted))
        return SCORE_WHOLE - rank;
    if (name_has_words(name, wanted))
        return SCORE_WITHIN - rank;
    /* "Email" for a wanted "Your email address": only where somebody could read it. */
    if (source <= NAME_BEFORE && name_has_words(wanted, name))
        return SCORE_AROUND - rank;
    return 0;
}

static bool in_groups(const struct control *c)
{
    return c->kind == CONTROL_RADIO || c->kind == CONTROL_CHECKBOX;
}

static bool same_group(const struct control *a, const struct control *b)
{
    if (a->kind != b->kind || a->form != b->form || !in_groups(a))
        return false;
    if (a->name && b->name && !strcmp(a->name, b->name))
        return true;
    return a->kind == CONTROL_CHECKBOX && a->group && b->group && !strcmp(a->group, b->group);
}

static bool has_siblings(const struct page *p, const struct control *c)
{
    for (size_t i = 0; i < p->control_count; i++)
        if (&p->controls[i] != c && same_group(&p->controls[i], c))
            return true;
    return false;
}

/** How well one control fits; as a whole group where the words are the group's. */
static struct field_hit fit(const struct page *p, int index, const char *wanted)
{
    const struct control *c = &p->controls[index];
    struct field_hit best = { HIT_NONE, index, -1, 0 };
    bool group = c->kind == CONTROL_RADIO || (c->kind == CONTROL_CHECKBOX && has_siblings(p, c));

    for (size_t i = 0; i < c->name_count; i++) {
        const struct control_name *n = &c->names[i];
        int score = score_of(n->folded, wanted, n->source);

        if (score > best.score) {
            best.score = score;
            best.kind = group && n->source == NAME_NAME ? HIT_GROUP : HIT_CONTROL;
        }
    }
    if (in_groups(c) && c->group_folded) {
        int score = score_of(c->group_folded, wanted, NAME_ARIA);

        if (score > best.score) {
            best.score = score;
            best.kind = group ? HIT_GROUP : HIT_CONTROL;
        }
    }
    return best;
}

struct field_hit field_find(const struct page *p, int form, const char *wanted)
{
    CLEANUP(arena_freep) struct arena *a = arena_new();
    const char *folded = name_folded(p->packs, a, wanted);
    struct field_hit best = { HIT_NONE, -1, -1, 0 };

    for (size_t i = 0; i < p->control_count; i++) {
        const struct control *c = &p->controls[i];
        struct field_hit h;

        if (c->form != form || !field_fillable(c))
            continue;
        h = fit(p, (int)i, folded);
        if (h.score > best.score)
            best = h;
        else if (h.score && h.score == best.score &&
                 !(best.kind == HIT_GROUP && same_group(c, &p->controls[best.control])))
            best.rival = (int)i;
    }
    return best;
}

/* Words for people */

static const char *control_label(const struct control *c)
{
    return c->name_count ? c->names[0].text : c->type;
}

const char *field_label(const struct page *p, const struct field_hit *h)
{
    const struct control *c = &p->controls[h->control];

    if (h->kind == HIT_GROUP)
        return c->group ? c->group : c->name ? c->name : control_label(c);
    return control_label(c);
}

static void describe_options(const struct control *c, struct buf *out)
{
    buf_adds(out, " (");
    for (size_t i = 0; i < c->option_count && i < OPTIONS_LISTED_MAX; i++)
        buf_addf(out, "%s%s", i ? ", " : "", c->options[i].label);
    buf_adds(out, c->option_count > OPTIONS_LISTED_MAX ? ", …)" : ")");
}

void form_describe(const struct page *p, int form, struct buf *out)
{
    size_t listed = 0;

    for (size_t i = 0; i < p->control_count; i++) {
        const struct control *c = &p->controls[i];

        if (c->form != form || !field_fillable(c))
            continue;
        if (listed++ == NAMES_LISTED_MAX) {
            buf_adds(out, ", …");
            return;
        }
        buf_addf(out, "%s%s", listed > 1 ? ", " : "", control_label(c));
        if (c->kind == CONTROL_SELECT && c->option_count)
            describe_options(c, out);
    }
    if (!listed)
        buf_adds(out, "nothing to fill in");
}

/** The field that `wanted` may be meant to be, in one form or (-1) anywhere; -1 none is near. */
static int suggest_field(const struct page *p, int form, const char *wanted)
{
    const char **names = mem_zero(p->control_count + 1, sizeof(*names));
    size_t count = 0;
    const char *near;
    int found = -1;

    for (size_t i = 0; i < p->control_count; i++) {
        const struct control *c = &p->controls[i];

        if (field_fillable(c) && c->name_count && (form < 0 || c->form == form))
            names[count++] = c->names[0].text;
    }
    near = suggest(wanted, names, count);
    for (size_t i = 0; near && found < 0 && i < p->control_count; i++) {
        const struct control *c = &p->controls[i];

        if (field_fillable(c) && c->name_count && c->names[0].text == near)
            found = (int)i;
    }
    mem_freep(&names);
    return found;
}

/* Choosing the form */

struct candidate {
    int form;
    size_t fields, found;
    int score;
    bool ambiguous;
    const char *missing;          /* the first that was not found */
    struct field_hit unclear;     /* the first that fits twice */
    const char *unclear_name;
};

static size_t count_fields(const struct page *p, int form)
{
    size_t count = 0;

    for (size_t i = 0; i < p->control_count; i++)
        count += p->controls[i].form == form && field_fillable(&p->controls[i]);
    return count;
}

/** A search box is nobody's answer to "send the form". */
static bool is_search(const struct page *p, int form, size_t fields)
{
    static const char *const names[] = { "q", "s", "search", "query", "keywords" };
    const char *role;

    for (const GumboNode *n = p->forms[form].node; n && node_is_element(n); n = n->parent)
        if ((role = node_attribute(n, "role")) && text_same_ascii(role, "search"))
            return true;
    for (size_t i = 0; fields == 1 && i < p->control_count; i++) {
        const struct control *c = &p->controls[i];

        if (c->form != form || !field_fillable(c))
            continue;
        if (!strcmp(c->type, "search"))
            return true;
        for (size_t k = 0; c->name && k < ARRAY_LEN(names); k++)
            if (text_same_ascii(c->name, names[k]))
                return true;
    }
    return false;
}

static struct candidate weigh(const struct page *p, int form, const struct named_text *fields,
                              size_t count, const char *submit)
{
    struct candidate c = { .form = form, .fields = count_fields(p, form) };

    for (size_t i = 0; i < count; i++) {
        struct field_hit h = field_find(p, form, fields[i].name);

        if (h.kind == HIT_NONE) {
            c.missing = c.missing ? c.missing : fields[i].name;
            continue;
        }
        c.found++;
        c.score += h.score;
        if (h.rival >= 0 && !c.ambiguous) {
            c.ambiguous = true;
            c.unclear = h;
            c.unclear_name = fields[i].name;
        }
    }
    if (submit) {
        CLEANUP(buf_release) struct buf unused = BUF_INIT(4096);

        c.score += form_button(p, form, submit, &unused) >= 0 ? 1 : -SCORE_WHOLE;
    }
    if (p->forms[form].unseen)
        c.score -= SCORE_WHOLE;
    if (!count && is_search(p, form, c.fields))
        c.score -= SCORE_WHOLE;
    return c;
}

static bool better(const struct candidate *a, const struct candidate *b)
{
    if (a->found != b->found)
        return a->found > b->found;
    if (a->ambiguous != b->ambiguous)
        return !a->ambiguous;
    if (a->missing && a->score == b->score)
        return a->fields > b->fields;     /* the one to tell about */
    return a->score > b->score;
}

static void say_missing(const struct page *p, const struct candidate *c, struct buf *why)
{
    int near = suggest_field(p, c->found ? c->form : -1, c->missing);
    int form = near >= 0 && p->controls[near].form >= 0 ? p->controls[near].form : c->form;
    const char *title = p->forms[form].title;

    buf_addf(why, "there is no field \"%s\".", c->missing);
    if (near >= 0)
        buf_addf(why, " Did you mean \"%s\"?", p->controls[near].names[0].text);
    buf_addf(why, " The form%s%s%s has: ", *title ? " \"" : "", title, *title ? "\"" : "");
    form_describe(p, form, why);
}

static void say_unclear(const struct page *p, const struct candidate *c, struct buf *why)
{
    struct field_hit other = { HIT_CONTROL, c->unclear.rival, -1, 0 };

    buf_addf(why, "\"%s\" may be \"%s\" or \"%s\" on this page. Write more of the label. "
             "The form has: ", c->unclear_name, field_label(p, &c->unclear),
             field_label(p, &other));
    form_describe(p, c->form, why);
}

int form_choose(const struct page *p, const struct named_text *fields, size_t count,
                const char *submit, struct field_hit *hits, struct buf *why)
{
    struct candidate best = { .form = -1 };
    size_t rivals = 0;

    for (size_t i = 0; i < p->form_count; i++) {
        struct candidate c;

        c = weigh(p, (int)i, fields, count, submit);
        if (count && !c.fields)
            continue;
        if (best.form < 0 || better(&c, &best)) {
            best = c;
            rivals = 0;
        } else if (!better(&best, &c)) {
            rivals++;
        }
    }
    if (best.form < 0) {
        buf_adds(why, "the page has no form with anything to fill in");
        return -1;
    }
    if (best.missing)
        say_missing(p, &best, why);
    else if (best.ambiguous)
        say_unclear(p, &best, why);
    else if (rivals && !count)
        buf_addf(why, "the page has %zu forms and nothing says which one is meant: name its "
                 "fields or the text of its button", p->form_count);
    if (why->len)
        return -1;
    for (size_t i = 0; i < count; i++)
        hits[i] = field_find(p, best.form, fields[i].name);
    if (rivals)
        buf_addf(why, "%zu forms of the page have these fields; the first of them was taken",
                 rivals + 1);
    return best.form;
}

int form_button(const struct page *p, int form, const char *submit, struct buf *why)
{
    CLEANUP(arena_freep) struct arena *a = arena_new();
    const char *wanted = submit ? name_folded(p->packs, a, submit) : NULL;
    int first = -1, aside = -1, hidden = -1, whole = -1, part = -1;

    for (size_t i = p->control_count; i-- > 0;) {
        const struct control *c = &p->controls[i];
        const char *says;

        if (c->form != form || c->disabled ||
            (c->kind != CONTROL_SUBMIT && c->kind != CONTROL_IMAGE))
            continue;
        says = name_folded(p->packs, a, c->shown);
        *(c->unseen ? &hidden : form_words_aside(p->packs, says) ? &aside : &first) = (int)i;
        if (!wanted)
            continue;
        if (!strcmp(says, wanted))
            whole = (int)i;
        else if (name_has_words(says, wanted))
            part = (int)i;
    }
    if (!wanted)
        return first >= 0 ? first : aside >= 0 ? aside : hidden;
    if (whole >= 0 || part >= 0)
        return whole >= 0 ? whole : part;
    buf_addf(why, "there is no button \"%s\". The form has: ", submit);
    for (size_t i = 0, listed = 0; i < p->control_count; i++)
        if (p->controls[i].form == form && *p->controls[i].shown)
            buf_addf(why, "%s\"%s\"", listed++ ? ", " : "", p->controls[i].shown);
    return -2;
}
