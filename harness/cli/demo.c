/* shopper demo: the practice company, private mail servers, and the example journeys. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"
#include "harness/cli/command.h"
#include "harness/cli/session.h"

enum { READY_WITHIN_S = 20 };

struct demo {
    struct options *options;
    struct data data;
    struct chosen chosen;
    struct outputs outputs;
    struct diags diags;
    struct loop *loop;
    struct child *company;
    struct timer *patience;
    struct session session;
    struct evidence *evidence;
    struct overrides overrides;
    struct named_text values[8];
    const char *missing;                  /* packages; NULL none */
    const char *left_out[2];
    size_t left_out_count;
    bool ready, company_gone, over;
    enum exit_code code;
};

static void finish(void *context)
{
    struct demo *d = context;

    d->over = true;
    timer_cancel(d->patience);
    d->patience = NULL;
    if (!d->company_gone)
        child_close_input(d->company);           /* it stops everything it started, and ends */
}

static bool needs_mail(const struct scenario *s)
{
    for (size_t i = 0; i < s->channel_count; i++)
        if (s->channels[i].family == FAMILY_EMAIL)
            return true;
    return false;
}

/* Without mail servers the mail journeys are left out, and every report says so. */
static void leave_out_mail(struct demo *d)
{
    struct options *o = d->options;
    size_t kept = 0, left = 0;

    if (!d->missing)
        return;
    for (size_t i = 0; i < d->chosen.count; i++) {
        struct scenario *s = d->chosen.items[i];

        if (needs_mail(s)) {
            scenario_free(s);
            left++;
        } else {
            d->chosen.items[kept++] = s;
        }
    }
    d->chosen.count = kept;
    d->left_out[d->left_out_count++] = arena_printf(o->arena,
        "%zu journeys that need mail: missing %s (ci/setup demo installs what it may)", left,
        d->missing);
    fprintf(stderr, "shopper: left out: %s\n", d->left_out[0]);
}

static void play(struct demo *d)
{
    struct options *o = d->options;
    const char *const paths[] = { d->data.folder };

    timer_cancel(d->patience);
    d->patience = NULL;
    if (d->missing) {                            /* their scenarios still have to load */
        d->values[d->overrides.count++] = (struct named_text){ "SMTP_URL", "smtp://127.0.0.1:1" };
        d->values[d->overrides.count++] =
            (struct named_text){ "IMAP_URL", "imap://nobody:none@127.0.0.1:1" };
    }
    if (choose(o, &d->data, &d->overrides, SEVERITY_ERROR, o->path_count ? o->paths : paths,
               o->path_count ? o->path_count : 1, &d->diags, &d->chosen) != ST_OK) {
        d->code = EXIT_INPUT;
        finish(d);
        return;
    }
    leave_out_mail(d);
    if (!d->chosen.count) {
        diag_error(&d->diags, "no journey is left to play");
        d->code = EXIT_INPUT;
        finish(d);
        return;
    }
    d->session = (struct session){
        .options = o, .data = &d->data, .loop = d->loop, .overrides = &d->overrides,
        .scenarios = d->chosen.items, .count = d->chosen.count, .ended = finish, .context = d,
        .evidence = d->evidence,
    };
    session_start(&d->session);
}

/* "ready NAME=VALUE ..." */
static void take_ready(struct demo *d, const char *text)
{
    char *copy = arena_strdup(d->options->arena, text), *save = NULL;

    for (char *w = strtok_r(copy, " ", &save); w; w = strtok_r(NULL, " ", &save)) {
        char *eq = strchr(w, '=');

        if (!eq || d->overrides.count + 2 >= ARRAY_LEN(d->values))
            continue;
        *eq = '\0';
        d->values[d->overrides.count++] = (struct named_text){ w, eq + 1 };
    }
    d->ready = true;
    play(d);
}

static void on_line(void *context, const char *text)
{
    struct demo *d = context;

    if (text_starts_with(text, "missing "))
        d->missing = arena_strdup(d->options->arena, text + 8);
    else if (text_starts_with(text, "ready ") && !d->ready)
        take_ready(d, text);
}

