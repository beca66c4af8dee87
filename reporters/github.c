/* GitHub annotations: workflow commands on standard output. GitHub shows at most ten errors and ten
 * warnings of a step; the worst are written, and the last of ten says how many more there are. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"
#include "reporters/reporters.h"
#include "reporters/view.h"

enum { SHOWN_MAX = 10, TITLE_COLUMNS = 120, MESSAGE_COLUMNS = 600 };

struct note {
    const struct journey_result *jr;
    const struct finding *f;      /* NULL: the journey as a whole */
};

/* The first or worst of one level, as finished commands, and how many there were in all. */
struct notes {
    struct { double points; char *text; } items[SHOWN_MAX];
    size_t kept, count;
};

/* A command is one line; in a property commas and colons end it, too. */
static void escaped(struct buf *out, const char *text, size_t columns, bool property)
{
    CLEANUP(buf_release) struct buf clean = BUF_INIT(VIEW_PART_MAX);
    CLEANUP(buf_release) struct buf cut = BUF_INIT(VIEW_PART_MAX);

    text_add_printable(&clean, slice_str(text));
    text_add_clipped(&cut, buf_slice(&clean), columns);
    for (const char *p = cut.ptr; *p; p++) {
        if (strchr("%\r\n", *p) || (property && strchr(":,", *p)))
            buf_addf(out, "%%%02X", *p);
        else
            buf_addc(out, *p);
    }
}

static void command(struct buf *out, const char *level, const struct note *n)
{
    const struct transcript *t = n->jr->transcript;
    unsigned line = n->f ? view_step_line(t, n->f->seq) : t->line;
    CLEANUP(buf_release) struct buf text = BUF_INIT(VIEW_PART_MAX);

    buf_addf(out, "::%s ", level);
    if (*t->file) {
        buf_adds(out, "file=");
        escaped(out, t->file, 4096, true);
        if (line)
            buf_addf(out, ",line=%u", line);
        buf_addc(out, ',');
    }
    buf_adds(out, "title=");
    if (n->f) {
        buf_addf(&text, "%s: %s", n->f->row->title, view_name(t));
        escaped(out, text.ptr, TITLE_COLUMNS, true);
        buf_clear(&text);
        buf_adds(&text, view_say(n->f));
        if (n->f->row->charged)
            buf_addf(&text, " (%.1f points)", n->f->share);
    } else {
        const struct score *s = view_known_score(n->jr);

        buf_addf(&text, "%s: %s", view_name(t), view_status(n->jr->status));
        if (s)
            buf_addf(&text, ", %d %c", score_rounded(s->value), s->grade);
        escaped(out, text.ptr, TITLE_COLUMNS, true);
        buf_clear(&text);
        for (size_t i = 0; i < n->jr->reason_count; i++)
            buf_addf(&text, "%s%s", i ? "; " : "", n->jr->reasons[i]);
    }
    buf_adds(out, "::");
    escaped(out, text.len ? text.ptr : view_status(n->jr->status), MESSAGE_COLUMNS, false);
    buf_addc(out, '\n');
}

static void add_note(struct notes *n, const char *level, struct note note)
{
    CLEANUP(buf_release) struct buf b = BUF_INIT(VIEW_PART_MAX);
    double points = note.f ? note.f->share : 0;
    size_t at = n->kept;

    n->count++;
    if (at == SHOWN_MAX && n->items[at - 1].points >= points)
        return;
    if (at == SHOWN_MAX)
        free(n->items[--at].text);
    else
        n->kept++;
    for (; at && n->items[at - 1].points < points; at--)
        n->items[at] = n->items[at - 1];
    command(&b, level, &note);
    n->items[at].points = points;
    n->items[at].text = buf_steal(&b);
}

static void commands(struct buf *out, const char *level, const char *what, struct notes *n)
{
    size_t shown = n->count <= SHOWN_MAX ? n->count : SHOWN_MAX - 1;

    for (size_t i = 0; i < shown; i++)
        buf_adds(out, n->items[i].text);
    if (shown < n->count)
        buf_addf(out, "::%s title=shopper::and %zu more %s\n", level, n->count - shown, what);
    for (size_t i = 0; i < n->kept; i++)
        free(n->items[i].text);
}

static enum status write_github(const struct result *r, const struct report_options *o, FILE *out)
{
    (void)o;
    CLEANUP(buf_release) struct buf b = BUF_INIT(VIEW_PART_MAX);
    struct notes errors = { .kept = 0 }, warnings = { .kept = 0 };

    for (size_t i = 0; i < r->count; i++) {
        const struct journey_result *jr = result_journey(r, i);
        const struct finding **list;
        size_t count = view_findings(jr, VIEW_BAD, &list);

        if (jr->status != JOURNEY_MET)
            add_note(&errors, "error", (struct note){ jr, NULL });
        for (size_t k = 0; k < count; k++)
            add_note(&warnings, "warning", (struct note){ jr, list[k] });
        free(list);
    }
    commands(&b, "error", "journeys that did not meet their bar", &errors);
    commands(&b, "warning", "findings", &warnings);
    return view_flush(&b, out) ? ST_OK : ST_IO;
}

const struct reporter reporter_github = {
    .name = "github", .help = "annotations for GitHub Actions", .write = write_github,
};
