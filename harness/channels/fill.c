/* Putting values into fields, as fingers would. */
#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "harness/base/text.h"
#include "harness/channels/fields.h"
#include "harness/channels/values.h"

/* What every form's makers write. */
static const char *const yes_signs[] = { "true", "on", "1", "x" };
static const char *const no_signs[] = { "false", "off", "0", "" };

static bool is_sign(const char *value, const char *const *signs, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!strcmp(value, signs[i]))
            return true;
    return false;
}

static bool says(const struct lexicons *packs, const char *folded, size_t offset)
{
    for (size_t i = 0; packs && i < packs->count; i++) {
        const struct texts *words =
            (const struct texts *)(const void *)((const char *)&packs->items[i]->forms + offset);

        for (size_t k = 0; k < words->count; k++)
            if (!strcmp(words->items[k], folded))
                return true;
    }
    return false;
}

static bool means_yes(const struct page *p, const char *value)
{
    CLEANUP(mem_freep) char *folded = text_folded(value);

    return is_sign(folded, yes_signs, ARRAY_LEN(yes_signs)) ||
           says(p->packs, folded, offsetof(struct lexicon_forms, yes));
}

static bool means_no(const struct page *p, const char *value)
{
    CLEANUP(mem_freep) char *folded = text_folded(value);

    return is_sign(folded, no_signs, ARRAY_LEN(no_signs)) ||
           says(p->packs, folded, offsetof(struct lexicon_forms, no));
}

/* Choices: the options of a list, or the buttons of a group, as (shown, value) pairs. */

struct choice {
    const char *shown, *value;
    bool disabled;
};

static bool contains_folded(const char *whole, const char *part)
{
    CLEANUP(mem_freep) char *w = text_folded(whole);
    CLEANUP(mem_freep) char *p = text_folded(part);

    return *p && strstr(w, p);
}

/** Index of the choice a person means; -1 none, -2 more than one. */
static int choose(const struct choice *choices, size_t count, const char *wanted)
{
    int part = -1;

    for (size_t i = 0; i < count; i++)
        if (!choices[i].disabled && text_same(choices[i].shown, wanted))
            return (int)i;
    for (size_t i = 0; i < count; i++)
        if (!choices[i].disabled && !strcmp(choices[i].value, wanted))
            return (int)i;
    for (size_t i = 0; i < count; i++)
        if (!choices[i].disabled && contains_folded(choices[i].shown, wanted))
            part = part == -1 ? (int)i : -2;
    return part;
}

static void say_choices(const struct choice *choices, size_t count, const char *label,
                        const char *wanted, bool unclear, struct buf *why)
{
    buf_addf(why, unclear ? "\"%s\" may mean more than one choice of \"%s\": "
                          : "\"%s\" is no choice of \"%s\": ", wanted, label);
    for (size_t i = 0; i < count && i < 20; i++)
        buf_addf(why, "%s%s", i ? ", " : "", choices[i].shown);
}

/** The pieces of "A, B" or of lines; calls for each. */
struct pieces {
    const char *p;
};

static char *next_piece(struct pieces *s)
{
    while (*s->p) {
        size_t len = strcspn(s->p, ",\n");
        struct slice piece = text_trim((struct slice){ s->p, len });

        s->p += len + (s->p[len] != '\0');
        if (piece.len)
            return mem_strndup(piece.ptr, piece.len);
    }
    return NULL;
}

/**
 * Mark what `value` means in chosen[]. With `several`, a value that is no choice itself is taken
 * as a list with commas.
 */
static bool choose_all(const struct choice *choices, size_t count, const char *label,
                       const char *value, bool several, bool *chosen, struct buf *why)
{
    struct pieces pieces = { value };
    int one = choose(choices, count, value);
    char *piece;

    if (one >= 0) {
        chosen[one] = true;
        return true;
    }
    if (!several || !strpbrk(value, ",\n")) {
        say_choices(choices, count, label, value, one == -2, why);
        return false;
    }
    while ((piece = next_piece(&pieces))) {
        one = choose(choices, count, piece);
        if (one < 0)
            say_choices(choices, count, label, piece, one == -2, why);
        else
            chosen[one] = true;
        mem_freep(&piece);
        if (one < 0)
            return false;
    }
    return true;
}

static bool fill_select(struct page *p, struct control *c, const char *label, const char *value,
                        struct buf *why)
{
    struct choice *choices = arena_alloc(p->arena, (c->option_count + 1) * sizeof(*choices));
    bool *chosen = arena_alloc(p->arena, c->option_count + 1);

    for (size_t i = 0; i < c->option_count; i++)
        choices[i] = (struct choice){ c->options[i].label, c->options[i].value,
                                      c->options[i].disabled };
    if (!choose_all(choices, c->option_count, label, value, c->multiple, chosen, why))
        return false;
    for (size_t i = 0; i < c->option_count; i++)
        c->options[i].selected = chosen[i];
    return true;
}

static void check_radio(struct page *p, struct control *c)
{
    for (size_t i = 0; i < p->control_count; i++) {
        struct control *other = &p->controls[i];

        if (other->kind == CONTROL_RADIO && other->form == c->form && other->name && c->name &&
            !strcmp(other->name, c->name))
            other->checked = false;
    }
    c->checked = true;
}

