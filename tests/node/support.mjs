// What the tests share: the program, made-up councils, a browser that talks to nobody.

import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const here = dirname(fileURLToPath(import.meta.url));

/** The program to test: $CANDOUR, as `make test` gives it. */
export const candour = resolve(process.env.CANDOUR || join(here, '../../target/release/candour'));
if (!existsSync(candour)) {
  throw new Error(`There is no candour at ${candour}. Run \`make release\`, or set CANDOUR to its path.`);
}

/** A folder that goes when the tests end. */
export function folder() {
  const made = mkdtempSync(join(tmpdir(), 'candour-test-'));
  process.on('exit', () => rmSync(made, { recursive: true, force: true }));
  return made;
}

/** Runs candour and gives back what it printed; fails when it fails. */
export function run(...args) {
  return execFileSync(candour, args.map(String), { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Runs candour however it ends: { status, stdout, stderr }. */
export function attempt(...args) {
  return spawnSync(candour, args.map(String), { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Makes up a council in DIR/council and gives the paths of its returns. */
export function council(dir, ...options) {
  run('synthesise', '--out', join(dir, 'council'), '--quiet', ...options);
  return readdirSync(join(dir, 'council'))
    .filter((name) => name.startsWith('return'))
    .sort()
    .map((name) => join(dir, 'council', name));
}

/** Inspects returns into DIR/inspection with a key beside it, and gives the folder. */
export function inspect(dir, returns, ...options) {
  const out = join(dir, 'inspection');
  run('inspect', ...returns, '--out', out, '--key', join(dir, 'pseudonym.key'), '--quiet', ...options);
  return out;
}

/** Headless Chromium with an empty profile, which asks nothing of the network for itself. */
export async function browser() {
  const { chromium } = await import('playwright-core');
  return chromium.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
