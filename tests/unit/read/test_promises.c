/* tests/promises/LANGUAGE.txt: messages and the time each promises. Every line is read as written. */
#include <stdio.h>
#include <string.h>

#include "harness/base/text.h"
#include "tests/unit/read/packs.h"
#include "tests/unit/support/cmocka.h"

static const char *const languages[] = { "en", "de", "fr", "fa" };

/* The promise that is surest; "-" none. In the transcript's arena. */
static const char *promised(struct transcript *t, const char *language, const char *text)
{
    struct event e = event_init(EVENT_MESSAGE, PARTY_COMPANY);
    struct marks marks = { 0 };
    const struct mark *best = NULL;

    t->language = language;
    e.text = text;
    transcript_append(t, &e);
    reader_read(packs_reader(), t, 0, t->arena, &marks);
    for (size_t i = 0; i < marks.count; i++)
        if (marks.items[i].kind == MARK_PROMISES && marks.items[i].confidence >= .5 &&
            (!best || marks.items[i].confidence > best->confidence))
            best = &marks.items[i];
    return !best || best->when.kind == WHEN_NONE ? "-" : when_text(t->arena, &best->when);
}

static bool check_line(const char *language, char *line)
{
    char *bar = strstr(line, " | ");
    struct transcript *t;
    const char *read;
    bool same;

    line[strcspn(line, "\n")] = '\0';
    if (*line == '#' || !*line)
        return true;
    assert_non_null(bar);
    *bar = '\0';
    t = transcript_new();
    read = promised(t, language, bar + 3);
    same = !strcmp(read, line);
    if (!same)
        print_error("%s: %s\n    expected \"%s\", read \"%s\"\n", language, bar + 3, line, read);
    transcript_free(t);
    return same;
}

static void promises_are_read(void **state)
{
    const char *language = *state;
    char *path = mem_printf("tests/promises/%s.txt", language), *line = NULL;
    FILE *in = fopen(path, "r");
    size_t cap = 0, wrong = 0, lines = 0;

    assert_non_null(in);
    while (getline(&line, &cap, in) >= 0) {
        lines++;
        wrong += !check_line(language, line);
    }
    fclose(in);
    free(line);
    free(path);
    assert_true(lines > 30);
    assert_int_equal(wrong, 0);
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(languages)];

    for (size_t i = 0; i < ARRAY_LEN(languages); i++)
        tests[i] = (struct CMUnitTest){ languages[i], promises_are_read, NULL, NULL,
                                        (void *)(uintptr_t)languages[i] };

    int failed = cmocka_run_group_tests_name("promises", tests, NULL, NULL);

    packs_free();
    return failed;
}
