// For tests/long/validators, which copies it beside the packages it needs. Arguments: report files,
// told apart by their names. Exit code 1 when one of them is not what its format wants.
import fs from 'node:fs';
import path from 'node:path';
import Ajv from 'ajv';
import formats from 'ajv-formats';
import { chromium } from 'playwright-core';
import { Parser } from 'tap-parser';

const modules = new URL('node_modules/', import.meta.url).pathname;
let failed = 0;

function schema(file) {
    const data = JSON.parse(fs.readFileSync(modules + file, 'utf8'));
    const ajv = new (Ajv.default ?? Ajv)({ allErrors: true, strict: false, unicodeRegExp: false });

    if (/draft-0[46]/.test(data.$schema)) {       // what they use of it is the same in draft 7
        delete data.$schema;
        delete data.id;
    }
    (formats.default ?? formats)(ajv);
    return ajv.compile(data);
}

function problem(file, what) {
    console.error(`${file}: ${what}`);
    failed = 1;
}

function json(check, file) {
    if (!check(JSON.parse(fs.readFileSync(file, 'utf8'))))
        for (const e of check.errors.slice(0, 5))
            problem(file, `${e.instancePath} ${e.message}`);
}

// A failing test point is no fault of the file; what the parser could not make sense of is.
function tap(file) {
    const results = [], extra = [];
    const parser = new Parser({}, (r) => results.push(r));

    parser.on('extra', (line) => extra.push(line));
    parser.end(fs.readFileSync(file, 'utf8'));
    for (const line of extra)
        problem(file, `not TAP: ${line}`);
    for (const f of results[0].failures.filter((f) => f.tapError))
        problem(file, f.tapError);
    if (results[0].count !== results[0].plan.end)
        problem(file, `${results[0].count} test points, the plan says ${results[0].plan.end}`);
}

// On a phone, a tablet and a desk, by day and by night: nothing axe finds fault with, and nothing that
// is wider than the screen.
async function accessible(browser, file) {
    for (const width of [400, 1024, 1600])
        for (const colorScheme of ['light', 'dark'])
            await accessibleAt(browser, file, width, colorScheme);
}

async function accessibleAt(browser, file, width, colorScheme) {
    const context = await browser.newContext({ bypassCSP: true, viewport: { width, height: 900 }, colorScheme });
    const page = await context.newPage();

    await page.goto('file://' + path.resolve(file));
    await page.addScriptTag({ content: fs.readFileSync(modules + 'axe-core/axe.min.js', 'utf8') });
    const found = await page.evaluate(() => globalThis.axe.run());
    for (const v of found.violations)
        problem(file, `${width} ${colorScheme}: ${v.impact}: ${v.id}: ${v.nodes[0].html.slice(0, 160)}`);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    if (wide > width)
        problem(file, `${width} ${colorScheme}: the page is ${wide} wide`);
    await context.close();
}

const files = process.argv.slice(2);
const ctrf = schema('ctrf/dist/ctrf-schema-0.0.json');
const sarif = schema('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
        '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});

for (const file of files) {
    if (file.endsWith('.ctrf.json')) json(ctrf, file);
    else if (file.endsWith('.sarif')) json(sarif, file);
    else if (file.endsWith('.tap')) tap(file);
    else await accessible(browser, file);
}
await browser.close();
process.exit(failed);
