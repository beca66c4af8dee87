/* A plain line is read as the parser reads it. A member that nobody knows sends a line to the parser, so
 * every line is read twice, with and without one. */
#include "tests/unit/support/cmocka.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"
#include "harness/judge/dialogue.h"

#define SAYS(text) "{\"from\":\"company\",\"text\":" text "}"

static const char *const lines[] = {
    "{\"id\": \"a\", \"language\": \"de\", \"turns\": [{\"from\": \"customer\", \"text\": \"Hallo\"}]}",
    "{\"turns\":[{\"text\":\"\",\"from\":\"company\"},"
    "{\"from\":\"customer\",\"text\":\"x\\\"\\\\\\/\\b\\f\\n\\r\\t\"}],\"id\":\"\"}",
    "{\"turns\":[{\"from\":\"customer\",\"text\":\"gr\\u00fc\\u00df \\ud83d\\ude00 \xC3\xA4\",\"t_s\":12.5,"
    "\"channel\":null},{\"from\":\"company\",\"text\":\"b\",\"t_s\":0.125,\"channel\":\"mail\"}],\"language\":\"\"}",
    " { \"turns\" : [ { \"from\" : \"company\" , \"text\" : \"a\" , \"t_s\" : null } ] } \n",
    "{\"turns\":[" SAYS("\"a\",\"t_s\":-3") "," SAYS("\"a\",\"t_s\":99999") "]}",
    "{\"turns\":[" SAYS("\"a\",\"t_s\":1e3") "," SAYS("\"a\",\"t_s\":01") "]}",
    "{\"turns\":[" SAYS("\"a\",\"t_s\":1234567890123456789") "]}",
    "{\"turns\":[" SAYS("\"a\",\"t_s\":1e10") "]}", "{\"turns\":[" SAYS("\"a\",\"t_s\":- 5") "]}",
    "{\"turns\":[]}", "{\"id\":\"a\"}", "{}", "[]", "", "{\"turns\":[{\"from\":\"bot\",\"text\":\"a\"}]}",
    "{\"turns\":[" SAYS("null") "]}", "{\"turns\":[" SAYS("\"a\",\"text\":\"b\"") "]}",
    "{\"turns\":[" SAYS("7") "]}", "{\"turns\":[" SAYS("\"\\ud83d\"") "]}", "{\"turns\":[" SAYS("\"\\u0000\"") "]}",
    "{\"turns\":[" SAYS("\"\xC3\"") "]}", "{\"turns\":[" SAYS("\"\xED\xA0\x80\"") "]}",
    "{\"turns\":[" SAYS("\"a\nb\"") "]}", "{\"turns\":[" SAYS("\"a\"") ",]}",
    "{\"turns\":[" SAYS("\"a\"") "]}x", "{\"turns\":[" SAYS("\"a\"") "],}",
};

static enum status parse(struct slice line, struct transcript **ret)
{
    struct diags diags;
    enum status st;

    diags_init(&diags);
    st = dialogue_parse("test", line, &diags, ret);
    assert_int_equal(st != ST_OK, diags.errors > 0);
    diags_release(&diags);
    return st;
}

static void same_text(const char *a, const char *b)
{
    assert_true(a && b);
    assert_string_equal(a, b);
}

static void same_either_way(struct slice line)
{
    CLEANUP(buf_release) struct buf longer = BUF_INIT(65536);
    const char *brace = memchr(line.ptr, '{', line.len);
    struct transcript *mine = NULL, *theirs = NULL;
    size_t head = brace ? (size_t)(brace - line.ptr) + 1 : 0;
    bool empty = brace && text_trim((struct slice){ brace + 1, line.len - head }).ptr[0] == '}';

    buf_add(&longer, line.ptr, head);
    buf_adds(&longer, brace ? empty ? "\"nobody\":0" : "\"nobody\":0," : "");
    buf_add(&longer, line.ptr + head, line.len - head);

    enum status plain = parse(line, &mine);

    if (plain != parse(buf_slice(&longer), &theirs))
        fail_msg("read in two ways: %.*s", SLICE_ARG(line));
    if (!mine)
        return;
    same_text(mine->journey, theirs->journey);
    same_text(mine->language, theirs->language);
    assert_int_equal(mine->count, theirs->count);
    assert_int_equal(mine->channel_count, theirs->channel_count);
    for (size_t i = 0; i < mine->count; i++) {
        same_text(mine->events[i].text, theirs->events[i].text);
        same_text(mine->events[i].channel, theirs->events[i].channel);
        assert_int_equal(mine->events[i].t_us, theirs->events[i].t_us);
        assert_int_equal(mine->events[i].from, theirs->events[i].from);
    }
    transcript_free(mine);
    transcript_free(theirs);
}

static void lines_of_the_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(lines); i++)
        same_either_way(slice_str(lines[i]));
}

/* A byte is another one, is gone, or stands there twice. */
static void spoilt_lines(void **state)
{
    static const char bytes[] = "\"\\{}[]:,.0129-eEunl \n\x01\x80\xC3\xFF";
    uint64_t seed = 88172645463325252u;

    (void)state;
    for (int round = 0; round < 40000; round++) {
        const char *line = lines[round % 6];
        CLEANUP(buf_release) struct buf b = BUF_INIT(4096);
        size_t len = strlen(line), i;

        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        i = (seed >> 8) % len;
        buf_add(&b, line, i);
        if (seed % 3)
            buf_addc(&b, bytes[(seed >> 40) % (sizeof bytes - 1)]);
        buf_adds(&b, line + i + (seed % 3 != 2));
        if (b.ptr[0] == '{')      /* before it nothing can be put in */
            same_either_way(buf_slice(&b));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_of_the_table), cmocka_unit_test(spoilt_lines),
    };

    return cmocka_run_group_tests_name("dialogues", tests, NULL, NULL);
}
