#include "harness/channels/browser_fill.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ELEMENT_KEY "element-6066-11e4-a52e-4f735466cecf"

enum { PATH_LONGEST = 4096 };

struct browser_fill {
    struct webdriver *wd;
    const struct browser_page *b;
    bool *before;                 /* per control: checked; behind them, per option: selected */
    size_t control, option;       /* the next one to look at */
    json_t *element;              /* the one under way */
    struct browser_press press;
    browser_fill_fn *fn;
    void *context;
};

static size_t state_size(const struct page *p)
{
    size_t n = p->control_count;

    for (size_t i = 0; i < p->control_count; i++)
        n += p->controls[i].option_count;
    return n;
}

struct browser_fill *browser_fill_new(struct webdriver *wd, const struct browser_page *b)
{
    struct browser_fill *f = mem_zero(1, sizeof(*f));
    size_t n = 0;

    f->wd = wd;
    f->b = b;
    f->before = mem_zero(state_size(b->page) + 1, sizeof(bool));
    for (size_t i = 0; i < b->page->control_count; i++) {
        const struct control *c = &b->page->controls[i];

        f->before[n++] = c->checked;
        for (size_t k = 0; k < c->option_count; k++)
            f->before[n++] = c->options[k].selected;
    }
    return f;
}

void browser_fill_free(struct browser_fill *f)
{
    if (!f)
        return;
    browser_press_release(&f->press);
    json_decref(f->element);
    free(f->before);
    free(f);
}

static char *element_path(const json_t *element, const char *what)
{
    const char *id = json_string_value(json_object_get(element, ELEMENT_KEY));

    return mem_printf("/element/%s%s", id ? id : "", what);
}

/* Setting by script fires what typing would fire; for what cannot be typed everywhere alike (dates,
 * colours) and for letters a driver cannot type. */
static const char set_script[] =
    "const e = arguments[0];\n"
    "Object.getOwnPropertyDescriptor(Object.getPrototypeOf(e), 'value').set.call(e, arguments[1]);\n"
    "for (const t of ['input', 'change']) e.dispatchEvent(new Event(t, {bubbles: true}));\n";

static const char choose_script[] =
    "const e = arguments[0];\n"
    "arguments[1].forEach((on, i) => { if (e.options[i]) e.options[i].selected = on; });\n"
    "for (const t of ['input', 'change']) e.dispatchEvent(new Event(t, {bubbles: true}));\n";

static void go_on(struct browser_fill *f);

static void fail(struct browser_fill *f, const struct webdriver_answer *a)
{
    const struct control *c = &f->b->page->controls[f->control - 1];
    char *problem = mem_printf("\"%s\" cannot be filled in: %.*s",
                               c->name_count ? c->names[0].text : c->type,
                               (int)strcspn(a->message, "\n"), a->message);

    f->fn(f->context, problem, a->error); /* may free f */
    free(problem);
}

bool browser_is_redrawn(const char *error)
{
    return error && (!strcmp(error, "stale element reference") || !strcmp(error, "no such element"));
}

static void on_done(void *context, const struct webdriver_answer *a)
{
    struct browser_fill *f = context;

    if (a->error)
        fail(f, a);
    else
        go_on(f);
}

static void set_value(struct browser_fill *f)
{
    const struct control *c = &f->b->page->controls[f->control - 1];

    webdriver_script(f->wd, set_script, json_pack("[O, s]", f->element, c->value), on_done, f);
}

static void on_typed(void *context, const struct webdriver_answer *a)
{
    struct browser_fill *f = context;

    if (browser_is_redrawn(a->error))
        fail(f, a);
    else if (a->error)
        set_value(f);
    else
        go_on(f);
}

static void on_cleared(void *context, const struct webdriver_answer *a)
{
    struct browser_fill *f = context;
    const struct control *c = &f->b->page->controls[f->control - 1];

    if (browser_is_redrawn(a->error)) {
        fail(f, a);
        return;
    }
    if (a->error || !*c->value) {
        set_value(f);
        return;
    }
    browser_type(f->wd, f->element, c->value, on_typed, f);
}

static bool can_be_typed(const struct control *c)
{
    static const char *const typed[] = {
        "text", "search", "tel", "url", "email", "password", "number", "textarea",
    };

    for (size_t i = 0; i < ARRAY_LEN(typed); i++)
        if (!strcmp(c->type, typed[i]))
            return true;
    return false;
}

