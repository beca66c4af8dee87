/* Conversations from beginning to end, as data: tests/talks/LANGUAGE.talks has what the company says
 * and what this customer is seen to say to it. UPDATE=1 writes what is said now: read the diff.
 *
 *   = Hotel: another day                        a conversation
 *   knows: {booking_reference: HX-2231}         what the customer knows
 *   goal: has been changed                      what they want to hear
 *   say: human: true                            more keys of the step; `until: goal` stands there
 *   > I need another day.                       the customer
 *   < Sure.                                     the company; several lines are several messages
 *   < What is your booking reference?
 *   [I have it] [I lost it]                     buttons of the message above; "\n" is a line break
 *   . met                                       how the step ended, and why the customer left
 * What the company says last it says again for as long as somebody writes. */
#include "tests/unit/support/cmocka.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"
#include "harness/load/load.h"
#include "harness/play/audit.h"
#include "tests/unit/play/fake_channels.h"
#include "tests/unit/read/packs.h"

enum { TALK_MAX = 64 * 1024, FILE_MAX_BYTES = 1024 * 1024 };

struct talk_file {
    char *path, *language;
};

/* A conversation as it stands in the file. */
struct written {
    struct buf title, knows, goal, more, name;
    struct buf opening, script;
    bool company;                         /* the last line was the company's */
};

static void written_init(struct written *w)
{
    struct buf *all[] = { &w->title, &w->knows, &w->goal, &w->more, &w->name, &w->opening,
                          &w->script };

    for (size_t i = 0; i < ARRAY_LEN(all); i++)
        buf_init(all[i], TALK_MAX);
    w->company = false;
}

static void written_release(struct written *w)
{
    struct buf *all[] = { &w->title, &w->knows, &w->goal, &w->more, &w->name, &w->opening,
                          &w->script };

    for (size_t i = 0; i < ARRAY_LEN(all); i++)
        buf_release(all[i]);
}

/* "[A] [B]" becomes the fake channel's " {A/B}". */
static void take_buttons(struct written *w, const char *line)
{
    buf_adds(&w->script, " {");
    for (const char *at = line; (at = strchr(at, '[')); at++)
        buf_addf(&w->script, "%s%.*s", at == line ? "" : "/", (int)strcspn(at + 1, "]"), at + 1);
    buf_addc(&w->script, '}');
}

static void take_company(struct written *w, const char *words)
{
    buf_addf(&w->script, "%s%s ", w->company ? "&" : w->script.len ? " | " : "",
             w->company ? "300ms" : "1s");
    buf_adds(&w->script, words);
    w->company = true;
}

static void take_line(struct written *w, const char *line)
{
    const struct { const char *key; struct buf *to; } keys[] = {
        { "= ", &w->title }, { "knows: ", &w->knows }, { "goal: ", &w->goal },
        { "say: ", &w->more }, { "name: ", &w->name },
    };

    for (size_t i = 0; i < ARRAY_LEN(keys); i++)
        if (text_starts_with(line, keys[i].key))
            buf_adds(keys[i].to, line + strlen(keys[i].key));
    if (*line == '<')
        take_company(w, line + 2);
    else if (*line == '[')
        take_buttons(w, line);
    else if (*line == '>' && !w->opening.len)
        buf_adds(&w->opening, line + 2);
    w->company = *line == '<' || *line == '[';
}

/* YAML in double quotes; "\n" is a line break already. */
static void quote(struct buf *out, const char *text)
{
    buf_addc(out, '"');
    for (; *text; text++) {
        if (*text == '"' || (*text == '\\' && text[1] != 'n'))
            buf_addc(out, '\\');
        buf_addc(out, *text);
    }
    buf_addc(out, '"');
}

