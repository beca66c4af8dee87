#!/bin/sh
# What others say about our reports: the expected files of every case, which the unit test compares
# byte by byte with what the program writes, against the JSON Schemas, the TAP and XML grammars and
# the HTML page's own policy. With arguments: the JSON results named there are validated too.
# Needs python3, python3-jsonschema and libxml2-utils.
cd "$(dirname "$0")/../.." || exit 3
python=/usr/bin/python3
[ -x "$python" ] || python=python3
failed=0

"$python" -W ignore tests/report/validate.py tests/report/*/expected.json "$@" || failed=1

for f in tests/report/*/expected.junit.xml; do
    xmllint --noout "$f" || failed=1
done

# Each inline picture is XML of its own.
for f in tests/report/*/expected*.html; do
    "$python" - "$f" <<'PY' || failed=1
import base64, hashlib, re, subprocess, sys

name = sys.argv[1]
page = open(name, encoding="utf-8").read()
style = re.search(r"<style>(.*?)</style>", page, re.S).group(1)
want = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
problems = []
if "style-src 'sha256-%s'" % want not in page:
    problems.append("the policy's hash should be %s (reporters/html_style.c)" % want)
script = re.search(r"<script>(.*?)</script>", page, re.S).group(1)
want = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
if "script-src 'sha256-%s'" % want not in page:
    problems.append("the policy's hash should be %s (reporters/html_script.c)" % want)
page = page.replace("<script>" + script + "</script>", "")
if re.search(r"<script|\son\w+=|\sstyle=|javascript:", re.sub(r">[^<]*<", "><", page), re.I):
    problems.append("script or inline style in the markup")
if re.search(r"\s(src|href)=\"(?!#|data:image/png;base64,)", page):
    problems.append("something is loaded or linked from outside")
ids = re.findall(r"\sid=\"([^\"]*)\"", page)
if len(ids) != len(set(ids)):
    problems.append("an id is used twice")
for target in re.findall(r"href=\"#([^\"]*)\"", page):
    if target not in ids:
        problems.append("a link leads to #%s, which is not there" % target)
for svg in re.findall(r"<svg.*?</svg>", page, re.S):
    r = subprocess.run(["xmllint", "--noout", "-"], input=svg.encode(), capture_output=True)
    if r.returncode:
        problems.append("a picture is not XML: %s" % r.stderr.decode()[:300])
for p in problems[:10]:
    print("%s: %s" % (name, p), file=sys.stderr)
sys.exit(bool(problems))
PY
done

[ $failed = 0 ] && echo "reports: valid"
exit $failed
