/** What the parts of `npm test` ended with, counted: read off exit codes and the runners' own reports. */
import { readFileSync } from 'node:fs';

export interface Count {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** One line per skipped or failed case. */
  readonly remarks: readonly string[];
}

/** How a program ended, with all that it printed. */
export interface Outcome {
  readonly output: string;
  readonly exitCode: number;
}

/** A part that is one yes or no, such as the formatter. */
export function single(outcome: Outcome): Count {
  return outcome.exitCode === 0
    ? { passed: 1, failed: 0, skipped: 0, remarks: [] }
    : { passed: 0, failed: 1, skipped: 0, remarks: [outcome.output.trimEnd()] };
}

interface VitestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

/** Counts the cases in a report of Vitest's reporter `json`; a missing report is a failure. */
export function countVitest(outcome: Outcome, file: string): Count {
  let report: VitestReport;
  try {
    report = JSON.parse(readFileSync(file, 'utf8')) as VitestReport;
  } catch {
    return { passed: 0, failed: 1, skipped: 0, remarks: [`vitest wrote no report:\n${outcome.output}`] };
  }
  let passed = 0;
  let failed = 0;
  let skipped = 0;
  const remarks: string[] = [];
  for (const suite of report.testResults) {
    const cases = suite.assertionResults;
    // A file that cannot be loaded has no cases, and must not count as nothing.
    if (suite.status === 'failed' && !cases.some((one) => one.status === 'failed')) {
      failed += 1;
      remarks.push(`FAILED ${suite.name}\n${suite.message}`);
    }
    for (const one of cases) {
      if (one.status === 'passed') passed += 1;
      else if (one.status === 'failed') {
        failed += 1;
        remarks.push(`FAILED ${suite.name}: ${one.fullName}\n${one.failureMessages.join('\n')}`);
      } else {
        skipped += 1;
        remarks.push(`skipped ${one.fullName}`);
      }
    }
  }
  if (outcome.exitCode !== 0 && failed === 0) {
    failed += 1;
    remarks.push(`vitest exited with ${outcome.exitCode}:\n${outcome.output.slice(-4000)}`);
  }
  return { passed, failed, skipped, remarks };
}

interface PlaywrightReport {
  readonly stats: {
    readonly expected: number;
    readonly unexpected: number;
    readonly flaky: number;
    readonly skipped: number;
  };
}

/** Counts the cases in a report of Playwright's reporter `json`; a missing report is a failure. */
export function countPlaywright(outcome: Outcome, file: string): Count {
  try {
    const { stats } = JSON.parse(readFileSync(file, 'utf8')) as PlaywrightReport;
    // A flaky test is a failing test that was lucky.
    const failed = stats.unexpected + stats.flaky;
    const broke = failed === 0 && outcome.exitCode !== 0;
    return {
      passed: stats.expected,
      failed: broke ? 1 : failed,
      skipped: stats.skipped,
      remarks: failed > 0 || broke ? [outcome.output.slice(-12_000)] : [],
    };
  } catch {
    return {
      passed: 0,
      failed: 1,
      skipped: 0,
      remarks: [`playwright wrote no report:\n${outcome.output.slice(-4000)}`],
    };
  }
}
