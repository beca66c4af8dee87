#include "harness/model/lexicon.h"

#include "harness/model/mark.h"

#define RULE(member) offsetof(struct lexicon_rule, member)
#define SLOT(member) offsetof(struct lexicon_slot, member)
#define RULES(member) offsetof(struct lexicon_rules, member)
#define MAIL(member) offsetof(struct lexicon_mail, member)
#define FORMS(member) offsetof(struct lexicon_forms, member)
#define SUBJECT(member) offsetof(struct lexicon_subject, member)
#define PACK(member) offsetof(struct lexicon, member)

static const struct field rule_fields[] = {
    { .name = "match", .type = FIELD_REGEX, .offset = RULE(match),
      .flags = FIELD_REQUIRED | FIELD_CASELESS, .help = "Pattern or frame" },
    { .name = "unless", .type = FIELD_REGEX, .offset = RULE(unless), .flags = FIELD_CASELESS,
      .help = "Not where this matches in the same sentence" },
    { .name = "confidence", .type = FIELD_NUMBER, .offset = RULE(confidence), .fallback = "0.9",
      .help = "How sure this rule is", .min = 0, .max = 1 },
    { .name = "value", .type = FIELD_TEXT, .offset = RULE(value),
      .help = "Fixed value: where a customer is sent (phone, email, form, …); of times: what they "
              "mean (day+1, working+1, weekday, week+0, month+0, date); of changes_mind: booked" },
    { .name = "within", .type = FIELD_DURATION, .offset = RULE(within),
      .help = "The time it names; else taken from the text" },
    { .name = "boilerplate", .type = FIELD_BOOL, .offset = RULE(boilerplate),
      .help = "A set phrase" },
    { 0 },
};

static const struct object rule_object = {
    .name = "rule", .size = sizeof(struct lexicon_rule), .fields = rule_fields,
    .span_offset = SIZE_MAX,
};

static const struct field slot_fields[] = {
    { .name = "words", .type = FIELD_TEXTS, .offset = SLOT(words),
      .help = "What it is called; the first is used when talking" },
    { .name = "asks", .type = FIELD_PATTERNS, .offset = SLOT(asks), .flags = FIELD_CASELESS,
      .help = "Whole questions that ask for it in other words" },
    { .name = "tells", .type = FIELD_PATTERNS, .offset = SLOT(tells), .flags = FIELD_CASELESS,
      .help = "How a customer tells it; group 1 is the value" },
    { .name = "unless", .type = FIELD_REGEX, .offset = SLOT(unless), .flags = FIELD_CASELESS,
      .help = "Questions that ask for something else, whatever they name" },
    { .name = "value", .type = FIELD_REGEX, .offset = SLOT(value), .flags = FIELD_CASELESS,
      .help = "What a value looks like" },
    { .name = "is_a", .type = FIELD_TEXT, .offset = SLOT(is_a),
      .help = "A more general slot" },
    { .name = "usual", .type = FIELD_BOOL, .offset = SLOT(usual),
      .help = "The more general slot usually means this one" },
    { .name = "answered_by", .type = FIELD_TEXTS, .offset = SLOT(answered_by),
      .help = "Other slots that answer it too" },
    { .name = "follows", .type = FIELD_TEXT, .offset = SLOT(follows),
      .help = "Asked anew when this slot changes" },
    { .name = "open", .type = FIELD_BOOL, .offset = SLOT(open),
      .help = "Any name may be the answer, also one that tells does not know" },
    { .name = "complete", .type = FIELD_BOOL, .offset = SLOT(complete),
      .help = "Its tells know nearly every answer" },
    { .name = "fixed", .type = FIELD_BOOL, .offset = SLOT(fixed),
      .help = "Stays the same whatever the customer wants" },
    { .name = "matter", .type = FIELD_BOOL, .offset = SLOT(matter),
      .help = "Fixed, but for another matter: another order has another number" },
    { 0 },
};

static const struct object slot_object = {
    .name = "slot", .size = sizeof(struct lexicon_slot), .fields = slot_fields,
    .span_offset = SIZE_MAX,
};

static const struct field rules_fields[] = {
    { .name = "unless", .type = FIELD_REGEX, .offset = RULES(unless), .flags = FIELD_CASELESS,
      .help = "None of the rules counts where this matches in the same sentence" },
    { .name = "patterns", .type = FIELD_PATTERNS, .offset = RULES(patterns),
      .flags = FIELD_CASELESS, .help = "Rules that are only a pattern" },
    { .name = "rules", .type = FIELD_OBJECTS, .offset = RULES(rules), .object = &rule_object,
      .help = "Rules with more to say" },
    { 0 },
};

