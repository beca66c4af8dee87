#include "tests/unit/support/cmocka.h"

#include <string.h>
#include <time.h>

#include "harness/channels/html_tame.h"
#include "harness/channels/page.h"

static const struct row { const char *name, *html, *want; } rows[] = {
    { "plain", "<p>a<b>c</b></p>", "<p>a<b>c</b></p>" },
    { "attributes", "<a b c=d e='f\"g' H=\"i'j\" / k=l/m>",
      "<a b c=\"d\" e=\"f&quot;g\" H=\"i'j\" k=\"l/m\">" },
    { "attribute without end", "<a b=\"c", "<a b=\"c\">" },
    { "odd attribute names", "<a =x \"y\" <z ok>", "<a ok>" },
    { "comments", "a<!-- <p> -->b<!-->c<!--->d<!-- x --!>e<!-- f", "abcde" },
    { "declarations", "<!DOCTYPE html><?php <p> ?><!x>a</ b>", "<!DOCTYPE html> ?>a" },
    { "other doctypes", "<!DOCTYPE html PUBLIC \"x\">a", "a" },
    { "script", "a<script src=x>if (a<b) '</p>'</script >b", "ab" },
    { "script without end", "a<script>b", "a" },
    { "textarea", "<textarea a=b>1<2</b></textarea>c", "<textarea a=\"b\">1&lt;2&lt;/b></textarea>c" },
    { "title", "<title>a<p></title>", "<title>a&lt;p></title>" },
    { "style", "<style>a<b</style>", "<style>a b</style>" },
    { "plaintext", "a<plaintext>b<p>", "ab&lt;p>" },
    { "loose brackets", "1 < 2 <3 </3> <", "1 &lt; 2 &lt;3  &lt;" },
    { "end tags that close nothing", "</div></p></br></x>a", "</p></br>a" },
    { "forms", "<form a><input><form b><input></form><input></form>",
      "<form shopper-form=\"1\" a><input shopper-owner=\"1\"><input shopper-owner=\"1\"></form><input>" },
    { "marks of ours in the page", "<form shopper-form=9><input shopper-owner=9 name=x>",
      "<form shopper-form=\"1\"><input shopper-owner=\"1\" name=\"x\">" },
    { "name with a bracket", "<a<b>c</a<b>d", "cd" },
};

static void check_row(void **state)
{
    const struct row *r = *state;
    CLEANUP(buf_release) struct buf out = BUF_INIT(4096);

    assert_false(html_tame(&out, slice_str(r->html)));
    assert_string_equal(out.ptr, r->want);
}

/* Pages nobody wrote for people: `head`, then `part` so many times, then `tail`. */
static const struct hostile {
    const char *name, *head, *part, *tail;
    size_t times;
} hostiles[] = {
    { "nested div", "", "<div>", "x", 1000000 },
    { "nested spans with text", "", "<span>a", "", 1000000 },
    { "nested lists", "", "<ul><li>", "x", 600000 },
    { "nested tables", "", "<table><tr><td>", "x", 400000 },
    { "tables in closed cells", "", "<div><table><td></div>", "x", 300000 },
    { "open formatting", "", "<p><b x=1><i>", "x", 400000 },
    { "formatting that is closed wrongly", "", "<a><b></a>", "x", 400000 },
    { "paragraphs", "", "<p>", "x", 2000000 },
    { "ends of paragraphs", "", "</p>", "x", 2000000 },
    { "ends of nothing", "<div><div><div>", "</section>", "x", 700000 },
    { "unknown tags", "", "<x-y z>", "x", 1000000 },
    { "svg and title", "<svg><title>", "<g>", "x", 1000000 },
    { "select and title", "<select><title></select>", "<div>", "x", 1000000 },
    { "attributes", "<p ", "a ", ">x", 4000000 },
    { "many attributes of many tags", "", "<p a b c d e f g h i j k l m n o p q r s>", "", 99999 },
    { "one attribute", "<p a=\"", "0123456789", "\">x", 800000 },
    { "attribute without end", "<p a=\"", "0123456789", "", 800000 },
    { "comments", "", "<!--->", "x", 1000000 },
    { "comment without end", "<!--", "- - ", "x", 2000000 },
    { "forms", "", "<form><input name=a></form>", "x", 200000 },
    { "labels", "<input id=a>", "<label for=a>b</label>", "x", 250000 },
    { "labels for nobody", "<form><input name=b>", "<label>c", "x", 250000 },
    { "fields", "<form>", "<input name=a>x ", "x", 250000 },
    { "fields and ids", "<form>", "<div id=i><input id=i aria-labelledby=i>", "x", 150000 },
    { "options", "<form><select name=s>", "<option>o", "x", 250000 },
    { "headings", "<form>", "<h1>a</h1>", "x", 250000 },
    { "text in a table", "<table>", "x<b>", "x", 500000 },
    { "table and rows of text", "<table>", "<tr>x", "x", 500000 },
    { "ampersands", "<p>", "&amp;&#x41;&no;", "x", 500000 },
    { "invalid bytes", "<p>", "\xff\xc3\xf0\x9f", "x", 1500000 },
    { "hidden and deep", "", "<div hidden><input name=a>", "x", 100000 },
    { "errors", "", "<div class=error>no", "x", 200000 },
};

/* Enough to meet every cap; what is quadratic takes minutes. */
enum { PAGE_BYTES = 3 * 1024 * 1024 };

static double cpu_seconds(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

static void stays_within_its_means(void **state)
{
    const struct hostile *h = *state;
    CLEANUP(buf_release) struct buf html = BUF_INIT(64 * 1024 * 1024);
    CLEANUP(buf_release) struct buf text = BUF_INIT(PAGE_TEXT_MAX);
    CLEANUP(buf_release) struct buf errors = BUF_INIT(PAGE_TEXT_MAX);
    double began;
    struct page *p;

    buf_adds(&html, h->head);
    while (html.len < PAGE_BYTES && html.len < strlen(h->part) * h->times)
        buf_adds(&html, h->part);
    buf_adds(&html, h->tail);
    began = cpu_seconds();
    p = page_parse(NULL, "http://company.test/", "text/html; charset=utf-8", buf_slice(&html));
    page_text(p, &text);
    page_errors(p, &errors);
    page_free(p);
    assert_true(cpu_seconds() - began < 10);      /* with sanitizers; without under 0.5 */
}

static void caps_are_told(void **state)
{
    CLEANUP(buf_release) struct buf html = BUF_INIT(1024 * 1024);
    CLEANUP(buf_release) struct buf out = BUF_INIT(1024 * 1024);

    (void)state;
    buf_add_repeat(&html, ' ', 10);
    for (int i = 0; i < TAME_DEPTH_MAX + 5; i++)
        buf_adds(&html, "<div>");
    buf_adds(&html, "deep");
    assert_true(html_tame(&out, buf_slice(&html)));
    assert_int_equal(out.len, 10 + TAME_DEPTH_MAX * 5 + 4);
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(rows) + ARRAY_LEN(hostiles) + 1];
    size_t n = 0;

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tests[n++] = (struct CMUnitTest){ .name = rows[i].name, .test_func = check_row,
                                          .initial_state = (void *)(uintptr_t)&rows[i] };
    for (size_t i = 0; i < ARRAY_LEN(hostiles); i++)
        tests[n++] = (struct CMUnitTest){ .name = hostiles[i].name,
                                          .test_func = stays_within_its_means,
                                          .initial_state = (void *)(uintptr_t)&hostiles[i] };
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(caps_are_told);
    return _cmocka_run_group_tests("html_tame", tests, n, NULL, NULL);
}
