/* Markdown for issues, chats and wikis: a table of journeys, then what went wrong. Foreign text is
 * one line, and every character that Markdown or HTML might obey is escaped. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"
#include "reporters/reporters.h"
#include "reporters/view.h"

enum { QUOTE_COLUMNS = 300 };

static void words(struct buf *out, const char *text)
{
    CLEANUP(buf_release) struct buf b = BUF_INIT(VIEW_PART_MAX);

    text_add_clipped(&b, slice_str(text), QUOTE_COLUMNS);
    for (const char *p = b.ptr; *p; p++) {
        switch (*p) {
        case '<': buf_adds(out, "&lt;"); break;
        case '>': buf_adds(out, "&gt;"); break;
        case '&': buf_adds(out, "&amp;"); break;
        case '@': buf_adds(out, "&#64;"); break; /* nobody is called upon */
        case ':': buf_adds(out, p[1] == '/' ? "&#58;" : ":"); break;   /* nor linked to */
        default:
            if (strchr("\\`*_{}[]()#+!|~$", *p))
                buf_addc(out, '\\');
            buf_addc(out, *p);
        }
    }
}

static void row(struct buf *out, const struct journey_result *jr)
{
    const struct score *s = view_known_score(jr);

    buf_adds(out, "| ");
    words(out, view_name(jr->transcript));
    buf_addf(out, " | %s | ", view_status(jr->status));
    if (s) {
        view_score(s, out);
        buf_adds(out, " | ");
        view_grade(s, out);
        buf_addf(out, " | %.1f | %s |\n", s->ces, view_outcome(s->outcome));
    } else {
        buf_adds(out, "| | | |\n");
    }
}

static void journey(struct buf *out, const struct journey_result *jr)
{
    const struct finding **list;
    size_t count = view_findings(jr, VIEW_BAD, &list);

    if (!count && !jr->reason_count) {
        free(list);
        return;
    }
    buf_adds(out, "\n## ");
    words(out, view_name(jr->transcript));
    buf_adds(out, "\n\n");
    for (size_t i = 0; i < jr->reason_count; i++) {
        buf_adds(out, "- **");
        words(out, jr->reasons[i]);
        buf_adds(out, "**\n");
    }
    for (size_t i = 0; i < count; i++) {
        buf_addf(out, "- %s", list[i]->row->title);
        if (list[i]->row->charged)
            buf_addf(out, " (%.1f points)", -list[i]->share);
        buf_adds(out, ": \"");
        words(out, view_say(list[i]));
        buf_adds(out, "\" Events ");
        view_events(out, list[i]);
        buf_adds(out, ".\n");
    }
    if (count && view_known_score(jr)) {
        CLEANUP(buf_release) struct buf account = BUF_INIT(VIEW_PART_MAX);

        view_account(&account, jr);
        buf_adds(out, "- Points: ");
        words(out, account.ptr);
        buf_adds(out, "\n");
    }
    free(list);
}

/* What no longer fits is said instead of written. */
struct page {
    FILE *out;
    size_t left;                  /* bytes */
    size_t dropped;
};

static bool put(struct page *p, struct buf *b)
{
    if (b->len > p->left) {
        buf_clear(b);
        p->left = 0;                             /* nothing smaller after it either: no holes */
        p->dropped++;
        return true;
    }
    p->left -= b->len;
    return view_flush(b, p->out);
}

static void head(struct buf *b, const struct result *r)
{
    buf_adds(b, "# Mystery-shopper report\n\n");
    if (r->started) {
        CLEANUP(buf_release) struct buf date = BUF_INIT(VIEW_PART_MAX);

        view_date(&date, r->started);
        words(b, date.ptr);
        buf_adds(b, "\n\n");
    }
    buf_adds(b, "| Journey | Result | Score | Grade | CES | Outcome |\n"
                "|---|---|---:|:---:|---:|---|\n");
}

static bool body(struct page *p, const struct result *r)
{
    CLEANUP(buf_release) struct buf b = BUF_INIT(VIEW_PART_MAX);
    bool ok;

    head(&b, r);
    ok = put(p, &b);
    for (size_t i = 0; ok && i < r->count; i++) {
        row(&b, result_journey(r, i));
        ok = put(p, &b);
    }
    for (size_t i = 0; ok && i < r->count; i++) {
        journey(&b, result_journey(r, i));
        ok = put(p, &b);
    }
    if (r->change_count) {
        buf_adds(&b, "\n## Judged by ");
        words(&b, r->expectations ? r->expectations : "other expectations");
        buf_adds(&b, "\n\n");
    }
    for (size_t i = 0; i < r->change_count; i++) {
        buf_adds(&b, "- ");
        words(&b, r->changes[i]);
        buf_addc(&b, '\n');
    }
    if (r->left_out_count)
        buf_adds(&b, "\n## Left out\n\n");
    for (size_t i = 0; i < r->left_out_count; i++) {
        buf_adds(&b, "- ");
        words(&b, r->left_out[i]);
        buf_addc(&b, '\n');
    }
    return ok && put(p, &b);
}

static enum status write_markdown(const struct result *r, const struct report_options *o,
                                  FILE *out)
{
    (void)o;
    struct page p = { .out = out, .left = SIZE_MAX };

    return body(&p, r) ? ST_OK : ST_IO;
}

/* GitHub refuses a step's summary above 1 MiB. */
static enum status write_summary(const struct result *r, const struct report_options *o, FILE *out)
{
    (void)o;
    struct page p = { .out = out, .left = 1024 * 1024 - 256 };
    bool ok = body(&p, r);

    if (ok && p.dropped)
        ok = fprintf(out, "\nCut here: %zu more parts do not fit a GitHub summary.\n",
                     p.dropped) > 0;
    return ok ? ST_OK : ST_IO;
}

const struct reporter reporter_markdown = {
    .name = "markdown", .extension = "md", .help = "a summary for issues and wikis",
    .write = write_markdown,
};

const struct reporter reporter_github_summary = {
    .name = "github-summary", .extension = "summary.md",
    .help = "the same within a GitHub job summary's limit: github-summary=$GITHUB_STEP_SUMMARY",
    .write = write_summary,
};
