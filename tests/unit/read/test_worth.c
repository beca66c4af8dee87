/* No pattern of any pack is left untried on a text that it matches: every line of the judging cases,
 * as it is and with every third word masked, against every pattern. */
#include "tests/unit/support/cmocka.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"
#include "harness/read/reading.h"
#include "tests/unit/read/packs.h"

enum { LINE_BYTES = 400, FILE_BYTES = 1 << 20 };

struct seen {
    size_t texts, matches, lost;
};

static void check(const struct pack *p, const struct regex *r, size_t bit, const uint64_t *worth,
                  struct slice text, const char *label, struct seen *seen)
{
    if (!r || regex_search_valid(r, text, 0, NULL) != ST_OK)
        return;
    seen->matches++;
    if (bit_set(worth, bit))
        return;
    seen->lost++;
    print_error("%s %s: not tried on \"%.*s\"\n", p->lexicon->language, label, (int)text.len,
                text.ptr);
}

static void check_pack(const struct pack *p, struct slice text, struct seen *seen)
{
    uint64_t worth[PACK_WORDS];
    struct buf folded = BUF_INIT(LINE_BYTES * 4);

    pack_ready(p);
    needles_fold(&folded, text);
    pack_worth(p, buf_slice(&folded), worth);
    needles_find(&p->masks, buf_slice(&folded), worth);
    for (size_t i = 0; i < p->rule_count; i++)
        check(p, p->rules[i].match, i, worth, text, p->rules[i].label, seen);
    check(p, p->time, p->rule_count, worth, text, "time", seen);
    for (size_t i = 0; i < p->time_count; i++)
        check(p, p->times[i].match, p->rule_count + 1 + i, worth, text, "times", seen);
    buf_release(&folded);
}

/* Words one, four, seven, … become a slot, a time, a name, a value in turn. */
static void mask(struct buf *out, struct slice text)
{
    for (size_t i = 0, word = 0; i < text.len; word++) {
        const char *blank = memchr(text.ptr + i, ' ', text.len - i);
        size_t end = blank ? (size_t)(blank - text.ptr) : text.len;

        if (word % 3 == 0)
            text_encode(out, MASK_FIRST + (int32_t)(word / 3 % MASK_COUNT));
        else
            buf_add(out, text.ptr + i, end - i);
        if (blank)
            buf_addc(out, ' ');
        i = end + (blank != NULL);
    }
}

static void check_text(struct slice text, struct seen *seen)
{
    const struct reader *r = packs_reader();
    struct buf masked = BUF_INIT(LINE_BYTES * 2);

    mask(&masked, text);
    for (size_t k = 0; k < r->count; k++) {
        check_pack(r->packs[k], text, seen);
        check_pack(r->packs[k], buf_slice(&masked), seen);
    }
    buf_release(&masked);
    seen->texts++;
}

/* The texts of a case: what stands behind "text": in each line, whatever it says. */
static void check_file(const char *path, struct seen *seen)
{
    static const char key[] = "\"text\": \"";
    struct buf file = BUF_INIT(FILE_BYTES);

    assert_int_equal(buf_read_file(&file, path), ST_OK);
    for (const char *s = file.ptr; (s = strstr(s, key));) {
        s += sizeof key - 1;

        size_t len = strcspn(s, "\"\n");

        if (len <= LINE_BYTES && text_is_valid((struct slice){ s, len }))
            check_text((struct slice){ s, len }, seen);
    }
    buf_release(&file);
}

static void every_match_is_tried(void **state)
{
    struct seen seen = { 0 };
    glob_t found;

    (void)state;
    assert_int_equal(glob("tests/judge/*/*.jsonl", 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++)
        check_file(found.gl_pathv[i], &seen);
    globfree(&found);
    print_message("%zu texts, %zu matches\n", seen.texts, seen.matches);
    assert_true(seen.texts > 500 && seen.matches > 500);
    assert_int_equal(seen.lost, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(every_match_is_tried) };
    int failed = cmocka_run_group_tests_name("worth", tests, NULL, NULL);

    packs_free();
    return failed;
}
