/* Persian: what is read in one message, with and without the zero-width non-joiner, in Arabic and
 * Persian letters and digits, formal and informal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "tests/unit/read/packs.h"

#define HOUR INT64_C(3600000000)

/* "kind", "kind:slot" or "kind=value", in order of the text; language marks, informs and explains
 * are left out. "K " before the text: the customer says it. */
static const struct row {
    const char *text, *marks;
} rows[] = {
    /* questions: formal, informal, short */
    { "لطفاً شماره سفارشتان را بفرمایید.", "asks:order_number" },
    { "شماره‌ی سفارش شما چیست؟", "asks:order_number" },
    { "شمارهٔ سفارش رو بگو", "asks:order_number" },
    { "شماره سفارش؟", "asks:order_number" },
    { "میشه شماره سفارشتون رو بدین؟", "asks:order_number" },
    { "می‌توانم شماره سفارش را داشته باشم؟", "asks:order_number" },
    { "مي‌توانم كد پستي شما را داشته باشم؟", "asks:postcode" },
    { "برای ادامه به کد ملی شما نیاز داریم.", "asks:national_id" },
    { "نام، ایمیل و شماره موبایل خود را بنویسید.", "asks:name asks:email asks:phone" },
    { "برای پیگیری شماره سفارش، لطفاً کد ملی را درج نمایید.", "asks:national_id" },
    { "اسمتون چیه؟", "asks:name" },
    { "با چه کسی صحبت می‌کنم؟", "asks:name" },
    { "آدرس ایمیلتو برام بفرست", "asks:email" },
    { "شمارتو بده", "asks:phone" },
    { "کجا زندگی می‌کنید؟", "asks:address" },
    { "متولد چه سالی هستید؟", "asks:date_of_birth" },
    { "چند نفرید؟", "asks:number_of_people" },
    { "میز را برای چند نفر رزرو کنم؟", "asks:number_of_people" },
    { "از کجا حرکت می‌کنید؟", "asks:origin" },
    { "به کجا سفر می‌کنید؟", "asks:destination" },
    { "مقصدتون کجاست؟", "asks:destination" },
    { "چه روزی برمی‌گردید؟", "asks:return_date" },
    { "کی می‌خواهید بیایید؟", "asks:date" },
    { "چه ساعتی براتون مناسبه؟", "asks:time" },
    { "چه رنگی دوست دارید؟", "asks:colour" },
    { "چه مشکلی پیش آمده؟", "asks:reason" },
    { "عرض سم اسبتان چقدر است؟", "asks:عرض سم" },
    { "قله‌ی محبوبتان کدام است؟", "asks=قله محبوبتان" },
    { "آیا شماره سفارش شما A-10442 است؟", "asks_to_confirm:order_number reads_back:order_number" },
    { "پس A-10442. درست است؟", "reads_back:order_number asks_to_confirm" },
    { "میز را رزرو کنم؟", "asks_to_confirm" },
    { "کد تأیید به شماره موبایل شما ارسال شد.", "" },
    { "اگر شماره سفارش را ندارید اشکالی ندارد.", "" },
    { "لطفاً چند لحظه فرصت بدهید.", "" },
    { "رمز عبور خود را در اختیار کسی قرار ندهید.", "" },
    { "سؤال دیگری دارید؟", "anything_else" },
    { "چطور می‌تونم کمکتون کنم؟", "anything_else" },
    /* receipts */
    { "نامه‌ی شما به دست ما رسید.", "acknowledges" },
    { "پیغامتون ثبت شد.", "acknowledges" },
    { "شکایت شما با موفقیت دریافت گردید.", "acknowledges" },
    { "سفارشتان را ثبت کرده‌ایم.", "acknowledges" },
    { "از اینکه با ما تماس گرفتید سپاسگزاریم؛ پیامتان را دریافت کردیم.", "acknowledges" },
    { "ممنون بابت ارسال گزارش.", "acknowledges" },
    { "رزرو شد.", "acknowledges" },
    { "پیام شما هنوز ثبت نشده است.", "" },
    { "پس از ثبت درخواست با شما تماس می‌گیریم.", "" },
    { "آیا درخواست شما ثبت شد؟", "" },
    { "کد رهگیری شما: ۸۸۱۲۰", "acknowledges gives_reference=88120" },
    { "ظرف ۲ روز کاری جواب می‌دهیم.", "promises_time" },
    { "در اسرع وقت پاسخ می‌دهیم.", "acknowledges" },
    { "ظرف ۱۴ روز فرصت دارید کالا را پس بفرستید.", "" },
    /* solutions and feelings */
    { "مشکل برطرف شد.", "solves" },
    { "مبلغ به حساب شما برگشت داده شد.", "solves" },
    { "اگر مشکل حل نشد خبر بدهید.", "" },
    { "واقعاً متأسفیم.", "apologises" },
    { "بابت تأخیر پیش‌آمده پوزش می‌طلبیم.", "apologises" },
    { "برای جبران، یک کد تخفیف تقدیم شما می‌کنیم.", "compensates" },
    { "سلام مایا، خوش آمدید.", "greets" },
    { "سلام به همه.", "" },
    /* no way on */
    { "منظورتون رو نفهمیدم.", "not_understood" },
    { "متأسفانه متوجهِ پرسش شما نمی‌شوم.", "not_understood" },
    { "میشه یه جور دیگه بگی؟", "not_understood" },
    { "جملهٔ خود را دوباره بنویسید.", "not_understood" },
    { "این کار از دست من برنمیاد.", "refuses" },
    { "در حال حاضر امکان لغو پرواز وجود ندارد.", "refuses" },
    { "خطای داخلی پیش آمد، بعداً دوباره امتحان کنید.", "refuses" },
    { "هیچ اپراتوری آنلاین نیست.", "refuses" },
    { "درخواست وام شما رد شد.", "refuses" },
    { "با شماره ۰۲۱۵۵۵۰۱۰۰ تماس بگیرید.", "pushes_elsewhere:phone" },
    { "لطفاً حضوری به شعبه مراجعه کنید.", "pushes_elsewhere:store" },
    { "موضوع را به ما ایمیل بزنید.", "pushes_elsewhere:email" },
    { "فردا با شما تماس می‌گیریم.", "promises_time" },
    { "لطفاً به این نامه جواب ندهید.", "no_reply" },
    { "این صندوق پستی بررسی نمی‌شود.", "no_reply" },
    { "شما را به یکی از همکاران وصل می‌کنم.", "hands_over" },
    { "گفت‌وگو بسته شد.", "closes" },
    { "روز خوبی داشته باشید.", "closes" },
    { "وقت ما را نگیر.", "rude" },
    { "شنبه تا چهارشنبه از ۸ تا ۱۶، پنجشنبه تعطیل.", "" },
    /* the customer */
    { "K شماره سفارشم A-10442 است.", "tells:order_number tells:order_number" },
    { "K اسمم مایا لیندکویست است.", "tells:name tells:name" },
    { "K ما پنج نفریم", "tells:number_of_people" },
    { "K فردا ساعت ۷ شب", "tells:date tells:time" },
    { "K ۱۲ خرداد", "tells:date" },
    { "K صبح بخیر، یک سؤال دارم", "" },
    { "K از رشت به یزد", "tells:origin tells:destination" },
    { "K نمی‌دونم", "unsure" },
    { "K می‌خوام با یه آدم واقعی صحبت کنم", "requests wants_human" },
    { "K یه روز دیگه باشه", "changes_mind" },
    { "K تاریخ دیگه‌ای می‌خوام", "changes_mind:date requests" },
    { "K خیلی ممنون!", "thanks" },
};

