#include "tests/company/contact.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"
#include "tests/company/company.h"
#include "tests/company/desk.h"
#include "tests/company/pages.h"
#include "tests/company/topics.h"

#define COOKIE "kc_session"

enum { SECRET_BYTES = 12, SECRET_MAX = 2 * SECRET_BYTES + 1, VISITOR_ID_MAX = SECRET_MAX + 24 };

struct visitor {
    char id[VISITOR_ID_MAX], token[SECRET_MAX];
    char reference[REFERENCE_MAX];        /* of what was sent last; "" nothing */
};

struct visitors {
    struct visitor **items;
    size_t count, cap;
};

struct visitors *visitors_new(void)
{
    return mem_zero(1, sizeof(struct visitors));
}

void visitors_free(struct visitors *v)
{
    for (size_t i = 0; v && i < v->count; i++)
        free(v->items[i]);
    if (v)
        free(v->items);
    free(v);
}

static struct visitor *visitor_open(struct visitors *v)
{
    struct visitor *one = mem_zero(1, sizeof *one);
    char secret[SECRET_MAX];

    company_random(secret, SECRET_BYTES);
    company_random(one->token, SECRET_BYTES);
    snprintf(one->id, sizeof one->id, "%zu-%s", v->count, secret);
    MEM_GROW(v->items, v->cap, v->count + 1);
    v->items[v->count++] = one;
    return one;
}

static struct visitor *visitor_of(const struct visitors *v, const struct request *r)
{
    const char *id = request_cookie(r, COOKIE);
    size_t at = id ? strtoul(id, NULL, 10) : v->count;

    return at < v->count && strcmp(v->items[at]->id, id) == 0 ? v->items[at] : NULL;
}

/* ---- the fields ---- */

enum control { CONTROL_TEXT, CONTROL_EMAIL, CONTROL_SELECT, CONTROL_AREA };

static const char *const topics[] = { "Delivery", "Refund", "Other", NULL };

/* To add a field: a row here. */
static const struct field_row {
    const char *name, *label;
    enum control control;
    bool required;
    const char *missing;
} field_rows[] = {
    { "name", "Your name", CONTROL_TEXT, true, "Please tell us your name." },
    { "email", "Email", CONTROL_EMAIL, true, "Please give us your email address." },
    { "order", "Order number", CONTROL_TEXT, false, NULL },
    { "topic", "Topic", CONTROL_SELECT, false, NULL },
    { "message", "Message", CONTROL_AREA, true, "Please write a message." },
};

enum { FIELDS = ARRAY_LEN(field_rows) };

/* What is wrong with each field; NULL nothing. @return how many are wrong. */
static size_t check_fields(const struct company *c, const struct request *r,
                           const char *wrong[FIELDS])
{
    size_t count = 0;

    for (size_t i = 0; i < FIELDS; i++) {
        const struct field_row *f = &field_rows[i];
        struct slice value = text_trim(slice_str(request_field(r, f->name)));

        wrong[i] = NULL;
        if (f->required && !value.len)
            wrong[i] = f->missing;
        else if (f->control == CONTROL_EMAIL && !ear_is_email(c->ear, request_field(r, f->name)))
            wrong[i] = "This does not look like an email address.";
        count += wrong[i] != NULL;
    }
    return count;
}

static void write_attributes(struct reply *out, const struct field_row *f, const char *wrong)
{
    buf_addf(&out->body, " id=\"%s\" name=\"%s\"%s%s", f->name, f->name,
             f->required ? " required" : "", wrong ? " aria-invalid=\"true\"" : "");
}

static void write_select(struct reply *out, const struct field_row *f, const char *value)
{
    buf_adds(&out->body, "<select");
    write_attributes(out, f, NULL);
    buf_adds(&out->body, ">\n");
    for (size_t i = 0; topics[i]; i++)
        buf_addf(&out->body, "<option%s>%s</option>\n",
                 strcmp(value, topics[i]) == 0 ? " selected" : "", topics[i]);
    buf_adds(&out->body, "</select>\n");
}

static void write_field(struct reply *out, const struct field_row *f, const char *value,
                        const char *wrong)
{
    buf_addf(&out->body, "<label for=\"%s\">%s</label>\n", f->name, f->label);
    switch (f->control) {
    case CONTROL_SELECT:
        write_select(out, f, value);
        return;
    case CONTROL_AREA:
        buf_adds(&out->body, "<textarea rows=\"6\"");
        write_attributes(out, f, wrong);
        buf_addc(&out->body, '>');
        page_escape(out, value);
        buf_adds(&out->body, "</textarea>\n");
        return;
    case CONTROL_TEXT:
    case CONTROL_EMAIL:
        buf_addf(&out->body, "<input type=\"%s\" value=\"",
                 f->control == CONTROL_EMAIL ? "email" : "text");
        page_escape(out, value);
        buf_addc(&out->body, '"');
        write_attributes(out, f, wrong);
        buf_adds(&out->body, ">\n");
        return;
    }
}

static void write_summary(struct reply *out, const char *const wrong[FIELDS])
{
    buf_adds(&out->body, "<div role=\"alert\">\n<h2>Please check your message</h2>\n<ul>\n");
    for (size_t i = 0; i < FIELDS; i++)
        if (wrong[i])
            buf_addf(&out->body, "<li><a href=\"#%s\">%s: %s</a></li>\n", field_rows[i].name,
                     field_rows[i].label, wrong[i]);
    buf_adds(&out->body, "</ul>\n</div>\n");
}

