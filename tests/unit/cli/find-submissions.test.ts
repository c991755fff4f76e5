import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findSubmissions } from '../../../src/cli/lab/grade/find-submissions.ts';
import { UsageError } from '../../../src/cli/lab/usage-error.ts';

const LABS = ['checkout-times-out', 'tight-subnet'];

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'handed-in-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function put(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

function found(only: string | null = null, below = ''): readonly string[] {
  return findSubmissions(join(folder, below), LABS, only).submissions.map(
    ({ learner, lab, file, work }) => `${learner} ${lab} ${file} ${work.kind}`,
  );
}

function skipped(only: string | null = null): Readonly<Record<string, string>> {
  return Object.fromEntries(findSubmissions(folder, LABS, only).skipped.map(({ file, why }) => [file, why]));
}

describe('the layouts that people hand things in', () => {
  test.each<[string, string]>([
    ['a script named after the lab', 'ada/tight-subnet.sh'],
    ['in other spellings', 'ada/Tight subnet.sh'],
    ['with underscores', 'ada/TIGHT_SUBNET.sh'],
    ['a folder named after the lab', 'ada/tight-subnet/lab.sh'],
    ['with an answer', 'ada/tight-subnet/answer.sh'],
    ['with a script of any name', 'ada/tight-subnet/my try.sh'],
    ["the terminal's workspace", 'ada/workspace/tight-subnet/lab.sh'],
    ['in folders of their own', 'ada/homework/week 1/tight-subnet.sh'],
    ['by lab first', 'tight-subnet/ada.sh'],
    ['by lab, then by learner', 'tight-subnet/ada/lab.sh'],
  ])('%s', (_, file) => {
    put({ [file]: 'true\n' });
    expect(found()).toEqual([`ada tight-subnet ${file} script`]);
    expect(skipped()).toEqual({});
  });

  test('the workspace of one learner', () => {
    put({
      'ada/workspace/tight-subnet/lab.sh': 'true\n',
      'ada/workspace/tight-subnet/TASKS.md': '# Tasks\n',
    });
    expect(found(null, 'ada/workspace')).toEqual(['ada tight-subnet tight-subnet/lab.sh script']);
    expect(found(null, 'ada')).toEqual(['ada tight-subnet workspace/tight-subnet/lab.sh script']);
  });

  test('a clone of the repository: only its workspace is theirs', () => {
    put({
      'ada/package.json': '{}',
      'ada/labs/tight-subnet/solution.sh': 'ours\n',
      'ada/workspace/tight-subnet/lab.sh': 'theirs\n',
    });
    expect(found()).toEqual(['ada tight-subnet ada/workspace/tight-subnet/lab.sh script']);
    expect(skipped()).toEqual({});
  });

  test('a folder full of files for one lab, which --lab names', () => {
    put({ 'ada_8123_final.sh': 'true\n', 'bob.sh': 'true\n', 'eve/whatever.sh': 'true\n' });
    expect(found('tight-subnet')).toEqual([
      'ada_8123_final tight-subnet ada_8123_final.sh script',
      'bob tight-subnet bob.sh script',
      'eve tight-subnet eve/whatever.sh script',
    ]);
    expect(found()).toEqual([]);
    expect(skipped()['bob.sh']).toContain('give --lab LAB');
    expect(skipped()['eve/whatever.sh']).toContain("no lab 'whatever'");
  });

  test('many learners come in the order of their names', () => {
    put({ 'eve/tight-subnet.sh': '', 'ada/tight-subnet.sh': '', 'ada/checkout-times-out.sh': '' });
    expect(found().map((each) => each.split(' ').slice(0, 2).join(' '))).toEqual([
      'ada checkout-times-out',
      'ada tight-subnet',
      'eve tight-subnet',
    ]);
  });
});

