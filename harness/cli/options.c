#include "harness/cli/options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/text.h"
#include "harness/cli/command.h"
#include "harness/cli/wrap.h"
#include "reporters/words.h"

#define ON(id) (1u << (id))

enum {
    PLAYS = ON(CMD_RUN) | ON(CMD_RESUME) | ON(CMD_DEMO),
    JUDGES = PLAYS | ON(CMD_JUDGE),
    REPORTS = JUDGES | ON(CMD_REPORT) | ON(CMD_MERGE),
    LOADS = ON(CMD_RUN) | ON(CMD_CHECK) | ON(CMD_DEMO),
    ALL = ON(CMD_COUNT) - 1,
};

static const char *const colors[] = { "auto", "always", "never", NULL };
static const char *const papers[] = { "A4", "Letter", NULL };
static const char *const formats[] = { "table", "jsonl", NULL };

/* To add an option: an id in options.h, a row here. README and man page follow by themselves. */
const struct option_row option_rows[OPT_COUNT] = {
    [OPT_REPORT] = { "report", 'r', OPTION_LIST, "FORMAT[=PATH]", NULL, NULL, 0, 0, REPORTS,
        "write a report: console, html, pdf, json, junit, ...; PATH - is stdout; may be repeated" },
    [OPT_TAG] = { "tag", 't', OPTION_LIST, "TAG", NULL, NULL, 0, 0, LOADS,
        "only journeys with this tag; may be repeated (any of them); !TAG leaves out" },
    [OPT_GREP] = { "grep", 'g', OPTION_TEXT, "PATTERN", NULL, NULL, 0, 0,
        LOADS | ON(CMD_TREND),
        "only journeys whose name matches this pattern" },
    [OPT_SHARD] = { "shard", 0, OPTION_TEXT, "K/N", NULL, NULL, 0, 0, ON(CMD_RUN),
        "only the K-th of N parts of the journeys, the same on every machine; without it the "
        "variables of GitLab, Buildkite and Kubernetes jobs are obeyed; `merge` joins the results" },
    [OPT_JOBS] = { "jobs", 'j', OPTION_INT, "N", "4", NULL, 1, 1000000, PLAYS,
        "customers played at once" },
    [OPT_LOOPS] = { "loops", 0, OPTION_INT, "N", "0", NULL, 0, 64, PLAYS,
        "threads that play them, each with a loop of its own; 0 is one for each processor that they "
        "keep busy, and one where few play at once" },
    [OPT_LIMIT] = { "limit", 0, OPTION_LIST, "HOST=N/R", NULL, NULL, 0, 0, ON(CMD_RUN),
        "at most N customers at once at this company host and R contacts a minute, for each kind of "
        "channel; hosts that are not named have 4/30; a mail's host is the domain it is written to" },
    [OPT_DRY_RUN] = { "dry-run", 'n', OPTION_FLAG, NULL, NULL, NULL, 0, 0, ON(CMD_RUN),
        "contact nobody; print what would be sent, and to whom" },
    [OPT_MAX_CONTACTS] = { "max-contacts", 0, OPTION_INT, "N", "200", NULL, 1, 10000000, PLAYS,
        "messages sent in the whole run at most, forms and mails included" },
    [OPT_RAMP] = { "ramp", 0, OPTION_TEXT, "TIME", NULL, NULL, 0, 0, ON(CMD_RUN) | ON(CMD_RESUME),
        "the first --jobs customers come one after the other over this time, not all at once; 10m, "
        "say" },
    [OPT_JITTER] = { "jitter", 0, OPTION_TEXT, "TIME", NULL, NULL, 0, 0, ON(CMD_RUN) | ON(CMD_RESUME),
        "each journey begins up to so much later than it could, by chance (--seed), so that customers "
        "do not come in step" },
    [OPT_MARKER] = { "marker", 0, OPTION_TEXT, "TEXT", NULL, NULL, 0, 0, PLAYS,
        "an X-Shopper header with this text in every request, WebSocket handshake and mail, by which "
        "the company can tell these customers from its own; none otherwise" },
    [OPT_REUSE_CONNECTIONS] = { "reuse-connections", 0, OPTION_FLAG, NULL, NULL, NULL, 0, 0, PLAYS,
        "customers share web connections, for load; else each makes their own, and pays for them, as a "
        "real one does" },
    [OPT_SEED] = { "seed", 0, OPTION_INT, "N", "1", NULL, 0, INT64_MAX, PLAYS,
        "choice of the customers' words; the same seed gives the same words" },
    [OPT_TRANSCRIPTS] = { "transcripts", 0, OPTION_TEXT, "DIR", NULL, NULL, 0, 0, PLAYS,
        "also write each journey's transcript (JSON Lines) into this folder" },
    [OPT_EVIDENCE] = { "evidence", 0, OPTION_TEXT, "DIR", NULL, NULL, 0, 0,
        PLAYS | ON(CMD_REPORT),
        "keep screenshots, pages, mails and transfers of every journey in this folder, which nobody "
        "else may read; the HTML report shows the pictures that lie there" },
    [OPT_EXPECTATIONS] = { "expectations", 'e', OPTION_TEXT, "FILE", NULL, NULL, 0, 0, JUDGES,
        "yardstick and weights to judge by, instead of the industry's" },
    [OPT_DATA] = { "data", 0, OPTION_TEXT, "DIR", NULL, NULL, 0, 0, ALL,
        "where adapters, language packs and expectations lie" },
    [OPT_FAULTS] = { "faults", 'f', OPTION_LIST, "A,B", NULL, NULL, 0, 0, ON(CMD_DEMO),
        "switch on faults of the practice company (practice-company --list-faults)" },
    [OPT_OUT] = { "out", 'o', OPTION_TEXT, "DIR", "shopper-demo", NULL, 0, 0, ON(CMD_DEMO),
        "folder for the demo's reports" },
    [OPT_DIALOGUES] = { "dialogues", 0, OPTION_LIST, "FILE", NULL, NULL, 0, 0, ON(CMD_JUDGE),
        "judge conversations from an export, one JSON object a line; - is stdin" },
    [OPT_FORMAT] = { "format", 0, OPTION_CHOICE, "FORMAT", "table", formats, 0, 0,
        ON(CMD_JUDGE) | ON(CMD_COMPARE) | ON(CMD_TREND),
        "how findings, changes or trends are printed: table or jsonl" },
    [OPT_EXPLAIN] = { "explain", 0, OPTION_FLAG, NULL, NULL, NULL, 0, 0, ON(CMD_JUDGE),
        "why each finding was made: the places that prove it, what was read there, by which rule" },
    [OPT_WORDS] = { "words", 'w', OPTION_LIST, "FILE", NULL, NULL, 0, 0, LOADS | JUDGES,
        "words of your own over a language pack: slots, phrases, promises; may be repeated" },
    [OPT_MARKS] = { "marks", 0, OPTION_FLAG, NULL, NULL, NULL, 0, 0, ON(CMD_JUDGE),
        "print what was read in each company message, too" },
    [OPT_THREADS] = { "threads", 0, OPTION_INT, "N", "0", NULL, 0, 256, ON(CMD_JUDGE),
        "dialogues judged at once; 0 is one for each processor" },
    [OPT_REPEAT] = { "repeat", 0, OPTION_INT, "N", "1", NULL, 1, 1000000, ON(CMD_RUN),
        "play every journey N times, and show how the scores scatter" },
    [OPT_PARK_AFTER] = { "park-after", 0, OPTION_TEXT, "TIME", "5m", NULL, 0, 0,
        ON(CMD_RUN) | ON(CMD_RESUME),
        "with a journal: park a journey that has only waited for so long and has longer to wait" },
    [OPT_JOURNAL] = { "journal", 0, OPTION_TEXT, "FILE", NULL, NULL, 0, 0, ON(CMD_RUN),
        "keep a durable journal, with which shopper resume goes on after a crash; only its owner "
        "may read it" },
    [OPT_VIRTUAL_TIME] = { "virtual-time", 0, OPTION_TEXT, "SOCKET", NULL, NULL, 0, 0,
        ON(CMD_RUN) | ON(CMD_RESUME),
        "play on the clock of a practice company (its option --virtual-time), which goes on when nobody "
        "has anything to do: weeks in seconds" },
    [OPT_BASELINE] = { "baseline", 0, OPTION_TEXT, "FILE", NULL, NULL, 0, 0,
        ON(CMD_RUN) | ON(CMD_RESUME),
        "compare with this earlier report.json; a regression is exit code 1" },
    [OPT_ALLOW] = { "allow", 0, OPTION_INT, "POINTS", "3", NULL, 0, 100,
        ON(CMD_RUN) | ON(CMD_RESUME) | ON(CMD_COMPARE),
        "points a journey may lose, or a new finding cost, before it is a regression" },
    [OPT_HIDE_NAMES] = { "hide-names", 0, OPTION_FLAG, NULL, NULL, NULL, 0, 0, REPORTS,
        "names of the company's staff, where they are introduced, become [name] in every report "
        "and transcript (not in the live progress)" },
    [OPT_DOUBTS] = { "doubts", 0, OPTION_FLAG, NULL, NULL, NULL, 0, 0, REPORTS,
        "show findings with a confidence below .5, which are never counted" },
    [OPT_QUIET] = { "quiet", 'q', OPTION_FLAG, NULL, NULL, NULL, 0, 0, REPORTS,
        "no progress and no console report unless --report asks for it" },
    [OPT_VERBOSE] = { "verbose", 'v', OPTION_FLAG, NULL, NULL, NULL, 0, 0, REPORTS,
        "progress for every event; whole transcripts in the console report" },
    [OPT_COLOR] = { "color", 0, OPTION_CHOICE, "WHEN", "auto", colors, 0, 0, REPORTS,
        "colours: auto, always or never; NO_COLOR is honoured" },
    [OPT_LANGUAGE] = { "language", 0, OPTION_CHOICE, "CODE", "en", words_codes, 0, 0,
        REPORTS | ON(CMD_TREND),
        "language of the HTML report's own words and of what findings say; what was said stays as it "
        "was said" },
    [OPT_HISTORY] = { "history", 0, OPTION_TEXT, "FILE", NULL, NULL, 0, 0, REPORTS,
        "also keep the figures of this audit in a SQLite file, for shopper trend" },
    [OPT_PAPER] = { "paper", 0, OPTION_CHOICE, "SIZE", "A4", papers, 0, 0, REPORTS,
        "paper of the pdf report: A4 or Letter" },
    [OPT_LOGO] = { "logo", 0, OPTION_TEXT, "FILE", NULL, NULL, 0, 0, REPORTS,
        "picture (PNG or JPEG) for the cover of the pdf report" },
    [OPT_BROWSER] = { "browser", 0, OPTION_TEXT, "PROGRAM", NULL, NULL, 0, 0, REPORTS,
        "Chromium that prints the pdf report, where it is not found by its usual names" },
    [OPT_PAGE] = { "page", 0, OPTION_TEXT, "FILE", NULL, NULL, 0, 0, ON(CMD_TREND),
        "write a page with plots, too" },
    [OPT_LAST] = { "last", 0, OPTION_INT, "N", "30", NULL, 1, 100000, ON(CMD_TREND),
        "plays of each journey that are shown, the latest ones" },
    [OPT_HELP] = { "help", 'h', OPTION_FLAG, NULL, NULL, NULL, 0, 0, ALL, "show this help" },
    [OPT_VERSION] = { "version", 'V', OPTION_FLAG, NULL, NULL, NULL, 0, 0, ALL,
        "show the version" },
};

