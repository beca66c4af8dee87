#include "harness/model/finding.h"

#include <string.h>

/* To add a finding: a row here, a detector that makes it, its line in the README's list. */
const struct finding_row finding_rows[] = {
    { "repeated_question", false, true, "Asked again" },
    { "dead_end", false, true, "Dead end" },
    { "not_understood", false, true, "Not understood" },
    { "unanswered", false, true, "No answer" },
    { "off_topic", false, true, "Missed the question" },
    { "missed_acknowledgement", false, true, "No receipt" },
    { "no_reference", false, true, "No reference number" },
    { "no_time_promise", false, true, "No time named" },
    { "broken_promise", false, true, "Broken promise" },
    { "slow_reply", false, true, "Slow reply" },
    { "recontact", false, true, "Had to chase" },
    { "deflection", false, true, "Sent elsewhere" },
    { "handover", false, true, "Handed on" },
    { "scripted_reply", false, true, "Set phrase" },
    { "wrong_language", false, true, "Wrong language" },
    { "rude_tone", false, true, "Rude tone" },
    { "contradiction", false, true, "Contradiction" },
    { "needless_effort", false, true, "Needless effort" },
    { "no_apology", false, false, "No apology" },
    { "spam_folder", false, false, "Landed in spam" },
    { "dead_link", false, false, "Dead link" },
    { "no_unsubscribe", false, false, "No unsubscribe" },
    { "refused_mail", false, false, "Mail refused" },
    { "unlabelled_field", false, false, "Field without a label" },
    { "progress", true, true, "Progress" },
    { "full_answer", true, true, "Full answer" },
    { "solved", true, true, "Solved" },
    { "promise_kept", true, true, "Promise kept" },
    { "unasked_update", true, true, "Kept informed" },
    { "acknowledgement", true, true, "Receipt" },
    { "personal", true, true, "Personal" },
    { "time_named", true, true, "Time named" },
    { "wait_explained", true, true, "Wait explained" },
    { "reference", true, true, "Reference number" },
    { "early_reply", true, true, "Early reply" },
    { "apology", true, true, "Apology" },
    { "compensation", true, true, "Compensation" },
};
const size_t finding_row_count = ARRAY_LEN(finding_rows);

const struct finding_row *finding_row_find(const char *kind)
{
    for (size_t i = 0; i < finding_row_count; i++)
        if (!strcmp(finding_rows[i].kind, kind))
            return &finding_rows[i];
    return NULL;
}
