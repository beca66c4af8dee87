/* A corpus of mails: tests/mails/NAME.eml is read, NAME.json says what a person reads in it. Right on
 * at least 97 % of each field; each miss is listed. Another folder: test_mails FOLDER. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/cli/letter.h"
#include "tests/unit/read/packs.h"
#include "tests/unit/support/cmocka.h"

enum { MAILS_MAX = 5000, NEEDED_PERCENT = 97 };

static const char *folder = "tests/mails";

static const char *const fields[] = { "kind", "text", "promise", "attachments", "links" };
enum { FIELDS = sizeof fields / sizeof *fields };

/* Runs of white space are one blank; none at the ends. */
static char *squeezed(const char *s)
{
    char *out = mem_alloc(strlen(s) + 1), *to = out;

    for (; *s; s++) {
        if (!strchr(" \t\r\n", *s))
            *to++ = *s;
        else if (to > out && to[-1] != ' ')
            *to++ = ' ';
    }
    while (to > out && to[-1] == ' ')
        to--;
    *to = '\0';
    return out;
}

static char *text_of(const json_t *value)
{
    return squeezed(json_is_string(value) ? json_string_value(value) : "");
}

/* "name type size" of every file; a size that is not expected is not compared. */
static char *files_of(const json_t *list, const json_t *want)
{
    struct buf out = BUF_INIT(1 << 16);

    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *row = json_array_get(list, i), *other = json_array_get(want, i);
        bool array = json_is_array(row);
        const json_t *size = array ? json_array_get(row, 2) : json_object_get(row, "size");

        buf_addf(&out, "%s %s ",
                 json_string_value(array ? json_array_get(row, 0) : json_object_get(row, "name")),
                 json_string_value(array ? json_array_get(row, 1) : json_object_get(row, "type")));
        if (json_is_integer(json_array_get(other, 2)))
            buf_addf(&out, "%lld", (long long)json_integer_value(size));
        buf_addc(&out, '\n');
    }
    return buf_steal(&out);
}

static char *links_of(const json_t *list)
{
    struct buf out = BUF_INIT(1 << 16);

    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *row = json_array_get(list, i);

        buf_addf(&out, "%s\n", json_string_value(json_is_string(row)
                                                     ? row : json_object_get(row, "url")));
    }
    return buf_steal(&out);
}

static char *shown(const json_t *o, const json_t *want, size_t field)
{
    const json_t *value = json_object_get(o, fields[field]);

    if (!strcmp(fields[field], "attachments"))
        return files_of(value, json_object_get(want, fields[field]));
    if (!strcmp(fields[field], "links"))
        return links_of(value);
    if (json_is_object(value))
        value = json_object_get(value, "time");
    return text_of(value);
}

static bool same(const char *name, const json_t *got, const json_t *want, size_t field)
{
    char *g = shown(got, want, field), *w = shown(want, want, field);
    bool equal = !strcmp(g, w);

    if (!equal)
        fprintf(stderr, "  miss: %s: %s: read \"%s\", expected \"%s\"\n", name, fields[field], g, w);
    free(g);
    free(w);
    return equal;
}

static char *read_whole(const char *name, const char *suffix, size_t *len)
{
    char *path = mem_printf("%s/%s%s", folder, name, suffix);
    struct buf b = BUF_INIT(MAIL_IN_MAX_BYTES);

    assert_int_equal(buf_read_file(&b, path), ST_OK);
    *len = b.len;
    free(path);
    return buf_steal(&b);
}

static void read_mail(const char *name, size_t right[FIELDS])
{
    size_t eml_len, json_len;
    char *eml = read_whole(name, ".eml", &eml_len), *json = read_whole(name, ".json", &json_len);
    json_t *want = json_loadb(json, json_len, 0, NULL);
    json_t *got = letter_json(packs_reader(), (struct slice){ eml, eml_len });

    assert_non_null(want);
    for (size_t i = 0; i < FIELDS; i++)
        right[i] += same(name, got, want, i);
    json_decref(want);
    json_decref(got);
    free(eml);
    free(json);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void mails_are_read(void **state)
{
    static char *names[MAILS_MAX];
    size_t right[FIELDS] = { 0 }, n = 0;
    DIR *dir = opendir(folder);

    (void)state;
    for (struct dirent *e; dir && (e = readdir(dir)) && n < MAILS_MAX;) {
        char *dot = strrchr(e->d_name, '.');

        if (dot && !strcmp(dot, ".eml"))
            names[n++] = mem_strndup(e->d_name, (size_t)(dot - e->d_name));
    }
    if (dir)
        closedir(dir);
    assert_true(n > 0);
    qsort(names, n, sizeof *names, by_name);
    for (size_t i = 0; i < n; i++) {
        read_mail(names[i], right);
        free(names[i]);
    }
    for (size_t i = 0; i < FIELDS; i++)
        printf("  %-11s right in %zu of %zu mails (%.1f %%)\n", fields[i], right[i], n,
               100.0 * (double)right[i] / (double)n);
    fflush(stdout);
    for (size_t i = 0; i < FIELDS; i++)
        assert_true(right[i] * 100 >= n * NEEDED_PERCENT);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(mails_are_read) };

    if (argc > 1)
        folder = argv[1];

    int failed = cmocka_run_group_tests_name("mails", tests, NULL, NULL);

    packs_free();
    return failed;
}
