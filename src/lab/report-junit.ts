import type { CheckResult, LabReport, TaskResult } from './lab.ts';
import { countPassed } from './report.ts';
import { xmlAttribute, xmlText } from './xml.ts';

/** The report as JUnit XML, one suite per task and one case per check, as CI systems read it. */
export function reportToJunit(report: LabReport): string {
  const checks = report.tasks.flatMap((task) => task.checks);
  const failures = checks.length - countPassed(checks);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${xmlAttribute(report.lab)}" tests="${checks.length}" failures="${failures}" errors="0">`,
    ...report.tasks.flatMap((task) => suite(report, task)),
    '</testsuites>',
    '',
  ].join('\n');
}

function suite(report: LabReport, task: TaskResult): string[] {
  const failures = task.checks.length - countPassed(task.checks);
  const name = xmlAttribute(`${report.lab}.${task.id}`);
  return [
    `  <testsuite name="${name}" tests="${task.checks.length}" failures="${failures}" errors="0" skipped="0">`,
    '    <properties>',
    `      <property name="seed" value="${xmlAttribute(report.seed)}"/>`,
    `      <property name="title" value="${xmlAttribute(task.title)}"/>`,
    '    </properties>',
    ...task.checks.flatMap((check) => testCase(name, check)),
    '  </testsuite>',
  ];
}

function testCase(suiteName: string, check: CheckResult): string[] {
  const open = `    <testcase name="${xmlAttribute(check.id)}" classname="${suiteName}"`;
  if (check.passed) return [`${open}/>`];
  const message = xmlAttribute(check.evidence);
  return [
    `${open}>`,
    `      <failure message="${message}" type="${check.kind}">${xmlText(check.detail.join('\n'))}</failure>`,
    '    </testcase>',
  ];
}
