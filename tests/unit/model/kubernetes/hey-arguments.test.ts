import { describe, expect, test } from 'vitest';
import { readHeyArguments } from '../../../../src/model/kubernetes/hey-arguments.ts';
import { unwrap } from '../../../../src/model/result.ts';

const URL = 'http://203.0.113.80/path';
const words = (line: string): readonly string[] => line.split(' ').filter((each) => each !== '');

/** Read in hey.go and requester.go of https://github.com/rakyll/hey at 8985827. */
describe('what hey makes of its options', () => {
  test.each([
    ['nothing is 200 requests of 50 workers', '', { workers: 50, requests: 200, seconds: null }],
    ['requests are shared out evenly, and the rest is left', '-n 105 -c 10', { workers: 10, requests: 100 }],
    ['a duration ends it, whatever -n says', '-n 3 -z 1m30s', { requests: null, seconds: 90, workers: 50 }],
    ['-q is of each worker', '-q 0.5 -c 4 -n 8', { perWorker: 0.5 }],
    ['keep-alive keeps one connection for each worker', '', { connections: 'kept' }],
    [
      '-disable-keepalive opens one for each request',
      '-disable-keepalive',
      { connections: 'one-per-request' },
    ],
    ['a switch may say that it is off', '-disable-keepalive=false', { connections: 'kept' }],
    ['so does the header Connection: close', '-H Connection:close', { connections: 'one-per-request' }],
    ['two dashes and = are one with one dash', '--n=10 --c=5', { workers: 5, requests: 10 }],
    ['-t is the patience', '-t 5', { giveUpAfter: 5 }],
    ['which is 20 seconds', '', { giveUpAfter: 20 }],
    ["and 0 leaves it to Linux's SYN timeout", '-t 0', { giveUpAfter: 127 }],
  ])('%s', (_sentence, line, expected) => {
    expect(unwrap(readHeyArguments([...words(line), URL])).load).toMatchObject(expected);
  });

  test('options after the URL are none: Go stops reading at the first word', () => {
    expect(unwrap(readHeyArguments([URL, '-n', '1', '-c', '1'])).load).toMatchObject({ requests: 200 });
  });

  test('a URL without a scheme is run, and each request fails', () => {
    expect(unwrap(readHeyArguments(['web']))).toMatchObject({
      load: null,
      failure: 'unsupported protocol scheme ""',
    });
  });
});

describe('what hey refuses', () => {
  test.each([
    ['-n 4 -c 5', 1, '-n cannot be less than -c.'],
    ['-n 0', 1, '-n and -c cannot be smaller than 1.'],
    ['-z 10s -c 0', 1, '-c cannot be smaller than 1.'],
    ['-h Accept:text', 1, "Flag '-h' is deprecated, please use '-H' instead."],
    ['-H nocolon', 1, 'could not parse the provided input; input = nocolon'],
    ['-keepalive', 2, 'flag provided but not defined: -keepalive'],
    ['-n ten', 2, 'invalid value "ten" for flag -n: parse error'],
    ['-z 10', 2, 'invalid value "10" for flag -z: parse error'],
    ['-disable-keepalive=no', 2, 'invalid boolean value "no" for flag -disable-keepalive: parse error'],
    ['-h2', 1, 'HTTP/2 (-h2) is not simulated'],
    ['-x proxy:3128', 1, 'an HTTP proxy (-x) is not simulated'],
  ])('%s', (line, exitCode, said) => {
    const read = readHeyArguments([...words(line), URL]);
    expect(read.ok ? null : read.error).toMatchObject({ exitCode });
    expect(read.ok ? '' : read.error.stderr).toContain(said);
  });

  test.each([
    ['-n', 2, 'flag needs an argument: -n'],
    ['', 1, 'Usage: hey [options...] <url>'],
    ['203.0.113.80:80', 1, 'first path segment in URL cannot contain colon'],
  ])('"%s" alone', (line, exitCode, said) => {
    const read = readHeyArguments(words(line));
    expect(read.ok ? null : read.error).toMatchObject({ exitCode });
    expect(read.ok ? '' : read.error.stderr).toContain(said);
  });
});
