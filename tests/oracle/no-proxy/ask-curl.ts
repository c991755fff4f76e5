/** Asks a real curl whom it would connect to; all connections lead to loopback, where nobody listens. */
import { spawnSync } from 'node:child_process';
import type { Answer, Question } from './question.ts';

/** Where the proxies of the questions are, and where every other connection is led. */
const PROXIES = {
  'proxy.test': '127.0.0.2',
  'proxy-a.test': '127.0.0.3',
  'proxy-b.test': '127.0.0.4',
  'proxy-c': '127.0.0.6',
} as const;
const OTHERS = '127.0.0.5:9';
const PROXY_PORTS = [3128, 1080, 443, 80, 9090];

const END = '@@end';

/** Returns the version of a curl, or null where there is none. */
export function versionOfCurl(binary: string): string | null {
  const asked = spawnSync(binary, ['--version'], { encoding: 'utf8' });
  return asked.status === 0 ? (/^curl ([\d.]+)/.exec(asked.stdout)?.[1] ?? null) : null;
}

/** One process for all questions of the same environment. */
export function askCurl(binary: string, questions: readonly Question[]): readonly Answer[] {
  const answers = new Map<Question, Answer>();
  const byEnvironment = new Map<string, Question[]>();
  for (const question of questions) {
    const key = JSON.stringify(question.env);
    byEnvironment.set(key, [...(byEnvironment.get(key) ?? []), question]);
  }
  for (const group of byEnvironment.values()) {
    const said = askTogether(binary, group);
    group.forEach((question, index) => answers.set(question, said[index] ?? 'error: not asked'));
  }
  return questions.map((question) => answers.get(question) ?? 'error: not asked');
}

function askTogether(binary: string, questions: readonly Question[]): readonly Answer[] {
  const resolves = Object.entries(PROXIES).flatMap(([name, address]) =>
    PROXY_PORTS.map((port) => `resolve = "${name}:${port}:${address}"`),
  );
  const config = questions
    .map(({ url }) =>
      [
        `url = "${url}"`,
        'globoff',
        'verbose',
        'silent',
        'output = "/dev/null"',
        `connect-to = "::${OTHERS}"`,
        `write-out = "%{stderr}\\n${END} %{exitcode} %{errormsg}\\n"`,
        'max-time = 5',
        ...resolves,
      ].join('\n'),
    )
    .join('\nnext\n');
  const { env } = questions[0] ?? { env: {} };
  const { stderr, error } = spawnSync(binary, ['-q', '-K', '-'], {
    input: config,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], ...env },
    maxBuffer: 1 << 26,
  });
  if (error !== undefined) throw error;
  const parts = stderr.split(`\n${END} `);
  if (parts.length !== questions.length + 1) {
    throw new Error(
      `${binary} answered ${parts.length - 1} of ${questions.length} questions:\n${stderr.slice(-2000)}`,
    );
  }
  return questions.map((_, index) => answerIn(parts[index] ?? '', parts[index + 1] ?? ''));
}

function answerIn(said: string, end: string): Answer {
  const tried = /^\*\s+Trying ([\d.]+):(\d+)\.\.\.$/m.exec(said);
  if (tried === null) return `error: (${end.split('\n')[0] ?? ''})`;
  const [, address = '', port = ''] = tried;
  if (`${address}:${port}` === OTHERS) return 'direct';
  const proxy = Object.entries(PROXIES).find(([, each]) => each === address)?.[0];
  if (proxy === undefined) throw new Error(`curl tried ${address}:${port}`);
  return `${proxy.replace(/\.test$/, '')}:${port}`;
}
