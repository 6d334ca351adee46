// Pictures of a report, for people to look at: node screenshots.mjs REPORT.html

import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const { browser, here } = await import('./support.mjs');

const url = pathToFileURL(resolve(process.argv[2])).href;
const to = join(here, 'screenshots');
mkdirSync(to, { recursive: true });
const chromium = await browser();
const sizes = { desktop: [1280, 900], phone: [360, 740], zoomed: [320, 256] };
for (const [name, [width, height]] of Object.entries(sizes)) {
  const page = await chromium.newPage({ viewport: { width, height } });
  await page.goto(url);
  await page.screenshot({ path: join(to, `${name}.png`) });
  // A picture of all of it would be too tall to take; the PDF has the rest.
  await page.setViewportSize({ width, height: 4000 });
  await page.screenshot({ path: join(to, `${name}-long.png`) });
  if (name === 'desktop') await page.pdf({ path: join(to, 'report.pdf'), format: 'A4' });
}
await chromium.close();
console.log(`Pictures are in ${to}`);
