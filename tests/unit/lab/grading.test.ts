import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  gradingExitCode,
  gradingSummary,
  withReport,
  type GradedSubmission,
  type Grading,
  type Verdict,
} from '../../../src/lab/grading.ts';
import { gradingToJunit } from '../../../src/lab/grading-junit.ts';
import { gradingToCsv, gradingToJson, gradingToText } from '../../../src/lab/grading-report.ts';
import type { LabReport } from '../../../src/lab/lab.ts';

const REPORT: LabReport = {
  lab: 'toy',
  title: 'Toy',
  seed: 'held-by-me',
  passed: false,
  script: { exitCode: 7, stdout: '', stderr: 'first\nbash: no such thing\n' },
  bugs: [],
  tasks: [
    {
      id: 'one',
      title: 'Look',
      passed: true,
      checks: [{ id: 'good', kind: 'flow', evidence: 'it works', passed: true, detail: ['fine'] }],
    },
    {
      id: 'two',
      title: 'Mend',
      passed: false,
      checks: [{ id: 'bad', kind: 'flow', evidence: 'it is mended', passed: false, detail: ['it is not'] }],
    },
  ],
};

const ROW: GradedSubmission = {
  learner: 'ada',
  lab: 'toy',
  file: 'ada/toy.sh',
  seed: 'amber',
  verdict: 'failed',
  remark: '',
  seconds: 1.5,
  report: null,
};

const row = (verdict: Verdict): GradedSubmission => ({ ...ROW, verdict });

describe('a row with its report', () => {
  test('fails with what the script said last', () => {
    expect(withReport(ROW, REPORT)).toMatchObject({
      verdict: 'failed',
      remark: 'exit code 7: bash: no such thing',
      seed: 'held-by-me',
    });
  });

  test('passes whatever the script said', () => {
    expect(withReport(ROW, { ...REPORT, passed: true })).toMatchObject({ verdict: 'passed', remark: '' });
  });

  test('is a bug of ours when the simulation broke, even if all checks passed', () => {
    const broken = { ...REPORT, passed: true, bugs: ['TypeError: x'] };
    expect(withReport(ROW, broken)).toMatchObject({ verdict: 'bug', remark: 'TypeError: x' });
  });

  test("a trainer's seed reaches no report", () => {
    const grading: Grading = { submissions: [withReport({ ...ROW, seed: null }, REPORT)], skipped: [] };
    for (const text of [gradingToText, gradingToJson, gradingToCsv, gradingToJunit].map((to) =>
      to(grading),
    )) {
      expect(text).not.toContain('held-by-me');
      expect(text).toContain('ada');
    }
  });
});

test.each<[readonly Verdict[], number]>([
  [['passed', 'passed'], 0],
  [['passed', 'failed'], 1],
  [['passed', 'rejected'], 1],
  [['stopped'], 1],
  [['failed', 'bug', 'passed'], 3],
])('%j exits with %i', (verdicts, exitCode) => {
  expect(gradingExitCode({ submissions: verdicts.map(row), skipped: [] })).toBe(exitCode);
});

test('the summary counts learners once and names every verdict there is', () => {
  const submissions = [row('passed'), row('failed'), { ...row('stopped'), learner: 'bob' }];
  expect(gradingSummary({ submissions, skipped: [{ file: 'x', why: 'y' }] })).toBe(
    '3 submissions of 2 learners: 1 passed, 1 failed, 1 stopped. 1 file skipped.',
  );
});

const GRADING: Grading = {
  submissions: [
    withReport(ROW, REPORT),
    {
      ...ROW,
      learner: 'bob',
      file: 'bob/toy.sh',
      verdict: 'stopped',
      remark: 'it ran longer than 60 seconds',
    },
  ],
  skipped: [{ file: 'notes.txt', why: 'it is no script (NAME.sh)' }],
};

test('the text says who is stuck where, and what was skipped', () => {
  expect(gradingToText(GRADING)).toBe(`LEARNER  LAB  VERDICT  TASKS  STUCK AT
ada      toy  failed   1/2    2. Mend; exit code 7: bash: no such thing
bob      toy  stopped         it ran longer than 60 seconds

Skipped:
  notes.txt: it is no script (NAME.sh)

2 submissions of 2 learners: 0 passed, 1 failed, 1 stopped. 1 file skipped.
`);
});

test('what a learner wrote cannot steer the terminal', () => {
  const submissions = [{ ...ROW, learner: '\u001b[2Jada\u202e', remark: 'bell\u0007\nnew line' }];
  expect(gradingToText({ submissions, skipped: [] })).toContain('\ufffd[2Jada\ufffd');
  expect(gradingToText({ submissions, skipped: [] })).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
});

test('the CSV has a row for each submission', () => {
  expect(gradingToCsv(GRADING).split('\r\n').slice(1)).toEqual([
    '"ada","toy","failed",1,2,"2. Mend","bad","exit code 7: bash: no such thing","held-by-me",1.5,"ada/toy.sh"',
    '"bob","toy","stopped",0,0,"","","it ran longer than 60 seconds","amber",1.5,"bob/toy.sh"',
    '',
  ]);
});

