/* Pages as data: pages/NAME.html and pages/NAME.want, which says how the form is filled in and what
 * is wanted. Lines before the first section:
 *
 *     url ADDRESS            where the page came from (http://company.test/contact)
 *     type CONTENT-TYPE      its header (text/html)
 *     fill LABEL = VALUE     "\n" in a value is a line end
 *     press BUTTON
 *     attach FILE
 *
 * Sections: "== text" what a person sees, "== errors" what the page says is wrong, "== request"
 * what goes out (method and URL, content type, body; a CR is written \r), "== refused" what a
 * browser would not send, "== error" why it could not be filled in, "== labels" what each field is
 * called, "== walls" the riddle of each form and the form of a login, "== field errors" which fields
 * are marked as wrong. */
#include "tests/unit/support/cmocka.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"
#include "harness/channels/encode.h"
#include "harness/channels/fields.h"
#include "harness/channels/refusal.h"
#include "harness/channels/walls.h"
#include "tests/unit/channels/all_packs.h"

#define FOLDER "tests/unit/channels/pages/"

enum { FILLS_MAX = 32, SECTIONS_MAX = 8 };

struct section {
    char *name, *body;
};

struct wanted {
    struct buf file;
    const char *url, *type, *press;
    struct named_text fills[FILLS_MAX];
    size_t fill_count;
    const char *attach[FILLS_MAX];
    size_t attach_count;
    struct section sections[SECTIONS_MAX];
    size_t section_count;
};

static char *unescape(char *s)
{
    char *out = s;

    for (char *in = s; *in; in++) {
        if (in[0] == '\\' && in[1] == 'n') {
            *out++ = '\n';
            in++;
        } else {
            *out++ = *in;
        }
    }
    *out = '\0';
    return s;
}

static void read_line(struct wanted *w, char *line)
{
    char *equals = strstr(line, " = ");

    if (text_starts_with(line, "url ")) {
        w->url = line + 4;
    } else if (text_starts_with(line, "type ")) {
        w->type = line + 5;
    } else if (text_starts_with(line, "press ")) {
        w->press = line + 6;
    } else if (text_starts_with(line, "attach ")) {
        w->attach[w->attach_count++] = line + 7;
    } else if (text_starts_with(line, "fill ") && equals) {
        *equals = '\0';
        w->fills[w->fill_count++] = (struct named_text){ line + 5, unescape(equals + 3) };
    } else if (*line) {
        fail_msg("not understood: %s", line);
    }
}

static void read_wanted(struct wanted *w, const char *path)
{
    char *p;

    *w = (struct wanted){ .url = "http://company.test/contact", .type = "text/html" };
    buf_init(&w->file, 65536);
    assert_int_equal(buf_read_file(&w->file, path), ST_OK);
    for (p = w->file.ptr; *p && strncmp(p, "== ", 3);) {
        char *line = p;

        p += strcspn(p, "\n");
        if (*p)
            *p++ = '\0';
        read_line(w, line);
    }
    while (*p) {
        struct section *s = &w->sections[w->section_count++];
        char *next;

        s->name = p + 3;
        p += strcspn(p, "\n");
        if (*p)
            *p++ = '\0';
        s->body = p;
        next = text_starts_with(p, "== ") ? p : strstr(p, "\n== ");
        if (!next)
            break;
        if (*next == '\n')
            *next++ = '\0';
        p = next;
    }
}

static void add_request(struct page *p, const struct wanted *w, int form, struct buf *out,
                        struct buf *why)
{
    int button = form_button(p, form, w->press, why);
    struct submission s;

    if (button == -2 ||
        form_encode(p, form, button, "BOUNDARY", &s, why) != ST_OK)
        return;
    buf_addf(out, "%s %s\n", s.method, s.url);
    if (s.content_type) {
        buf_addf(out, "%s\n", s.content_type);
        for (size_t i = 0; i < s.body.len; i++)
            buf_addf(out, s.body.ptr[i] == '\r' ? "\\r" : "%c", s.body.ptr[i]);
    }
    submission_release(&s);
}

