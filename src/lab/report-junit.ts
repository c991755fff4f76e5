import type { CheckResult, LabReport, TaskResult } from './lab.ts';
import { countPassed } from './report.ts';

/** The report as JUnit XML, one suite per task and one case per check, as CI systems read it. */
export function reportToJunit(report: LabReport): string {
  const checks = report.tasks.flatMap((task) => task.checks);
  const failures = checks.length - countPassed(checks);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${attribute(report.lab)}" tests="${checks.length}" failures="${failures}" errors="0">`,
    ...report.tasks.flatMap((task) => suite(report, task)),
    '</testsuites>',
    '',
  ].join('\n');
}

function suite(report: LabReport, task: TaskResult): string[] {
  const failures = task.checks.length - countPassed(task.checks);
  const name = attribute(`${report.lab}.${task.id}`);
  return [
    `  <testsuite name="${name}" tests="${task.checks.length}" failures="${failures}" errors="0" skipped="0">`,
    '    <properties>',
    `      <property name="seed" value="${attribute(report.seed)}"/>`,
    `      <property name="title" value="${attribute(task.title)}"/>`,
    '    </properties>',
    ...task.checks.flatMap((check) => testCase(name, check)),
    '  </testsuite>',
  ];
}

function testCase(suiteName: string, check: CheckResult): string[] {
  const open = `    <testcase name="${attribute(check.id)}" classname="${suiteName}"`;
  if (check.passed) return [`${open}/>`];
  const message = attribute(check.evidence);
  return [
    `${open}>`,
    `      <failure message="${message}" type="${check.kind}">${text(check.detail.join('\n'))}</failure>`,
    '    </testcase>',
  ];
}

function text(value: string): string {
  return legal(value)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#13;');
}

/** Line breaks and tabs survive attribute normalisation only as character references. */
function attribute(value: string): string {
  return text(value)
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;')
    .replaceAll('\t', '&#9;')
    .replaceAll('\n', '&#10;');
}

/** XML 1.0 has no way to write most control characters, lone surrogates, U+FFFE and U+FFFF: section 2.2. */
function legal(value: string): string {
  return Array.from(value, (character) => {
    const code = character.codePointAt(0) ?? 0;
    const allowed =
      code === 0x9 ||
      code === 0xa ||
      code === 0xd ||
      (code >= 0x20 && code <= 0xd7ff) ||
      (code >= 0xe000 && code <= 0xfffd) ||
      code >= 0x10000;
    return allowed ? character : '\ufffd';
  }).join('');
}