describe('progress files that the browser exported', () => {
  interface Line {
    readonly kind: string;
    readonly text: string;
  }
  const line = (text: string): Line => ({ kind: 'line', text });
  function progress(learner: string | null, labs: Readonly<Record<string, readonly Line[]>>): string {
    const entries = Object.entries(labs).map(([lab, log]): readonly [string, unknown] => [
      `lab.${lab}`,
      {
        at: 1,
        value: { version: 1, lab, now: { seed: 'birch', script: '', log, passed: ['all'] }, before: null },
      },
    ]);
    return JSON.stringify({
      format: 'aks-networking-workbook/progress',
      schema: 2,
      exported: '2026-11-23T12:00:00.000Z',
      course: { title: 'Course', version: '1' },
      learner,
      entries: Object.fromEntries(entries),
    });
  }

  test('every lab in which something was done, by the name of the folder, the learner or the file', () => {
    const done = progress('Ada L.', { 'tight-subnet': [line('az group list')], 'checkout-times-out': [] });
    put({
      'ada/export.json': done,
      'progress-1.json': done,
      'x.json': progress(null, { 'tight-subnet': [line('x')] }),
    });
    expect(found()).toEqual([
      'ada tight-subnet ada/export.json log',
      'Ada L. tight-subnet progress-1.json log',
      'x tight-subnet x.json log',
    ]);
    expect(findSubmissions(folder, LABS, null).submissions[0]).toMatchObject({
      seed: 'birch',
      work: { kind: 'log', entries: [line('az group list')] },
    });
  });

  test('two files with one name in them are two people until somebody says otherwise', () => {
    const done = progress('Ada', { 'tight-subnet': [line('x')] });
    put({ 'a.json': done, 'b.json': done });
    expect(found()).toEqual(['Ada tight-subnet a.json log', 'Ada (b) tight-subnet b.json log']);
  });

  test('one script in a fresh network is a script, so that a held seed can try it', () => {
    put({ 'a.json': progress('Ada', { 'tight-subnet': [{ kind: 'script', text: 'true\r\n' }] }) });
    expect(findSubmissions(folder, LABS, null).submissions[0]?.work).toEqual({
      kind: 'script',
      text: 'true\n',
    });
  });

  test('a file named after a known learner is theirs, whatever it says', () => {
    put({
      'bob/tight-subnet.sh': '',
      'bob.json': progress('Robert', { 'checkout-times-out': [line('x')] }),
    });
    expect(found()).toEqual([
      'bob checkout-times-out bob.json log',
      'bob tight-subnet bob/tight-subnet.sh script',
    ]);
  });

  test('a script beside it counts first', () => {
    put({ 'ada/a.json': progress(null, { 'tight-subnet': [line('x')] }), 'ada/tight-subnet.sh': '' });
    expect(found()).toEqual(['ada tight-subnet ada/tight-subnet.sh script']);
    expect(skipped()).toEqual({ 'ada/a.json': 'ada/tight-subnet.sh is graded for this lab already' });
  });

  test.each([
    ['no JSON', '{', 'This is no JSON'],
    ['another JSON', '{"name":"x"}', 'This is no progress of this course'],
    [
      'a file that reaches for prototypes',
      '{"__proto__":{}}',
      'A member has a name that no progress file has',
    ],
    ['nothing done', progress('Ada', {}), 'nothing in it is done for any lab'],
  ])('%s is skipped and says why', (_, text, why) => {
    put({ 'a.json': text });
    expect(found()).toEqual([]);
    expect(skipped()['a.json']).toContain(why);
  });
});

describe('which script counts', () => {
  test('lab.sh, whatever stands beside it', () => {
    put({
      'ada/tight-subnet/lab.sh': 'true\n',
      'ada/tight-subnet/old.sh': '',
      'ada/tight-subnet/history.sh': '',
    });
    expect(found()).toEqual(['ada tight-subnet ada/tight-subnet/lab.sh script']);
  });

  test('none of several: they are told to name one', () => {
    put({ 'ada/tight-subnet/a.sh': '', 'ada/tight-subnet/b.sh': '' });
    expect(findSubmissions(folder, LABS, null).submissions).toMatchObject([
      { work: { kind: 'rejected', why: 'several scripts (a.sh, b.sh): name the one that counts lab.sh' } },
    ]);
  });

  test('the first of two for one lab, and the other is named', () => {
    put({ 'ada/tight-subnet.sh': '', 'ada/tight-subnet/lab.sh': '' });
    expect(found()).toEqual(['ada tight-subnet ada/tight-subnet/lab.sh script']);
    expect(skipped()).toEqual({
      'ada/tight-subnet.sh': 'ada/tight-subnet/lab.sh is graded for this lab already',
    });
  });

  test('with the seed that was recorded at the start; a damaged record is no seed', () => {
    put({
      'ada/tight-subnet/lab.sh': '',
      'ada/tight-subnet/.lab.json': '{"version":1,"seed":"birch"}',
      'bob/tight-subnet/lab.sh': '',
      'bob/tight-subnet/.lab.json': '{"seed":',
      'eve/tight-subnet.sh': '',
    });
    expect(findSubmissions(folder, LABS, null).submissions.map(({ seed }) => seed)).toEqual([
      'birch',
      null,
      null,
    ]);
  });

  test('a script from Windows is read as bash wants it', () => {
    put({ 'ada/tight-subnet.sh': '\ufefftrue\r\n' });
    expect(findSubmissions(folder, LABS, null).submissions[0]?.work).toEqual({
      kind: 'script',
      text: 'true\n',
    });
  });
});

