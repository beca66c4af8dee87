/* shopper run, shopper check */
#include <stdio.h>

#include "harness/cli/command.h"
#include "harness/cli/compare.h"
#include "harness/cli/dry_run.h"
#include "harness/cli/machine.h"
#include "harness/cli/plays.h"
#include "harness/cli/session.h"
#include "harness/cli/shard.h"
#include "harness/cli/virtual_time.h"

static enum exit_code failed(struct diags *diags, enum exit_code code)
{
    print_diags(diags);
    return code;
}

/* Which part of the whole audit it is, for `shopper merge`. */
static void place(const struct shard *shard, const struct session *s)
{
    if (!shard->of)
        return;
    s->result->shard = shard->number;
    s->result->shards = shard->of;
}

/* What the result says beside its reports. */
static enum exit_code sum_up(struct options *o, const struct result *base, const struct result *r,
                             bool to_stdout)
{
    bool quiet = option_on(o, OPT_QUIET);
    FILE *none = quiet ? fopen("/dev/null", "w") : NULL;
    FILE *out = none ? none : to_stdout ? stderr : stdout;
    enum exit_code code = EXIT_MET;

    if (option_int(o, OPT_REPEAT) > 1)
        print_spread(r, out);
    if (base) {
        fputc('\n', out);
        code = print_comparison(o, base, r, out);
    }
    if (none)
        fclose(none);
    return code;
}

/* The journal, before the first contact; a new one, or that of `shopper resume`. */
static enum exit_code open_journal(struct options *o, const struct chosen *c, struct session *s,
                                   struct diags *diags)
{
    struct journaling *g = s->journaling;
    enum status st;

    if (g->resumed)
        return journaling_match(g, c, s->scenarios, s->count, diags) ? EXIT_INPUT : EXIT_MET;
    if (!option_text(o, OPT_JOURNAL)) {
        s->journaling = NULL;
        return EXIT_MET;
    }
    st = journaling_begin(g, option_text(o, OPT_JOURNAL), o, c, s->scenarios, s->count,
                          new_run_id(o->arena), s->started_us, diags);
    return !st ? EXIT_MET : st == ST_INVALID ? EXIT_USAGE : EXIT_NOT_TESTED;
}

/* What a run stands on; owned. */
struct ground {
    struct data data;
    struct chosen chosen;
    struct shard shard;
    struct outputs out;
    struct result *base;
    struct evidence *evidence;
};

static enum exit_code play(struct options *o, struct ground *w, struct journaling *g,
                           struct diags *diags)
{
    struct session s = { .options = o, .data = &w->data, .evidence = w->evidence,
                         .journaling = g };
    struct loop *loop;
    enum exit_code code = clock_start(o, &w->chosen, diags, &loop);

    if (code != EXIT_MET)
        return code;
    s.loop = loop;
    s.started_us = g->resumed ? g->started_us : loop_wall(loop);
    s.placed = w->shard.of != 0;
    if (limits_ready(o, diags, &s))
        plays_make(o, &w->chosen, &s);
    else
        code = EXIT_USAGE;
    code = code != EXIT_MET ? code
           : !machine_bears(s.scenarios, s.count, (size_t)option_int(o, OPT_JOBS), diags)
               ? EXIT_NOT_TESTED : open_journal(o, &w->chosen, &s, diags);
    if (code == EXIT_MET) {
        if (s.journaling)
            clock_wait(loop, journaling_wake(g, s.starts));
        session_start(&s);
        loop_run(loop);
        place(&w->shard, &s);
        session_finish(&s);
        code = session_code(&s, diags);
        if (report_all(&w->out, o, s.result, diags) != ST_OK)
            code = EXIT_NOT_TESTED;
        code = worse_code(code, sum_up(o, w->base, s.result, w->out.to_stdout));
        session_release(&s);
    }
    loop_free(loop);
    return code;
}

static bool some_paths(const struct options *o, const char *command, struct diags *diags)
{
    if (o->path_count)
        return true;
    diag_error(diags, "shopper %s needs at least one PATH: a journey file or a folder", command);
    return false;
}