static void write_scenario(struct buf *out, const struct written *w, const char *language)
{
    buf_addf(out, "journey: t\nlanguage: %s\ncustomer: {name: %s, email: maya@shopper.test, "
                  "knows: %s, patience: {reply: 30s, repeats: 2}}\n"
                  "company: {name: K, hosts: [localhost]}\n", language,
             w->name.len ? w->name.ptr : "Maya Lindqvist", w->knows.len ? w->knows.ptr : "{}");
    buf_adds(out, "goal: {solved: ");
    quote(out, w->goal.len ? w->goal.ptr : "nobody ever says this");
    buf_adds(out, "}\nchannels: {chat: {type: chat, script: ");
    quote(out, w->script.ptr);
    buf_adds(out, "}}\nsteps:\n  - say: chat\n    text: ");
    quote(out, w->opening.ptr);
    buf_addf(out, "\n    until: goal\n%s%s\n", w->more.len ? "    " : "", w->more.len ? w->more.ptr : "");
}

static const char *no_env(void *context, const char *name)
{
    (void)context;
    (void)name;
    return NULL;
}

static struct scenario *load(struct buf *yaml, struct sources *sources)
{
    char path[] = "/tmp/shopper-talk-XXXXXX";
    int fd = mkstemp(path);
    struct load_env env = { no_env, NULL, SEVERITY_ERROR };
    struct channel_kind kinds[] = { { fake_channels[0]->name, fake_channels[0]->family,
                                      fake_channels[0]->settings, 0 } };
    static const char *const none[] = { NULL };
    struct load_context ctx = { &env, kinds, 1, NULL };
    struct scenario *s = NULL;
    struct diags diags;
    struct buf why = BUF_INIT(TALK_MAX);
    FILE *f;

    ctx.finding_names = none;
    assert_true(fd >= 0);
    f = fdopen(fd, "w");
    fputs(yaml->ptr, f);
    fclose(f);
    diags_init(&diags);
    if (load_scenario(path, &ctx, sources, &diags, &s) != ST_OK)
        diags_render(&diags, &why);
    remove(path);
    diags_release(&diags);
    if (!s)
        print_error("%s\n%s\n", why.ptr, yaml->ptr);
    buf_release(&why);
    assert_non_null(s);
    return s;
}

static void on_ended(void *context, size_t index, struct transcript *t, bool stopped)
{
    (void)index;
    (void)stopped;
    *(struct transcript **)context = t;
}

static struct transcript *play(struct scenario *s)
{
    struct loop *loop = loop_new(CLOCK_VIRTUAL);
    struct transcript *t = NULL;
    const struct audit_options o = {
        .loop = loop, .reader = packs_reader(), .channels = fake_channels,
        .env = { no_env, NULL }, .observer = { .context = &t, .ended = on_ended },
        .user_agent = "t", .run_id = "r", .started = "2026-01-01T00:00:00Z", .seed = 1,
        .at_once = 1, .max_contacts = 1000, .chat_patience_us = 300 * US_PER_S,
        .mail_patience_us = 172800 * US_PER_S,
    };
    struct audit *a = audit_new(&o, &s, 1);

    audit_start(a);
    loop_run(loop);
    audit_free(a);
    loop_free(loop);
    assert_non_null(t);
    return t;
}

static void tell_words(struct buf *out, char sign, struct slice words)
{
    buf_addf(out, "%c ", sign);
    for (size_t i = 0; i < words.len; i++)
        buf_adds(out, words.ptr[i] == '\n' ? "\\n" : (char[]){ words.ptr[i], '\0' });
}

static void tell(struct buf *out, const struct transcript *t)
{
    for (size_t i = 0; i < t->count; i++) {
        const struct event *e = &t->events[i];

        if (e->kind == EVENT_SENT || e->kind == EVENT_MESSAGE)
            tell_words(out, e->kind == EVENT_SENT ? '>' : '<', text_trim(slice_str(e->text)));
        for (size_t k = 0; e->kind == EVENT_MESSAGE && k < e->field_count; k++)
            buf_addf(out, "%s[%s]", k ? " " : "\n", e->fields[k].text);
        if (e->kind == EVENT_GAVE_UP)
            buf_addf(out, ". %s", e->text);
        else if (e->kind == EVENT_STEP_END)
            buf_addf(out, ". %s", e->code);
        else if (e->kind != EVENT_SENT && e->kind != EVENT_MESSAGE)
            continue;
        buf_addc(out, '\n');
    }
}

