/* The report's only script: search, filter and order of the journeys. Its hash stands in the page's
 * policy; tests/report/validate.sh says what it should be. The controls are hidden until it runs. */
#include <stddef.h>

#include "reporters/html.h"

const char html_script_sha256[] = "bjxCRPe+5Hz82pCpvTaWw6tFvGgxfEX8CMZh/udiKPY=";

const char *const html_script[] = {
    "(function(){'use strict';"
    "var box=document.getElementById('find'),q=document.getElementById('find-text'),"
    "s=document.getElementById('find-status'),n=document.getElementById('find-count');"
    "if(!box)return;box.hidden=false;"
    "var rows=[].slice.call(document.querySelectorAll('table.glance tbody tr')),"
    "text=rows.map(function(r){var a=document.getElementById(r.getAttribute('data-journey'));"
    "return a?fold(a.textContent):''});"
    "function fold(x){return x.normalize('NFKD').replace(/[\\u0300-\\u036f]/g,'').toLowerCase()}"
    "function say(x){return x.toLocaleString(document.documentElement.lang)}"
    "function apply(){var t=fold(q.value).trim(),shown=0;"
    "rows.forEach(function(r,i){"
    "var ok=(!s.value||r.getAttribute('data-status')===s.value)&&(!t||text[i].indexOf(t)>=0),"
    "a=document.getElementById(r.getAttribute('data-journey'));"
    "r.hidden=!ok;if(a)a.hidden=!ok;if(ok)shown++});"
    "n.textContent=say(shown)+' / '+say(rows.length)}"
    "q.addEventListener('input',apply);s.addEventListener('change',apply);apply();"
    /* those without a score go last */
    "var o=document.getElementById('find-order');"
    "function score(r){var x=parseFloat(r.getAttribute('data-score'));return isNaN(x)?Infinity:x}"
    "o.addEventListener('change',function(){"
    "var order=rows.slice();if(o.value)order.sort(function(a,b){"
    "var x=score(a),y=score(b);return x<y?-1:x>y?1:0});"
    "order.forEach(function(r){r.parentNode.appendChild(r)})});"
    /* what is printed is everything that is shown, unfolded */
    "addEventListener('beforeprint',function(){"
    "document.querySelectorAll('details').forEach(function(d){"
    "if(!d.open){d.open=true;d.setAttribute('data-was','')}})});"
    "addEventListener('afterprint',function(){"
    "document.querySelectorAll('details[data-was]').forEach(function(d){"
    "d.open=false;d.removeAttribute('data-was')})});"
    "})();",
    NULL,
};
