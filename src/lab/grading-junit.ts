import type { GradedSubmission, Grading } from './grading.ts';
import type { TaskResult } from './lab.ts';
import { xmlAttribute, xmlText } from './xml.ts';

/**
 * The grading as JUnit XML: one suite per submission, one case per task. What was not run to its end is an
 * `error`; files that are nobody's submission are a suite of skipped cases.
 */
export function gradingToJunit({ submissions, skipped }: Grading): string {
  const suites = submissions.map(suiteOf);
  const tests = sum(suites.map(({ tests }) => tests)) + skipped.length;
  const failures = sum(suites.map(({ failures }) => failures));
  const errors = sum(suites.map(({ errors }) => errors));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="lab grade" tests="${tests}" failures="${failures}" errors="${errors}" skipped="${skipped.length}">`,
    ...suites.flatMap(({ lines }) => lines),
    ...skippedSuite(skipped),
    '</testsuites>',
    '',
  ].join('\n');
}

interface Suite {
  readonly tests: number;
  readonly failures: number;
  readonly errors: number;
  readonly lines: readonly string[];
}

function suiteOf(each: GradedSubmission): Suite {
  const tasks = each.report?.tasks ?? [];
  const broken = each.verdict === 'passed' || each.verdict === 'failed' ? [] : [errorCase(each)];
  const failures = tasks.filter(({ passed }) => !passed).length;
  const tests = tasks.length + broken.length;
  const lines = [
    `  <testsuite name="${xmlAttribute(nameOf(each))}" tests="${tests}" failures="${failures}" errors="${broken.length}" skipped="0" time="${each.seconds}">`,
    '    <properties>',
    ...[
      ['learner', each.learner],
      ['lab', each.lab],
      ['file', each.file],
      ['verdict', each.verdict],
      ...(each.seed === null ? [] : [['seed', each.seed]]),
      ...(each.remark === '' ? [] : [['remark', each.remark]]),
    ].map(([name = '', value = '']) => `      <property name="${name}" value="${xmlAttribute(value)}"/>`),
    '    </properties>',
    ...tasks.flatMap((task, at) => taskCase(each, task, at + 1)),
    ...broken.flat(),
    '  </testsuite>',
  ];
  return { tests, failures, errors: broken.length, lines };
}

function taskCase(each: GradedSubmission, task: TaskResult, number: number): readonly string[] {
  const open = `    <testcase name="${xmlAttribute(`${number}. ${task.title}`)}" classname="${xmlAttribute(nameOf(each))}"`;
  if (task.passed) return [`${open}/>`];
  const failed = task.checks.filter(({ passed }) => !passed);
  const told = failed.flatMap(({ id, evidence, detail }) => [
    `${id}: ${evidence}`,
    ...detail.map((line) => `  ${line}`),
  ]);
  const message = xmlAttribute(failed.map(({ id }) => id).join(', '));
  return [
    `${open}>`,
    `      <failure message="${message}" type="checks">${xmlText(told.join('\n'))}</failure>`,
    '    </testcase>',
  ];
}

function errorCase(each: GradedSubmission): readonly string[] {
  return [
    `    <testcase name="the submission can be graded" classname="${xmlAttribute(nameOf(each))}">`,
    `      <error message="${xmlAttribute(each.remark)}" type="${each.verdict}"/>`,
    '    </testcase>',
  ];
}

function skippedSuite(skipped: Grading['skipped']): readonly string[] {
  if (skipped.length === 0) return [];
  return [
    `  <testsuite name="skipped files" tests="${skipped.length}" failures="0" errors="0" skipped="${skipped.length}">`,
    ...skipped.flatMap(({ file, why }) => [
      `    <testcase name="${xmlAttribute(file)}" classname="skipped files">`,
      `      <skipped message="${xmlAttribute(why)}"/>`,
      '    </testcase>',
    ]),
    '  </testsuite>',
  ];
}

function nameOf({ learner, lab }: GradedSubmission): string {
  return `${learner}.${lab}`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, number) => all + number, 0);
}
