/* A loop on somebody else's clock: that one is played here, by a thread with a list of lines. */
#include "tests/unit/support/cmocka.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "harness/loop/loop.h"

#define WALL INT64_C(1800000000000000)

/* A line that begins with ">" is said, one with "<" must come; "~" is any. */
struct other_side {
    const char *const *script;
    char folder[64], path[80];
    int fd;
    pthread_t thread;
    char wrong[300];
};

static void expect(struct other_side *o, FILE *in, const char *line)
{
    char got[200] = "";

    if (!fgets(got, sizeof got, in))
        snprintf(got, sizeof got, "nothing\n");
    got[strcspn(got, "\n")] = '\0';
    if (strcmp(got, line) != 0 && !o->wrong[0])
        snprintf(o->wrong, sizeof o->wrong, "\"%s\" came, not \"%s\"", got, line);
}

static void *talk(void *context)
{
    struct other_side *o = context;
    int fd = accept(o->fd, NULL, NULL);
    FILE *in = fdopen(dup(fd), "r");

    for (const char *const *line = o->script; *line; line++) {
        char any[200];

        if (**line == '<')
            expect(o, in, *line + 1);
        else if (**line == '~')
            (void)!fgets(any, sizeof any, in);
        else
            (void)!write(fd, *line + 1, strlen(*line + 1));
    }
    fclose(in);
    close(fd);
    return NULL;
}

static void open_side(struct other_side *o, const char *const *script)
{
    struct sockaddr_un at = { .sun_family = AF_UNIX };

    *o = (struct other_side){ .script = script, .folder = "/tmp/shopper-clock-XXXXXX" };
    assert_non_null(mkdtemp(o->folder));
    snprintf(o->path, sizeof o->path, "%s/clock", o->folder);
    memcpy(at.sun_path, o->path, strlen(o->path) + 1);
    o->fd = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(o->fd, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(o->fd, 1), 0);
    assert_int_equal(pthread_create(&o->thread, NULL, talk, o), 0);
}

static void close_side(struct other_side *o)
{
    pthread_join(o->thread, NULL);
    close(o->fd);
    unlink(o->path);
    rmdir(o->folder);
    assert_string_equal(o->wrong, "");
}

struct seen {
    struct loop *l;
    int64_t at[4];
    int count, looks;
};

static void note_time(void *context)
{
    struct seen *s = context;

    s->at[s->count++] = loop_now(s->l);
}

static void time_goes_on_when_it_is_told_to(void **state)
{
    static const char *const script[] = {
        "<hello 1", ">time 1800000000000000\n",
        ">look 1 0\n", "<idle 1 1800000007000000 0",
        ">time 1800000003000000\n",       /* somebody else had something to do before */
        ">look 2 0\n", "<idle 2 1800000007000000 0",
        ">time 1800000007000000\nlook 3 0\n", "<idle 3 1805000000000000 0",
        ">time 1805000000000000\n", NULL,
    };
    struct other_side o;
    struct buf why = BUF_INIT(500);

    (void)state;
    open_side(&o, script);
    struct seen s = { .l = loop_new_shared(o.path, &why) };
    assert_non_null(s.l);
    assert_true(loop_is_shared(s.l));
    assert_int_equal(loop_wall(s.l), WALL);
    timer_start(s.l, INT64_C(5000000000000), note_time, &s);
    timer_start(s.l, 7000000, note_time, &s);
    loop_run(s.l);
    close_side(&o);
    assert_int_equal(s.count, 2);
    assert_int_equal(s.at[0], 7000000);
    assert_int_equal(s.at[1], INT64_C(5000000000000));
    assert_int_equal(loop_wall(s.l), WALL + s.at[1]);
    loop_free(s.l);
    buf_release(&why);
}

static void note_look(void *context)
{
    struct seen *s = context;

    if (s->looks++ == 0)
        loop_hold(s->l);
}

static void mail_is_looked_for_when_there_is_more(void **state)
{
    static const char *const script[] = {
        "<hello 1", ">time 1800000000000000\n",
        ">look 1 4\n", "~",      /* it may come before anybody is on the lookout */
        ">look 2 5\n", "<idle 2 1800000001000000 1",      /* it holds: it looks */
        ">look 3 5\n", "<idle 3 1800000001000000 1",
        ">look 4 6\n", "<idle 4 1800000001000000 1", ">time 1800000001000000\n", NULL,
    };
    struct other_side o;
    struct buf why = BUF_INIT(500);

    (void)state;
    open_side(&o, script);
    struct seen s = { .l = loop_new_shared(o.path, &why) };
    struct lookout *x = lookout_new(s.l, note_look, &s);
    struct lookout *other = lookout_new(s.l, note_look, &s);

    lookout_free(other);
    timer_start(s.l, 1000000, note_time, &s);
    loop_run(s.l);
    close_side(&o);
    assert_in_range(s.looks, 2, 3);
    assert_int_equal(s.count, 1);
    lookout_free(x);
    loop_free(s.l);
    buf_release(&why);
}

/* What is left is played in real time: from where the clock stood, not from the beginning. */
static void a_clock_that_goes_away_leaves_the_machines(void **state)
{
    static const char *const script[] = {
        "<hello 1", ">time 1800000000000000\n", ">time 1800000009000000\n", NULL,
    };
    struct other_side o;
    struct buf why = BUF_INIT(500);

    (void)state;
    open_side(&o, script);
    struct seen s = { .l = loop_new_shared(o.path, &why) };
    timer_start(s.l, 9000000, note_time, &s);
    timer_start(s.l, 9010000, note_time, &s);
    loop_run(s.l);
    close_side(&o);
    assert_false(loop_is_shared(s.l));
    assert_int_equal(s.count, 2);
    assert_true(s.at[0] >= 9000000);
    assert_true(s.at[1] >= 9010000);
    loop_free(s.l);
    buf_release(&why);
}

static void what_is_no_clock_is_said(void **state)
{
    static const char *const script[] = { "<hello 1", ">220 mail.company.test ESMTP\n", NULL };
    struct other_side o;
    struct buf why = BUF_INIT(500);

    (void)state;
    open_side(&o, script);
    assert_null(loop_new_shared(o.path, &why));
    close_side(&o);
    assert_non_null(strstr(why.ptr, "is no clock"));
    buf_clear(&why);
    assert_null(loop_new_shared(o.path, &why));
    assert_non_null(strstr(why.ptr, "no clock answers at"));
    buf_clear(&why);
    assert_null(loop_new_shared("/tmp/a-path-that-is-longer-than-any-socket-of-this-family-may-have-"
                                "in-its-name-on-linux-which-is-one-hundred-and-eight", &why));
    assert_non_null(strstr(why.ptr, "too long"));
    buf_release(&why);
}

static void other_clocks_have_no_lookouts(void **state)
{
    struct loop *l = loop_new(CLOCK_VIRTUAL);

    (void)state;
    assert_null(lookout_new(l, note_time, NULL));
    lookout_free(NULL);
    loop_free(l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(time_goes_on_when_it_is_told_to),
        cmocka_unit_test(mail_is_looked_for_when_there_is_more),
        cmocka_unit_test(a_clock_that_goes_away_leaves_the_machines),
        cmocka_unit_test(what_is_no_clock_is_said),
        cmocka_unit_test(other_clocks_have_no_lookouts),
    };

    alarm(60);                    /* two who wait for each other would wait for ever */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
