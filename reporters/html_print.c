/* The report for paper: cover, contents, page numbers. Only our own browser reads this edition, so its
 * second style sheet needs no hash; scripts are forbidden altogether. */
#include <string.h>

#include "reporters/html.h"

static const char sheet[] =
    "@page cover{margin:0;@bottom-center{content:none}}"
    "html{color-scheme:light;font-size:13px}body{font-size:9.5pt;background:#fff}"
    "main,footer{max-width:none;padding-inline:0}footer{padding-bottom:0}"
    ".title{page:cover;break-after:page;height:99vh;padding:32mm 22mm 22mm;display:flex;"
    "flex-direction:column}.title .logo{max-width:70mm;max-height:40mm;margin:0 0 auto}"
    ".title .room{margin:0 0 auto}.title h1{font-size:34pt;margin:3mm 0 6mm}"
    ".title p{font-size:12pt}.title .kicker{font-size:11pt}.title .by{margin-top:auto}"
    ".contents{break-after:page}.contents h2{font-size:18pt;margin:0 0 6mm}"
    ".contents ol{list-style:none;margin:0;padding:0}"
    ".contents li{display:flex;gap:4mm;align-items:baseline;border-bottom:.2mm solid var(--line);"
    "padding:1.6mm 0;break-inside:avoid}.contents a{flex:1;color:inherit;text-decoration:none}"
    ".contents .value{width:14mm;text-align:end;font-weight:600}"
    ".contents .page{width:12mm;text-align:end;color:var(--soft)}"
    "section.card,article.card{border:0;padding:0;margin:0 0 7mm}th,td{padding-block:.4rem}"
    "h3{margin-top:1.6rem}.map{font-size:14px}.fall{height:.6rem}"
    "section:has(.waits){break-inside:avoid}.glance td:last-child{white-space:nowrap}"
    "article.card{break-before:page}ol.findings>li,tr,dl.facts>div,figure{break-inside:avoid}"
    ".scroll{overflow:visible}thead{display:table-header-group}"
    "summary,h2,h3,h4,tr.step{break-after:avoid}.columns,.columns>section,ol.moments li,.facts,"
    ".yesno,figure{break-inside:avoid}.fall{width:4.5rem}table.small td:nth-child(2){min-width:6.5rem}"
    "table.small{font-size:7.5pt}summary{list-style:none;pointer-events:none}"
    "summary::-webkit-details-marker{display:none}.find{display:none}"
    ".columns>section.card{height:auto}img{max-height:150mm;width:auto}";

static const char *picture_type(struct slice s)
{
    static const struct { const char *start; size_t len; const char *type; } rows[] = {
        { "\x89PNG\r\n\x1a\n", 8, "image/png" }, { "\xFF\xD8\xFF", 3, "image/jpeg" },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (s.len > rows[i].len && !memcmp(s.ptr, rows[i].start, rows[i].len))
            return rows[i].type;
    return NULL;
}

static void cover(struct buf *out, const struct words *w, const struct result *r,
                  const struct report_options *o, const char *title, const char *when)
{
    const char *type = picture_type(o->logo);
    CLEANUP(buf_release) struct buf tool = BUF_INIT(4096);

    buf_adds(out, "<div class=\"title\">");
    if (type) {
        buf_addf(out, "<img class=\"logo\" alt=\"%s\" src=\"data:%s;base64,", title, type);
        html_base64(out, o->logo);
        buf_adds(out, "\">");
    } else {
        buf_adds(out, "<div class=\"room\"></div>");
    }
    html_clip(&tool, r->tool, 60);
    buf_addf(out, "<p class=\"kicker\">%s</p><h1>%s</h1><p class=\"soft\">%s</p>"
                  "<p class=\"by soft small\">", word(w, WORD_REPORT), title, when);
    SAY(out, w, WORD_MADE_BY, tool.ptr);
    buf_adds(out, "</p></div>\n");
}

static void contents(struct buf *out, const struct words *w, const struct result *r,
                     const struct report_options *o)
{
    buf_addf(out, "<nav class=\"contents\"><h2>%s</h2>\n<ol>\n", word(w, WORD_CONTENTS));
    for (size_t i = 0; i < r->count; i++) {
        const struct journey_result *jr = result_journey(r, i);
        const struct score *s = view_known_score(jr);

        buf_addf(out, "<li><a href=\"#j%zu\">", i + 1);
        html_bdi(out, view_name(jr->transcript), 90);
        buf_adds(out, "</a>");
        html_chip(out, w, jr->status);
        buf_addf(out, "<span class=\"value num\">%s</span><span class=\"page num\" "
                      "aria-label=\"%s\">%s</span></li>\n",
                 s ? words_int(w, score_rounded(s->value)).text : "\xE2\x80\x93",
                 word(w, WORD_PAGE),
                 o->pages && o->pages[i] ? words_int(w, o->pages[i]).text : "");
    }
    buf_adds(out, "</ol></nav>\n");
}

void html_print_head(struct buf *out, const struct words *w, const struct result *r,
                     const struct report_options *o, const char *title, const char *when)
{
    buf_addf(out, "<!DOCTYPE html>\n<html lang=\"%s\"%s>\n<head>\n<meta charset=\"utf-8\">\n"
                  "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                  "style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
                  "form-action 'none'\">\n<title>%s \xE2\x80\x93 %s</title>\n<style>",
             w->code, w->rtl ? " dir=\"rtl\"" : "", title, word(w, WORD_REPORT));
    for (size_t i = 0; html_style[i]; i++)
        buf_adds(out, html_style[i]);
    buf_addf(out, "@page{size:%s;margin:16mm 15mm 18mm;@bottom-center{content:counter(page%s) "
                  "' / ' counter(pages%s);font:8pt sans-serif;color:#59636c}}%s</style>\n</head>\n"
                  "<body>\n", o->paper ? o->paper : "A4", w->rtl ? ",persian" : "",
             w->rtl ? ",persian" : "", sheet);
    cover(out, w, r, o, title, when);
    contents(out, w, r, o);
    buf_adds(out, "<main>\n");
}
