/* What became of a request, as the transcript tells it. */
#include "harness/channels/http.h"

void http_tell(struct visit *v, const struct http_answer *a)
{
    struct event e = event_init(EVENT_TRANSFER, PARTY_HARNESS);

    e.url = a->url;
    e.status = a->status;
    e.code = a->method;
    e.text = a->why ? a->why : "";
    e.has_timings = a->has_timings;
    e.timings = a->timings;
    visit_emit(v, &e);
}

/* Whose fault it is, and what it is called. `ours` rows have no failure code. */
static const struct fault_row {
    bool ours;
    enum failure failure;
} fault_rows[] = {
    [HTTP_ANSWERED] = { false, FAILURE_HTTP_ERROR },
    [HTTP_REFUSED] = { true, 0 },
    [HTTP_UNREACHABLE] = { false, FAILURE_UNREACHABLE },
    [HTTP_TIMEOUT] = { false, FAILURE_UNREACHABLE },
    [HTTP_TOO_LARGE] = { false, FAILURE_BAD_ANSWER },
    [HTTP_LOST] = { false, FAILURE_UNREACHABLE },
    [HTTP_OURS] = { true, 0 },
};

enum done http_complain(struct visit *v, const struct http_answer *a)
{
    const struct fault_row *row = &fault_rows[a->fault];

    if (a->fault == HTTP_ANSWERED) {
        if (a->status < 400)
            return DONE_OK;
        visit_company_failed(v, a->status == 404 || a->status == 410 ? FAILURE_BROKEN_LINK
                                                                     : FAILURE_HTTP_ERROR,
                             "%s answered %d%s", a->url, a->status,
                             a->status == 401 ? ": it wants a login" : "");
        return DONE_COMPANY_FAILED;
    }
    if (a->fault == HTTP_REFUSED)
        visit_note(v, "not followed: %s", a->why);
    if (row->ours) {
        visit_our_failed(v, "%s: %s", a->url, a->why);
        return DONE_OUR_FAILED;
    }
    visit_company_failed(v, row->failure, "%s: %s", a->url, a->why);
    return DONE_COMPANY_FAILED;
}