void options_init(struct options *o)
{
    *o = (struct options){ .arena = arena_new() };
}

void options_release(struct options *o)
{
    arena_free(o->arena);
    *o = (struct options){ 0 };
}

/* Values */

static void append(struct options *o, enum option_id id, const char *value)
{
    struct option_value *v = &o->values[id];
    const char **items = arena_alloc(o->arena, (v->count + 1) * sizeof *items);

    if (v->count)
        memcpy(items, v->items, v->count * sizeof *items);
    items[v->count++] = arena_strdup(o->arena, value);
    v->items = items;
}

static bool in_list(const char *const *list, const char *value)
{
    for (; *list; list++)
        if (!strcmp(*list, value))
            return true;
    return false;
}

static bool good_int(const struct option_row *row, const char *value)
{
    char *end;

    errno = 0;
    long long n = strtoll(value, &end, 10);

    return end != value && !*end && !errno && n >= row->min && n <= row->max;
}

/* `where` names the flag, the variable or the file the value comes from. */
static bool take(struct options *o, enum option_id id, const char *value, const char *where,
                 struct diags *diags)
{
    static const char *const yes[] = { "1", "true", "yes", "on", NULL };
    static const char *const no[] = { "0", "false", "no", "off", "", NULL };
    const struct option_row *row = &option_rows[id];

