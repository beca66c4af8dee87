/* The same answer is read once, and every customer fills in a page of their own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/channels/channel.h"
#include "harness/channels/page_holes.h"
#include "harness/channels/page_memory.h"

#define URL "http://shop.test/contact"
#define HTML "text/html; charset=utf-8"
#define PAGE "<title>Contact</title><h1>Write to us</h1><form><label>Name <input name=n value=x></label>" \
             "<select name=s><option>one<option selected>two</select></form>"

static struct page *meet(struct page_memory **m, const char *url, const char *type,
                         struct slice bytes)
{
    struct page *p = page_recall(*m, url, type, bytes);

    return p ? p : page_keep(m, page_parse(NULL, url, type, bytes), type, bytes);
}

static void is_shared(void **state)
{
    struct page_memory *m = NULL;
    struct page *one = meet(&m, URL, HTML, SLICE_LIT(PAGE));
    struct page *two = meet(&m, URL, HTML, SLICE_LIT(PAGE));
    struct buf text = BUF_INIT(1000), again = BUF_INIT(1000);

    (void)state;
    assert_ptr_equal(one->tree, two->tree);
    assert_ptr_equal(one->forms, two->forms);
    one->controls[0].value = "mine";
    one->controls[0].edited = true;
    one->controls[1].options[0].selected = true;
    page_headers(one, "no-referrer", "5; url=/elsewhere");
    assert_string_equal(two->controls[0].value, "x");
    assert_false(two->controls[0].edited);
    assert_false(two->controls[1].options[0].selected);
    assert_null(two->refresh);
    assert_int_not_equal(one->policy, two->policy);
    page_text(one, &text);
    page_text(two, &again);
    assert_string_equal(text.ptr, again.ptr);
    assert_non_null(strstr(text.ptr, "Write to us"));

    /* Lent pages outlive the memory, in any order. */
    page_memory_free(m);
    page_free(one);
    assert_string_equal(two->title, "Contact");
    assert_string_equal(two->controls[0].names[0].text, "Name");
    page_free(two);
    buf_release(&text);
    buf_release(&again);
}

static void another_answer(void **state)
{
    static const struct { const char *url, *type, *page; } others[] = {
        { URL "?", HTML, PAGE }, { URL, "text/html; charset=koi8-r", PAGE }, { URL, NULL, PAGE },
        { URL, HTML, PAGE " " }, { URL, HTML, "" },
    };
    struct page_memory *m = NULL;
    struct page *first = meet(&m, URL, HTML, SLICE_LIT(PAGE));

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(others); i++) {
        struct page *p = meet(&m, others[i].url, others[i].type, slice_str(others[i].page));

        assert_ptr_not_equal(p->tree, first->tree);
        assert_string_equal(p->url, others[i].url);
        page_free(p);
    }
    page_free(first);
    page_memory_free(m);
}

/* A site with a token in every page, and one page everybody opens: that one stays. */
static void forgets_what_nobody_wants(void **state)
{
    struct page_memory *m = NULL;
    struct page *first = meet(&m, URL, HTML, SLICE_LIT(PAGE)), *held = NULL;
    const GumboOutput *tree = first->tree;

    (void)state;
    page_free(first);
    for (int i = 0; i < PAGE_MEMORY_PAGES * 5; i++) {
        char page[64];

        snprintf(page, sizeof page, "<p>%d<input name=token>", i);

        struct page *other = meet(&m, URL, HTML, slice_str(page));
        struct page *again = meet(&m, URL, HTML, SLICE_LIT(PAGE));

        assert_ptr_equal(again->tree, tree);
        page_free(again);
        if (held)
            page_free(other);
        else
            held = other;
    }
    struct buf text = BUF_INIT(100);

    page_text(held, &text);       /* forgotten long ago, and still whole */
    assert_string_equal(text.ptr, "0");
    buf_release(&text);
    page_free(held);
    page_memory_free(m);
}

#define TOKEN_PAGE(meta, token, words) \
    "<meta name=csrf-token content='" meta "'><form><input type=hidden name=t value=\"" token "\">" \
    "<input name=n></form><table><input type=hidden name=u value='0123456789'></table><p>" words