/* From options to what is played; what cannot be read comes before what cannot be written. */
static enum exit_code prepare(struct options *o, struct ground *w, struct diags *diags)
{
    const char *baseline = option_text(o, OPT_BASELINE);

    if (!shard_find(o, diags, &w->shard))
        return EXIT_USAGE;
    if ((baseline && load_result(baseline, diags, &w->base) != ST_OK) ||
        data_load(o, diags, &w->data) != ST_OK ||
        choose(o, &w->data, NULL, SEVERITY_ERROR, o->paths, o->path_count, diags,
               &w->chosen) != ST_OK)
        return EXIT_INPUT;
    shard_keep(&w->shard, &w->chosen);
    if (w->shard.of && !w->chosen.count && !option_on(o, OPT_QUIET))
        fprintf(stderr, "shard %u of %u: none of the %zu journeys is in it\n", w->shard.number,
                w->shard.of, w->chosen.found);
    if (option_on(o, OPT_DRY_RUN))
        return EXIT_MET;
    return outputs_open(o, NULL, diags, &w->out) != ST_OK || !transcripts_ready(o, diags) ||
           !evidence_ready(o, diags, &w->evidence) ? EXIT_USAGE : EXIT_MET;
}

/* What the run would not take, its plan does not take, either. */
static enum exit_code try_dry(struct options *o, const struct ground *w, struct diags *diags)
{
    struct session none = { .options = o };

    if (!limits_ready(o, diags, &none))
        return EXIT_USAGE;
    dry_run(o, &w->data, &w->chosen);
    return EXIT_MET;
}

static enum exit_code play_paths(struct options *o, struct journaling *g, struct diags *diags)
{
    struct ground w = { 0 };
    enum exit_code code = prepare(o, &w, diags);

    if (code == EXIT_MET && option_on(o, OPT_DRY_RUN))
        code = try_dry(o, &w, diags);
    else if (code == EXIT_MET)
        code = play(o, &w, g, diags);
    failed(diags, code);
    outputs_release(&w.out);
    evidence_free(w.evidence);
    result_freep(&w.base);
    chosen_release(&w.chosen);
    data_release(&w.data);
    return code;
}

enum exit_code run_command(struct options *o)
{
    struct diags diags;
    struct journaling g = { 0 };
    enum exit_code code = EXIT_USAGE;

    diags_init(&diags);
    if (some_paths(o, "run", &diags))
        code = play_paths(o, &g, &diags);
    else
        failed(&diags, code);
    journaling_release(&g);
    diags_release(&diags);
    return code;
}

enum exit_code resume_command(struct options *o)
{
    struct diags diags;
    struct journaling g = { 0 };
    enum exit_code code = EXIT_USAGE;
    enum status st;

    diags_init(&diags);
    if (o->path_count != 1) {
        diag_error(&diags, "shopper resume needs one JOURNAL: the file of `run --journal`");
        failed(&diags, code);
    } else if ((st = journaling_open(&g, o->paths[0], o, &diags)) != ST_OK) {
        code = failed(&diags, st == ST_INVALID || st == ST_NOT_FOUND ? EXIT_INPUT
                                                                     : EXIT_NOT_TESTED);
    } else {
        code = play_paths(o, &g, &diags);
    }
    journaling_release(&g);
    diags_release(&diags);
    return code;
}

enum exit_code check_command(struct options *o)
{
    struct diags diags;
    struct data data = { 0 };
    struct chosen chosen = { 0 };
    enum exit_code code = EXIT_INPUT;

    diags_init(&diags);
    if (!some_paths(o, "check", &diags)) {
        code = EXIT_USAGE;
    } else if (data_load(o, &diags, &data) == ST_OK &&
               choose(o, &data, NULL, SEVERITY_WARNING, o->paths, o->path_count, &diags,
                      &chosen) == ST_OK) {
        code = EXIT_MET;
        for (size_t i = 0; i < chosen.count; i++)
            printf("ok: %s: %s\n", chosen.items[i]->path, chosen.items[i]->name);
    }
    failed(&diags, code);
    chosen_release(&chosen);
    data_release(&data);
    diags_release(&diags);
    return code;
}