    o->values[id].from = arena_strdup(o->arena, where);
    switch (row->type) {
    case OPTION_FLAG:
        if (value && in_list(no, value))
            return true;
        if (value && !in_list(yes, value)) {
            diag_error(diags, "%s: expected true or false, not \"%s\"", where, value);
            return false;
        }
        append(o, id, "1");
        return true;
    case OPTION_INT:
        if (!good_int(row, value)) {
            diag_error(diags, "%s: expected a number from %lld to %lld, not \"%s\"", where,
                       (long long)row->min, (long long)row->max, value);
            return false;
        }
        break;
    case OPTION_CHOICE:
        if (!in_list(row->choices, value)) {
            struct buf list = BUF_INIT(256);

            for (const char *const *c = row->choices; *c; c++)
                buf_addf(&list, "%s%s", c == row->choices ? "" : ", ", *c);
            diag_error(diags, "%s: expected one of %s, not \"%s\"", where, list.ptr, value);
            buf_release(&list);
            return false;
        }
        break;
    case OPTION_TEXT:
    case OPTION_LIST:
        break;
    }
    if (row->type != OPTION_LIST)
        o->values[id].count = 0;
    append(o, id, value);
    return true;
}

/* Command line */

static const struct option_row *find_row(const char *name, size_t len)
{
    for (size_t i = 0; i < OPT_COUNT; i++)
        if (strlen(option_rows[i].name) == len && !strncmp(option_rows[i].name, name, len))
            return &option_rows[i];
    return NULL;
}

