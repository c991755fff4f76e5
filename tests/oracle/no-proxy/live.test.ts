/**
 * Asks the curl and the Python of this machine again, about everything that is recorded and about fresh random
 * pairs; requests too, where it is installed. Connections lead to loopback.
 */
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ProxyClient } from '../../../src/model/proxy/clients.ts';
import { askCurl, versionOfCurl } from './ask-curl.ts';
import { askPython } from './ask-programs.ts';
import type { Answers } from './ask-programs.ts';
import { anyPairs } from './pairs.ts';
import { agrees, answerOfModel, questionOf } from './question.ts';
import type { Answer, Question } from './question.ts';
import { readRecording } from './recording.ts';

const recording = readRecording();
const recorded: readonly Question[] = [...recording.pairs.map(questionOf), ...recording.environments];
const required = process.env['REQUIRE_WITNESSES'] === '1';

/** 50 lists with 8 URLs each: one process of curl for a list. */
const fresh = fc.sample(anyPairs(8), { numRuns: 50 }).flat().map(questionOf);
const questions = [...recorded, ...fresh];

function expectAgreement(client: ProxyClient, asked: readonly Question[], answers: readonly Answer[]): void {
  const wrong = asked.flatMap((question, index) => {
    const model = answerOfModel(client, question);
    const witness = answers[index] ?? 'nothing';
    return agrees(model, witness)
      ? []
      : [`${JSON.stringify(question)}: model ${model}, ${client} ${witness}`];
  });
  expect(answers.length).toBe(asked.length);
  expect(wrong, wrong.slice(0, 20).join('\n')).toEqual([]);
  // Both ways, or nothing was tested.
  expect(answers.filter((answer) => answer === 'direct').length).toBeGreaterThan(asked.length / 10);
  expect(answers.filter((answer) => answer.startsWith('proxy')).length).toBeGreaterThan(asked.length / 10);
}

const curl = versionOfCurl('curl');
const python = spawnSync('python3', ['--version']).status === 0;

describe('curl', () => {
  if (curl === null && !required) {
    test.skip('the curl witness needs curl', () => undefined);
    return;
  }
  test(`curl ${curl ?? ''} asks whom the model says`, { timeout: 120_000 }, () => {
    expect(curl, 'needs curl').not.toBeNull();
    const client = isBefore(curl ?? '', 7, 86) ? 'curl-7.81' : 'curl';
    const asked = questions.filter((question) => isLikeModel(question, curl ?? ''));
    expect(asked.length).toBeGreaterThan(questions.length / 2);
    expectAgreement(client, asked, askCurl('curl', asked));
  });
});

describe('Python', () => {
  if (!python && !required) {
    test.skip('the urllib witness needs python3', () => undefined);
    return;
  }
  let answers: Answers | null = null;
  const ask = (): Answers => (answers ??= askPython('python3', questions));

  test('urllib asks whom the model says', { timeout: 120_000 }, () => {
    const { answers: said } = ask();
    expectAgreement(
      'python-urllib',
      questions,
      said.map((each) => each['python-urllib'] ?? 'nothing'),
    );
  });

  test(
    'requests, where it is installed, asks whom the model or its recording says',
    { timeout: 120_000 },
    () => {
      const { answers: said, versions } = ask();
      const version = versions['python-requests'];
      const answersOfRequests = said.map((each) => each['python-requests'] ?? 'nothing');
      const column = `python-requests ${version ?? ''}`;
      if (version === undefined) console.log('requests is not installed: not asked');
      else if (!isBefore(version, 2, 34)) {
        console.log(`requests ${version}: ${questions.length} questions`);
        expectAgreement('python-requests', questions, answersOfRequests);
      } else if (recording.versions[column] !== undefined) {
        // The model is requests 2.34; an older one must do what it was recorded with.
        console.log(`requests ${version}: ${recorded.length} questions, as recorded`);
        const rows = [...recording.pairs, ...recording.environments];
        expect(answersOfRequests.slice(0, recorded.length)).toEqual(
          rows.map(({ answers: row }) => row[column]),
        );
      } else console.log(`requests ${version} is older than the model and was not recorded: not asked`);
    },
  );
});

/** Later versions differ on purpose: a blank ends the list since 8.9, IPv6 ranges work since 8.18. */
function isLikeModel({ env, url }: Question, version: string): boolean {
  const list = env['no_proxy'] ?? '';
  const hasBlank = /[^,\s]\s+[^,\s]/.test(list);
  return (isBefore(version, 8, 9) || !hasBlank) && (isBefore(version, 8, 18) || !url.includes('['));
}

function isBefore(version: string, major: number, minor: number): boolean {
  const [one = 0, two = 0] = version.split('.').map(Number);
  return one < major || (one === major && two < minor);
}
