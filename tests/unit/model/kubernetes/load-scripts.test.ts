import { describe, expect, test } from 'vitest';
import { containerLoads } from '../../../../src/model/kubernetes/container-load.ts';
import { containerBehaviour } from '../../../../src/model/kubernetes/images.ts';
import { programsOfScript } from '../../../../src/model/kubernetes/load-scripts.ts';

const shown = (script: string, env?: { name: string; value: string }[]): readonly string[] | null => {
  const read = programsOfScript(script, env);
  return read === null
    ? null
    : [
        ...read.programs.map(
          ({ argv, startsAfter, againAfter }) =>
            `${startsAfter} ${argv.join(' ')}${againAfter === null ? '' : ` again ${againAfter}`}`,
        ),
        read.then,
      ];
};

describe('several programs of one script', () => {
  test.each([
    [
      'hey -z 1m http://a & hey -z 2m http://b & wait',
      ['0 hey -z 1m http://a', '0 hey -z 2m http://b', 'ends'],
    ],
    ['hey http://a & hey http://b; wait', ['0 hey http://a', '0 hey http://b', 'ends']],
    ['hey http://a > /dev/null 2>&1 &\nhey http://b &\nwait\n', ['0 hey http://a', '0 hey http://b', 'ends']],
    ['hey http://a & hey http://b', ['0 hey http://a', '0 hey http://b', 'ends']],
    ['hey -z 1h http://a & sleep 1d', ['0 hey -z 1h http://a', 'sleeps']],
    ['hey http://a; sleep infinity', ['0 hey http://a', 'sleeps']],
    ['sleep 30; hey http://a', ['30 hey http://a', 'ends']],
    ['sleep 1m && exec hey http://a', ['60 hey http://a', 'ends']],
    [
      'while true; do hey http://a; done & wrk http://b',
      ['0 hey http://a again 0', '0 wrk http://b', 'ends'],
    ],
    [
      'for u in a b; do hey http://$u.example & done; wait',
      ['0 hey http://a.example', '0 hey http://b.example', 'ends'],
    ],
    [
      'for i in $(seq 1 3); do hey http://a/$i & done; wait',
      ['0 hey http://a/1', '0 hey http://a/2', '0 hey http://a/3', 'ends'],
    ],
    ['for i in {1..2}; do hey http://a & done\nwait', ['0 hey http://a', '0 hey http://a', 'ends']],
  ])('%s', (script, expected) => {
    expect(shown(script)).toEqual(expected);
  });

  test('variables of the container are put in where they have a value', () => {
    const env = [
      { name: 'URL', value: 'http://a' },
      { name: 'SECRET', value: '' },
    ];
    expect(shown('hey -c 3 "$URL"', env)).toEqual(['0 hey -c 3 http://a', 'ends']);
    expect(shown('hey ${URL}/x', env)).toEqual(['0 hey http://a/x', 'ends']);
    expect(shown('hey $SECRET', env)).toBeNull();
    expect(shown('hey $URLS', env)).toBeNull();
  });

  test.each([
    'hey http://a &',
    'hey http://a & nginx',
    'hey http://a && nginx',
    'for i in $(cat list); do hey http://a & done; wait',
    'hey http://a | tee log & wait',
    'sleep 5',
    'wait',
    '',
  ])('nothing is read into %s', (script) => {
    expect(programsOfScript(script)).toBeNull();
  });
});

describe('containers with several programs', () => {
  const container = (script: string, more: object = {}) => ({
    name: 'one',
    image: 'williamyeh/hey',
    command: ['sh', '-c', script],
    ...more,
  });

  test('each makes its own load, and the container runs', () => {
    const one = container('hey -z 1h -c 7 http://a & hey -z 1h -c 5 http://b & wait');
    expect(containerLoads(one).map(({ load }) => [load.workers, load.url.host])).toEqual([
      [7, 'a'],
      [5, 'b'],
    ]);
    expect(containerBehaviour(one).kind).toBe('runs');
  });

  test('one that its program refuses makes none', () => {
    expect(containerLoads(container('hey -c 0 http://a & hey http://b & wait'))).toEqual([]);
  });

  test('$(NAME) in arguments is the value of a variable', () => {
    const one = {
      name: 'one',
      image: 'williamyeh/hey',
      args: ['-z', '1h', '$(URL)'],
      env: [{ name: 'URL', value: 'http://a' }],
    };
    expect(containerLoads(one)[0]?.load.url.host).toBe('a');
  });
});