describe('what is not graded says why', () => {
  test('nobody follows a link, in or out of the folder', () => {
    put({ 'ada/notes.sh': 'secret of ada\n' });
    mkdirSync(join(folder, 'eve/checkout-times-out'), { recursive: true });
    symlinkSync('../ada/notes.sh', join(folder, 'eve/tight-subnet.sh'));
    symlinkSync('/etc/passwd', join(folder, 'eve/checkout-times-out/lab.sh'));
    symlinkSync(folder, join(folder, 'everything'));
    expect(found()).toEqual([
      'eve checkout-times-out eve/checkout-times-out/lab.sh rejected',
      'eve tight-subnet eve/tight-subnet.sh rejected',
    ]);
    expect(skipped()['everything']).toContain('symbolic link');
  });

  test('a folder with the name of a script, and a script too large to be one', () => {
    put({ 'ada/tight-subnet.sh/lab.sh': '', 'eve/tight-subnet.sh': '#'.repeat(1024 * 1024 + 1) });
    expect(findSubmissions(folder, LABS, null).submissions).toMatchObject([
      { learner: 'eve', work: { kind: 'rejected', why: 'it has 1025 KiB; at most 1024 KiB are read' } },
    ]);
  });

  test('a progress file of a newer course', () => {
    put({ 'ada.json': '{"format":"aks-networking-workbook/progress","schema":99}' });
    expect(skipped()['ada.json']).toContain('Grade it with a repository of that version.');
  });

  test('a script in UTF-16, as some shells of Windows write it', () => {
    put({ 'ada/tight-subnet.sh': '' });
    writeFileSync(join(folder, 'ada/tight-subnet.sh'), 'az group list\n', 'utf16le');
    expect(findSubmissions(folder, LABS, null).submissions).toMatchObject([
      {
        learner: 'ada',
        work: { kind: 'rejected', why: expect.stringContaining('save it as UTF-8') as string },
      },
    ]);
  });

  test.each([
    ['ada/tight-subnett.sh', "there is no lab 'tight-subnett' (did you mean tight-subnet?)"],
    ['ada.zip', 'unpack it first'],
    ['grades.xlsx', 'it is no script (NAME.sh)'],
    ['ada/tight-subnet/notes.md', 'there is no script in it'],
    ['ada/a/b/c/d/tight-subnet.sh', 'it stands too deep; name folders LEARNER/LAB'],
  ])('%s', (file, why) => {
    put({ [file]: 'x' });
    expect(found()).toEqual([]);
    expect(Object.values(skipped())).toContain(why);
  });

  test('with --lab, the other labs, and who handed in nothing for it', () => {
    put({ 'ada/tight-subnet.sh': '', 'ada/checkout-times-out.sh': '', 'bob/checkout-times-out.sh': '' });
    expect(found('tight-subnet')).toEqual(['ada tight-subnet ada/tight-subnet.sh script']);
    expect(skipped('tight-subnet')).toMatchObject({
      'ada/checkout-times-out.sh': 'only tight-subnet is graded',
      bob: 'nothing in it is handed in for tight-subnet',
    });
  });

  test('a folder that is not there is for the person to mend', () => {
    expect(() => found(null, 'nowhere')).toThrow(UsageError);
  });
});