test('the JSON has stable keys', () => {
  expect(JSON.parse(gradingToJson(GRADING))).toMatchObject({
    format: 'aks-networking-workbook/grading',
    version: 1,
    passed: false,
    submissions: [
      { learner: 'ada', lab: 'toy', title: 'Toy', verdict: 'failed', tasks: [{ id: 'one' }, { id: 'two' }] },
      { learner: 'bob', verdict: 'stopped', title: null, tasks: [] },
    ],
    skipped: [{ file: 'notes.txt', why: 'it is no script (NAME.sh)' }],
  });
});

describe('JUnit', () => {
  test('has a suite per submission and a case per task', () => {
    expect(gradingToJunit(GRADING)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="lab grade" tests="4" failures="1" errors="1" skipped="1">
  <testsuite name="ada.toy" tests="2" failures="1" errors="0" skipped="0" time="1.5">
    <properties>
      <property name="learner" value="ada"/>
      <property name="lab" value="toy"/>
      <property name="file" value="ada/toy.sh"/>
      <property name="verdict" value="failed"/>
      <property name="seed" value="held-by-me"/>
      <property name="remark" value="exit code 7: bash: no such thing"/>
    </properties>
    <testcase name="1. Look" classname="ada.toy"/>
    <testcase name="2. Mend" classname="ada.toy">
      <failure message="bad" type="checks">bad: it is mended
  it is not</failure>
    </testcase>
  </testsuite>
  <testsuite name="bob.toy" tests="1" failures="0" errors="1" skipped="0" time="1.5">
    <properties>
      <property name="learner" value="bob"/>
      <property name="lab" value="toy"/>
      <property name="file" value="bob/toy.sh"/>
      <property name="verdict" value="stopped"/>
      <property name="seed" value="amber"/>
      <property name="remark" value="it ran longer than 60 seconds"/>
    </properties>
    <testcase name="the submission can be graded" classname="bob.toy">
      <error message="it ran longer than 60 seconds" type="stopped"/>
    </testcase>
  </testsuite>
  <testsuite name="skipped files" tests="1" failures="0" errors="0" skipped="1">
    <testcase name="notes.txt" classname="skipped files">
      <skipped message="it is no script (NAME.sh)"/>
    </testcase>
  </testsuite>
</testsuites>
`);
  });

  test('is well-formed whatever anything is called', () => {
    const nasty = fc.string({
      unit: fc.oneof(
        fc.constantFrom(
          '<',
          '>',
          '&',
          '"',
          "'",
          ']]>',
          '<!--',
          '\n',
          '\t',
          '\r',
          '\0',
          '\u001b',
          '\ud800',
          '\uffff',
        ),
        fc.string({ unit: 'binary', maxLength: 2 }),
      ),
      maxLength: 8,
    });
    fc.assert(
      fc.property(nasty, nasty, nasty, (name, word, file) => {
        const report = {
          ...REPORT,
          seed: word,
          tasks: REPORT.tasks.map((task) => ({ ...task, title: name })),
        };
        const submissions = [
          withReport({ ...ROW, learner: name, file }, report),
          { ...ROW, learner: word, verdict: 'rejected', remark: word } as const,
        ];
        expect(malformed(gradingToJunit({ submissions, skipped: [{ file, why: word }] }))).toBeNull();
      }),
      { numRuns: 500 },
    );
  });

  test('and the reader that says so knows a broken document', () => {
    for (const broken of [
      '<a>',
      '<a></b>',
      '<a x="<"/>',
      '<a>&</a>',
      '<a>\0</a>',
      '<a x="1"y="2"/>',
      '<a/><b/>',
    ]) {
      expect(malformed(`<?xml version="1.0" encoding="UTF-8"?>\n${broken}\n`), broken).not.toBeNull();
    }
  });
});

/** A strict reader of the XML that has elements, attributes and text only. Null if all is well. */
function malformed(xml: string): string | null {
  if (/\p{Cs}/u.test(xml)) return 'a lone surrogate';
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(xml))
    return 'a character XML does not know';
  const content = String.raw`(?:[^<&>]|&(?:amp|lt|gt|quot|apos|#\d+);)*`;
  const value = String.raw`"(?:[^<&"\n\t\r]|&(?:amp|lt|gt|quot|apos|#\d+);)*"`;
  const token = new RegExp(String.raw`^(?:<(\w+)((?: \w+=${value})*)(/?)>|</(\w+)>|${content})`);
  let rest = xml.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, '');
  const open: string[] = [];
  let roots = 0;
  while (rest !== '') {
    const found = token.exec(rest);
    if (found === null || found[0] === '') return `at ${rest.slice(0, 40)}`;
    const [all, start, , selfClosing, end] = found;
    if (start !== undefined) {
      if (open.length === 0 && ++roots > 1) return 'two roots';
      if (selfClosing === '') open.push(start);
    } else if (end !== undefined) {
      if (open.pop() !== end) return `</${end}> closes nothing`;
    } else if (open.length === 0 && all.trim() !== '') return 'text outside';
    rest = rest.slice(all.length);
  }
  return open.length === 0 ? null : `<${open.join('>, <')}> never ends`;
}
