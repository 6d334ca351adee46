// The command line, as a newcomer meets it: the demo, what it leaves behind, and what stops it.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { attempt, council, folder, inspect, run } from './support.mjs';

const FILES = ['inspection.json', 'people.csv', 'quality.csv', 'report.html', 'verdicts.csv', 'worklist.csv'];
const HEADINGS = {
  'verdicts.csv': 'duty,test,person,occasion_date,verdict,force,strength,section,because,reason,ordinal,rows',
  'people.csv':
    'person,age_band,sex,ethnic_group,support_reason,setting,district,in_long_term_support,strong_signals,lead_signals,cannot_tell,no_signal',
  'quality.csv': 'field,check_id,rows,example_rows,severity,rule',
  'worklist.csv': 'rank,person,apparently_without_support,since,days,signals,strong_signals,duty,test,why',
};

const sum = (map) => Object.values(map).reduce((a, b) => a + b, 0);
const lines = (path) => readFileSync(path, 'utf8').trimEnd().split('\n');

test('the demo makes a council, inspects it and says where the report is', () => {
  const dir = join(folder(), 'demo');
  const said = run('demo', '--people', 1500, '--out', dir);
  const inspection = join(dir, 'inspection');
  assert.ok(said.includes(join(inspection, 'report.html')), said);
  assert.match(said, /\d+ rows in = \d+ used \+ \d+ set aside/);
  assert.deepEqual(readdirSync(inspection).sort(), FILES);
  for (const [file, heading] of Object.entries(HEADINGS)) {
    assert.equal(lines(join(inspection, file))[0], heading, file);
  }
  run('demo', '--people', 1500, '--out', dir, '--quiet');
});

test('no row is lost and every count adds up', () => {
  const dir = folder();
  const out = inspect(dir, council(dir, '--people', 1500, '--years', 2, '--noise', 'messy', '--release', 'mixed'));
  const document = JSON.parse(readFileSync(join(out, 'inspection.json'), 'utf8'));
  const { rows } = document;
  assert.equal(rows.in, rows.used + sum(rows.set_aside));
  assert.equal(rows.used, sum(rows.used_as));
  assert.ok(sum(rows.set_aside) > 0, 'a messy return has rows to set aside');
  assert.equal(document.people, lines(join(out, 'people.csv')).length - 1);
  let verdicts = 0;
  for (const t of document.tests) {
    const name = `${t.duty}/${t.test}`;
    assert.equal(t.occasions, t.met + sum(t.not_met) + sum(t.cannot_tell) + sum(t.not_owed) + sum(t.not_yet_due), name);
    assert.equal(t.met, sum(t.met_because), name);
    verdicts += t.met + sum(t.not_met) + sum(t.cannot_tell);
    for (const [dimension, groups] of Object.entries(t.groups)) {
      const all = Object.values(groups).reduce((n, tally) => n + sum(tally), 0);
      assert.equal(all, t.occasions, `${name} by ${dimension}`);
    }
  }
  assert.equal(verdicts, lines(join(out, 'verdicts.csv')).length - 1);
});

test('the verdicts on a made-up council are the truth', () => {
  const dir = folder();
  const out = inspect(
    dir,
    council(dir, '--people', 3000, '--years', 2, '--noise', 'messy', '--release', 'mixed', '--seed', 7),
    '--identifiers',
    'keep',
  );
  const five = (path) => lines(path).slice(1).map((line) => line.split(',').slice(0, 5).join(',')).sort();
  assert.deepEqual(five(join(out, 'verdicts.csv')), five(join(dir, 'council', 'truth.csv')));
});

test('the same returns and key give the same bytes, and another key other pseudonyms', () => {
  const dir = folder();
  const returns = council(dir, '--people', 600);
  const hashes = (name, key) => {
    const out = join(dir, name);
    run('inspect', ...returns, '--out', out, '--key', join(dir, key), '--quiet');
    return FILES.map((file) => createHash('sha256').update(readFileSync(join(out, file))).digest('hex'));
  };
  const first = hashes('one', 'a.key');
  assert.deepEqual(hashes('two', 'a.key'), first);
  const other = hashes('three', 'b.key');
  assert.notEqual(other[FILES.indexOf('people.csv')], first[FILES.indexOf('people.csv')]);
  assert.equal(other[FILES.indexOf('inspection.json')], first[FILES.indexOf('inspection.json')]);
});

test('no name or number of a person is in what is written', () => {
  const dir = folder();
  const returns = council(dir, '--people', 600);
  const out = inspect(dir, returns);
  const [heading, ...rows] = lines(returns[0]);
  const column = heading.split(',').indexOf('LA Person Unique Identifier');
  assert.ok(column >= 0);
  const ids = new Set(rows.map((row) => row.split(',')[column]).filter((id) => id && id.length > 5));
  assert.ok(ids.size > 100);
  for (const file of FILES) {
    const words = new Set(readFileSync(join(out, file), 'utf8').split(/[^\w-]+/));
    assert.deepEqual([...ids].filter((id) => words.has(id)), [], file);
  }
});

test('several councils get a folder each', () => {
  const dir = folder();
  const [first] = council(dir, '--people', 300);
  const second = join(dir, 'other.csv');
  writeFileSync(second, readFileSync(first, 'utf8').replaceAll(/^999,/gm, '998,'));
  const out = inspect(dir, [first, second]);
  assert.deepEqual(readdirSync(out).sort(), ['998', '999']);
  assert.deepEqual(readdirSync(join(out, '998')).sort(), FILES);
});

test('what cannot be done ends with 1 and what to do; what cannot be meant with 2', () => {
  const dir = folder();
  const [good] = council(dir, '--people', 300);
  const key = ['--key', join(dir, 'pseudonym.key')];
  const out = join(dir, 'out');
  const bad = (name, bytes) => {
    writeFileSync(join(dir, name), bytes);
    return join(dir, name);
  };
  mkdirSync(join(dir, 'full'));
  writeFileSync(join(dir, 'full', 'mine.txt'), 'mine');
  const refused = [
    [join(dir, 'missing.csv'), out],
    [dir, out],
    [bad('empty.csv', ''), out],
    [bad('letter.csv', 'Dear council,\nplease find attached\n'), out],
    [bad('binary.csv', Buffer.from([0x50, 0x4b, 3, 4, 0, 0, 0, 0, 0, 0])), out],
    [bad('utf16.csv', Buffer.from('\ufeffLA Code,Event Type\n', 'utf16le')), out],
    [good, join(dir, 'full')],
    [good, good],
  ];
  for (const [given, to] of refused) {
    const ended = attempt('inspect', given, '--out', to, ...key);
    assert.equal(ended.status, 1, `${given}: ${ended.stderr}`);
    assert.match(ended.stderr, /^candour: .{20,}\.\n$/s, given);
    assert.ok(!existsSync(out), `${given} left something behind`);
  }
  assert.deepEqual(readdirSync(join(dir, 'full')), ['mine.txt']);
  assert.equal(attempt('inspect', good, '--out', out, '--key', join(out, 'k.key')).status, 1, 'a key beside the results');
  assert.equal(attempt('inspect', good).status, 2);
  assert.equal(attempt('inspect', good, '--out', out, '--as-of', 'yesterday', ...key).status, 2);
  assert.equal(attempt().status, 2);
  assert.equal(attempt('--help').status, 0);
});
