#include "tests/company/pages.h"

#include "harness/base/text.h"
#include "tests/company/company.h"
#include "tests/company/fill.h"

static const char frame_top[] =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width\">\n"
    "<title>{title} - Kettle &amp; Co</title>\n"
    "<style>body{font:16px/1.5 sans-serif;max-width:40em;margin:auto;padding:1em}"
    "label{display:block;margin-top:.8em}input,select,textarea{font:inherit;width:100%}"
    "[role=alert]{border:2px solid #b00;padding:0 1em}form.small *{width:auto}</style>\n"
    "</head>\n<body>\n<header>\n<p><a href=\"/\">Kettle &amp; Co</a></p>\n"
    "<form class=\"small\" action=\"/search\" role=\"search\">\n"
    "<input type=\"search\" name=\"q\" aria-label=\"Search our shop\" placeholder=\"Search\">\n"
    "<button>Search</button>\n</form>\n</header>\n<main>\n<h1>{title}</h1>\n";

static const char frame_bottom[] =
    "</main>\n<footer>\n<form class=\"small\" method=\"post\" action=\"/newsletter\">\n"
    "<label for=\"newsletter-email\">Newsletter: your email address</label>\n"
    "<input id=\"newsletter-email\" type=\"email\" name=\"newsletter_email\">\n"
    "<button type=\"submit\">Subscribe</button>\n</form>\n"
    "<p><a href=\"/\">Home</a> <a href=\"/delivery\">Delivery</a>\n"
    "<a href=\"/contact\">Contact</a></p>\n"
    "</footer>\n</body>\n</html>\n";

void page_escape(struct reply *out, const char *text)
{
    text_add_xml(&out->body, slice_str(text));
}

void page_begin(struct reply *out, const char *title)
{
    CLEANUP(buf_release) struct buf escaped = BUF_INIT(1000);

    text_add_xml(&escaped, slice_str(title));
    const struct blank blanks[] = { { "title", escaped.ptr } };
    fill(&out->body, frame_top, blanks, ARRAY_LEN(blanks));
}

void page_end(struct reply *out)
{
    buf_adds(&out->body, frame_bottom);
}

void page_paragraph(struct reply *out, const char *text)
{
    buf_adds(&out->body, "<p>");
    page_escape(out, text);
    buf_adds(&out->body, "</p>\n");
}

void page_home(struct company *c, const struct request *r, struct reply *out)
{
    (void)c, (void)r;
    page_begin(out, "Kettles that last");
    page_paragraph(out, "We make electric kettles, and we look after them for years.");
    buf_adds(&out->body, "<ul>\n<li><a href=\"/contact\">Contact us</a></li>\n"
                         "<li><a href=\"/delivery\">Delivery and returns</a></li>\n</ul>\n");
    page_end(out);
}

void page_delivery(struct company *c, const struct request *r, struct reply *out)
{
    (void)c, (void)r;
    page_begin(out, "Delivery and returns");
    page_paragraph(out, "We deliver to the European Union and to Switzerland.");
    buf_adds(&out->body, "<p>Something wrong? <a href=\"/contact\">Contact us</a>, or write to "
                         "<a href=\"mailto:" COMPANY_ADDRESS "\">" COMPANY_ADDRESS "</a>.</p>\n");
    page_end(out);
}

void page_search(struct company *c, const struct request *r, struct reply *out)
{
    const char *q = request_query(r, "q");

    (void)c;
    page_begin(out, "Search");
    buf_adds(&out->body, "<p>Nothing found for <q>");
    page_escape(out, q ? q : "");
    buf_adds(&out->body, "</q>.</p>\n");
    page_end(out);
}

void page_newsletter(struct company *c, const struct request *r, struct reply *out)
{
    (void)c, (void)r;
    page_begin(out, "Newsletter");
    page_paragraph(out, "You are on the list of our newsletter now.");
    page_end(out);
}

void page_refuse(unsigned status, struct reply *out)
{
    static const struct { unsigned status; const char *title, *text; } rows[] = {
        { MHD_HTTP_NOT_FOUND, "Page not found", "There is no such page." },
        { MHD_HTTP_METHOD_NOT_ALLOWED, "Not possible", "This page cannot be used like that." },
        { MHD_HTTP_CONTENT_TOO_LARGE, "Too large", "That was more than we can take." },
        { MHD_HTTP_FORBIDDEN, "Not allowed", "You cannot see this page." },
        { MHD_HTTP_INTERNAL_SERVER_ERROR, "Internal error",
          "Something went wrong on our side." },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (rows[i].status != status)
            continue;
        out->status = status;
        page_begin(out, rows[i].title);
        page_paragraph(out, rows[i].text);
        page_end(out);
    }
}
