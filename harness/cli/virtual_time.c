#include "harness/cli/virtual_time.h"

#include <string.h>

/* A browser waits, animates and polls on a clock that nobody can hold still. */
static bool refuse_browsers(const struct chosen *c, struct diags *diags)
{
    size_t before = diags->errors;

    for (size_t i = 0; i < c->count; i++) {
        const struct scenario *s = c->items[i];

        for (size_t k = 0; k < s->channel_count; k++)
            if (!strcmp(s->channels[k].type, "browser"))
                diag_add(diags, SEVERITY_ERROR, s->source, s->channels[k].at,
                         "take type: form, or leave out --virtual-time",
                         "channel \"%s\": a browser has a clock of its own and cannot be played in "
                         "virtual time", s->channels[k].name);
    }
    return diags->errors > before;
}

enum exit_code clock_start(const struct options *o, const struct chosen *c, struct diags *diags,
                           struct loop **ret)
{
    const char *socket_path = option_text(o, OPT_VIRTUAL_TIME);
    CLEANUP(buf_release) struct buf why = BUF_INIT(1024);

    if (socket_path && refuse_browsers(c, diags))
        return EXIT_INPUT;
    *ret = socket_path ? loop_new_shared(socket_path, &why) : loop_new(CLOCK_REAL);
    if (*ret)
        return EXIT_MET;
    if (socket_path)
        diag_error(diags, "%s: %s", o->values[OPT_VIRTUAL_TIME].from, why.ptr);
    else
        diag_error(diags, "cannot start the event loop: too few file descriptors?");
    return EXIT_NOT_TESTED;
}

static void wake_up(void *loop)
{
    loop_stop(loop);
}

void clock_wait(struct loop *loop, int64_t wake_us)
{
    if (!loop_is_shared(loop) || wake_us <= loop_wall(loop))
        return;
    timer_start(loop, loop_now(loop) + wake_us - loop_wall(loop), wake_up, loop);
    loop_run(loop);
}
