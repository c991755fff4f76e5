import type { CheckResult, LabReport, TaskResult } from './lab.ts';
import { lastWords } from './script-trouble.ts';

export function countPassed(results: readonly { readonly passed: boolean }[]): number {
  return results.filter(({ passed }) => passed).length;
}

/** The machine-readable report: stable keys, details as lines. */
export function reportToJson(report: LabReport): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}

/** The report for a terminal; `style` colours a word, or returns it as it is. */
export function reportToText(
  report: LabReport,
  style: (word: string, kind: 'passed' | 'failed' | 'quiet') => string = (word) => word,
): string {
  const lines: string[] = [`${report.title}  (seed ${report.seed})`];
  if (report.script !== null && report.script.exitCode !== 0) {
    lines.push('', ...scriptTrouble(report.script.exitCode, report.script.stderr));
  }
  for (const [index, task] of report.tasks.entries()) {
    lines.push('', `${mark(task, style)} Task ${index + 1}: ${task.title}`);
    for (const check of task.checks) lines.push(...checkLines(check, style));
  }
  const passed = countPassed(report.tasks);
  lines.push('', `${passed} of ${report.tasks.length} tasks passed.`);
  return `${lines.join('\n')}\n`;
}

function checkLines(
  check: CheckResult,
  style: (word: string, kind: 'passed' | 'failed' | 'quiet') => string,
): readonly string[] {
  const head = `  ${mark(check, style)} ${check.id}: ${check.evidence}`;
  return check.passed ? [head] : [head, ...check.detail.map((line) => `         ${line}`)];
}

function mark(
  result: TaskResult | CheckResult,
  style: (word: string, kind: 'passed' | 'failed' | 'quiet') => string,
): string {
  return result.passed ? style('pass', 'passed') : style('FAIL', 'failed');
}

function scriptTrouble(exitCode: number, stderr: string): readonly string[] {
  return [
    `Your script ended with exit code ${exitCode}. What it left behind was checked all the same.`,
    ...lastWords(stderr).map((line) => `  | ${line}`),
  ];
}