static struct transcript *transcript_of(const char *text)
{
    static struct named_text knows[] = {
        { "order_number", "A-10442" }, { "عرض سم", "27 cm" },
    };
    struct transcript *t = transcript_new();
    bool customer = text[0] == 'K' && text[1] == ' ';
    struct event e = customer ? event_init(EVENT_SENT, PARTY_CUSTOMER)
                              : event_init(EVENT_MESSAGE, PARTY_COMPANY);

    t->language = "fa";
    t->customer_name = "مایا لیندکویست";
    t->knows = knows;
    t->know_count = ARRAY_LEN(knows);
    e.text = text + (customer ? 2 : 0);
    transcript_append(t, &e);
    return t;
}

static void print_marks(const struct marks *m, struct buf *out)
{
    for (size_t i = 0; i < m->count; i++) {
        const struct mark *k = &m->items[i];

        if (k->kind == MARK_LANGUAGE || k->kind == MARK_INFORMS || k->kind == MARK_EXPLAINS)
            continue;
        buf_addf(out, "%s%s", out->len ? " " : "", mark_name(k->kind));
        if (k->slot)
            buf_addf(out, ":%s", k->slot);
        else if (k->value && (k->kind == MARK_ASKS || k->kind == MARK_REFERENCE))
            buf_addf(out, "=%s", k->value);
    }
}