static void unknown_flag(const char *arg, unsigned command, struct diags *diags)
{
    const char *names[OPT_COUNT];
    size_t count = 0;

    for (size_t i = 0; i < OPT_COUNT; i++)
        if (option_rows[i].commands & command)
            names[count++] = option_rows[i].name;

    const char *near = suggest(arg + strspn(arg, "-"), names, count);

    if (near)
        diag_error(diags, "unknown option %s; did you mean --%s?", arg, near);
    else
        diag_error(diags, "unknown option %s; see --help", arg);
}

struct argument {
    int argc, at;
    char *const *argv;
};

static bool take_flag(struct options *o, const struct option_row *row, const char *shown,
                      const char *value, struct argument *a, struct diags *diags)
{
    if (row->type == OPTION_FLAG) {
        if (value) {
            diag_error(diags, "%s takes no value", shown);
            return false;
        }
    } else if (!value) {
        if (a->at + 1 >= a->argc) {
            diag_error(diags, "%s needs a value: %s", shown, row->value);
            return false;
        }
        value = a->argv[++a->at];
    }
    return take(o, (enum option_id)(row - option_rows), value, shown, diags);
}

static bool take_long(struct options *o, unsigned command, struct argument *a,
                      struct diags *diags)
{
    const char *arg = a->argv[a->at], *name = arg + 2, *eq = strchr(name, '=');
    size_t len = eq ? (size_t)(eq - name) : strlen(name);
    const struct option_row *row = find_row(name, len);

    if (!row) {
        unknown_flag(arena_strndup(o->arena, arg, len + 2), command, diags);
        return false;
    }
    if (!(row->commands & command)) {
        diag_error(diags, "--%s does not belong to this command", row->name);
        return false;
    }
    return take_flag(o, row, arena_printf(o->arena, "--%s", row->name), eq ? eq + 1 : NULL, a,
                     diags);
}

static bool take_letters(struct options *o, unsigned command, struct argument *a,
                         struct diags *diags)
{
    const char *arg = a->argv[a->at];

    for (const char *p = arg + 1; *p; p++) {
        const struct option_row *row = NULL;
        char shown[3] = { '-', *p, '\0' };

        for (size_t i = 0; i < OPT_COUNT; i++)
            if (option_rows[i].letter == *p && option_rows[i].commands & command)
                row = &option_rows[i];
        if (!row) {
            unknown_flag(shown, command, diags);
            return false;
        }
        if (row->type != OPTION_FLAG)
            return take_flag(o, row, shown, p[1] ? p + 1 : NULL, a, diags);
        if (!take_flag(o, row, shown, NULL, a, diags))
            return false;
    }
    return true;
}

enum status options_parse(struct options *o, unsigned command, int argc, char *const *argv,
                          int first, struct diags *diags)
{
    struct argument a = { argc, first, argv };
    bool only_paths = false;

    o->paths = arena_alloc(o->arena, (size_t)(argc + 1) * sizeof *o->paths);
    for (; a.at < argc; a.at++) {
        const char *arg = argv[a.at];

        if (only_paths || arg[0] != '-' || !arg[1]) {
            o->paths[o->path_count++] = arg;
        } else if (!strcmp(arg, "--")) {
            only_paths = true;
        } else if (!(arg[1] == '-' ? take_long(o, command, &a, diags)
                                   : take_letters(o, command, &a, diags))) {
            return ST_INVALID;
        }
    }
    return ST_OK;
}

/* Environment and config */

static void env_name(const struct option_row *row, char out[static 64])
{
    size_t n = 0;

    for (const char *p = "SHOPPER_"; *p; p++)
        out[n++] = *p;
    for (const char *p = row->name; *p && n < 63; p++)
        out[n++] = *p == '-' ? '_' : (char)(*p >= 'a' && *p <= 'z' ? *p - 32 : *p);
    out[n] = '\0';
}

