/** Asks the openssl, the curl and the Python of this machine again, where they are. */
import { expect, test } from 'vitest';
import { chainCases } from './chains.ts';
import { askClients, findCurl, findPython, simulatedClients } from './clients.ts';
import { chainQuestions, commandQuestions, makingQuestions, RECORDED_AT } from './questions.ts';
import { differences } from './recording.ts';
import { findOpenssl, runReal, runSimulated } from './run.ts';
import { realSession, simulatedSession } from './s-client.ts';

const required = process.env['REQUIRE_WITNESSES'] === '1';
const openssl = findOpenssl();
const curl = findCurl();
const python = findPython();

if (openssl === null) {
  absent('openssl 3.0');
} else {
  test(`openssl ${openssl} says what the simulation says`, { timeout: 300_000 }, async () => {
    const questions = [...chainQuestions(RECORDED_AT), ...commandQuestions()];
    const real = questions.map(({ name, lines, files }) => ({ name, said: runReal(lines, files).said }));
    const ours = await Promise.all(
      questions.map(async ({ name, lines, files }) => ({
        name,
        said: (await runSimulated(lines, files, RECORDED_AT)).said,
      })),
    );
    const wrong = differences(questions, real, ours);
    expect(wrong, wrong.join('\n')).toEqual([]);
  });

  test.each(makingQuestions())('$name makes what openssl makes, and openssl reads it', async (question) => {
    const shows = question.made.map((file) => ['x509', '-in', file, '-noout', '-text']);
    const lines = [...question.lines, ...shows];
    const now = Math.floor(Date.now() / 1000);
    const real = runReal(lines, question.files);
    const ours = await runSimulated(lines, question.files, now);
    expect(ours.said.map(timeless)).toEqual(real.said.map(timeless));
    expect(Object.keys(ours.files).sort()).toEqual(Object.keys(real.files).sort());
    const read = runReal(shows, ours.files);
    expect(read.said).toEqual(ours.said.slice(question.lines.length));
  });

  test.each([
    { brief: 'full', onFault: 'goes-on' },
    { brief: 'brief', onFault: 'ends' },
  ] as const)(
    's_client, $brief, tells each chain as the simulation does',
    { timeout: 300_000 },
    async (form) => {
      const at = Math.floor(Date.now() / 1000);
      for (const each of chainCases(at))
        expect({ name: each.name, ...simulatedSession(each, form, at) }).toEqual({
          name: each.name,
          ...(await realSession(each, form)),
        });
    },
  );

  test('openssl takes keys of both sizes that the simulation makes', async () => {
    for (const bits of ['2048', '4096']) {
      const made = await runSimulated([['genrsa', '-out', 'made.key', bits]], {}, RECORDED_AT);
      const [checked] = runReal([['rsa', '-in', 'made.key', '-check', '-noout']], made.files).said;
      expect(checked).toEqual({ stdout: 'RSA key ok\n', stderr: '', exit: 0 });
    }
  });
}

if (curl === null || python === null) {
  absent('curl and a Python before 3.13, both with OpenSSL 3.0,');
} else {
  test('curl and Python say of each chain what the simulation says', { timeout: 300_000 }, () => {
    const at = Math.floor(Date.now() / 1000);
    expect(simulatedClients(at, curl)).toEqual(askClients(at));
  });
}

/** Without what two runs never share: serial numbers, dates and signatures. */
function timeless<T extends { readonly stdout: string }>(said: T): T {
  const stdout = said.stdout
    .replace(/Serial Number:[^]*?Signature Algorithm/g, 'Signature Algorithm')
    .replace(/Not (Before|After ):.*/g, 'Not $1')
    .replace(/Signature Value:\n(\s+[0-9a-f:]+\n)+/g, 'Signature Value')
    .replace(/-----BEGIN CERTIFICATE-----[^-]*/g, '-----BEGIN CERTIFICATE-----');
  return { ...said, stdout };
}

function absent(what: string): void {
  if (required)
    test(`${what} is required (REQUIRE_WITNESSES=1)`, () => {
      expect.fail(`needs ${what}`);
    });
  else test.skip(`${what} is not installed here`, () => undefined);
}
