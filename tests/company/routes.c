#include "tests/company/contact.h"
#include "tests/company/pages.h"
#include "tests/company/talk.h"
#include "tests/company/web.h"

#include <string.h>

#include "harness/base/text.h"

/* To add an address: its handler in pages.c, contact.c or talk.c, and a row here. */
const struct route routes[] = {
    { "GET", "/", page_home },
    { "GET", "/delivery", page_delivery },
    { "GET", "/search", page_search },
    { "POST", "/newsletter", page_newsletter },
    { "GET", "/contact", contact_form },
    { "POST", "/contact", contact_send },
    { "GET", "/contact/thanks", contact_thanks },
    { "POST", "/chat/sessions", talk_open },
    { "POST", "/chat/sessions/*/messages", talk_say },
    { "GET", "/chat/sessions/*/messages", talk_poll },
    { "DELETE", "/chat/sessions/*", talk_leave },
    { NULL, NULL, NULL },
};

void routes_refuse(const char *path, unsigned status, struct reply *out)
{
    if (text_starts_with(path, "/chat"))
        talk_refuse(status, out);
    else
        page_refuse(status, out);
}