static void write_form(struct reply *out, const struct visitor *v, const struct request *r,
                       const char *const wrong[FIELDS])
{
    buf_addf(&out->body, "<form method=\"post\" action=\"/contact\">\n"
                         "<input type=\"hidden\" name=\"token\" value=\"%s\">\n", v->token);
    for (size_t i = 0; i < FIELDS; i++)
        write_field(out, &field_rows[i], request_field(r, field_rows[i].name), wrong[i]);
    buf_adds(&out->body, "<p><button type=\"submit\">Send message</button></p>\n</form>\n");
}

void contact_form(struct company *c, const struct request *r, struct reply *out)
{
    static const char *const nothing_wrong[FIELDS];
    struct visitor *v = visitor_of(c->visitors, r);

    if (fault_on(&c->faults, FAULT_BROKEN_LINK)) {
        page_refuse(MHD_HTTP_NOT_FOUND, out);
        return;
    }
    if (!v)
        v = visitor_open(c->visitors);
    out->cookie = mem_printf(COOKIE "=%s; Path=/; HttpOnly; SameSite=Lax", v->id);
    page_begin(out, "Contact us");
    page_paragraph(out, "Write to us, and tell us what we can do for you.");
    write_form(out, v, r, nothing_wrong);
    page_end(out);
}

/* ---- sending ---- */

static void copy_field(char *out, size_t size, const struct request *r, const char *name)
{
    struct slice value = text_trim(slice_str(request_field(r, name)));

    snprintf(out, size, "%.*s", SLICE_ARG(value));
}

static struct ticket *open_ticket(struct company *c, const struct request *r)
{
    struct ticket *t = tickets_open(c->tickets);
    const char *message = request_field(r, "message");
    CLEANUP(mem_freep) char *number = mem_printf("order number %s", request_field(r, "order"));
    struct heard heard, order;

    ear_hear(c->ear, slice_str(message), SLOT_NONE, &heard);
    ear_hear(c->ear, slice_str(number), SLOT_NONE, &order);
    t->facts = heard.facts;
    facts_add(&t->facts, &order.facts);
    copy_field(t->facts.value[SLOT_EMAIL], FACT_MAX, r, "email");
    copy_field(t->name, sizeof t->name, r, "name");
    t->topic = heard.topic ? heard.topic : topic_by_label(request_field(r, "topic"));
    t->last_text = mem_strdup(message);
    t->form = true;
    return t;
}

void contact_send(struct company *c, const struct request *r, struct reply *out)
{
    struct visitor *v = visitor_of(c->visitors, r);
    const char *wrong[FIELDS];

    if (fault_on(&c->faults, FAULT_ERROR_500)) {
        page_refuse(MHD_HTTP_INTERNAL_SERVER_ERROR, out);
        return;
    }
    if (!v || r->bad_body || strcmp(request_field(r, "token"), v->token) != 0) {
        page_refuse(MHD_HTTP_FORBIDDEN, out);
        return;
    }
    if (check_fields(c, r, wrong)) {
        page_begin(out, "Contact us");
        write_summary(out, wrong);
        write_form(out, v, r, wrong);
        page_end(out);
        return;
    }

    struct ticket *t = open_ticket(c, r);

    company_note(c, "form", t->last_text);
    memcpy(v->reference, t->reference, sizeof v->reference);
    if (c->desk)
        desk_form(c->desk, t);
    out->status = MHD_HTTP_SEE_OTHER;
    out->location = mem_printf("/contact/thanks?ref=%s", t->reference);
}

/* ---- the confirmation ---- */

static void write_confirmation(const struct company *c, const struct ticket *t, struct reply *out)
{
    CLEANUP(buf_release) struct buf text = BUF_INIT(2000);

    buf_addf(&text, "Thank you, %s. We have received your message.", t->name);
    if (!fault_on(&c->faults, FAULT_NO_REFERENCE))
        buf_addf(&text, " Your reference number is %s.", t->reference);
    if (!fault_on(&c->faults, FAULT_NO_TIME))
        buf_addf(&text, c->desk ? " We will answer you by email within %s."
                                : " We will look into it within %s; our chat knows the number.",
                 c->manners.promise);
    page_begin(out, "Thank you");
    page_paragraph(out, text.ptr);
    page_end(out);
}

void contact_thanks(struct company *c, const struct request *r, struct reply *out)
{
    const struct visitor *v = visitor_of(c->visitors, r);
    const char *reference = request_query(r, "ref");
    const struct ticket *t = v && reference && strcmp(v->reference, reference) == 0
                                 ? tickets_by_reference(c->tickets, reference) : NULL;

    if (!t) {
        page_refuse(MHD_HTTP_FORBIDDEN, out);
    } else if (fault_on(&c->faults, FAULT_NO_ACK) || fault_on(&c->faults, FAULT_SILENT)) {
        page_begin(out, "Contact");
        page_paragraph(out, "Kettle & Co makes electric kettles.");
        page_end(out);
    } else {
        write_confirmation(c, t, out);
    }
}