static const struct object rules_object = {
    .name = "mark", .size = sizeof(struct lexicon_rules), .fields = rules_fields,
    .span_offset = SIZE_MAX,
};

static const struct field subject_fields[] = {
    { .name = "words", .type = FIELD_TEXTS, .offset = SUBJECT(words), .flags = FIELD_REQUIRED,
      .help = "What names it in a question" },
    { .name = "slots", .type = FIELD_TEXTS, .offset = SUBJECT(slots),
      .help = "The slots it matters for; none: all" },
    { .name = "loose", .type = FIELD_BOOL, .offset = SUBJECT(loose),
      .help = "Two questions differ only where each names another" },
    { 0 },
};

static const struct object subject_object = {
    .name = "subject", .size = sizeof(struct lexicon_subject), .fields = subject_fields,
    .span_offset = SIZE_MAX,
};

static const struct field unit_fields[] = {
    { .name = "match", .type = FIELD_REGEX, .offset = offsetof(struct lexicon_unit, match),
      .flags = FIELD_REQUIRED | FIELD_CASELESS, .help = "What the unit is called" },
    { .name = "is", .type = FIELD_DURATION, .offset = offsetof(struct lexicon_unit, us),
      .flags = FIELD_REQUIRED, .help = "How long one of it is" },
    { .name = "working", .type = FIELD_BOOL, .offset = offsetof(struct lexicon_unit, working),
      .help = "Only the days or hours on which a company works" },
    { 0 },
};

static const struct object unit_object = {
    .name = "unit", .size = sizeof(struct lexicon_unit), .fields = unit_fields,
    .span_offset = SIZE_MAX,
};

static const struct field phrases_fields[] = {
    { .name = "texts", .type = FIELD_TEXTS, .offset = offsetof(struct lexicon_phrases, texts),
      .flags = FIELD_REQUIRED, .help = "One of these is said" },
    { 0 },
};

static const struct object phrases_object = {
    .name = "phrase", .size = sizeof(struct lexicon_phrases), .fields = phrases_fields,
    .span_offset = SIZE_MAX,
};

static const struct field mail_fields[] = {
    { .name = "weight", .type = FIELD_NUMBER, .offset = MAIL(weight), .fallback = "1", .min = 0.1,
      .max = 5, .help = "How much its patterns tell, beside other kinds'" },
    { .name = "subject", .type = FIELD_PATTERNS, .offset = MAIL(subject),
      .flags = FIELD_CASELESS, .help = "Subjects, folded" },
    { .name = "text", .type = FIELD_PATTERNS, .offset = MAIL(text), .flags = FIELD_CASELESS,
      .help = "What its text says, folded" },
    { .name = "weak", .type = FIELD_PATTERNS, .offset = MAIL(weak), .flags = FIELD_CASELESS,
      .help = "What its text often says, folded" },
    { 0 },
};

static const struct object mail_object = {
    .name = "kind of mail", .size = sizeof(struct lexicon_mail), .fields = mail_fields,
    .span_offset = SIZE_MAX,
};

static const struct field forms_fields[] = {
    { .name = "refusals", .type = FIELD_PATTERNS, .offset = FORMS(refusals),
      .flags = FIELD_CASELESS, .help = "What was sent did not get through; folded" },
    { .name = "complaints", .type = FIELD_PATTERNS, .offset = FORMS(complaints),
      .flags = FIELD_CASELESS, .help = "Something is wrong, unless the page thanks; folded" },
    { .name = "conditions", .type = FIELD_PATTERNS, .offset = FORMS(conditions),
      .flags = FIELD_CASELESS, .help = "A sentence that only says what may be; folded" },
    { .name = "thanks", .type = FIELD_PATTERNS, .offset = FORMS(thanks),
      .flags = FIELD_CASELESS, .help = "It got through; folded" },
    { .name = "riddles", .type = FIELD_PATTERNS, .offset = FORMS(riddles),
      .flags = FIELD_CASELESS, .help = "Labels of a CAPTCHA's field; folded" },
    { .name = "pictures", .type = FIELD_PATTERNS, .offset = FORMS(pictures),
      .flags = FIELD_CASELESS, .help = "The same, where a picture stands beside it; folded" },
    { .name = "asides", .type = FIELD_PATTERNS, .offset = FORMS(asides), .flags = FIELD_CASELESS,
      .help = "Buttons that do not send the form, beside one that does (upload, preview); folded" },
    { .name = "remarks", .type = FIELD_TEXTS, .offset = FORMS(remarks),
      .help = "Words beside a label that are no part of its name (required, optional); folded" },
    { .name = "yes", .type = FIELD_TEXTS, .offset = FORMS(yes),
      .help = "Words for a box that is to be ticked; folded" },
    { .name = "no", .type = FIELD_TEXTS, .offset = FORMS(no),
      .help = "Words for one that is not; folded" },
    { 0 },
};

