#include "harness/channels/refusal.h"

#include <string.h>

#include "harness/base/text.h"
#include "harness/channels/fields.h"
#include "harness/channels/sight.h"

enum {
    CLIMB_MAX = 3, SAID_MAX = 2000, LOOKED_AT_MAX = 400, TEXT_KEPT = 64 * 1024, LINES_MAX = 500,
    LINE_LONGEST = 300,
};

/* English, German, French, Persian; folded before they are compared. */
static const char *const complaints[] = {
    "is required", "are required", "please enter", "please fill", "please correct",
    "please provide", "please choose", "please select", "please check", "not valid", "invalid",
    "an error", "errors", "error:", "must be", "must not be", "be blank", "be empty", "was not sent",
    "could not be sent", "not been sent", "too long", "too short", "does not match",
    "bitte geben", "bitte füllen", "bitte korrigieren", "bitte wählen", "bitte prüfen",
    "bitte überprüfen", "bitte ausfüllen", "pflichtfeld", "ungültig", "nicht gültig", "fehler",
    "ist erforderlich", "darf nicht leer", "nicht gesendet", "zu lang", "zu kurz",
    "veuillez", "est obligatoire", "sont obligatoires", "champ requis", "invalide", "non valide",
    "pas valide", "erreur", "doit être", "être vide", "pas été envoyé", "n'a pas pu", "trop long",
    "trop court",
    "الزامی است", "اجباری است", "را وارد کنید", "را انتخاب کنید", "را پر کنید", "نامعتبر",
    "معتبر نیست", "خطا", "اشتباه", "ارسال نشد", "نباید خالی",
};

static const char *const thanks[] = {
    "thank you", "thanks for", "we have received", "has been sent", "have been sent", "was sent",
    "successfully", "no errors", "without errors", "will get back to you",
    "vielen dank", "danke", "haben wir erhalten", "wurde gesendet", "wurde versendet", "erfolgreich",
    "ohne fehler", "merci", "avons bien reçu", "a été envoyé", "a bien été", "avec succès",
    "sans erreur", "متشکریم", "متشکر", "سپاسگزار", "با موفقیت", "دریافت شد", "ارسال شد", "ممنون",
};

/** Words folded once for all lines of a page. */
struct folded {
    char *words[ARRAY_LEN(complaints)];
    size_t count;
};

static void fold_all(struct folded *f, const char *const *words, size_t count)
{
    f->count = count;
    for (size_t i = 0; i < count; i++)
        f->words[i] = text_folded(words[i]);
}

static void folded_release(struct folded *f)
{
    for (size_t i = 0; i < f->count; i++)
        mem_freep(&f->words[i]);
}

static bool says(const char *folded, const struct folded *f)
{
    for (size_t i = 0; i < f->count; i++)
        if (strstr(folded, f->words[i]))
            return true;
    return false;
}

static void text_of(const struct page *p, struct buf *out)
{
    page_text(p, out);
    if (out->len > TEXT_KEPT) {
        out->len = TEXT_KEPT;
        out->ptr[out->len] = '\0';
    }
}

void refusal_words(const struct page *before, const struct page *answer, struct buf *out)
{
    CLEANUP(buf_release) struct buf old = BUF_INIT(PAGE_TEXT_MAX), new = BUF_INIT(PAGE_TEXT_MAX);
    CLEANUP(buf_release) struct buf found = BUF_INIT(TEXT_KEPT);
    struct folded bad, good;
    bool thanked = false;
    size_t lines = 0;

    fold_all(&bad, complaints, ARRAY_LEN(complaints));
    fold_all(&good, thanks, ARRAY_LEN(thanks));
    text_of(before, &old);
    text_of(answer, &new);
    for (char *p = new.ptr; *p && lines++ < LINES_MAX && !thanked;) {
        size_t len = strcspn(p, "\n");
        char end = p[len];
        CLEANUP(mem_freep) char *folded = NULL;

        p[len] = '\0';
        if (len && len <= LINE_LONGEST && !strstr(old.ptr, p)) {
            folded = text_folded(p);
            thanked = says(folded, &good);
            if (says(folded, &bad))
                buf_addf(&found, "%s%s", found.len ? "\n" : "", p);
        }
        p += len + (end != '\0');
    }
    if (!thanked)
        buf_add(out, found.ptr, found.len);
    folded_release(&bad);
    folded_release(&good);
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

/** A star, or the legend that explains it. */
static bool is_legend(const struct page *p, const char *text)
{
    return !*name_folded(p->arena, text) || text_length(slice_str(text)) < 3 || *text == '*';
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
