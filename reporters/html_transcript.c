/* The talk, as a table that reads like a conversation. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"
#include "reporters/html.h"

enum { MESSAGE_SHOWN = 8000 };                   /* bytes of one message; the JSON has them all */

/* What a reader saw there, as a tool tip on the words: only marks that do not overlap. */
static void marked_text(struct buf *out, const struct html_journey *h, const struct event *e,
                        size_t len)
{
    const struct marks *marks = h->jr->judgement ? &h->jr->judgement->marks : NULL;
    size_t at = 0;

    for (size_t i = 0; marks && i < marks->count; i++) {
        const struct mark *m = &marks->items[i];

        if (m->seq != e->seq || m->start < at || m->end > len || m->end <= m->start ||
            m->confidence < CONFIDENCE_COUNTS || m->kind == MARK_LANGUAGE)
            continue;
        text_add_xml(out, (struct slice){ e->text + at, m->start - at });
        buf_addf(out, "<mark title=\"%s", words_mark(h->w, m->kind));
        if (m->slot) {
            buf_addc(out, ' ');
            html_clip(out, m->slot, 60);
        }
        buf_adds(out, "\">");
        text_add_xml(out, (struct slice){ e->text + m->start, m->end - m->start });
        buf_adds(out, "</mark>");
        at = m->end;
    }
    text_add_xml(out, (struct slice){ e->text + at, len - at });
}

static size_t shown_length(const char *text)
{
    size_t len = strlen(text);

    if (len <= MESSAGE_SHOWN)
        return len;
    for (len = MESSAGE_SHOWN; len > 0 && ((unsigned char)text[len] & 0xC0) == 0x80;)
        len--;                                   /* not inside a character */
    return len;
}

static void message(struct buf *out, const struct html_journey *h, const struct event *e)
{
    size_t whole = strlen(e->text), len = shown_length(e->text);

    buf_adds(out, "<div class=\"msg\" dir=\"auto\">");
    if (e->subject && *e->subject) {
        buf_adds(out, "<span class=\"subject\">");
        html_bdi(out, e->subject, 200);
        buf_adds(out, "</span>");
    }
    if (e->kind == EVENT_GAVE_UP)
        buf_addf(out, "%s ", word(h->w, WORD_GAVE_UP));
    if (e->kind == EVENT_EVIDENCE)
        html_evidence(out, h, e);
    else
        marked_text(out, h, e, len);
    if (len < whole) {
        buf_adds(out, "\xE2\x80\xA6 <span class=\"soft\">");
        SAY(out, h->w, WORD_CUT, words_int(h->w, (long long)len).text,
            words_int(h->w, (long long)whole).text);
        buf_adds(out, "</span>");
    }
    buf_adds(out, "</div>");
}

/* One of {0}, a name of the mail's own, kept to itself. */
static void say_name(struct buf *out, const struct words *w, enum word id, const char *name)
{
    CLEANUP(buf_release) struct buf text = BUF_INIT(8192);

    html_bdi(&text, name, 160);
    buf_adds(out, "; ");
    SAY(out, w, id, text.ptr);
}

/* What a mail is, how sure and what told; why it is this journey's; what it takes up of ours; what the
 * receiving server says of its origin. */
static void mail_facts(struct buf *out, const struct html_journey *h, const struct event *e)
{
    static const char *const verdicts[] = { "SPF", "DKIM", "DMARC", "spam folder" };
    static const struct { const char *name; enum word said; } facts[] = {
        { "matched by", WORD_MATCHED_BY }, { "quotes", WORD_QUOTES },
        { "speaks of it", WORD_SPEAKS },
    };

    if (e->mail_kind == MAIL_UNKNOWN)
        return;
    buf_addf(out, "<div class=\"soft small\">%s, ", words_mail_kind(h->w, e->mail_kind));
    buf_addf(out, "%s %%", words_int(h->w, (long long)(e->mail_confidence * 100 + .5)).text);
    if (e->mail_rule)
        say_name(out, h->w, WORD_TOLD_BY, e->mail_rule);
    for (size_t k = 0; k < ARRAY_LEN(facts); k++)
        for (size_t i = 0; i < e->field_count; i++)
            if (!strcmp(e->fields[i].name, facts[k].name))
                say_name(out, h->w, facts[k].said, e->fields[i].text);
    for (size_t k = 0; k < ARRAY_LEN(verdicts); k++)
        for (size_t i = 0; i < e->field_count; i++)
            if (!strcmp(e->fields[i].name, verdicts[k])) {
                buf_addf(out, "; %s ", verdicts[k]);
                html_bdi(out, e->fields[i].text, 60);
            }
    buf_adds(out, "</div>");
}

