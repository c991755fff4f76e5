/**
 * `node tests/oracle/no-proxy/record.ts [CURL ...]`: asks every client about every pair and environment, and writes
 * `recorded/clients.json`. Root, with curl, python3 (requests), Go, wget, busybox and `unshare`; CURL: further curls to ask.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { askCurl, versionOfCurl } from './ask-curl.ts';
import { askGo, askPython, askWgets } from './ask-programs.ts';
import type { Answers } from './ask-programs.ts';
import { ENVIRONMENTS } from './environments.ts';
import { anyPairs, CHOSEN_PAIRS } from './pairs.ts';
import { questionOf } from './question.ts';
import type { Answer, Question } from './question.ts';
import { RECORDING } from './recording.ts';

const RANDOM_PAIRS = 200;

const seed = Math.floor(Math.random() * 2 ** 31);
const random = fc.sample(anyPairs(1), { seed, numRuns: RANDOM_PAIRS }).flat();
const pairs = [...CHOSEN_PAIRS, ...random];
const questions: readonly Question[] = [...pairs.map(questionOf), ...ENVIRONMENTS];

const versions: Record<string, string> = {};
const columns: Record<string, readonly Answer[]> = {};

const curls = ['curl', ...process.argv.slice(2)];
for (const binary of curls) {
  const version = versionOfCurl(binary);
  if (version === null) throw new Error(`${binary} is no curl`);
  const name = binary === 'curl' ? 'curl' : `curl ${version}`;
  versions[name] = version;
  columns[name] = askCurl(binary, questions);
  console.log(`${name}: ${version}`);
}
take(askPython('python3', questions), (client) => client);
const older = '/usr/bin/python3';
if (spawnSync(older, ['-c', 'import requests']).status === 0) {
  take(askPython(older, questions), (client, version) => `${client} ${version}`);
}
take(askGo(questions), (client) => client);
take(askWgets(questions), (client) => client);

function take(said: Answers, nameOf: (client: string, version: string) => string): void {
  for (const [client, version] of Object.entries(said.versions)) {
    const name = nameOf(client, version);
    versions[name] = version;
    columns[name] = said.answers.map((each) => each[client] ?? 'error: not asked');
    console.log(`${name}: ${version}`);
  }
}

const rowAt = (index: number): Record<string, Answer> =>
  Object.fromEntries(Object.entries(columns).map(([name, answers]) => [name, answers[index] ?? '']));
const lines = (rows: readonly unknown[]): string => rows.map((row) => `\n  ${JSON.stringify(row)}`).join(',');
const head = JSON.stringify({ date: new Date().toISOString().slice(0, 10), versions, seed }, null, 1);
const pairLines = lines(pairs.map((pair, index) => ({ ...pair, answers: rowAt(index) })));
const environmentLines = lines(
  ENVIRONMENTS.map((each, index) => ({ ...each, answers: rowAt(pairs.length + index) })),
);
writeFileSync(
  RECORDING,
  `${head.replace(/\n\}$/, '')},\n "pairs": [${pairLines}\n ],\n "environments": [${environmentLines}\n ]\n}\n`,
);