/** Radio buttons of one name; checkboxes of one name or one legend. */
static bool in_same_group(const struct control *a, const struct control *b)
{
    if (a->kind != b->kind || a->form != b->form || b->unseen)
        return false;
    if (a->name && b->name && !strcmp(a->name, b->name))
        return true;
    return a->kind == CONTROL_CHECKBOX && a->group && b->group && !strcmp(a->group, b->group);
}

static bool fill_group(struct page *p, const struct field_hit *h, const char *value,
                       struct buf *why)
{
    struct control *c = &p->controls[h->control];
    struct choice *choices = arena_alloc(p->arena, p->control_count * sizeof(*choices));
    struct control **members = arena_alloc(p->arena, p->control_count * sizeof(*members));
    bool *chosen = arena_alloc(p->arena, p->control_count);
    size_t count = 0;

    for (size_t i = 0; i < p->control_count; i++) {
        struct control *m = &p->controls[i];

        if (!in_same_group(c, m))
            continue;
        members[count] = m;
        choices[count++] = (struct choice){ m->name_count ? m->names[0].text : m->value,
                                            m->value, m->disabled };
    }
    if (!choose_all(choices, count, field_label(p, h), value, c->kind == CONTROL_CHECKBOX, chosen,
                    why))
        return false;
    for (size_t i = 0; i < count; i++) {
        members[i]->edited = true;
        if (c->kind == CONTROL_CHECKBOX)
            members[i]->checked = chosen[i];
        else if (chosen[i])
            check_radio(p, members[i]);
    }
    return true;
}

static bool fill_box(struct page *p, struct control *c, const char *label, const char *value,
                     struct buf *why)
{
    bool yes = means_yes(p, value) || text_same(value, label) || !strcmp(value, c->value);

    if (!yes && !means_no(p, value)) {
        buf_addf(why, "\"%s\" is to be ticked or not: write yes or no, not \"%s\"", label, value);
        return false;
    }
    if (c->kind == CONTROL_CHECKBOX)
        c->checked = yes;
    else if (yes)
        check_radio(p, c);
    else
        c->checked = false;
    return true;
}

/* What is no value of the field's type stays as it was typed, so that its rule can say so. */
static void fill_text(struct page *p, struct control *c, const char *value)
{
    CLEANUP(buf_release) struct buf out = BUF_INIT(strlen(value));
    bool area = !strcmp(c->type, "textarea");
    const char *typed;

    for (const char *s = value; *s; s++) {
        if (*s == '\r' && s[1] == '\n')
            continue;
        if (*s != '\n' && *s != '\r')
            buf_addc(&out, *s);
        else if (area)
            buf_addc(&out, '\n');
        else if (s[1])
            buf_addc(&out, ' ');          /* a person types a blank where a line ended */
    }
    typed = arena_strndup(p->arena, out.ptr, out.len);
    c->value = area ? typed : value_sanitized(p->arena, c, typed);
    if (*typed && (!value_fits_type(c->type, typed) || !strcmp(c->type, "range"))) {
        struct slice kept = text_trim(slice_str(typed));

        c->value = arena_strndup(p->arena, kept.ptr, kept.len);
    }
}

static void add_file(struct page *p, struct control *c, const char *path)
{
    const char **files = arena_alloc(p->arena, (c->file_count + 1) * sizeof(*files));

    for (size_t i = 0; i < c->file_count; i++)
        files[i] = c->files[i];
    files[c->file_count++] = arena_strdup(p->arena, path);
    c->files = files;
    c->edited = true;
}

bool field_fill(struct page *p, const struct field_hit *h, const char *value, struct buf *why)
{
    struct control *c = &p->controls[h->control];
    const char *label = field_label(p, h);

    if (h->kind == HIT_GROUP)
        return fill_group(p, h, value, why);
    if (c->disabled || c->readonly) {
        buf_addf(why, "the field \"%s\" cannot be filled in: it is %s", label,
                 c->disabled ? "disabled" : "read-only");
        return false;
    }
    c->edited = true;
    switch (c->kind) {
    case CONTROL_SELECT:
        return fill_select(p, c, label, value, why);
    case CONTROL_CHECKBOX:
    case CONTROL_RADIO:
        return fill_box(p, c, label, value, why);
    case CONTROL_FILE:
        add_file(p, c, value);
        return true;
    default:
        fill_text(p, c, value);
        return true;
    }
}

bool form_attach(struct page *p, int form, const char *const *paths, size_t count,
                 struct buf *why)
{
    size_t given = 0;

    for (size_t i = 0; i < p->control_count && given < count; i++) {
        struct control *c = &p->controls[i];

        if (c->form != form || c->kind != CONTROL_FILE || c->unseen || c->disabled ||
            c->file_count)
            continue;
        do
            add_file(p, c, paths[given++]);
        while (c->multiple && given < count);
    }
    if (given < count) {
        buf_addf(why, given ? "the form takes only %zu of %zu files"
                            : "the form has no field for a file (%zu of %zu given)",
                 given, count);
        return false;
    }
    return true;
}
