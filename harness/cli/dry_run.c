#include "harness/cli/dry_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "harness/base/text.h"
#include "harness/cli/plays.h"
#include "harness/play/plan.h"

/* How many contacts go to one host over one kind of channel. */
struct target {
    const char *host;
    enum channel_family family;
    size_t contacts;
};

struct targets {
    struct arena *arena;
    struct target *items;
    size_t count, cap, contacts;
};

static void count_contact(struct targets *t, const struct plan_step *p, size_t plays)
{
    const char *host = p->host ? p->host : "not known yet";
    size_t i = 0;

    while (i < t->count && (strcmp(t->items[i].host, host) || t->items[i].family != p->family))
        i++;
    if (i == t->count) {
        ARENA_GROW(t->arena, t->items, t->cap, t->count + 1);
        t->items[t->count++] = (struct target){ host, p->family, 0 };
    }
    t->items[i].contacts += (size_t)p->step->repeat * plays;
    t->contacts += (size_t)p->step->repeat * plays;
}

/* A text under its step, line by line. */
static void print_text(const char *label, const char *text)
{
    struct buf clean = BUF_INIT(1 << 20);

    if (!text)
        return;
    text_add_printable(&clean, slice_str(text));
    for (const char *line = clean.ptr; *line;) {
        size_t len = strcspn(line, "\n");

        printf("       %s%.*s\n", label, (int)len, line);
        line += len + (line[len] == '\n');
    }
    buf_release(&clean);
}

static void print_step(size_t number, const struct plan_step *p)
{
    const struct step *s = p->step;

    printf("  %2zu  %s", number, s->name);
    if (p->host)
        printf("  -> %s %s", family_names[p->family], p->host);
    if (s->repeat > 1)
        printf("  (%lld times)", (long long)s->repeat);
    if (s->when)
        printf("  (when %s)", s->when->source);
    putchar('\n');
    if (s->verb == VERB_OPEN || s->verb == VERB_CLICK)
        print_text("", p->value);
    print_text("to: ", p->contact ? p->to : NULL);
    print_text("subject: ", p->subject);
    print_text("", p->text);
    for (size_t i = 0; i < p->field_count; i++) {
        char *label = mem_printf("%s: ", p->fields[i].name);

        print_text(label, p->fields[i].text);
        free(label);
    }
    for (size_t i = 0; i < s->attach.count; i++)
        print_text("attached: ", s->attach.items[i]);
}

static void print_starts(const struct options *o, const struct scenario *s)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    for (size_t i = 0; i < s->at.count; i++)
        printf("   at  %s in %s: %s%s%s\n", s->at.items[i], s->at_zone.name,
               wall_text(o->arena, plays_start(s, i, now.tv_sec * US_PER_S)),
               option_text(o, OPT_JITTER) ? ", and up to so much later: " : "",
               option_text(o, OPT_JITTER) ? option_text(o, OPT_JITTER) : "");
}

void dry_run(const struct options *o, const struct data *d, const struct chosen *c)
{
    const struct audit_env env = { environment_get, NULL };
    struct targets t = { .arena = o->arena };
    size_t times = (size_t)option_int(o, OPT_REPEAT);

    for (size_t i = 0; i < c->count; i++) {
        struct plan plan = plan_make(c->items[i], &d->adapters, env, o->arena);

        printf("%s (%s)\n", c->items[i]->name, c->items[i]->path);
        print_starts(o, c->items[i]);
        for (size_t k = 0; k < plan.count; k++) {
            print_step(k + 1, &plan.steps[k]);
            if (plan.steps[k].contact)
                count_contact(&t, &plan.steps[k], plays_of(c->items[i]));
        }
    }
    printf("\n%zu journey%s%s, %zu contact%s; nothing was sent\n", c->count, c->count == 1 ? "" : "s",
           times > 1 ? arena_printf(o->arena, ", each %zu times", times) : "", t.contacts * times,
           t.contacts * times == 1 ? "" : "s");
    if (t.contacts * times > (size_t)option_int(o, OPT_MAX_CONTACTS))
        printf("that is more than the %lld a run may make: the rest would not be sent "
               "(--max-contacts)\n", (long long)option_int(o, OPT_MAX_CONTACTS));
    for (size_t i = 0; i < t.count; i++)
        printf("  %6zu  %-5s  %s\n", t.items[i].contacts * times, family_names[t.items[i].family],
               t.items[i].host);
}
