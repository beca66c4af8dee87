#include "harness/model/expectations.h"

#include <string.h>

static const struct field time_fields[] = {
    { .name = "within", .type = FIELD_DURATION, .offset = offsetof(struct expected_time, within_us),
      .flags = FIELD_REQUIRED, .help = "How long a customer finds normal" },
    { .name = "source", .type = FIELD_TEXT, .offset = offsetof(struct expected_time, source),
      .flags = FIELD_REQUIRED, .help = "Where the figure comes from" },
    { 0 },
};

static const struct object time_object = {
    .name = "expected time", .size = sizeof(struct expected_time), .fields = time_fields,
    .span_offset = SIZE_MAX,
};

static const struct field weight_fields[] = {
    { .name = "loss", .type = FIELD_NUMBER, .offset = offsetof(struct weight, loss),
      .help = "What it costs, 0 to 1", .min = 0, .max = 1 },
    { .name = "gain", .type = FIELD_NUMBER, .offset = offsetof(struct weight, gain),
      .help = "What it earns, 0 to 1", .min = 0, .max = 1 },
    { .name = "effort", .type = FIELD_NUMBER, .offset = offsetof(struct weight, effort),
      .help = "Effort points, 0 to 10", .min = 0, .max = 10 },
    { .name = "source", .type = FIELD_TEXT, .offset = offsetof(struct weight, source),
      .flags = FIELD_REQUIRED, .help = "What fixed the value" },
    { 0 },
};

static const struct object weight_object = {
    .name = "weight", .size = sizeof(struct weight), .fields = weight_fields,
    .span_offset = SIZE_MAX,
};

static const struct field fields[] = {
    { .name = "name", .type = FIELD_TEXT, .offset = offsetof(struct expectations, name),
      .flags = FIELD_REQUIRED, .help = "Name shown in reports" },
    { .name = "times", .type = FIELD_MAP, .offset = offsetof(struct expectations, times),
      .flags = FIELD_REQUIRED, .help = "Expected waits: chat, chat_next, acknowledgement, email, form",
      .object = &time_object },
    { .name = "weights", .type = FIELD_MAP, .offset = offsetof(struct expectations, weights),
      .flags = FIELD_REQUIRED, .help = "What each scoring event costs or earns",
      .object = &weight_object },
    { .name = "chat_timeout", .type = FIELD_DURATION,
      .offset = offsetof(struct expectations, chat_timeout), .fallback = "5m",
      .help = "A chat message without a reply for that long is unanswered" },
    { .name = "mail_timeout", .type = FIELD_DURATION,
      .offset = offsetof(struct expectations, mail_timeout), .fallback = "48h",
      .help = "A mail or form without a reply for that long is unanswered" },
    { 0 },
};

const struct object expectations_object = {
    .name = "expectations", .size = sizeof(struct expectations), .fields = fields,
    .span_offset = SIZE_MAX,
};

const struct expected_time *expectations_time(const struct expectations *e, const char *name)
{
    for (size_t i = 0; i < e->times.count; i++) {
        const struct expected_time *row = LIST_ITEM(struct expected_time, e->times, i);

        if (!strcmp(row->name, name))
            return row;
    }
    return NULL;
}

const struct weight *expectations_weight(const struct expectations *e, const char *name)
{
    for (size_t i = 0; i < e->weights.count; i++) {
        const struct weight *row = LIST_ITEM(struct weight, e->weights, i);

        if (!strcmp(row->name, name))
            return row;
    }
    return NULL;
}
