/** How much one script may do before it is stopped, so that a runaway loop cannot freeze a tab. */
import type { BashOptions } from 'just-bash';

type ExecutionLimits = NonNullable<BashOptions['executionLimits']>;

export const EXECUTION_LIMITS = {
  maxCommandCount: 50_000,
  maxLoopIterations: 20_000,
  maxCallDepth: 100,
  maxOutputSize: 8 * 1024 * 1024,
  maxStringLength: 8 * 1024 * 1024,
  maxFileSystemBytes: 64 * 1024 * 1024,
  maxExecutionTimeMs: 60_000,
  maxSourceBytes: 2 * 1024 * 1024,
} as const satisfies ExecutionLimits;

/** Each line of just-bash that reports a limit or misleads, and what a learner should read instead. */
const REPORTS: readonly (readonly [RegExp, string])[] = [
  [
    /^bash: .*too many commands executed.*$/m,
    `bash: stopped: more than ${EXECUTION_LIMITS.maxCommandCount} commands were executed; is there an endless loop?`,
  ],
  [
    /^bash: .*too many iterations.*$/m,
    `bash: stopped: a loop ran more than ${EXECUTION_LIMITS.maxLoopIterations} times; is it endless?`,
  ],
  [
    /^bash: .*maximum recursion depth.*$/m,
    `bash: stopped: functions called each other more than ${EXECUTION_LIMITS.maxCallDepth} deep; is the recursion endless?`,
  ],
  [
    /^bash: .*(output size|string length|size limit).*(exceeded|limit).*$/m,
    'bash: stopped: the script produced more output than this simulation keeps (8 MiB)',
  ],
  [
    /^bash: .*(execution time|execution deadline|timed out|time limit).*$/m,
    `bash: stopped: the script ran longer than ${EXECUTION_LIMITS.maxExecutionTimeMs / 1000} seconds`,
  ],
  [
    /^bash: (?:(\w+): )?iteration limit exceeded \((\d+)\)$/m,
    'bash: stopped: $1 went beyond $2 steps, the most that this simulation takes',
  ],
  [
    /^bash: ([a-z ]+): .*work limit exceeded.*$/m,
    'bash: stopped: the $1 is more work than this simulation takes',
  ],
  [
    /^bash: (?:source|\.): maximum nesting depth \((\d+)\).*$/m,
    'bash: stopped: files read each other with source more than $1 deep; is that endless?',
  ],
  [
    /^bash: maximum nested execution depth \((\d+)\).*$/m,
    'bash: stopped: scripts started each other more than $1 deep; is that endless?',
  ],
  [
    /^(\w+): (?:parse error: )?Maximum call stack size exceeded$/m,
    '$1: stopped: this is nested deeper than the simulation follows',
  ],
  [
    /^(bash: \/dev\/(?:tcp|udp)\/[^:\n]*): (?:No such file or|Is a) directory$/gm,
    '$1: connections by redirection are not simulated in this workbook; use nc or curl',
  ],
  [
    /^(\w+: )EROFS: read-only file system, open '(\/proc\/sys\/[^']*)'$/gm,
    "$1can't write $2: kernel settings change by sysctl -w in this workbook",
  ],
  [/^(\w+: )EROFS: read-only file system, open '<path>'$/gm, '$1cannot create: Read-only file system'],
  [/^(\w+: )EROFS: read-only file system, open '([^']*)'$/gm, '$1$2: Read-only file system'],
  [
    /^(bash: syntax error: .*unexpected token `(?:select|coproc)')$/gm,
    '$1 (this workbook does not simulate that word of bash)',
  ],
];

/** Rewords the interpreter's own messages, which speak of options that learners do not have. */
export function explainLimits(stderr: string): string {
  let text = stderr;
  for (const [pattern, words] of REPORTS) text = text.replace(pattern, words);
  return text;
}
