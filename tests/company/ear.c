#include "tests/company/ear.h"

#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/regex.h"
#include "harness/base/text.h"

enum { HEARD_MAX = 20000 };       /* of one message; a customer does not write more */

enum sense {
    SENSE_YES, SENSE_NO, SENSE_UNKNOWN, SENSE_THANKS, SENSE_BYE, SENSE_HUMAN,
    SENSE_ADDRESS, SENSE_WHERE, SENSE_WARRANTY, SENSE_SHIPPING, SENSE_REFUND,
    SENSE_REFERENCE, SENSE_EMAIL, SENSE_PHONE, SENSE_ORDER, SENSE_POSTCODE_SAID,
    SENSE_POSTCODE, SENSE_ADDRESS_SAID, SENSE_ADDRESS_BARE, SENSE_EMAIL_ONLY, SENSE_COUNT
};

/* On text as folded by text_fold: lower case, straight apostrophes, single blanks. Facts are
 * looked for in the order of their rows and taken out, so that a telephone number is never also
 * a postcode. Facts keep their case: their patterns are matched on the words as written. */
static const char *const patterns[SENSE_COUNT] = {
    [SENSE_YES] =
        "^(?:yes|yep|yeah|yup|correct|right|exactly|sure|ok|okay|indeed|please do)\\b"
        "|that(?:'s| is) (?:right|correct|it|fine)|\\bis correct\\b",
    [SENSE_NO] =
        "^(?:no|nope|wrong|not)\\b|that(?:'s| is) (?:not|wrong)|\\bisn't (?:right"
        "|correct)",
    [SENSE_UNKNOWN] =
        "(?:don't|do not|didn't) (?:have|know|remember|keep)|no idea|not sure|(?:can't"
        "|cannot|can not) find|not (?:at|to) hand|lost it",
    [SENSE_THANKS] =
        "\\b(?:thanks|thank you|thx|cheers|much appreciated)\\b",
    [SENSE_BYE] =
        "\\b(?:bye|goodbye|good bye|see you|have a (?:nice|good)|that(?:'s| is"
        "|'ll be) all|nothing else)\\b",
    [SENSE_HUMAN] =
        "\\b(?:talk|speak|chat|write|connect|transfer|put)\\w*\\b.{0,20}\\b(?:to|with"
        "|through)\\b.{0,20}\\b(?:human|person|someone|somebody|agent|colleague|people"
        "|employee|representative)|\\b(?:real|actual|live) (?:person|human|agent)"
        "|\\bhuman (?:being|agent)|\\ba human\\b",
    [SENSE_ADDRESS] =
        "\\b(?:chang|updat|correct|differ|new|wrong|amend)\\w*\\b.{0,40}\\baddress"
        "|\\baddress\\b.{0,40}\\b(?:chang|wrong|updat)|\\b(?:moved|moving) (?:house|to"
        "|flat|home)",
    [SENSE_WHERE] =
        "\\bwhere(?:'s| is| are|s)?\\b.{0,40}\\b(?:order|parcel|package|kettle"
        "|delivery)|\\btrack|\\b(?:not|n't|never|still|yet)\\b.{0,30}\\b(?:arriv"
        "|com(?:e|ing)\\b|receiv|deliver|here\\b|got\\b)|\\bwhen (?:will|does"
        "|is)\\b.{0,40}\\b(?:arriv|com(?:e|ing)\\b|deliver|here\\b)"
        "|\\bstatus of\\b.{0,20}\\b(?:order|delivery|parcel)",
    [SENSE_WARRANTY] =
        "\\bwarrant|\\bguarantee|\\bhow long\\b.{0,40}\\bcover",
    [SENSE_SHIPPING] =
        "\\b(?:do|can|could|would) you (?:also )?(?:deliver|ship|send)\\b"
        "|\\b(?:delivery|shipping) (?:to|cost|abroad)",
    [SENSE_REFUND] =
        "\\b(?:leak|drip|broke|defect|fault|refund|damag|crack|burn|replac|complain)"
        "|\\bmoney back|(?:doesn't|does not|won't|will not|stopped|no longer) (?:work"
        "|heat|boil|switch|turn)|\\bnot working",
    [SENSE_REFERENCE] =
        "\\bKC-\\d{5}\\b",
    [SENSE_EMAIL] =
        "[\\w.+-]+@[\\w-]+(?:\\.[\\w-]+)+",
    [SENSE_PHONE] =
        "\\+\\d[\\d ()/-]{6,18}\\d|\\b0\\d{2,5}[ /-]\\d[\\d -]{3,12}\\d",
    [SENSE_ORDER] =
        "\\b(?!KC-)([A-Z]{1,2}-?\\d{4,8})\\b|\\border(?: number| no\\.?| nr\\.?)?(?: is"
        "|:|'s)? ?#?(\\d{4,10})\\b",
    [SENSE_POSTCODE_SAID] =
        "\\b(?:post ?code|postal code|zip(?: code)?)\\b[^\\d\\n]{0,20}?\\b(\\d{4,5}"
        "|[A-Z]{1,2}\\d[A-Z\\d]? ?\\d[A-Z]{2})\\b",
    [SENSE_POSTCODE] =
        "\\b(\\d{4,5}|[A-Z]{1,2}\\d[A-Z\\d]? ?\\d[A-Z]{2})\\b",
    [SENSE_ADDRESS_SAID] =
        "\\baddress (?:is|to|should be|would be)(?: now)?:? ?([^\\n]*\\d[^\\n]*)",
    [SENSE_ADDRESS_BARE] =
        "(?:.*\\b(?:is|it's|to|address|sure|course)\\b[:,]? +)?([^\\n]*\\d[^\\n]*)",
    [SENSE_EMAIL_ONLY] =
        "^[\\w.+-]+@[\\w-]+(?:\\.[\\w-]+)+$",
};