static bool settable(const struct options *o, enum option_id id, unsigned command)
{
    return id != OPT_HELP && id != OPT_VERSION && !o->values[id].from &&
           option_rows[id].commands & command;
}

/* A list in one variable is separated by commas. */
static bool take_value(struct options *o, enum option_id id, const char *value, const char *where,
                       struct diags *diags)
{
    if (option_rows[id].type != OPTION_LIST)
        return take(o, id, value, where, diags);
    for (const char *p = value; *p;) {
        size_t len = strcspn(p, ",");

        if (len && !take(o, id, arena_strndup(o->arena, p, len), where, diags))
            return false;
        p += len + (p[len] == ',');
    }
    return true;
}

enum status options_environment(struct options *o, unsigned command, struct diags *diags)
{
    bool ok = true;

    for (int i = 0; i < OPT_COUNT; i++) {
        char name[64];

        env_name(&option_rows[i], name);

        const char *value = getenv(name);

        if (value && *value && settable(o, (enum option_id)i, command) &&
            !take_value(o, (enum option_id)i, value, name, diags))
            ok = false;
    }
    return ok ? ST_OK : ST_INVALID;
}

enum status options_config(struct options *o, unsigned command, const char *path,
                           struct sources *sources, struct diags *diags)
{
    struct field fields[OPT_COUNT + 1] = { { 0 } };
    struct texts values[OPT_COUNT] = { { 0 } };
    struct regex_list regexes = { 0 };
    bool ok = true;

    if (access(path, R_OK))
        return ST_OK;
    for (size_t i = 0; i < OPT_COUNT; i++)
        fields[i] = (struct field){ .name = option_rows[i].name, .type = FIELD_TEXTS,
                                    .offset = i * sizeof(struct texts) };

    const struct object object = { "the config file", sizeof values, fields, SIZE_MAX };
    enum status st = load_object_file(path, &object, o->arena, &regexes, sources, diags, values);

    regex_list_release(&regexes);
    for (int i = 0; st == ST_OK && i < OPT_COUNT; i++) {
        if (!values[i].count || !settable(o, (enum option_id)i, command))
            continue;
        for (size_t k = 0; k < values[i].count; k++)
            if (!take(o, (enum option_id)i, values[i].items[k], path, diags))
                ok = false;
    }
    return st ? st : ok ? ST_OK : ST_INVALID;
}

bool option_on(const struct options *o, enum option_id id)
{
    return o->values[id].count > 0;
}

const char *option_text(const struct options *o, enum option_id id)
{
    const struct option_value *v = &o->values[id];

    return v->count ? v->items[v->count - 1] : option_rows[id].fallback;
}

int64_t option_int(const struct options *o, enum option_id id)
{
    return strtoll(option_text(o, id), NULL, 10);
}

/* Help */

void options_help(unsigned command, struct buf *out)
{
    for (size_t i = 0; i < OPT_COUNT; i++) {
        const struct option_row *row = &option_rows[i];
        struct buf left = BUF_INIT(128);

        if (!(row->commands & command))
            continue;
        if (row->letter)
            buf_addf(&left, "-%c, ", row->letter);
        else
            buf_adds(&left, "    ");
        buf_addf(&left, "--%s%s%s", row->name, row->value ? " " : "",
                 row->value ? row->value : "");
        char *help = row->fallback ? mem_printf("%s [%s]", row->help, row->fallback)
                                   : mem_strdup(row->help);

        if (left.len > 28)
            buf_addf(out, "  %s\n%32s", left.ptr, "");
        else
            buf_addf(out, "  %-28s  ", left.ptr);
        wrap_add(out, help, 32, 32);
        free(help);
        buf_release(&left);
    }
}

void options_man(struct buf *out)
{
    for (size_t i = 0; i < OPT_COUNT; i++) {
        const struct option_row *row = &option_rows[i];
        char twin[64];

        buf_adds(out, ".TP\n.B ");
        if (row->letter)
            buf_addf(out, "\\-%c, ", row->letter);
        buf_addf(out, "\\-\\-%s", row->name);
        if (row->value)
            buf_addf(out, " \\fI%s\\fR", row->value);
        buf_addf(out, "\n%s.", row->help);
        if (row->fallback)
            buf_addf(out, " Default: %s.", row->fallback);
        env_name(row, twin);
        if (i != OPT_HELP && i != OPT_VERSION)
            buf_addf(out, " Environment: %s.", twin);
        buf_adds(out, " Commands:");
        for (size_t c = 0; c < CMD_COUNT; c++)
            if (row->commands & (1u << c))
                buf_addf(out, " %s", commands[c].name);
        buf_adds(out, ".\n");
    }
}