/** What the page comes to for one kind of section. */
static void come_to(struct page *p, const struct wanted *w, const char *section, struct buf *out)
{
    CLEANUP(buf_release) struct buf why = BUF_INIT(65536);
    struct lexicons packs = all_packs();
    struct field_hit hits[FILLS_MAX];
    int form;

    if (!strcmp(section, "text")) {
        page_text(p, out);
        return;
    }
    if (!strcmp(section, "errors")) {
        page_errors(p, out);
        return;
    }
    if (!strcmp(section, "labels")) {
        for (size_t i = 0; i < p->control_count; i++)
            if (field_fillable(&p->controls[i]))
                buf_addf(out, "%s (%s)\n", p->controls[i].name_count ?
                         p->controls[i].names[0].text : "?", p->controls[i].type);
        return;
    }
    if (!strcmp(section, "walls")) {
        for (size_t i = 0; i < p->form_count; i++)
            buf_addf(out, "%s\n", form_captcha(p, (int)i, &packs) ? form_captcha(p, (int)i, &packs) : "-");
        buf_addf(out, "login %d\n", page_login(p));
        return;
    }
    if (!strcmp(section, "field errors")) {
        size_t count;
        const struct named_text *fields = refused_fields(p, &count);

        for (size_t i = 0; i < count; i++)
            buf_addf(out, "%s: %s\n", fields[i].name, fields[i].text);
        return;
    }
    form = form_choose(p, w->fills, w->fill_count, w->press, hits, &why);
    if (form >= 0 && why.len) {
        buf_addf(out, "note: %s\n", why.ptr);
        buf_clear(&why);
    }
    for (size_t i = 0; form >= 0 && i < w->fill_count; i++)
        if (!field_fill(p, &hits[i], w->fills[i].text, &why))
            break;
    if (form >= 0 && !why.len)
        form_attach(p, form, w->attach, w->attach_count, &why);
    if (form >= 0 && !strcmp(section, "refused"))
        form_violations(p, form, out);
    else if (form >= 0 && !why.len)
        add_request(p, w, form, out, &why);
    if (strcmp(section, "refused") && why.len)
        buf_adds(out, why.ptr);
}

static void check_page(void **state)
{
    const char *name = *state;
    CLEANUP(buf_release) struct buf html = BUF_INIT(1024 * 1024);
    CLEANUP(mem_freep) char *html_path = mem_printf(FOLDER "%s.html", name);
    CLEANUP(mem_freep) char *want_path = mem_printf(FOLDER "%s.want", name);
    struct wanted w;

    read_wanted(&w, want_path);
    assert_true(w.section_count > 0);
    assert_int_equal(buf_read_file(&html, html_path), ST_OK);
    for (size_t i = 0; i < w.section_count; i++) {
        CLEANUP(buf_release) struct buf got = BUF_INIT(1024 * 1024);
        struct lexicons packs = all_packs();
        struct page *p = page_parse(&packs, w.url, w.type, buf_slice(&html));
        CLEANUP(buf_release) struct buf want = BUF_INIT(65536);

        buf_adds(&want, w.sections[i].body);
        buf_trim_right(&want);
        come_to(p, &w, w.sections[i].name, &got);
        buf_trim_right(&got);
        page_free(p);
        assert_string_equal(got.ptr, want.ptr);
    }
    buf_release(&w.file);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct CMUnitTest *)a)->name, ((const struct CMUnitTest *)b)->name);
}

int main(void)
{
    struct CMUnitTest *tests = NULL;
    size_t count = 0, cap = 0;
    DIR *d = opendir(FOLDER);
    struct dirent *e;
    int failed;

    while (d && (e = readdir(d))) {
        char *dot = strstr(e->d_name, ".want");

        if (!dot)
            continue;
        char *name = mem_strndup(e->d_name, (size_t)(dot - e->d_name));
        MEM_GROW(tests, cap, count + 1);
        tests[count++] = (struct CMUnitTest){ .name = name, .test_func = check_page,
                                              .initial_state = name };
    }
    if (d)
        closedir(d);
    if (!count)
        return 1;
    qsort(tests, count, sizeof(*tests), by_name);
    failed = _cmocka_run_group_tests("pages", tests, count, NULL, NULL);
    for (size_t i = 0; i < count; i++)
        mem_freep(&tests[i].initial_state);
    mem_freep(&tests);
    all_packs_free();
    return failed;
}
