/** What openssl, curl, Python and Go were recorded to say, against what the simulation says. */
import { describe, expect, test } from 'vitest';
import { chainCases } from './chains.ts';
import { simulatedClients, simulatedGo } from './clients.ts';
import { chainQuestions, commandQuestions } from './questions.ts';
import { clientRecording, differences, opensslRecording, shortened } from './recording.ts';
import { runSimulated } from './run.ts';

describe('openssl', () => {
  const { answers, at } = opensslRecording();
  const questions = [...chainQuestions(at), ...commandQuestions()];

  test('every question is on record', () => {
    expect(answers.map(({ name }) => name)).toEqual(questions.map(({ name }) => name));
    expect(chainCases(at).length).toBeGreaterThan(60);
  });

  test('the simulation says the same', { timeout: 60_000 }, async () => {
    const ours = await Promise.all(
      questions.map(async ({ name, lines, files }) => ({
        name,
        said: (await runSimulated(lines, files, at)).said.map(shortened),
      })),
    );
    const wrong = differences(questions, answers, ours);
    expect(wrong, wrong.join('\n')).toEqual([]);
  });
});

describe('clients', () => {
  const { at, curl, clients, goAnswers } = clientRecording();

  test('curl and Python said of each chain what the simulation says', () => {
    expect(simulatedClients(at, curl)).toEqual(clients);
  });

  test('Go said of each chain what the simulation says', () => {
    expect(simulatedGo(at)).toEqual(goAnswers);
  });

  test('both verdicts occur often, so that neither is the answer to everything', () => {
    const trusted = clients.filter((each) => each.curl?.exit === 0).length;
    expect(trusted).toBeGreaterThan(15);
    expect(clients.length - trusted).toBeGreaterThan(30);
  });
});
