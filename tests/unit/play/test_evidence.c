/* The folder of evidence: names, modes, secrets, and nothing outside it. */
#include "tests/unit/support/cmocka.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/play/evidence.h"

struct stage {
    char top[64], folder[96];
    struct evidence *evidence;
    struct arena *arena;
    struct door door;
    struct diags diags;
};

static struct stage *stage_new(void)
{
    struct stage *s = mem_zero(1, sizeof *s);

    snprintf(s->top, sizeof s->top, "/tmp/test-evidence.XXXXXX");
    assert_non_null(mkdtemp(s->top));
    snprintf(s->folder, sizeof s->folder, "%s/deep/evidence", s->top);
    s->arena = arena_new();
    door_init(&s->door, s->arena);
    diags_init(&s->diags);
    s->evidence = evidence_open(s->folder, &s->diags);
    assert_non_null(s->evidence);
    return s;
}

static void remove_tree(const char *path)
{
    DIR *d = opendir(path);
    struct dirent *e;

    while (d && (e = readdir(d))) {
        char *inner = mem_printf("%s/%s", path, e->d_name);
        struct stat st;

        if (strcmp(e->d_name, ".") && strcmp(e->d_name, "..") && !lstat(inner, &st)) {
            if (S_ISDIR(st.st_mode))
                remove_tree(inner);
            else
                unlink(inner);
        }
        free(inner);
    }
    if (d)
        closedir(d);
    rmdir(path);
}

static void stage_free(struct stage *s)
{
    evidence_free(s->evidence);
    arena_free(s->arena);
    diags_release(&s->diags);
    remove_tree(s->top);
    free(s);
}

static enum status keep(struct stage *s, struct evidence_place place, enum evidence_kind kind,
                        struct slice bytes, char *name)
{
    return evidence_keep(s->evidence, &place, kind, &s->door, bytes, name);
}

static char *content(const struct stage *s, const char *name)
{
    struct buf b = BUF_INIT(65536);
    char *path = mem_printf("%s/%s", s->folder, name);

    assert_int_equal(buf_read_file(&b, path), ST_OK);
    free(path);
    return buf_steal(&b);
}

static unsigned mode_of(const struct stage *s, const char *name)
{
    char *path = mem_printf("%s/%s", s->folder, name);
    struct stat st;

    assert_int_equal(stat(path, &st), 0);
    free(path);
    return st.st_mode & 0777;
}

static const struct evidence_place place = {
    .journey = 0, .journey_name = "Undichter Kessel: ../Rückgabe", .channel = "Kontakt/Formular",
    .step = 1, .seq = 7, .first = true,
};

static void names_and_modes(void **state)
{
    struct stage *s = stage_new();
    char name[EVIDENCE_NAME_MAX], *got;

    (void)state;
    assert_int_equal(keep(s, place, EVIDENCE_PAGE, SLICE_LIT("<p>Danke</p>"), name), ST_OK);
    assert_string_equal(name, "001-undichter-kessel-ruckgabe/02-e007-kontakt-formular-page.html");
    assert_int_equal(mode_of(s, name), 0600);
    assert_int_equal(mode_of(s, "001-undichter-kessel-ruckgabe"), 0700);
    assert_int_equal(mode_of(s, "."), 0700);
    got = content(s, name);
    assert_string_equal(got, "<p>Danke</p>");
    free(got);
    stage_free(s);
}

static void secrets_leave_text_not_pictures(void **state)
{
    struct stage *s = stage_new();
    struct evidence_place next = place;
    char name[EVIDENCE_NAME_MAX], *got;

    (void)state;
    door_keep_out(&s->door, "p&ss wort");
    assert_int_equal(keep(s, place, EVIDENCE_PAGE, SLICE_LIT("a\0p&ss wort p&amp;ss wort "
                                                             "p%26ss+wort p%26ss%20wort"), name),
                     ST_OK);
    got = content(s, name);
    assert_memory_equal(got, "a\0*** *** *** ***", 18);
    free(got);
    next.first = false;
    next.seq++;
    assert_int_equal(keep(s, next, EVIDENCE_SCREENSHOT, SLICE_LIT("\x89PNG p&ss wort"), name),
                     ST_OK);
    got = content(s, name);
    assert_string_equal(got, "\x89PNG p&ss wort");
    free(got);
    stage_free(s);
}

static void earlier_runs_give_way(void **state)
{
    struct stage *s = stage_new();
    char name[EVIDENCE_NAME_MAX], again[EVIDENCE_NAME_MAX], *note;
    FILE *f;

    (void)state;
    assert_int_equal(keep(s, place, EVIDENCE_MAIL, SLICE_LIT("To: me"), name), ST_OK);
    note = mem_printf("%s/%.*s/notes.txt", s->folder, (int)strcspn(name, "/"), name);
    f = fopen(note, "w");
    assert_non_null(f);
    fclose(f);

    struct evidence_place later = place;

    later.seq = 9;
    assert_int_equal(keep(s, later, EVIDENCE_MAIL, SLICE_LIT("To: you"), again), ST_OK);
    assert_string_not_equal(name, again);
    assert_int_equal(access(note, F_OK), 0);     /* not ours */
    free(note);
    note = mem_printf("%s/%s", s->folder, name);
    assert_int_not_equal(access(note, F_OK), 0);
    free(note);
    stage_free(s);
}

static void no_link_leads_out(void **state)
{
    struct stage *s = stage_new();
    char name[EVIDENCE_NAME_MAX];
    char *link = mem_printf("%s/001-undichter-kessel-ruckgabe", s->folder);

    (void)state;
    assert_int_equal(symlink(s->top, link), 0);
    assert_int_equal(keep(s, place, EVIDENCE_PAGE, SLICE_LIT("<p>"), name), ST_IO);
    assert_non_null(strstr(evidence_problem(s->evidence), "was not kept"));
    free(link);
    stage_free(s);
}

static void what_cannot_be_kept(void **state)
{
    struct stage *s = stage_new();
    char name[EVIDENCE_NAME_MAX];
    struct slice huge = { "", (size_t)EVIDENCE_FILE_MAX + 1 };
    char *file = mem_printf("%s/file", s->top);
    FILE *f = fopen(file, "w");

    (void)state;
    assert_null(evidence_problem(s->evidence));
    assert_int_equal(keep(s, place, EVIDENCE_SCREENSHOT, huge, name), ST_LIMIT);
    assert_non_null(strstr(evidence_problem(s->evidence), "too large"));
    assert_non_null(f);
    fclose(f);
    assert_null(evidence_open(file, &s->diags));
    assert_int_equal(s->diags.errors, 1);
    assert_null(evidence_open("", &s->diags));
    assert_int_equal(s->diags.errors, 2);
    free(file);
    stage_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_modes), cmocka_unit_test(secrets_leave_text_not_pictures),
        cmocka_unit_test(earlier_runs_give_way), cmocka_unit_test(no_link_leads_out),
        cmocka_unit_test(what_cannot_be_kept),
    };

    return cmocka_run_group_tests_name("evidence", tests, NULL, NULL);
}
