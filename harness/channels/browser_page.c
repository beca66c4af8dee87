#include "harness/channels/browser_page.h"

#include <stdlib.h>
#include <string.h>

#define MARK "data-shopper-element"

const char browser_snapshot_script[] =
    "const root = document.documentElement, copy = root.cloneNode(true), elements = [];\n"
    "const from = root.querySelectorAll('*'), to = copy.querySelectorAll('*');\n"
    "const inert = new Set(['OPTION', 'OPTGROUP', 'HEAD', 'SCRIPT', 'STYLE', 'BR', 'SOURCE']);\n"
    "const fields = [], forms = new Map();\n"
    "for (let i = 0; i < from.length; i++) {\n"
    "    const a = from[i], b = to[i], tag = a.tagName;\n"
    "    if (a.matches('input,select,textarea,button,a,area,form,[role=button],[role=link]')) {\n"
    "        b.setAttribute('" MARK "', elements.length);\n"
    "        elements.push(a);\n"
    "    }\n"
    "    if (tag === 'FORM')\n"
    "        forms.set(a, b);\n"
    "    if (a.matches('input,select,textarea,button'))\n"
    "        fields.push([a, b]);\n"
    "    if (tag === 'INPUT' && (a.type === 'checkbox' || a.type === 'radio'))\n"
    "        b.toggleAttribute('checked', a.checked);\n"
    "    else if (tag === 'INPUT' && a.type !== 'file' && a.value !== '')\n"
    "        b.setAttribute('value', a.value);\n"
    "    else if (tag === 'OPTION')\n"
    "        b.toggleAttribute('selected', a.selected);\n"
    "    else if (tag === 'TEXTAREA')\n"
    "        b.textContent = '\\n' + a.value;\n"
    "    if (document.body && document.body.contains(a) && !inert.has(tag) &&\n"
    "        !(tag === 'INPUT' && a.type === 'file') && a.checkVisibility &&\n"
    "        getComputedStyle(a).display !== 'contents' &&\n"
    "        !a.checkVisibility({visibilityProperty: true}))\n"
    "        b.setAttribute('hidden', '');\n"
    "}\n"
    /* Whose fields they are is in no tree where tables took the form's inside out of it; and fields in
     * no form at all, which scripts send, are made one, with the buttons behind them. */
    "const pressed = ['submit', 'button', 'image', 'reset'];\n"
    "let named = 0, last = -1;\n"
    "fields.forEach(([a, b], i) => {\n"
    "    const f = a.form && !a.form.contains(a) && forms.get(a.form);\n"
    "    if (f) {\n"
    "        if (!f.getAttribute('id'))\n"
    "            f.setAttribute('id', 'shopper-form-' + named++);\n"
    "        b.setAttribute('form', f.getAttribute('id'));\n"
    "    } else if (!a.form && a.type !== 'hidden' && !pressed.includes(a.type) &&\n"
    "               !b.hasAttribute('hidden')) {\n"
    "        last = i;\n"
    "    }\n"
    "});\n"
    "const body = copy.querySelector('body');\n"
    "if (last >= 0 && body) {\n"
    "    const loose = document.createElement('form');\n"
    "    loose.setAttribute('id', '" BROWSER_LOOSE "');\n"
    "    body.insertBefore(loose, body.firstChild);\n"
    "    fields.forEach(([a, b], i) => {\n"
    "        const button = pressed.includes(a.type);\n"
    "        if (a.form || a.type === 'reset' || (button && i < last))\n"
    "            return;\n"
    "        b.setAttribute('form', '" BROWSER_LOOSE "');\n"
    "        if (a.type === 'button')\n"
    "            b.setAttribute('type', 'submit');\n"
    "    });\n"
    "}\n"
    "const navigation = performance.getEntriesByType('navigation')[0];\n"
    "return {html: '<!DOCTYPE html>' + copy.outerHTML, url: location.href, elements: elements,\n"
    "        status: navigation && navigation.responseStatus || 0};\n";

const char browser_state_script[] =
    "const text = document.documentElement ? document.documentElement.outerHTML : '';\n"
    "let hash = 0;\n"
    "for (let i = 0; i < text.length; i++) hash = (hash * 31 + text.charCodeAt(i)) | 0;\n"
    "return [{complete: 'ready', interactive: 'shown'}[document.readyState] || 'loading',\n"
    "        performance.timeOrigin,\n"
    "        location.href.slice(0, 1000), text.length, hash].join(' ');\n";

bool browser_page_read(const struct lexicons *packs, const json_t *answer, struct browser_page *ret)
{
    const char *html = json_string_value(json_object_get(answer, "html"));
    const char *url = json_string_value(json_object_get(answer, "url"));
    json_t *elements = json_object_get(answer, "elements");

    if (!html || !url || !json_is_array(elements))
        return false;
    *ret = (struct browser_page){
        .page = page_parse(packs, url, "text/html; charset=utf-8", slice_str(html)),
        .elements = json_incref(elements),
        .status = (int)json_integer_value(json_object_get(answer, "status")),
    };
    return true;
}

void browser_page_close(struct browser_page *b)
{
    page_free(b->page);
    json_decref(b->elements);
    *b = (struct browser_page){ 0 };
}

json_t *browser_element(const struct browser_page *b, const GumboNode *n)
{
    const char *mark = node_attribute(n, MARK);

    return mark ? json_incref(json_array_get(b->elements, strtoul(mark, NULL, 10))) : NULL;
}

/* An excluded name is resolved as ever; a rule with a port is mapped to itself, which beats the
 * last rule that leads all others nowhere. "*.example.com:8080" cannot be: the port is left out. */
void browser_host_rules(const char *const *hosts, size_t count, struct buf *out)
{
    for (size_t i = 0; i < count; i++) {
        const char *first = strchr(hosts[i], ':'), *last = strrchr(hosts[i], ':');
        const char *bracket = strrchr(hosts[i], ']');
        bool port = bracket ? last > bracket : first && first == last;

        if (port && *hosts[i] != '*')
            buf_addf(out, "MAP %s %s, ", hosts[i], hosts[i]);
        else
            buf_addf(out, "EXCLUDE %.*s, ", (int)(port ? last - hosts[i] : (int)strlen(hosts[i])),
                     hosts[i]);
    }
    buf_adds(out, "MAP * ~NOTFOUND");
}
