#include "tests/unit/support/cmocka.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/buf.h"
#include "harness/loop/loop.h"

struct fixture {
    struct loop *l;
    struct child *c;
    struct buf said;
    int lines, ended, status, signal;
    size_t longest;
    const char *answer;           /* written at the first line */
};

static void on_line(void *context, const char *text)
{
    struct fixture *f = context;

    f->lines++;
    if (strlen(text) > f->longest)
        f->longest = strlen(text);
    buf_addf(&f->said, "%.40s|", text);
    if (f->answer) {
        child_write(f->c, f->answer);
        child_close_input(f->c);
        f->answer = NULL;
    }
}

static void on_end(void *context, int status, int signal)
{
    struct fixture *f = context;

    f->ended++;
    f->status = status;
    f->signal = signal;
    child_free(f->c);
    f->c = NULL;
}

static const struct child_callbacks callbacks = { on_line, on_end };

static void begin(struct fixture *f, const char *script)
{
    const char *argv[] = { "sh", "-c", script, NULL };

    *f = (struct fixture){ .l = loop_new(CLOCK_REAL) };
    buf_init(&f->said, 65536);
    f->c = child_start(f->l, argv, &callbacks, f);
    assert_non_null(f->c);
}

static void end(struct fixture *f)
{
    loop_free(f->l);
    buf_release(&f->said);
}

static void lines_and_status(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f, "echo one; printf 'two\\r\\nthr'; printf 'ee'; exit 7");
    assert_true(child_pid(f.c) > 0);
    loop_run(f.l);
    assert_string_equal(f.said.ptr, "one|two|three|");
    assert_int_equal(f.ended, 1);
    assert_int_equal(f.status, 7);
    assert_int_equal(f.signal, 0);
    end(&f);
}

static void talks_back(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f, "echo ready; cat; echo bye");
    f.answer = "hello\nyou\n";
    loop_run(f.l);
    assert_string_equal(f.said.ptr, "ready|hello|you|bye|");
    assert_int_equal(f.status, 0);
    end(&f);
}

static void long_lines_are_cut(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f, "head -c 200000 /dev/zero | tr '\\0' x; echo; echo after");
    loop_run(f.l);
    assert_int_equal(f.lines, 2);
    assert_int_equal(f.longest, 64 * 1024);
    assert_non_null(strstr(f.said.ptr, "|after|"));
    end(&f);
}

static void killed(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f, "exec sleep 600");
    child_kill(f.c, SIGTERM);
    loop_run(f.l);
    assert_int_equal(f.ended, 1);
    assert_int_equal(f.signal, SIGTERM);
    end(&f);
}

static void a_grandchild_that_keeps_the_pipe(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f, "sleep 30 & echo $!; exit 3");
    loop_run(f.l);
    assert_int_equal(f.ended, 1);
    assert_int_equal(f.status, 3);
    kill((pid_t)strtol(f.said.ptr, NULL, 10), SIGKILL);
    end(&f);
}

static void freed_while_it_runs(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f, "exec sleep 600");
    pid_t pid = child_pid(f.c);

    child_free(f.c);
    loop_run(f.l);
    assert_int_equal(f.ended, 0);
    assert_int_equal(kill(pid, 0), -1);
    assert_int_equal(errno, ESRCH);
    end(&f);

    begin(&f, "exec sleep 600");          /* left to loop_free */
    end(&f);
    assert_int_equal(f.ended, 0);
}

static void not_there(void **state)
{
    struct loop *l = loop_new(CLOCK_REAL);
    const char *argv[] = { "no-such-program-anywhere", NULL };

    (void)state;
    assert_null(child_start(l, argv, &callbacks, NULL));
    assert_int_equal(errno, ENOENT);
    loop_run(l);
    loop_free(l);
}

static void writing_to_the_dead_is_no_signal(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f, "exec 0<&-; echo gone; sleep 0.05");
    f.answer = "is anybody there\n";
    loop_run(f.l);
    assert_int_equal(f.ended, 1);
    assert_int_equal(f.status, 0);
    end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_and_status),
        cmocka_unit_test(talks_back),
        cmocka_unit_test(long_lines_are_cut),
        cmocka_unit_test(killed),
        cmocka_unit_test(a_grandchild_that_keeps_the_pipe),
        cmocka_unit_test(freed_while_it_runs),
        cmocka_unit_test(not_there),
        cmocka_unit_test(writing_to_the_dead_is_no_signal),
    };

    return cmocka_run_group_tests_name("children", tests, NULL, NULL);
}
