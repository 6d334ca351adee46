// report.html as people meet it: opened from disk, small, zoomed, printed, without a mouse, without JavaScript.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { browser, council, folder, here, inspect } from './support.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PICTURES = join(here, 'screenshots');
const DESKTOP = { width: 1280, height: 900 };
const PHONE = { width: 360, height: 740 };
const TABLET = { width: 900, height: 1100 };
// 1280 by 1024, at 400%: WCAG 2.2, 1.4.10.
const ZOOMED = { width: 320, height: 256 };

const COUNCILS = {
  county: ['--people', 6000, '--years', 2, '--noise', 'messy', '--release', 'mixed', '--plant', 'mass-cut-day'],
  // Too small for most counts to be shown.
  village: ['--people', 250, '--seed', 3],
};

let chromium;
before(async () => {
  mkdirSync(PICTURES, { recursive: true });
  chromium = await browser();
});
after(() => chromium?.close());

for (const [name, options] of Object.entries(COUNCILS)) {
  describe(`the report of a ${name}`, () => {
    let file;
    before(() => {
      const dir = folder();
      const local = join(dir, 'local.toml');
      writeFileSync(local, '[[outside]]\nwhat = "carers_assessments"\nwhy = "done by a partner"\n');
      file = join(inspect(dir, council(dir, ...options), '--local', local), 'report.html');
    });

    /** Opens the report offline, and gives the page with everything that it asked for or complained of. */
    const open = async (t, viewport, more = {}) => {
      const context = await chromium.newContext({ viewport, offline: true, ...more });
      t.after(() => context.close());
      const page = await context.newPage();
      page.asked = [];
      page.complaints = [];
      page.on('request', (request) => page.asked.push(request.url()));
      page.on('console', (message) => page.complaints.push(message.text()));
      page.on('pageerror', (error) => page.complaints.push(String(error)));
      await page.goto(pathToFileURL(file).href);
      return page;
    };
    const openDetails = (page) =>
      page.evaluate(() => document.querySelectorAll('details').forEach((d) => d.setAttribute('open', '')));
    const violations = async (page) => {
      await page.evaluate(AXE);
      const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
      assert.ok(found.passes.length > 10, 'axe looked at the page');
      return found.violations.map((v) => `${v.id}: ${v.help}, at ${v.nodes.slice(0, 3).map((n) => n.target).join(' and ')}`);
    };
    const sideways = (page) =>
      page.evaluate(() => {
        const width = document.documentElement.clientWidth;
        if (document.documentElement.scrollWidth <= width) return [];
        return [...document.body.querySelectorAll('*')]
          .filter((e) => e.getBoundingClientRect().right > width + 1 && !e.parentElement.closest('.scroll'))
          .slice(0, 5)
          .map((e) => e.outerHTML.slice(0, 120));
      });

    test('is one file under 1 MB with no script', () => {
      assert.ok(statSync(file).size < 1_000_000);
      const html = readFileSync(file, 'utf8');
      assert.doesNotMatch(html, /<script|<link|<iframe|<img|javascript:|\son[a-z]+=/i);
      assert.doesNotMatch(html, /(src|href)="(?!#)/);
    });

    for (const [size, viewport] of Object.entries({ desktop: DESKTOP, phone: PHONE })) {
      test(`axe finds nothing wrong, ${size}`, async (t) => {
        const page = await open(t, viewport);
        await page.screenshot({ path: join(PICTURES, `${name}-${size}.png`) });
        assert.deepEqual(await violations(page), []);
        await openDetails(page);
        assert.deepEqual(await violations(page), []);
      });
    }

    for (const [how, viewport] of Object.entries({ 'at 360 pixels': PHONE, 'at 400% zoom': ZOOMED, 'on a tablet': TABLET, 'on a desktop': DESKTOP })) {
      test(`never scrolls sideways ${how}`, async (t) => {
        const page = await open(t, viewport);
        assert.deepEqual(await sideways(page), []);
        await openDetails(page);
        assert.deepEqual(await sideways(page), []);
      });
    }

    test('still fits with the text alone at twice the size', async (t) => {
      const page = await open(t, { width: 640, height: 480 });
      await page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
      assert.deepEqual(await sideways(page), []);
    });

    test('asks nothing of the network and complains of nothing', async (t) => {
      const page = await open(t, DESKTOP);
      await openDetails(page);
      await page.waitForTimeout(200);
      assert.deepEqual(page.asked, [pathToFileURL(file).href]);
      assert.deepEqual(page.complaints, []);
    });

    test('says the same without JavaScript', async (t) => {
      const page = await open(t, DESKTOP, { javaScriptEnabled: false });
      assert.ok(await page.locator('h1').isVisible());
      const closed = page.locator('details:not([open]) > summary').first();
      await closed.click();
      assert.ok(await page.locator('details[open] > :not(summary)').first().isVisible());
    });

    test('headings are in order, anchors lead somewhere, ids are unique', async (t) => {
      const page = await open(t, DESKTOP);
      const levels = await page.$$eval('h1,h2,h3,h4,h5,h6', (all) => all.map((h) => [Number(h.tagName[1]), h.textContent]));
      assert.equal(levels.filter(([level]) => level === 1).length, 1);
      assert.equal(levels[0][0], 1);
      levels.slice(1).forEach(([level, text], i) => assert.ok(level <= levels[i][0] + 1, `“${text}” skips a level`));
      assert.deepEqual(
        await page.$$eval('a[href^="#"]', (all) =>
          all.map((a) => a.getAttribute('href')).filter((href) => !document.getElementById(href.slice(1)))),
        [],
      );
      const ids = await page.$$eval('[id]', (all) => all.map((e) => e.id));
      assert.equal(new Set(ids).size, ids.length);
    });

    test('can be walked with the keyboard', async (t) => {
      const page = await open(t, PHONE);
      await page.keyboard.press('Tab');
      assert.equal(await page.evaluate(() => document.activeElement.getAttribute('href')), '#main');
      assert.ok(await page.evaluate(() => document.activeElement.getBoundingClientRect().left >= 0), 'the skip link shows');
      await page.keyboard.press('Enter');
      assert.equal(await page.evaluate(() => document.activeElement.id), 'main');
      assert.deepEqual(
        await page.$$eval('*', (all) =>
          all
            .filter((e) => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX === 'auto')
            .filter((e) => e.tabIndex < 0)
            .map((e) => e.outerHTML.slice(0, 100))),
        [],
        'what scrolls can be reached',
      );
    });

    test('shows no count from 1 to 4, and others in fives', async (t) => {
      const page = await open(t, DESKTOP);
      await openDetails(page);
      const numbers = await page.$$eval('td.r, svg .n', (all) => all.map((e) => e.textContent.trim().replaceAll(',', '')));
      const counts = numbers.filter((text) => /^\d+$/.test(text)).map(Number);
      assert.ok(counts.length > 20);
      assert.deepEqual(counts.filter((n) => n % 5 !== 0), []);
      if (name === 'village') assert.ok(numbers.includes('fewer than 5'));
    });

    test('every chart has its words and its table, or says why there is none', async (t) => {
      const page = await open(t, DESKTOP);
      const figures = await page.$$eval('figure.fig', (all) =>
        all.map((f) => ({
          title: f.querySelector('figcaption strong')?.textContent,
          described: [...f.querySelectorAll('svg[role=img]')].map((svg) =>
            svg.getAttribute('aria-labelledby').split(' ').map((id) => document.getElementById(id)?.textContent.trim().length ?? 0)),
          why: f.querySelector('.no-picture')?.textContent,
          tables: [...f.querySelectorAll('table')].map((table) => ({
            caption: Boolean(table.caption?.textContent.trim()),
            scoped: [...table.querySelectorAll('th')].every((th) => th.scope),
            even: new Set([...table.rows].map((row) => row.cells.length)).size === 1,
          })),
        })));
      if (name === 'county') assert.ok(figures.length > 8, `${figures.length} figures`);
      for (const figure of figures) {
        assert.ok(figure.title);
        assert.equal(figure.described.length, figure.why ? 0 : 1, figure.title);
        assert.ok(figure.described.flat().every((letters) => letters > 8), figure.title);
        assert.ok(figure.why || figure.tables.length > 0, figure.title);
        for (const table of figure.tables) assert.deepEqual(table, { caption: true, scoped: true, even: true }, figure.title);
      }
    });

    for (const [size, viewport] of Object.entries({ desktop: DESKTOP, phone: PHONE })) {
      test(`words in charts can be read, ${size}`, async (t) => {
        const page = await open(t, viewport);
        const faults = await page.$$eval('figure.fig svg[role=img]', (all) =>
          all.flatMap((svg) => {
            const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
            const words = [...svg.querySelectorAll('text')].filter((e) => getComputedStyle(e).display !== 'none');
            const small = words
              .filter((e) => !e.closest('.badge'))
              .map((e) => [e.textContent, parseFloat(getComputedStyle(e).fontSize) * scale])
              .filter(([, pixels]) => pixels < 15 || pixels > 24);
            const boxes = words.map((e) => [e.textContent, e.getBoundingClientRect()]);
            const covers = boxes.flatMap(([a, p], i) =>
              boxes.slice(i + 1)
                .filter(([, q]) => Math.min(p.right, q.right) - Math.max(p.left, q.left) > 1
                  // Boxes are taller than letters.
                  && Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top) > 5)
                .map(([b]) => [a, b]));
            return [...small, ...covers];
          }));
        assert.deepEqual(faults, []);
      });
    }

    test('what is systemic stands first, a line for each alarm', async (t) => {
      const page = await open(t, DESKTOP);
      const alarms = await page.locator('article.a-yes-box').count();
      assert.equal(await page.locator('.systemic li').count(), alarms);
      if (name === 'county') assert.ok(alarms > 0, 'a mass day is a pattern');
      const order = await page.$$eval('#systemic, #what, #patterns, #all-tests, #measures', (all) => all.map((e) => e.id));
      assert.deepEqual(order, ['systemic', 'what', 'patterns', 'all-tests', 'measures']);
      assert.equal(await page.locator('article.pattern').count(), 7);
    });

    test('grades nobody and finds no breach', async (t) => {
      const page = await open(t, DESKTOP);
      const text = await page.evaluate(() => document.body.textContent);
      assert.deepEqual(text.match(/.{0,40}\b(outstanding|inadequate|requires improvement|rated)\b.{0,40}/gi), null);
      for (const said of ['A signal is not a finding', 'What a return cannot show', 'never let in are invisible', 'a signal about practice, not a finding']) {
        assert.ok(text.includes(said), said);
      }
    });

    test('prints with everything opened', async (t) => {
      const page = await open(t, DESKTOP);
      await openDetails(page);
      const pdf = await page.pdf({ format: 'A4', path: join(PICTURES, `${name}.pdf`) });
      assert.equal(pdf.subarray(0, 5).toString(), '%PDF-');
      await page.emulateMedia({ media: 'print' });
      await page.setViewportSize({ width: 720, height: 1000 });
      assert.deepEqual(await sideways(page), [], 'nothing is cut off at the edge of the paper');
    });
  });
}
