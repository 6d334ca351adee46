// inspection.json is what schemas/inspection.schema.json says it is.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import Ajv from 'ajv/dist/2020.js';

import { council, folder, here, inspect } from './support.mjs';

const schema = JSON.parse(readFileSync(join(here, '../../schemas/inspection.schema.json'), 'utf8'));
const validate = new Ajv({ strict: true, allErrors: true }).compile(schema);

const read = (out) => JSON.parse(readFileSync(join(out, 'inspection.json'), 'utf8'));
const check = (document) => {
  assert.ok(validate(document), JSON.stringify(validate.errors?.slice(0, 5), null, 1));
};

test('of a tidy year', () => {
  const dir = folder();
  check(read(inspect(dir, council(dir, '--people', 600))));
});

test('of two messy years, with local facts, a mass day and a move to another system', () => {
  const dir = folder();
  const local = join(dir, 'local.toml');
  writeFileSync(
    local,
    '[[day]]\ndate = 2025-04-01\nwhy = "new rates"\n\n[[outside]]\nwhat = "carers_assessments"\nfrom = 2025-01-01\nwhy = "done by a partner"\n\n[direct_payments]\nrecorded = "net"\nwhy = "since 2019"\n',
  );
  const returns = council(
    dir, '--people', 4000, '--years', 2, '--noise', 'messy', '--release', 'mixed',
    '--plant', 'mass-cut-day', '--plant', 'start-reset',
  );
  const document = read(inspect(dir, returns, '--local', local));
  check(document);
  assert.ok(document.mass_days.length > 0, 'a mass day was planted');
  assert.ok(document.reset_days.length > 0, 'a reset was planted');
  assert.equal(document.local_facts.length, 3);
});

test('of published measures: told, not told for want of coverage, and nothing looser', () => {
  const dir = folder();
  const document = read(inspect(dir, council(dir, '--people', 1500, '--years', 2)));
  check(document);
  const measure = (id) => document.measures.find((m) => m.id === id);
  assert.ok(measure('lts001a').value > 0);
  assert.match(measure('ascof_2b').cannot_tell, /cover 21 months of service events/);
  assert.equal(new Set(document.measures.map((m) => m.id)).size, document.measures.length);
  const spoilt = [
    { cannot_tell: 'because', value: 0.5 },
    { cannot_tell: null, value: null },
    { value: 1.5 },
    { grade: 'good' },
    { unit: 'stars' },
    { period: ['2025-01-01'] },
  ];
  for (const change of spoilt) {
    const measures = document.measures.map((m) => (m.id === 'lts002b' ? { ...m, ...change } : m));
    assert.ok(!validate({ ...document, measures }), JSON.stringify(change));
  }
});

test('of a return with one row, as of a day before it', () => {
  const dir = folder();
  const path = join(dir, 'return.csv');
  const [first] = council(dir, '--people', 300);
  writeFileSync(path, readFileSync(first, 'utf8').split('\n').slice(0, 2).join('\n') + '\n');
  check(read(inspect(dir, [path], '--as-of', '2001-01-01')));
});

test('and nothing more: a key that the schema does not know is refused', () => {
  const dir = folder();
  const document = read(inspect(dir, council(dir, '--people', 300)));
  check(document);
  assert.ok(!validate({ ...document, grade: 'good' }));
  assert.ok(!validate({ ...document, as_of: '31/12/2025' }));
  const { tests, ...rest } = document;
  assert.ok(!validate(rest));
});
