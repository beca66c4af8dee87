/* Who is contacted, as whom, and what must not happen: hosts, the customer's address, the bar. */
#include <string.h>

#include "harness/load/scenario_loader.h"

static bool has_family(const struct scenario *s, enum channel_family family)
{
    for (size_t i = 0; i < s->channel_count; i++)
        if (s->channels[i].family == family)
            return true;
    return false;
}

/* Why `text` is no host, or NULL. */
static const char *host_problem(struct arena *a, const char *text, const char **hint)
{
    const char *scheme = strstr(text, "://"), *host = scheme ? scheme + 3 : text;
    size_t len = strcspn(host, "/?#");

    *hint = len ? arena_printf(a, "write %.*s", (int)len, host) : NULL;
    if (scheme)
        return "a host is written without \"https://\"";
    if (host[len])
        return "a host has no path";
    if (!*text || strpbrk(text, " \t@,;\""))
        return *hint = "such as shop.example.com, *.example.com or localhost:8080", "not a host";
    if (strrchr(text, '*') && (strrchr(text, '*') != text || text[1] != '.' || !text[2]))
        return *hint = "such as *.example.com", "a \"*\" stands for the first part of a name only";
    return NULL;
}

static void check_hosts(struct scenario_loader *sl)
{
    const struct scenario *s = sl->s;
    const struct node *company = node_get(sl->top, "company");
    const struct node *key = company ? node_key(company, "hosts") : NULL;
    size_t given = key ? node_get(company, "hosts")->count : 0;

    for (size_t i = 0; i < s->company.hosts.count; i++) {
        const char *hint, *what = host_problem(s->arena, s->company.hosts.items[i], &hint);

        if (what)
            diag_add(sl->l.diags, SEVERITY_ERROR, sl->top->source, s->company.hosts.spans[i], hint,
                     "%s", what);
    }
    /* Mail goes to the scenario's own server: a journey by email alone contacts no host. */
    if (!company || (company->kind != NODE_MAP && !node_is_nothing(company)) ||
        s->company.hosts.count || given ||
        (!has_family(s, FAMILY_FORM) && !has_family(s, FAMILY_CHAT)))
        return;
    node_error(&sl->l, key ? key : node_key(sl->top, "company"),
               "list the company's hosts, such as hosts: [shop.example.com]",
               "the company has no \"hosts\", and only listed hosts may be contacted");
}

static bool is_address(const char *text)
{
    const char *at = strrchr(text, '@');

    return at && at != text && at[1] && !strpbrk(text, " \t\r\n<>,;");
}

static void check_email(struct scenario_loader *sl)
{
    const struct scenario *s = sl->s;
    const struct node *customer = node_get(sl->top, "customer");
    const struct node *n = customer ? node_get(customer, "email") : NULL;
    const struct template *t = s->customer.email;

    if (t) {
        for (size_t i = 0; i < t->count; i++)
            if (t->parts[i].variable)
                return;
        if (n && !is_address(t->source))
            node_error(&sl->l, n, "such as maya@shopper.example", "not an email address");
        return;
    }
    if (!customer || customer->kind != NODE_MAP || n)
        return;                                  /* an error of its own */
    for (size_t i = 0; i < s->channel_count; i++) {
        if (s->channels[i].family != FAMILY_EMAIL)
            continue;
        node_error(&sl->l, node_key(sl->top, "customer"),
                   "add the customer's own address, email: …",
                   "the email channel \"%s\" needs the customer's \"email\"", s->channels[i].name);
        return;
    }
}

static void check_never(struct scenario_loader *sl)
{
    const struct texts *never = &sl->s->bar.never;
    const char *const *known = sl->ctx->finding_names;
    size_t count = 0;

    if (!known)
        return;
    while (known[count])
        count++;

    const char **names = arena_alloc(sl->s->arena, (count + 1) * sizeof *names);

    if (count)
        memcpy(names, known, count * sizeof *names);
    names[count++] = "any";
    for (size_t i = 0; i < never->count; i++) {
        bool found = false;

        for (size_t k = 0; k < count && !found; k++)
            found = !strcmp(names[k], never->items[i]);
        if (!found)
            diag_add(sl->l.diags, SEVERITY_ERROR, sl->top->source, never->spans[i],
                     names_hint(sl->s->arena, never->items[i], names, count),
                     "unknown finding \"%s\"", never->items[i]);
    }
}

void company_check(struct scenario_loader *sl)
{
    check_hosts(sl);
    check_email(sl);
    check_never(sl);
    company_hours(sl);
    start_times(sl);
}
