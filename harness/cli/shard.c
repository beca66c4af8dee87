#include "harness/cli/shard.h"

#include <stdlib.h>
#include <string.h>

#include "harness/store/merge.h"

enum { SHARDS_MAX = 10000 };

/* Sources: GitLab CI/CD "Predefined variables" and `parallel`; Buildkite "Environment variables";
 * Kubernetes "Indexed Job"; GitHub's strategy.job-index and job-total, by ci/templates/github.yml. */
static const struct {
    const char *index, *total;
    unsigned first;               /* the first shard's index */
} pipelines[] = {
    { "CI_NODE_INDEX", "CI_NODE_TOTAL", 1 },
    { "BUILDKITE_PARALLEL_JOB", "BUILDKITE_PARALLEL_JOB_COUNT", 0 },
    { "JOB_COMPLETION_INDEX", "SHOPPER_SHARD_TOTAL", 0 },
    { "SHOPPER_SHARD_INDEX", "SHOPPER_SHARD_TOTAL", 0 },
};

/* A whole number and nothing else. */
static bool number(const char *text, size_t len, unsigned *ret)
{
    unsigned n = 0;

    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9' || n > SHARDS_MAX)
            return false;
        n = n * 10 + (unsigned)(text[i] - '0');
    }
    *ret = n;
    return len > 0;
}

static bool from_flag(const struct options *o, struct diags *diags, struct shard *ret)
{
    const char *text = option_text(o, OPT_SHARD), *slash = strchr(text, '/');

    ret->from = o->values[OPT_SHARD].from;
    if (slash && number(text, (size_t)(slash - text), &ret->number) &&
        number(slash + 1, strlen(slash + 1), &ret->of) && ret->number >= 1 &&
        ret->number <= ret->of && ret->of <= SHARDS_MAX)
        return true;
    diag_error(diags, "%s: \"%s\" is no shard; expected K/N, the K-th of N parts, such as 2/5",
               ret->from, text);
    return false;
}

static bool from_pipeline(struct options *o, size_t i, struct diags *diags, struct shard *ret)
{
    const char *index = getenv(pipelines[i].index), *total = getenv(pipelines[i].total);
    unsigned at;

    ret->from = pipelines[i].index;
    if (!number(index, strlen(index), &at) || !number(total, strlen(total), &ret->of) ||
        at < pipelines[i].first || at - pipelines[i].first >= ret->of || ret->of > SHARDS_MAX) {
        diag_error(diags, "%s is \"%s\" and %s \"%s\": that is no shard; --shard K/N says it, "
                   "--shard 1/1 plays everything", pipelines[i].index, index, pipelines[i].total,
                   total);
        return false;
    }
    ret->number = at - pipelines[i].first + 1;

    struct option_value *v = &o->values[OPT_SHARD];

    v->items = arena_alloc(o->arena, sizeof *v->items);
    v->items[0] = arena_printf(o->arena, "%u/%u", ret->number, ret->of);
    v->count = 1;
    v->from = ret->from;
    return true;
}

/* Pipelines hand on what they don't have as nothing. */
static bool is_set(const char *name)
{
    const char *value = getenv(name);

    return value && *value;
}

bool shard_find(struct options *o, struct diags *diags, struct shard *ret)
{
    bool ok = true;

    *ret = (struct shard){ 0 };
    if (option_text(o, OPT_SHARD))
        ok = from_flag(o, diags, ret);
    for (size_t i = 0; !ret->from && i < ARRAY_LEN(pipelines); i++)
        if (is_set(pipelines[i].index) && is_set(pipelines[i].total))
            ok = from_pipeline(o, i, diags, ret);
    if (ret->of == 1)
        *ret = (struct shard){ 0 };
    return ok;
}

void shard_keep(const struct shard *s, struct chosen *c)
{
    size_t kept = 0;

    for (size_t i = 0; s->of && i < c->count; i++) {
        if (shard_of(c->items[i]->name, s->of) != s->number) {
            scenario_free(c->items[i]);
            continue;
        }
        c->numbers[kept] = c->numbers[i];
        c->items[kept++] = c->items[i];
    }
    if (s->of)
        c->count = kept;
}
