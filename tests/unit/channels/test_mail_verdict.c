/* Verdicts on a mail's origin, and senders who would like to write them themselves. */
#include <string.h>

#include "harness/channels/mail_verdict.h"
#include "tests/unit/support/cmocka.h"

static const struct row {
    const char *name, *results, *spf, *dkim, *dmarc;
} rows[] = {
    { "usual", "mx.test; spf=pass smtp.mailfrom=a@b.test; dkim=pass (2048-bit key) header.d=b.test; "
      "dmarc=pass (p=reject) header.from=b.test", "pass", "pass", "pass" },
    { "folded, in capitals", "mx.test;\r\n\tSPF=SoftFail (no\r\n record);\r\n dkim=NONE", "softfail",
      "none", "" },
    { "nothing was checked", "mx.test; none", "", "", "" },
    { "version and blanks", "mx.test 1; spf/1 = fail; dkim /1 =(see below) pass", "fail", "pass", "" },
    { "one of two signatures", "mx.test; dkim=fail header.d=list.test; dkim=pass header.d=b.test", "",
      "pass", "" },
    { "no signature holds", "mx.test; dkim=fail header.d=a.test; dkim=temperror header.d=b.test", "",
      "fail", "" },
    { "the first SPF counts", "mx.test; spf=fail smtp.mailfrom=a.test; spf=pass smtp.helo=b.test",
      "fail", "", "" },
    { "in a comment", "mx.test; spf=fail (helo of ; dkim=pass ; dmarc=pass) smtp.mailfrom=x.test",
      "fail", "", "" },
    { "in a nested comment", "mx.test; spf=fail (a (b ; dkim=pass) ; dmarc=pass \\) ; dkim=pass)", "fail",
      "", "" },
    { "in a quoted address", "mx.test; spf=fail smtp.mailfrom=\"x; dkim=pass; dmarc=pass\"@b.test; "
      "dkim=none", "fail", "none", "" },
    { "behind an escaped quote", "mx.test; spf=none smtp.mailfrom=\"x\\\"; dkim=pass\"@b.test", "none",
      "", "" },
    { "a comment that never ends", "mx.test; spf=pass (; dkim=pass", "pass", "", "" },
    { "another method's name begins so", "mx.test; dkim-adsp=pass; spfx=pass", "", "", "" },
    { "empty", "", "", "", "" },
};

static void check_row(void **state)
{
    const struct row *r = *state;
    struct arena *a = arena_new();

    assert_string_equal(mail_verdict(a, r->results, "spf"), r->spf);
    assert_string_equal(mail_verdict(a, r->results, "dkim"), r->dkim);
    assert_string_equal(mail_verdict(a, r->results, "dmarc"), r->dmarc);
    arena_free(a);
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(rows)];

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tests[i] = (struct CMUnitTest){ .name = rows[i].name, .test_func = check_row,
                                        .initial_state = (void *)(intptr_t)&rows[i] };
    return cmocka_run_group_tests_name("mail verdict", tests, NULL, NULL);
}