struct ear {
    struct regex *regex[SENSE_COUNT];
};

struct ear *ear_new(void)
{
    struct ear *e = mem_zero(1, sizeof *e);

    for (int i = 0; i < SENSE_COUNT; i++) {
        struct regex_error err;
        enum status st = regex_compile(patterns[i], REGEX_CASELESS, &err, &e->regex[i]);

        assert(st == ST_OK);      /* our own constants */
        (void)st;
    }
    return e;
}

void ear_free(struct ear *e)
{
    for (int i = 0; e && i < SENSE_COUNT; i++)
        regex_free(e->regex[i]);
    free(e);
}

static bool senses(const struct ear *e, enum sense s, struct slice text)
{
    return regex_search(e->regex[s], text, 0, NULL) == ST_OK;
}

bool facts_has(const struct facts *f, enum slot slot)
{
    return f->value[slot][0] != '\0';
}

void facts_add(struct facts *to, const struct facts *from)
{
    for (int s = 0; s < SLOT_COUNT; s++)
        if (facts_has(from, s))
            memcpy(to->value[s], from->value[s], FACT_MAX);
}

bool ear_is_email(const struct ear *e, const char *text)
{
    return senses(e, SENSE_EMAIL_ONLY, slice_str(text));
}

/* Copies what the pattern found (its group, when it has one) and blanks it out of the text. */
static bool take(const struct ear *e, enum sense s, struct buf *text, char *out, size_t size)
{
    struct regex_match m;

    if (regex_search(e->regex[s], buf_slice(text), 0, &m) != ST_OK)
        return false;
    unsigned g = 0;

    for (unsigned i = 1; i < m.count && i < REGEX_GROUPS; i++)
        if (m.start[i] != SIZE_MAX)
            g = i;
    struct slice found = text_trim((struct slice){ text->ptr + m.start[g], m.end[g] - m.start[g] });
    while (found.len > 0 && strchr(".,;!", found.ptr[found.len - 1]))
        found.len--;
    if (found.len == 0 || found.len >= size)
        return false;
    memcpy(out, found.ptr, found.len);
    out[found.len] = '\0';
    memset(text->ptr + m.start[0], ' ', m.end[0] - m.start[0]);
    return true;
}

static void upper(char *s)
{
    for (; *s; s++)
        *s = (char)toupper((unsigned char)*s);
}

static void hear_facts(const struct ear *e, struct buf *text, enum slot asked, struct heard *h)
{
    struct facts *f = &h->facts;
    char (*v)[FACT_MAX] = f->value;

    if (take(e, SENSE_REFERENCE, text, h->reference, sizeof h->reference))
        upper(h->reference);
    take(e, SENSE_EMAIL, text, v[SLOT_EMAIL], FACT_MAX);
    if (asked == SLOT_ADDRESS && !h->unknown && !h->wants_human) {
        if (!take(e, SENSE_ADDRESS_SAID, text, v[SLOT_ADDRESS], FACT_MAX))
            take(e, SENSE_ADDRESS_BARE, text, v[SLOT_ADDRESS], FACT_MAX);
        return;                   /* the numbers in it are of the house and the town */
    }
    take(e, SENSE_PHONE, text, v[SLOT_PHONE], FACT_MAX);
    if (take(e, SENSE_ORDER, text, v[SLOT_ORDER_NUMBER], FACT_MAX))
        upper(v[SLOT_ORDER_NUMBER]);
    if (!take(e, SENSE_POSTCODE_SAID, text, v[SLOT_POSTCODE], FACT_MAX) && asked == SLOT_POSTCODE)
        take(e, SENSE_POSTCODE, text, v[SLOT_POSTCODE], FACT_MAX);
    upper(v[SLOT_POSTCODE]);
    if (h->topic == TOPIC_ADDRESS)
        take(e, SENSE_ADDRESS_SAID, text, v[SLOT_ADDRESS], FACT_MAX);
}

void ear_hear(const struct ear *e, struct slice text, enum slot asked, struct heard *heard)
{
    CLEANUP(buf_release) struct buf words = BUF_INIT(HEARD_MAX);
    CLEANUP(buf_release) struct buf folded = BUF_INIT(2 * HEARD_MAX);
    static const struct { enum sense sense; enum topic topic; } topics[] = {
        { SENSE_ADDRESS, TOPIC_ADDRESS }, { SENSE_WHERE, TOPIC_WHERE },
        { SENSE_WARRANTY, TOPIC_WARRANTY }, { SENSE_SHIPPING, TOPIC_SHIPPING },
        { SENSE_REFUND, TOPIC_REFUND },
    };

    *heard = (struct heard){ 0 };
    if (text.len > HEARD_MAX / 4)
        text.len = HEARD_MAX / 4;
    text_add_clean(&words, text);
    text_fold(&folded, buf_slice(&words));

    struct slice f = buf_slice(&folded);
    for (size_t i = 0; i < ARRAY_LEN(topics) && !heard->topic; i++)
        if (senses(e, topics[i].sense, f))
            heard->topic = topics[i].topic;
    heard->no = senses(e, SENSE_NO, f);
    heard->yes = !heard->no && senses(e, SENSE_YES, f);
    heard->unknown = senses(e, SENSE_UNKNOWN, f);
    heard->thanks = senses(e, SENSE_THANKS, f);
    heard->bye = senses(e, SENSE_BYE, f);
    heard->wants_human = senses(e, SENSE_HUMAN, f);
    hear_facts(e, &words, asked, heard);
}