static void who(struct buf *out, const struct html_journey *h, const struct event *e)
{
    static const enum word natures[NATURE_COUNT] = {
        [NATURE_AUTOMATIC] = WORD_AUTOMATIC, [NATURE_HUMAN] = WORD_HUMAN,
        [NATURE_BOUNCE] = WORD_BOUNCE,
    };

    html_party(out, h->w, h->jr->transcript, e);
    buf_adds(out, "<span>");
    if (e->channel)
        html_bdi(out, e->channel, 40);
    if (e->nature != NATURE_UNKNOWN)
        buf_addf(out, ", %s", word(h->w, natures[e->nature]));
    buf_adds(out, "</span>");
}

static bool proves_any(const struct finding *const *list, size_t count, int seq)
{
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < list[i]->event_count; k++)
            if (list[i]->events[k] == seq)
                return true;
    return false;
}

static void row(struct buf *out, const struct html_journey *h, const struct event *e)
{
    int64_t wait = view_felt_wait(h->jr, e->seq);

    if (e->kind == EVENT_STEP_BEGIN) {
        buf_addf(out, "<tr class=\"step\" id=\"j%zu-e%d\"><th scope=\"rowgroup\" colspan=\"4\">",
                 h->number, e->seq);
        html_bdi(out, e->text, 120);
        buf_adds(out, "</th></tr>\n");
        return;
    }
    buf_addf(out, "<tr class=\"%s%s%s\" id=\"j%zu-e%d\"><td class=\"time num\">",
             party_names[e->from],
             e->kind == EVENT_FAILED || e->kind == EVENT_GAVE_UP ? " broke"
             : view_is_talk(e) ? "" : " quiet",
             proves_any(h->bad, h->bad_count, e->seq) ? " evidence" : "", h->number, e->seq);
    html_clock(out, h->w, e->t_us, h->total_us);
    buf_adds(out, "</td><th scope=\"row\" class=\"who\">");
    who(out, h, e);
    buf_adds(out, "</th><td class=\"what\">");
    message(out, h, e);
    mail_facts(out, h, e);
    buf_adds(out, "</td><td class=\"wait num\">");
    if (wait != DURATION_UNKNOWN) {
        CLEANUP(buf_release) struct buf time = BUF_INIT(256);

        html_duration(&time, h->w, wait);
        SAY(out, h->w, WORD_AFTER, time.ptr);
        buf_addc(out, ' ');
    }
    html_flags(out, h, e->seq);
    buf_adds(out, "</td></tr>\n");
}

/* Transfers stand in their own table; the end of a step says nothing a reader needs unless it is
 * evidence. */
static bool is_shown(const struct html_journey *h, const struct event *e)
{
    switch (e->kind) {
    case EVENT_TRANSFER: case EVENT_STEP_END: case EVENT_FORM:
        return proves_any(h->bad, h->bad_count, e->seq) ||
               proves_any(h->good, h->good_count, e->seq);
    default: return true;
    }
}

void html_transcript(struct buf *out, const struct html_journey *h)
{
    const struct transcript *t = h->jr->transcript;

    if (!t->count)
        return;
    buf_addf(out, "<details%s><summary>%s</summary>\n<table class=\"talk\"><thead><tr>"
                  "<th scope=\"col\">%s</th><th scope=\"col\">%s</th><th scope=\"col\">%s"
                  "</th><th scope=\"col\">%s</th></tr></thead>\n<tbody>\n",
             h->many ? "" : " open", word(h->w, WORD_TRANSCRIPT), word(h->w, WORD_TIME),
             word(h->w, WORD_WHO), word(h->w, WORD_WHAT), word(h->w, WORD_FELT_WAIT));
    for (size_t i = 0; i < t->count; i++)
        if (is_shown(h, &t->events[i]))
            row(out, h, &t->events[i]);
    buf_adds(out, "</tbody></table></details>\n");
}
