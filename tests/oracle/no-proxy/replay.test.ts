/** Compares the model with what the clients were seen to do, on every run and without them. */
import { describe, expect, test } from 'vitest';
import type { ProxyClient } from '../../../src/model/proxy/clients.ts';
import { ENVIRONMENTS } from './environments.ts';
import { CHOSEN_PAIRS } from './pairs.ts';
import { agrees, answerOfModel, questionOf } from './question.ts';
import { readRecording } from './recording.ts';

const RECORD_AGAIN = 'record again, as root: node tests/oracle/no-proxy/record.ts';
const recording = readRecording();

/** Each client of the model with the columns of the recording that it must agree with. */
const COLUMNS: Readonly<Record<Exclude<ProxyClient, 'node-fetch'>, readonly string[]>> = {
  go: ['go'],
  curl: ['curl', 'curl 8.5.0'],
  'curl-7.81': ['curl 7.81.0'],
  'python-urllib': ['python-urllib', 'python-urllib 3.11.2'],
  'python-requests': ['python-requests'],
  wget: ['wget'],
  'busybox-wget': ['busybox-wget'],
};

test('the recording holds the chosen pairs and environments, and random pairs', () => {
  const recorded = recording.pairs.map(({ list, url }) => ({ list, url }));
  expect(recorded.slice(0, CHOSEN_PAIRS.length), RECORD_AGAIN).toEqual(CHOSEN_PAIRS);
  expect(recorded.length - CHOSEN_PAIRS.length).toBeGreaterThanOrEqual(200);
  const environments = recording.environments.map(({ env, url }) => ({ env, url }));
  expect(environments, RECORD_AGAIN).toEqual(ENVIRONMENTS);
});

describe.each(Object.entries(COLUMNS))('%s', (client, columns) => {
  test.each(columns)('the model and %s agree on every pair and every environment', (column) => {
    const rows = [
      ...recording.pairs.map((pair) => ({ question: questionOf(pair), answers: pair.answers })),
      ...recording.environments.map((each) => ({ question: each, answers: each.answers })),
    ];
    const wrong = rows.flatMap(({ question, answers }) => {
      const model = answerOfModel(client as ProxyClient, question);
      const witness = answers[column] ?? 'nothing';
      const said = `model ${model}, ${column} ${recording.versions[column] ?? ''} ${witness}`;
      return agrees(model, witness) ? [] : [`${JSON.stringify(question)}: ${said}`];
    });
    expect(wrong, wrong.join('\n')).toEqual([]);
  });

  // A model that always says the same would agree with a client that does, and with a recording that went wrong.
  test.each(columns)('%s went both ways', (column) => {
    const said = new Set(recording.pairs.map(({ answers }) => answers[column]));
    const both = client === 'busybox-wget' ? ['proxy:3128'] : ['direct', 'proxy:3128'];
    expect([...said].sort()).toEqual(both);
  });
});
