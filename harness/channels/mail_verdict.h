#ifndef CHANNELS_MAIL_VERDICT_H
#define CHANNELS_MAIL_VERDICT_H
/** Mail verdict: what the receiving server found about a mail's origin (RFC 8601). Pure. */
#include "harness/base/mem.h"

/**
 * From the value of Authentication-Results: "mx.example; spf=pass (words) smtp.mailfrom=x; dkim=…".
 * @param method  "spf", "dkim", "dmarc".
 *                Of several DKIM signatures one that passes is enough; of the others the first counts.
 * @return "pass", "fail", "none" …, lower case, in the arena; "" when it tells nothing of it.
 */
const char *mail_verdict(struct arena *a, const char *results, const char *method);

#endif
