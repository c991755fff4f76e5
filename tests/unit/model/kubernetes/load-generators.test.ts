import { describe, expect, test } from 'vitest';
import { containerLoads } from '../../../../src/model/kubernetes/container-load.ts';
import { containerBehaviour } from '../../../../src/model/kubernetes/images.ts';
import { loadOfScript } from '../../../../src/model/kubernetes/load-generators.ts';

describe('shell scripts that make load', () => {
  test.each([
    ['hey -z 1h http://pay', ['hey', '-z', '1h', 'http://pay'], null],
    ['exec /hey -c 2 http://pay', ['/hey', '-c', '2', 'http://pay'], null],
    ['while true; do wrk -d 30s http://pay; done', ['wrk', '-d', '30s', 'http://pay'], 0],
    ['while :; do hey http://pay; sleep 5; done', ['hey', 'http://pay'], 5],
    ['for ((;;)); do hey http://pay; done', ['hey', 'http://pay'], 0],
    [
      'while true\ndo\ncurl -s http://pay >/dev/null 2>&1 || true\nsleep 0.2\ndone',
      ['curl', '-s', 'http://pay'],
      0.2,
    ],
    [
      `while true; do curl -H "Accept: text/plain" http://pay; done`,
      ['curl', '-H', 'Accept: text/plain', 'http://pay'],
      0,
    ],
  ])('%s', (script, argv, againAfter) => {
    expect(loadOfScript(script)).toEqual({ argv, againAfter });
  });

  test.each([
    'curl http://pay',
    'while true; do hey http://a; hey http://b; done',
    'while true; do hey $URL; done',
    'while true; do nginx; done',
    'sleep 5; hey http://pay',
    'hey http://pay | tee log',
  ])('nothing is read into %s', (script) => {
    expect(loadOfScript(script)).toBeNull();
  });
});

const container = (image: string, args?: readonly string[], command?: readonly string[]) => ({
  name: 'one',
  image,
  ...(args === undefined ? {} : { args }),
  ...(command === undefined ? {} : { command }),
});

describe('containers that make load', () => {
  test.each([
    [
      'the entrypoint takes the arguments',
      container('williamyeh/hey', ['-z', '1h', '-c', '7', 'http://pay']),
      7,
    ],
    [
      'a command replaces it',
      container('ricoli/hey:latest', [], ['/go/bin/hey', '-c', '3', 'http://pay']),
      3,
    ],
    ['wrk has 10 connections', container('skandyla/wrk', ['http://pay']), 10],
    [
      'a loop of curl has one',
      container('curlimages/curl', undefined, ['sh', '-c', 'while true; do curl pay; done']),
      1,
    ],
  ])('%s', (_sentence, one, workers) => {
    expect(containerLoads(one)[0]?.load.workers).toBe(workers);
  });

  test.each([
    ['one curl', container('curlimages/curl', ['http://pay'])],
    ['a web server', container('nginx')],
    ['arguments that hey refuses', container('williamyeh/hey', ['-c', '0', 'http://pay'])],
  ])('%s makes none', (_sentence, one) => {
    expect(containerLoads(one)).toEqual([]);
  });

  test.each([
    ['runs as long as it is told to', ['-z', '1h', 'http://pay'], 'runs'],
    ['ends after a few requests', ['http://pay'], 'exits'],
    ['goes on with slow ones', ['-n', '5000', '-q', '1', 'http://pay'], 'runs'],
    ['fails with wrong arguments', ['-n', '1', 'http://pay'], 'exits'],
  ])('hey %s', (_sentence, args, kind) => {
    expect(containerBehaviour(container('williamyeh/hey', args)).kind).toBe(kind);
  });

  test('what a loop of several makes is not known', () => {
    const script = 'while true; do hey http://a; hey http://b; done';
    expect(containerBehaviour(container('ricoli/hey', undefined, ['sh', '-c', script])).kind).toBe('unknown');
  });
});
