#include "harness/judge/detector.h"

/* In this order findings of one event are listed: what went wrong first. */
const struct detector detectors[] = {
    { "repeats", detect_repeats },
    { "fallback", detect_fallback },
    { "dead_ends", detect_dead_ends },
    { "circles", detect_circles },
    { "off_topic", detect_off_topic },
    { "unanswered", detect_unanswered },
    { "receipts", detect_receipts },
    { "waits", detect_waits },
    { "promises", detect_promises },
    { "handover", detect_handover },
    { "language", detect_language },
    { "tone", detect_tone },
    { "scripted", detect_scripted },
    { "contradiction", detect_contradiction },
    { "effort", detect_effort },
    { "recontact", detect_recontact },
    { "answers", detect_answers },
    { "kindness", detect_kindness },
    { "spam", detect_spam },
    { "mail_care", detect_mail_care },
    { "no_apology", detect_no_apology },
};
const size_t detector_count = ARRAY_LEN(detectors);