/* Where only a token differs, the tree is one, and everybody sends their own. */
static void tokens_differ(void **state)
{
    static const struct { const char *page, *token; bool same; } rows[] = {
        { TOKEN_PAGE("aaaaaaaa", "9d5dbdfd3791", "x"), "9d5dbdfd3791", true },
        { TOKEN_PAGE("bbbbbbbb", "aaaaaaaaaaaa", "x"), "aaaaaaaaaaaa", true },
        { TOKEN_PAGE("aaaaaaaa", "+/=_.:~-+/=_", "x"), "+/=_.:~-+/=_", true },
        { TOKEN_PAGE("aaaaaaaa", "9d5dbdfd3791", "y"), "9d5dbdfd3791", false },
        { TOKEN_PAGE("aaaaaaaa", "9d5dbdfd379", "x"), "9d5dbdfd379", false },
        { TOKEN_PAGE("aaaaaaaa", "9d5dbd&lt;91", "x"), "9d5dbd<91", false },
        { TOKEN_PAGE("aaaaaaaa", "\"><h1>hi</h1", "x"), "", false },
        { TOKEN_PAGE("aaaaaaaa", "9d5dbd \0 791", "x"), "9d5dbd ", false },
    };
    struct page_memory *m = NULL;
    struct page *first = meet(&m, URL, HTML,
                                     SLICE_LIT(TOKEN_PAGE("aaaaaaaa", "e7d5bf0eef92", "x")));

    (void)state;
    assert_string_equal(first->controls[0].value, "e7d5bf0eef92");
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct page *p = meet(&m, URL, HTML, slice_str(rows[i].page));
        struct page *anew = page_parse(NULL, URL, HTML, slice_str(rows[i].page));
        char *html = page_html(p);

        assert_int_equal(p->tree == first->tree, rows[i].same);
        assert_string_equal(p->controls[0].value, rows[i].same ? rows[i].token : anew->controls[0].value);
        assert_string_equal(p->controls[0].value, anew->controls[0].value);
        assert_string_equal(html, anew->html);
        free(html);
        page_free(p);
        page_free(anew);
    }
    assert_string_equal(first->controls[0].value, "e7d5bf0eef92");
    page_free(first);
    page_memory_free(m);
}

/* What may mean something is no hole. */
static void not_a_token(void **state)
{
    static const struct { const char *one, *other; } rows[] = {
        { "<input type=text name=t value='e7d5bf0eef92'>", "<input type=text name=t value='e7d5bf0eef93'>" },
        { "<input type=submit value='e7d5bf0eef92'>", "<input type=submit value='e7d5bf0eef93'>" },
        { "<input type=hidden value='e7d5bf0eef92'>e7d5bf0eef92",
          "<input type=hidden value='e7d5bf0eef93'>e7d5bf0eef93" },
        { "<input type=hidden value=e7d5bf0eef92>", "<input type=hidden value=e7d5bf0eef93>" },
        { "<input type=hidden value='&#101;7d5bf0eef92'><!-- 'e7d5bf0eef92' -->",
          "<input type=hidden value='&#101;7d5bf0eef92'><!-- 'e7d5bf0eef93' -->" },
        { "<style>[value^=e7]{color:red}</style><input type=hidden value='e7d5bf0eef92'>",
          "<style>[value^=e7]{color:red}</style><input type=hidden value='e8d5bf0eef92'>" },
        { "<meta name=referrer content='same-origin'>", "<meta name=referrer content='no-referrer'>" },
        { "<meta http-equiv=refresh name=x content='00000000000001'>",
          "<meta http-equiv=refresh name=x content='00000000000002'>" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct page_memory *m = NULL;
        struct page *one = meet(&m, URL, HTML, slice_str(rows[i].one));
        struct page *other = meet(&m, URL, HTML, slice_str(rows[i].other));

        assert_int_equal(strlen(rows[i].one), strlen(rows[i].other));
        assert_ptr_not_equal(one->tree, other->tree);
        page_free(one);
        page_free(other);
        page_memory_free(m);
    }
}

static void too_large(void **state)
{
    struct page_memory *m = NULL;
    struct buf text = BUF_INIT(PAGE_MEMORY_BYTES * 2);

    (void)state;
    buf_add_repeat(&text, 'x', PAGE_MEMORY_BYTES + 1);

    struct page *p = meet(&m, URL, HTML, buf_slice(&text));

    assert_null(p->lender);
    assert_null(page_recall(m, URL, HTML, buf_slice(&text)));
    page_free(p);
    buf_release(&text);
    page_memory_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_shared), cmocka_unit_test(another_answer),
        cmocka_unit_test(forgets_what_nobody_wants), cmocka_unit_test(too_large), cmocka_unit_test(tokens_differ),
        cmocka_unit_test(not_a_token),
    };

    return cmocka_run_group_tests_name("page memory", tests, NULL, NULL);
}
