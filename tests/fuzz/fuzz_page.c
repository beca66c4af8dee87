/* Any bytes as a web page: read, named, filled in, checked, sent; as the answer to a form; with its
 * walls. */
#include "harness/channels/encode.h"
#include "harness/channels/fields.h"
#include "harness/channels/form_events.h"
#include "harness/channels/press.h"
#include "harness/channels/refusal.h"
#include "harness/channels/walls.h"
#include "tests/fuzz/fuzz_packs.h"

enum { FORMS_TRIED = 8, WORDS_MAX = 65536 };

/* What is typed: fits some types, is refused by others, needs escapes. */
static const char *const typed[] = { "Zo\xC3\xAB \"x\"\n2", "12", "2026-11-22", "a@b.test", "yes" };

static void fill_in(struct page *p, int form)
{
    struct buf why = BUF_INIT(WORDS_MAX), rules = BUF_INIT(WORDS_MAX);
    struct submission s;

    for (size_t i = 0; i < p->control_count; i++) {
        const struct control *c = &p->controls[i];
        struct field_hit hit = { HIT_NONE, -1, -1, 0 };

        if (c->form == form && field_fillable(c) && c->name_count)
            hit = field_find(p, form, c->names[0].text);
        if (hit.kind != HIT_NONE)
            (void)!field_fill(p, &hit, typed[i % 5], &why);
    }
    form_violations(p, form, &rules);
    if (form_encode(p, form, form_button(p, form, NULL, &why), "BOUNDARY", &s, &why) == ST_OK)
        submission_release(&s);
    buf_release(&why);
    buf_release(&rules);
}

static const char before_html[] =
    "<title>Contact</title><form method=post><label>Name <input name=n></label><label>Message "
    "<textarea name=m></textarea></label><button>Send</button></form>";

/* As the answer to another page's form, and as the page that another one answers. */
static void answer(struct page *p)
{
    struct lexicons packs = reader_lexicons(fuzz_reader());
    struct page *other = page_parse(&packs, "http://localhost/", NULL, SLICE_LIT(before_html));
    struct buf out = BUF_INIT(PAGE_TEXT_MAX);
    size_t count;

    refusal_alerts(&packs, other, p, &out);
    refusal_words(&packs, other, p, true, &out);
    refusal_words(&packs, p, other, false, &out);
    refused_fields(p, &count);
    if (count > p->control_count)
        __builtin_trap();
    forms_of_the_site(other, 0, p);
    for (size_t i = 0; i < p->form_count && i < FORMS_TRIED; i++) {
        form_captcha(p, (int)i, &packs);
        form_is_again(p, (int)i, other, 0, .5);
    }
    if (page_login(p) >= (int)p->form_count)
        __builtin_trap();
    page_free(other);
    buf_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct lexicons packs = reader_lexicons(fuzz_reader());
    struct page *p = page_parse(&packs, "http://localhost/contact", NULL,
                                (struct slice){ (const char *)data, size });
    struct buf text = BUF_INIT(PAGE_TEXT_MAX), errors = BUF_INIT(PAGE_TEXT_MAX);
    struct buf why = BUF_INIT(WORDS_MAX);

    size_t links;

    page_text(p, &text);
    page_errors(p, &errors);
    page_links(p, &links);
    captcha_of_scripts((struct slice){ (const char *)data, size });
    answer(p);
    page_press(p, "Send", &why);
    for (size_t i = 0; i < p->control_count; i++)
        if (p->controls[i].form >= (int)p->form_count)
            __builtin_trap();
    for (size_t i = 0; i < p->form_count && i < FORMS_TRIED; i++)
        fill_in(p, (int)i);
    buf_release(&text);
    buf_release(&errors);
    buf_release(&why);
    page_free(p);
    return 0;
}