static void enter_text(struct browser_fill *f, const struct control *c)
{
    char *path;

    if (!can_be_typed(c)) {
        set_value(f);
        return;
    }
    path = element_path(f->element, "/clear");
    webdriver_call(f->wd, path, json_object(), on_cleared, f);
    free(path);
}

static void choose_options(struct browser_fill *f, const struct control *c)
{
    json_t *on = json_array();

    for (size_t i = 0; i < c->option_count; i++)
        json_array_append_new(on, json_boolean(c->options[i].selected));
    webdriver_script(f->wd, choose_script, json_pack("[O, o]", f->element, on), on_done, f);
}

static void give_files(struct browser_fill *f, const struct control *c)
{
    CLEANUP(buf_release) struct buf paths = BUF_INIT(1024 * 1024);
    char *path = element_path(f->element, "/value");

    for (size_t i = 0; i < c->file_count; i++) {
        char here[PATH_LONGEST] = "";

        if (*c->files[i] != '/' && !getcwd(here, sizeof(here)))
            here[0] = '\0';
        buf_addf(&paths, "%s%s%s%s", i ? "\n" : "", here, *here ? "/" : "", c->files[i]);
    }
    webdriver_call(f->wd, path, json_pack("{s:s}", "text", paths.ptr), on_done, f);
    free(path);
}

static void press_box(struct browser_fill *f)
{
    browser_press_start(&f->press, f->wd, json_incref(f->element), on_done, f);
}

/* A radio button that lost to another of its group is not pressed. */
static bool box_differs(const struct control *c, bool before)
{
    return c->checked != before && (c->kind != CONTROL_RADIO || c->checked);
}

static bool options_differ(const struct control *c, const bool *before)
{
    for (size_t i = 0; i < c->option_count; i++)
        if (c->options[i].selected != before[i])
            return true;
    return false;
}

/** Starts what one control needs; false: nothing. */
static bool work_on(struct browser_fill *f, const struct control *c, const bool *before)
{
    bool box = c->kind == CONTROL_CHECKBOX || c->kind == CONTROL_RADIO;
    bool differs = box                         ? box_differs(c, before[0])
                   : c->kind == CONTROL_SELECT ? options_differ(c, before + 1)
                                               : c->edited;

    if (!differs)
        return false;
    json_decref(f->element);
    f->element = browser_element(f->b, c->node);
    if (!f->element)
        fail(f, &(struct webdriver_answer){ NULL, "driver", "the driver names no element for it" });
    else if (box)
        press_box(f);
    else if (c->kind == CONTROL_SELECT)
        choose_options(f, c);
    else if (c->kind == CONTROL_FILE)
        give_files(f, c);
    else
        enter_text(f, c);
    return true;
}

static void go_on(struct browser_fill *f)
{
    const struct page *p = f->b->page;

    while (f->control < p->control_count) {
        const struct control *c = &p->controls[f->control++];
        const bool *before = f->before + f->option;

        f->option += 1 + c->option_count;
        if (work_on(f, c, before))
            return;
    }
    f->fn(f->context, NULL, NULL);        /* may free f */
}

void browser_fill_start(struct browser_fill *f, browser_fill_fn *fn, void *context)
{
    f->fn = fn;
    f->context = context;
    go_on(f);
}

void browser_type(struct webdriver *wd, const json_t *element, const char *text,
                  webdriver_fn *fn, void *context)
{
    char *path = element_path(element, "/value");

    webdriver_call(wd, path, json_pack("{s:s}", "text", text), fn, context);
    free(path);
}

/* Pressing */

static void on_pressed(void *context, const struct webdriver_answer *a)
{
    struct browser_press *p = context;

    if (a->error && (!strcmp(a->error, "element click intercepted") ||
                     !strcmp(a->error, "element not interactable")))
        webdriver_script(p->wd, "arguments[0].click()", json_pack("[O]", p->element), p->fn,
                         p->context);
    else
        p->fn(p->context, a);
}

void browser_press_start(struct browser_press *p, struct webdriver *wd, json_t *element,
                         webdriver_fn *fn, void *context)
{
    char *path = element_path(element, "/click");

    browser_press_release(p);
    *p = (struct browser_press){ wd, element, fn, context };
    webdriver_call(wd, path, json_object(), on_pressed, p);
    free(path);
}

void browser_press_release(struct browser_press *p)
{
    json_decref(p->element);
    *p = (struct browser_press){ 0 };
}