/* The conversation's head as it stands, and what is said now. */
static void say_again(struct buf *out, const struct written *w, const char *language)
{
    const struct { const char *key; const struct buf *from; } keys[] = {
        { "= ", &w->title }, { "name: ", &w->name }, { "knows: ", &w->knows },
        { "goal: ", &w->goal }, { "say: ", &w->more },
    };
    struct buf yaml = BUF_INIT(4 * TALK_MAX);
    struct sources sources = { 0 };
    struct scenario *s;
    struct transcript *t;

    for (size_t i = 0; i < ARRAY_LEN(keys); i++)
        if (keys[i].from->len)
            buf_addf(out, "%s%s\n", keys[i].key, keys[i].from->ptr);
    write_scenario(&yaml, w, language);
    s = load(&yaml, &sources);
    t = play(s);
    tell(out, t);
    transcript_free(t);
    scenario_free(s);
    sources_release(&sources);
    buf_release(&yaml);
}

static void flush(struct buf *out, struct written *w, const char *language)
{
    if (w->title.len) {
        if (out->len)
            buf_addc(out, '\n');
        say_again(out, w, language);
    }
    written_release(w);
    written_init(w);
}

static void check_file(void **state)
{
    const struct talk_file *f = *state;
    struct buf now = BUF_INIT(FILE_MAX_BYTES), then = BUF_INIT(FILE_MAX_BYTES);
    struct written w;
    char *copy, *save = NULL;

    assert_int_equal(buf_read_file(&then, f->path), ST_OK);
    copy = mem_strdup(then.ptr);
    written_init(&w);
    for (char *line = strtok_r(copy, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
        if (*line == '=')
            flush(&now, &w, f->language);
        if (*line == '#')
            buf_addf(&now, "%s\n", line);
        else
            take_line(&w, line);
    }
    flush(&now, &w, f->language);
    written_release(&w);
    free(copy);
    if (getenv("UPDATE")) {
        FILE *to = fopen(f->path, "w");

        fputs(now.ptr, to);
        fclose(to);
    } else if (strcmp(now.ptr, then.ptr) != 0) {
        size_t at = 0, line = 1, from = 0;

        for (; now.ptr[at] == then.ptr[at]; at++)
            if (now.ptr[at] == '\n') {
                line++;
                from = at + 1;
            }
        print_error("%s:%zu: said now: %.*s\n", f->path, line,
                    (int)strcspn(now.ptr + from, "\n"), now.ptr + from);
        fail();
    }
    buf_release(&now);
    buf_release(&then);
}

int main(void)
{
    struct talk_file files[8];
    struct CMUnitTest tests[8];
    glob_t found;
    size_t count = 0;
    int failed;

    if (glob("tests/talks/*.talks", 0, NULL, &found))
        return 1;
    for (; count < found.gl_pathc && count < ARRAY_LEN(files); count++) {
        const char *name = strrchr(found.gl_pathv[count], '/') + 1;

        files[count] = (struct talk_file){ found.gl_pathv[count],
                                           mem_strndup(name, strcspn(name, ".")) };
        tests[count] = (struct CMUnitTest){ .name = found.gl_pathv[count],
                                            .test_func = check_file,
                                            .initial_state = &files[count] };
    }
    failed = _cmocka_run_group_tests("talks", tests, count, NULL, NULL);
    for (size_t i = 0; i < count; i++)
        free(files[i].language);
    globfree(&found);
    packs_free();
    return failed;
}
