/* A chat whose company calls back: which calls are this visit's, are they the company's, and are
 * they new. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "harness/channels/chat_inside.h"
#include "harness/channels/chat_signature.h"
#include "harness/model/template.h"

enum { DELIVERIES_MAX = 5000, STATUS_OK = 200, STATUS_UNAUTHORIZED = 401 };
#define LISTEN_DEFAULT "127.0.0.1:0"

/* Whose call it is */

/** Our own path, whole segments of it, somewhere in theirs: a proxy may add to it. */
static bool is_own_path(const struct chat *c, const char *path)
{
    size_t len = strlen(c->own_path);

    for (const char *at = path; (at = strstr(at, c->own_path)); at++)
        if (!at[len] || at[len] == '/' || (len && c->own_path[len - 1] == '/'))
            return true;
    return false;
}

static bool claims(void *context, const struct listener_request *q, const json_t *root)
{
    const struct chat *c = context;
    const char *where = c->adapter->webhook.conversation;
    CLEANUP(buf_release) struct buf whose = BUF_INIT(4096);
    const struct picker pick = { &c->visit->world->filters, NULL };

    if (!is_own_path(c, q->path))
        return false;
    if (!where)
        return true;
    return pick_text(&pick, root, where, &whose) &&
           (!strcmp(whose.ptr, c->conversation) ||
            (c->session && !strcmp(whose.ptr, c->session)));
}

/* Told the first time, and then ever more rarely. */
static bool worth_telling(size_t count)
{
    while (count >= 10 && count % 10 == 0)
        count /= 10;
    return count == 1;
}

static void on_foreign(void *context, size_t count)
{
    struct chat *c = context;

    if (count == 1)
        visit_note(c->visit, "a callback came for a conversation that nobody here has");
    else if (worth_telling(count))
        visit_note(c->visit, "%zu callbacks came for conversations that nobody here has", count);
}

/* A call of ours */

static const char *header_of(const void *context, const char *name)
{
    return listener_header(context, name);
}

static bool taken_before(struct chat *c, const char *id)
{
    for (size_t i = 0; i < c->delivery_count; i++)
        if (!strcmp(c->deliveries[i], id))
            return true;
    if (c->delivery_count < DELIVERIES_MAX) {
        MEM_GROW(c->deliveries, c->delivery_cap, c->delivery_count + 1);
        c->deliveries[c->delivery_count++] = mem_strdup(id);
    }
    return false;
}

static int on_call(void *context, const struct listener_request *q, struct buf *answer)
{
    struct chat *c = context;
    const struct adapter_webhook *w = &c->adapter->webhook;
    const struct signed_call call = { q->body, header_of, q };
    const char *wrong = signature_check(&w->signature, c->secret, &call, (int64_t)time(NULL));
    const char *id = w->delivery ? listener_header(q, w->delivery) : NULL;
    const struct wire_blanks blanks = chat_blanks(c, NULL);

    if (wrong) {
        if (++c->refused == 1)
            visit_note(c->visit, "a callback was refused: %s", wrong);
        else if (worth_telling(c->refused))
            visit_note(c->visit, "%zu callbacks were refused, the last one because %s", c->refused,
                       wrong);
        return STATUS_UNAUTHORIZED;
    }
    wire_fill(answer, w->answer, &blanks, WIRE_JSON);
    if (!id || !taken_before(c, id))
        chat_take_pushed(c, q->body, q->at_us);
    return STATUS_OK;
}

/* The address */

void chat_callback_rename(struct chat *c)
{
    const struct wire_blanks blanks = chat_blanks(c, NULL);
    CLEANUP(buf_release) struct buf path = BUF_INIT(4096);
    size_t len;

    if (!c->hook)
        return;
    len = strlen(c->callback_base);
    while (len && c->callback_base[len - 1] == '/')
        len--;
    wire_fill(&path, c->adapter->webhook.path, &blanks, WIRE_PERCENT);
    free(c->own_path);
    free(c->callback);
    c->own_path = mem_strdup(path.ptr);
    c->callback = mem_printf("%.*s%s%s", (int)len, c->callback_base, *path.ptr == '/' ? "" : "/",
                             path.ptr);
}

static bool render(struct chat *c, const struct template *t, struct diags *diags,
                   const char **value)
{
    if (t)
        *value = visit_render(c->visit, t, diags);
    return *value != NULL || !t;
}

enum status chat_callback_open(struct chat *c, const struct chat_settings *set,
                               struct diags *diags)
{
    static const struct webhook_events events = { claims, on_call, on_foreign };
    CLEANUP(buf_release) struct buf why = BUF_INIT(1024);
    const char *listen = LISTEN_DEFAULT;

    if (!c->adapter->webhook.path)
        return ST_OK;
    if (!render(c, set->listen, diags, &listen) || !render(c, set->secret, diags, &c->secret) ||
        !render(c, set->callback, diags, &c->callback_base))
        return ST_NOT_FOUND;
    if (c->secret)
        c->visit->sink->secret(c->visit, c->secret);
    c->hook = webhook_join(c->visit->world, listen, &events, c, &why);
    if (!c->hook) {
        diag_error(diags, "channel \"%s\": %s", c->visit->spec->name, why.ptr);
        return ST_DENIED;
    }
    if (!c->callback_base)
        c->callback_base = webhook_url(c->hook);
    return ST_OK;
}

void chat_callback_close(struct chat *c)
{
    webhook_leave(c->hook);
    while (c->delivery_count)
        free(c->deliveries[--c->delivery_count]);
    free(c->deliveries);
    free(c->own_path);
    free(c->callback);
}

void chat_callback_check(const struct scenario *s, const struct channel_spec *spec,
                         const struct adapter *a, struct diags *diags)
{
    const struct chat_settings *set = spec->settings;
    const struct { const char *name; const struct template *value; } own[] = {
        { "listen", set->listen }, { "callback", set->callback }, { "secret", set->secret },
    };

    for (size_t i = 0; i < ARRAY_LEN(own) && !a->webhook.path; i++)
        if (own[i].value)
            diag_add(diags, SEVERITY_ERROR, s->source, spec->at, NULL,
                     "channel \"%s\": nobody calls back with adapter \"%s\", so \"%s\" means "
                     "nothing", spec->name, a->name, own[i].name);
    if (a->webhook.path && a->webhook.signature.header && !set->secret)
        diag_add(diags, SEVERITY_ERROR, s->source, spec->at, "add `secret:`",
                 "channel \"%s\": the callbacks of adapter \"%s\" are signed", spec->name,
                 a->name);
}
