import { describe, expect, test } from 'vitest';
import { readWrkArguments, wrkStart } from '../../../../src/model/kubernetes/wrk-arguments.ts';
import { unwrap } from '../../../../src/model/result.ts';

const URL = 'http://203.0.113.80/';
const words = (line: string): readonly string[] => line.split(' ').filter((each) => each !== '');

/** Read in src/wrk.c and src/units.c of https://github.com/wg/wrk at 03d41cd. */
describe('what wrk makes of its options', () => {
  test.each([
    ['nothing is 10 connections of 2 threads for 10 seconds', '', { workers: 10, seconds: 10 }],
    ['connections are shared out evenly, and the rest is left', '-t 4 -c 10', { workers: 8 }],
    ['numbers have units', '-c 2k -d 2m', { workers: 2000, seconds: 120 }],
    ['letters may be glued to their value', '-t2 -c20 -d30s', { workers: 20, seconds: 30 }],
    ['long names may be cut short', '--conn 20 --dur=1h', { workers: 20, seconds: 3600 }],
    ['connections are kept', '', { connections: 'kept', requests: null }],
    ['unless a header closes them', '-H Connection:close', { connections: 'one-per-request' }],
  ])('%s', (_sentence, line, expected) => {
    expect(unwrap(readWrkArguments([...words(line), URL])).load).toMatchObject(expected);
  });

  test('options may come after the URL', () => {
    expect(unwrap(readWrkArguments([URL, '-c', '4'])).load.workers).toBe(4);
  });

  test.each([
    ['-d 50s', '50s'],
    ['-d 51s', '1m'],
    ['-d 10m', '10m'],
    ['-d 2h', '2h'],
  ])('%s is announced as a %s test', (line, text) => {
    expect(wrkStart(unwrap(readWrkArguments([...words(line), URL])))[0]).toBe(
      `Running ${text} test @ ${URL}`,
    );
  });
});

test.each([
  ['-c 1 -t 2', 'number of connections must be >= threads'],
  ['-c many', ''],
  ['-x', "invalid option -- 'x'"],
  ['--nosuch', "unrecognized option '--nosuch'"],
  ['-s script.lua', 'Lua scripts (-s) are not simulated'],
])('wrk %s is refused', (line, said) => {
  const read = readWrkArguments([...words(line), URL]);
  expect(read.ok ? null : read.error.exitCode).toBe(1);
  expect(read.ok ? null : read.error.stderr).toContain(said);
});

test('without a URL wrk prints its usage', () => {
  const read = readWrkArguments([]);
  expect(read.ok ? '' : read.error.stdout).toContain('Usage: wrk <options> <url>');
});
