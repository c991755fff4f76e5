/**
 * Every `az` line of the course against what the real azure-cli's parser said of it. A line whose shape is
 * not on record needs the parser again: `node scripts/record-course-az-lines.ts`.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import NOTES from '../fixtures/az-newer-options.json' with { type: 'json' };
import { extensionCommandOf, extensionComplaint } from '../support/az-extensions.ts';
import { completed, shapeKey, shapeOf, UNREADABLE, vouchedFor } from '../support/az-line-shape.ts';
import { courseAzLines, type CourseAzLine } from '../support/course-az-lines.ts';
import { RECORDED_BY_SHAPE, RECORDED_LINES, RECORDED_WITH } from '../support/course-az-record.ts';
import {
  NEWER_COMMANDS,
  NEWER_OPTIONS,
  newerOptionsIn,
  withoutNewerOptions,
} from '../support/newer-az-options.ts';

const RECORD = 'run: node scripts/record-course-az-lines.ts (it needs azure-cli; nothing is sent)';

const TAKEN = RECORDED_LINES.filter(({ exit }) => exit === 0).map(({ words }) => shapeOf(words));

/** Returns what is wrong with a line, or null. */
function complaint({ words, from, kind }: CourseAzLine): string | null {
  if (extensionCommandOf(words) !== null) return extensionComplaint(words, kind);
  const line = kind === 'mention' ? completed(words) : words;
  const shape = shapeOf(line);
  if (shape.command in NEWER_COMMANDS) return null;
  const real = RECORDED_BY_SHAPE.get(shapeKey(shape));
  if (real === undefined) return vouchedFor(shape, TAKEN) ? null : `is not on record; ${RECORD}`;
  if (real.exit === 0) return null;
  if (real.exit === null) return UNREADABLE.has(shape.command) ? null : `has no verdict on record; ${RECORD}`;
  // An unknown option hides what is wrong with the others: the rest of the line must parse on its own.
  if (newerOptionsIn(line).length > 0) {
    return complaint({ words: withoutNewerOptions(line), from, kind: 'line' });
  }
  return `is refused by azure-cli ${RECORDED_WITH}: ${real.error ?? ''}`;
}

describe(`the az lines of the course parse with azure-cli ${RECORDED_WITH}`, () => {
  let lines: readonly CourseAzLine[] = [];
  beforeAll(async () => {
    lines = await courseAzLines();
  }, 300_000);

  test('there are lines of every kind of source', () => {
    const from = (part: string): number => lines.filter((line) => line.from.startsWith(part)).length;
    expect(from('labs/')).toBeGreaterThan(100);
    expect(from('content/scenarios/')).toBeGreaterThan(5);
    expect(from('content/0')).toBeGreaterThan(5);
    expect(from('the help of')).toBeGreaterThan(20);
    expect(lines.filter(({ kind }) => kind === 'mention').length).toBeGreaterThan(10);
  });

  test('each line is on record and parses, or uses an option that is newer', () => {
    const wrong = lines.flatMap((line) => {
      const what = complaint(line);
      return what === null ? [] : [`az ${line.words.join(' ')}\n  in ${line.from} ${what}`];
    });
    expect([...new Set(wrong)], wrong.join('\n')).toEqual([]);
  });

  test('the recorded azure-cli refuses each newer option that the course uses', () => {
    // azure-cli looks at values before it looks for options that it does not know: of a line with a newer
    // value it says nothing else.
    const used = new Set(
      lines.flatMap(({ words }) => {
        const newer = newerOptionsIn(words);
        const values = newer.filter((each) => 'value' in each);
        return values.length > 0 ? values : newer;
      }),
    );
    const taken = [...used].filter(
      (newer) =>
        !RECORDED_LINES.some(
          ({ words, exit, error }) =>
            exit !== 0 &&
            newerOptionsIn(words).includes(newer) &&
            newer.names.some((name) => (error ?? '').includes(name)),
        ),
    );
    expect(taken).toEqual([]);
  });
});

describe('options that the recorded azure-cli does not know', () => {
  const noted = new Map(NOTES.options.map((note) => [`${note.command} ${note.names.join(' ')}`, note]));

  test('are looked up in the release notes, which name most', () => {
    expect([...noted.keys()].sort()).toEqual(
      NEWER_OPTIONS.map(({ command, names }) => `${command} ${names.join(' ')}`).sort(),
    );
    expect(NOTES.options.filter(({ note }) => note !== null).length).toBeGreaterThan(noted.size / 2);
  });

  test.each(NEWER_OPTIONS.map((newer) => [`${newer.command} ${newer.names.join(' ')}`, newer] as const))(
    '%s is as old as the notes say, and younger than the record',
    (label, { since }) => {
      const said = noted.get(label)?.since ?? since;
      expect(since).toBe(said);
      expect(since.localeCompare(NOTES.azureCli, 'en', { numeric: true })).toBeGreaterThan(0);
    },
  );
});

describe('lines that nobody recorded', () => {
  test.each([
    ['options of recorded lines in another company', 'group create -n other -l westeurope', true],
    ['a required option left out', 'group create -n other', false],
    ['an option that no line has', 'group create -n other -l westeurope --colour red', false],
    ['a word outside the fixed set', 'group create -n other -l westeurope -o tabel', false],
    ['a command that no line has', 'group enlarge -n other', false],
  ])('%s', (_, line, vouched) => {
    expect(vouchedFor(shapeOf(line.split(' ')), TAKEN)).toBe(vouched);
  });
});

describe('lines of an extension', () => {
  const CREATE = 'network firewall network-rule create -g rg -f fw -c c -n r --destination-ports 80';
  test.each([
    ['a line that it takes', `${CREATE} --protocols TCP udp --destination-addresses 192.0.2.1`, null],
    ['an option that it has not', `${CREATE} --protocols TCP --ports 80`, 'has the option --ports'],
    ['a word outside the fixed set', `${CREATE} --protocols SCTP`, 'gives --protocols the value SCTP'],
    ['a required option left out', CREATE, 'lacks --protocols'],
    ['part of an id left out', 'network firewall show -g rg', 'lacks --name/-n'],
    ['the id instead', 'network firewall show --ids /subscriptions/s', null],
    ['several values for one', 'network firewall show -g rg -n a b', 'gives -n several values'],
    ['no value', 'network firewall show -g rg -n', 'gives -n no value'],
    ['neither true nor false', 'network firewall create -g rg -n fw --enable-dns-proxy maybe', 'maybe'],
  ])('%s', (_, line, complaint) => {
    const said = extensionComplaint(line.split(' '), 'line');
    if (complaint === null) expect(said).toBeNull();
    else expect(said).toContain(complaint);
  });
});