static void on_ended(void *context, int status, int number)
{
    struct demo *d = context;

    d->company_gone = true;
    if (d->over)
        return;
    if (number)
        diag_error(&d->diags, "the practice company was killed by signal %d", number);
    else if (status)
        diag_error(&d->diags, "the practice company ended with code %d", status);
    else
        diag_error(&d->diags, "the practice company ended before the journeys did");
    d->code = status == EXIT_USAGE ? EXIT_USAGE : EXIT_NOT_TESTED;
    if (d->session.lanes.count)
        session_stop(&d->session);
    finish(d);
}

static void too_late(void *context)
{
    struct demo *d = context;

    d->patience = NULL;
    diag_error(&d->diags, "the practice company was not ready after %d s", READY_WITHIN_S);
    d->code = EXIT_NOT_TESTED;
    finish(d);
}

static bool start_company(struct demo *d)
{
    static const struct child_callbacks callbacks = { on_line, on_ended };
    struct options *o = d->options;
    const char *program = data_program(o, "practice-company");
    const struct option_value *faults = &o->values[OPT_FAULTS];
    struct buf list = BUF_INIT(4096);
    const char *argv[] = { program, NULL, NULL, NULL };

    if (!program) {
        diag_error(&d->diags, "the program practice-company is missing beside shopper; "
                              "\"make\" builds it");
        return false;
    }
    for (size_t i = 0; i < faults->count; i++)
        buf_addf(&list, "%s%s", i ? "," : "", faults->items[i]);
    if (list.len) {
        argv[1] = "--faults";
        argv[2] = arena_strdup(o->arena, list.ptr);
    }
    buf_release(&list);
    d->company = child_start(d->loop, argv, &callbacks, d);
    if (!d->company) {
        diag_error(&d->diags, "cannot start %s", program);
        return false;
    }
    d->patience = timer_start(d->loop, loop_now(d->loop) + READY_WITHIN_S * US_PER_S, too_late, d);
    return true;
}

/* Three reports unless others are asked for. */
static void default_reports(struct options *o)
{
    static const char *three[] = { "html", "json", "junit" };
    struct option_value *v = &o->values[OPT_REPORT];

    if (!v->count)
        *v = (struct option_value){ three, ARRAY_LEN(three), "demo" };
}

static void report(struct demo *d)
{
    struct options *o = d->options;
    struct result *r = d->session.result;

    if (!r)
        return;
    if (d->left_out_count) {
        const char **all = arena_alloc(r->arena, (r->left_out_count + 2) * sizeof *all);

        all[0] = d->left_out[0];
        for (size_t i = 0; i < r->left_out_count; i++)
            all[i + 1] = r->left_out[i];
        r->left_out = all;
        r->left_out_count++;
    }
    if (d->code == EXIT_MET)
        d->code = session_code(&d->session, &d->diags);
    if (report_all(&d->outputs, o, r, &d->diags) != ST_OK)
        d->code = EXIT_NOT_TESTED;
}

enum exit_code demo_command(struct options *o)
{
    struct demo d = { .options = o, .code = EXIT_MET };

    diags_init(&d.diags);
    d.overrides.items = d.values;
    default_reports(o);
    if (data_load(o, &d.diags, &d.data) != ST_OK) {
        d.code = EXIT_INPUT;
    } else if (make_folder(option_text(o, OPT_OUT)) != ST_OK ||
               outputs_open(o, option_text(o, OPT_OUT), &d.diags, &d.outputs) != ST_OK ||
               !transcripts_ready(o, &d.diags) || !evidence_ready(o, &d.diags, &d.evidence)) {
        if (!d.diags.count)
            diag_error(&d.diags, "cannot make the folder %s", option_text(o, OPT_OUT));
        d.code = EXIT_USAGE;
    } else if (!(d.loop = loop_new(CLOCK_REAL)) || !start_company(&d)) {
        d.code = EXIT_NOT_TESTED;
    } else {
        loop_run(d.loop);
        if (d.session.result)
            session_finish(&d.session);
        report(&d);
    }
    print_diags(&d.diags);
    session_release(&d.session);
    child_free(d.company);
    if (d.loop)
        loop_free(d.loop);
    outputs_release(&d.outputs);
    evidence_free(d.evidence);
    chosen_release(&d.chosen);
    data_release(&d.data);
    diags_release(&d.diags);
    return d.code;
}