static const struct object forms_object = {
    .name = "words around forms", .size = sizeof(struct lexicon_forms), .fields = forms_fields,
    .span_offset = SIZE_MAX,
};

static const struct field fields[] = {
    { .name = "language", .type = FIELD_TEXT, .offset = PACK(language), .flags = FIELD_REQUIRED,
      .help = "BCP 47 primary tag: en" },
    { .name = "title", .type = FIELD_TEXT, .offset = PACK(title),
      .help = "Name of the language for people; own words need none" },
    { .name = "direction", .type = FIELD_TEXT, .offset = PACK(direction), .fallback = "ltr",
      .help = "ltr or rtl" },
    { .name = "letters", .type = FIELD_TEXT, .offset = PACK(letters),
      .help = "Letters that few other languages have" },
    { .name = "join", .type = FIELD_TEXT, .offset = PACK(join),
      .help = "Alternatives of a pattern: words between two slots" },
    { .name = "range", .type = FIELD_TEXT, .offset = PACK(range),
      .help = "Alternatives of a pattern: what stands between two numbers" },
    { .name = "endings", .type = FIELD_TEXTS, .offset = PACK(endings),
      .help = "What a slot's last word may end in" },
    { .name = "abbreviations", .type = FIELD_TEXTS, .offset = PACK(abbreviations),
      .help = "Words whose full stop ends no sentence; -str: whatever ends so" },
    { .name = "ordinals", .type = FIELD_BOOL, .offset = PACK(ordinals),
      .help = "A full stop after one or two digits ends no sentence" },
    { .name = "quotes", .type = FIELD_PATTERNS, .offset = PACK(quotes), .flags = FIELD_CASELESS,
      .help = "Lines after which a mail quotes an older one" },
    { .name = "slots", .type = FIELD_MAP, .offset = PACK(slots), .object = &slot_object,
      .help = "What companies ask for" },
    { .name = "marks", .type = FIELD_MAP, .offset = PACK(marks), .object = &rules_object,
      .choices = mark_names,
      .help = "What a message shows, by the name of the mark" },
    { .name = "units", .type = FIELD_MAP, .offset = PACK(units), .object = &unit_object,
      .help = "Units of time" },
    { .name = "times", .type = FIELD_OBJECTS, .offset = PACK(times), .object = &rule_object,
      .help = "Times without a number: tomorrow" },
    { .name = "weekdays", .type = FIELD_PAIRS, .offset = PACK(weekdays),
      .help = "Names of the days, Monday 1 to Sunday 7" },
    { .name = "months", .type = FIELD_PAIRS, .offset = PACK(months),
      .help = "Names of the months, 1 to 12; Iran's 21 to 32" },
    { .name = "numbers", .type = FIELD_PAIRS, .offset = PACK(numbers),
      .help = "Number words and their values" },
    { .name = "stopwords", .type = FIELD_TEXTS, .offset = PACK(stopwords),
      .help = "The most frequent words, for telling languages apart" },
    { .name = "names", .type = FIELD_TEXTS, .offset = PACK(names),
      .help = "Given names; those of one entry may be the same person's: bill will william" },
    { .name = "chatter", .type = FIELD_TEXTS, .offset = PACK(chatter),
      .help = "Words of any mail to a company, that tell nothing of its matter: question, regards" },
    { .name = "light", .type = FIELD_TEXTS, .offset = PACK(light),
      .help = "Words that say little in a question: want, choose" },
    { .name = "subjects", .type = FIELD_MAP, .offset = PACK(subjects), .object = &subject_object,
      .help = "Whom or what a question is about, beside the customer: your daughter" },
    { .name = "phrases", .type = FIELD_MAP, .offset = PACK(phrases), .object = &phrases_object,
      .help = "What a customer says, by occasion" },
    { .name = "mails", .type = FIELD_MAP, .offset = PACK(mails), .object = &mail_object,
      .help = "Kinds of mail, by name: acknowledgement, out_of_office, notice, human, …" },
    { .name = "forms", .type = FIELD_OBJECT, .offset = PACK(forms), .object = &forms_object,
      .help = "What web pages say around forms: complaints, thanks, riddles" },
    { 0 },
};

const struct object lexicon_object = {
    .name = "language pack", .size = sizeof(struct lexicon), .fields = fields,
    .span_offset = SIZE_MAX,
};
