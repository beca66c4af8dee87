/* What it took to come to a form, and what the form wanted. */
#include <stdlib.h>
#include <string.h>

#include "reporters/view.h"

static bool same_channel(const struct event *a, const struct event *b)
{
    return a->channel && b->channel && !strcmp(a->channel, b->channel);
}

/** From the last words the customer sent there, or from the start. */
static void walk_back(const struct transcript *t, size_t form, struct view_form *row)
{
    for (size_t i = form; i-- > 0;) {
        const struct event *e = &t->events[i];

        if (!same_channel(e, &t->events[form]))
            continue;
        if (e->kind == EVENT_SENT || e->kind == EVENT_FORM)
            return;
        if (e->kind != EVENT_PAGE || e->from != PARTY_COMPANY)
            continue;
        row->pages++;
        row->bytes += e->bytes;
        row->requests += e->requests;
        row->reached_us += e->wait_us == DURATION_UNKNOWN ? 0 : e->wait_us;
    }
}

static void count_fields(const struct event *form, struct view_form *row)
{
    for (size_t i = 0; i < form->field_count; i++) {
        const char *type = form->fields[i].text;

        row->fields += strcmp(type, "captcha") != 0;
        row->required += strstr(type, ", required") != NULL;
        row->unlabelled += strstr(type, ", no label") != NULL;
    }
}

size_t view_forms(const struct transcript *t, struct view_form *rows, size_t max)
{
    size_t count = 0;

    for (size_t i = 0; i < t->count && count < max; i++) {
        const struct event *e = &t->events[i];

        if (e->kind != EVENT_FORM || !e->channel)
            continue;
        rows[count] = (struct view_form){ .channel = e->channel };
        count_fields(e, &rows[count]);
        walk_back(t, i, &rows[count]);
        count++;
    }
    return count;
}

void view_size(struct buf *out, int64_t bytes)
{
    static const char *const units[] = { "KB", "MB", "GB" };
    double size = (double)bytes / 1000;
    size_t unit = 0;

    while (size >= 999.5 && unit + 1 < ARRAY_LEN(units)) {
        size /= 1000;
        unit++;
    }
    buf_addf(out, size < 9.95 ? "%.1f %s" : "%.0f %s", size, units[unit]);
}
