/** `node tests/oracle/openssl/record.ts`: asks openssl 3.0, curl, Python and Go, and writes `recorded/`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { askClients, askGo, findCurl, findPython } from './clients.ts';
import { chainQuestions, commandQuestions, RECORDED_AT } from './questions.ts';
import { shortened, type ClientRecording, type OpensslRecording } from './recording.ts';
import { findOpenssl, runReal } from './run.ts';

const write = (name: string, value: unknown): void => {
  mkdirSync(new URL('recorded/', import.meta.url), { recursive: true });
  writeFileSync(new URL(`recorded/${name}`, import.meta.url), `${JSON.stringify(value, null, 1)}\n`);
};

const openssl = findOpenssl();
const curl = findCurl();
const python = findPython();
if (openssl === null || curl === null || python === null)
  throw new Error('needs openssl 3.0, curl and Python with it');

const recording: OpensslRecording = {
  openssl,
  at: RECORDED_AT,
  answers: [...chainQuestions(RECORDED_AT), ...commandQuestions()].map(({ name, lines, files }) => ({
    name,
    said: runReal(lines, files).said.map(shortened),
  })),
};
write('openssl.json', recording);

// Whoever opens a connection looks at its own clock.
const at = Math.floor(Date.now() / 1000);
const go = askGo(at);
const clients: ClientRecording = {
  at,
  curl,
  python,
  go: go.version,
  clients: askClients(at),
  goAnswers: go.answers,
};
write('clients.json', clients);