static void check_row(void **state)
{
    const struct row *r = *state;
    struct transcript *t = transcript_of(r->text);
    struct arena *a = arena_new();
    struct marks m = { 0 };
    struct buf got = BUF_INIT(4096);

    reader_read(packs_reader(), t, 0, a, &m);
    for (size_t i = 0; i < m.count; i++)
        assert_true(m.items[i].start <= m.items[i].end &&
                    m.items[i].end <= strlen(t->events[0].text));
    print_marks(&m, &got);
    assert_string_equal(got.ptr, r->marks);
    buf_release(&got);
    arena_free(a);
    transcript_free(t);
}

static const struct time_row {
    const char *text;
    int64_t us;                   /* 0: no promise */
} times[] = {
    { "ظرف ۲۴ ساعت پاسخ می‌دهیم.", 24 * HOUR },
    { "طی ٤٨ ساعت آینده با شما تماس خواهیم گرفت.", 48 * HOUR },
    { "یک تا دو روز کاری دیگر جواب می‌گیرید.", 48 * HOUR },
    { "نتیجه ۲ الی ۳ روزکاری بعد به شما اطلاع داده می‌شود.", 72 * HOUR },
    { "حداکثر تا نیم ساعت دیگه خبرتون می‌کنیم.", HOUR / 2 },
    { "میانگین زمان پاسخ‌گویی ۹۰ دقیقه است.", 90 * INT64_C(60000000) },
    { "کارشناسان ما تا فردا با شما تماس می‌گیرند.", 36 * HOUR },
    { "به‌زودی پاسخ می‌دهیم.", 0 },
    { "فروشگاه ۲۴ ساعته باز است.", 0 },
    { "۲۰ سال است که پاسخ‌گوی شما هستیم.", 0 },
};

static void check_time(void **state)
{
    const struct time_row *r = *state;
    struct transcript *t = transcript_of(r->text);
    struct arena *a = arena_new();
    struct marks m = { 0 };
    int64_t us = 0;

    reader_read(packs_reader(), t, 0, a, &m);
    for (size_t i = 0; i < m.count; i++)
        if (m.items[i].kind == MARK_PROMISES)
            us = m.items[i].within_us;
    assert_int_equal(us, r->us);
    arena_free(a);
    transcript_free(t);
}

/* Every occasion the English pack has a phrase for has one in Persian. */
static void test_phrases(void **state)
{
    static const char *const keys[] = {
        "give", "give_several", "give_again", "unknown", "yes", "confirm", "no", "rephrase",
        "human", "nudge", "chase", "nothing_else", "thanks", "greeting", "goodbye", "leave",
        "finding.repeated_question.asked_again", "finding.dead_end.fallback_loop",
    };
    enum { FIRST_WORDED = 3 };    /* those before may be a slot and its value alone */
    const struct named_text values[] = {
        { "slot", "شماره سفارش" }, { "value", "A-1" }, { "time", "۲ ساعت" },
    };
    struct arena *a = arena_new();

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(keys); i++)
        for (uint64_t seed = 0; seed < 5; seed++) {
            const char *fa = reader_phrase(packs_reader(), "fa", keys[i], seed, values,
                                           ARRAY_LEN(values), a);
            const char *en = reader_phrase(packs_reader(), "en", keys[i], seed, values,
                                           ARRAY_LEN(values), a);

            assert_non_null(fa);
            assert_null(strchr(fa, '{'));
            if (i >= FIRST_WORDED)
                assert_string_not_equal(fa, en);
        }
    assert_string_equal(reader_slot_words(packs_reader(), "fa", "order_number", a),
                        "شماره سفارش");
    arena_free(a);
}

static int teardown(void **state)
{
    (void)state;
    packs_free();
    return 0;
}

int main(void)
{
    enum { ROWS = ARRAY_LEN(rows), TIMES = ARRAY_LEN(times) };
    struct CMUnitTest tests[ROWS + TIMES + 1];

    for (size_t i = 0; i < ROWS; i++)
        tests[i] = (struct CMUnitTest){ .name = rows[i].text, .test_func = check_row,
                                        .initial_state = (void *)(uintptr_t)&rows[i] };
    for (size_t i = 0; i < TIMES; i++)
        tests[ROWS + i] = (struct CMUnitTest){ .name = times[i].text, .test_func = check_time,
                                               .initial_state = (void *)(uintptr_t)&times[i] };
    tests[ROWS + TIMES] = (struct CMUnitTest)cmocka_unit_test(test_phrases);
    return cmocka_run_group_tests_name("reader, Persian", tests, NULL, teardown);
}
