/**
 * `npm test`: everything; `npm run check` (--quick): all but the build and the browser. Each part
 * says what it did and how long it took; the last line counts. REQUIRE_WITNESSES=1 turns whatever
 * could not run into a failure.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readAudit } from './audit.ts';
import { findOrInstallBrowser } from './browser.ts';
import { readStamp, sourcesDigest } from './built-site.ts';
import { checkBudgets } from './page-budgets.ts';

interface Count {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** One line per skipped or failed case. */
  readonly remarks: readonly string[];
}

interface Outcome {
  readonly output: string;
  readonly exitCode: number;
}

const quick = process.argv.includes('--quick');
const requireWitnesses = process.env.REQUIRE_WITNESSES === '1';
const scratch = mkdtempSync(join(tmpdir(), 'workbook-test-'));
const bin = (name: string): string => join('node_modules', '.bin', name);

function execute(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      // The same programs start hundreds of times: what Node compiled of them once is kept for this run.
      env: { ...process.env, NODE_COMPILE_CACHE: join(scratch, 'compiled'), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const collect = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', (error) => resolve({ output: `${output}${error.message}\n`, exitCode: 1 }));
    child.on('close', (code) => resolve({ output, exitCode: code ?? 1 }));
  });
}

/** A part that is one yes or no, such as the formatter. */
function single(outcome: Outcome): Count {
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

function countVitest(outcome: Outcome, file: string): Count {
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

function countPlaywright(outcome: Outcome, file: string): Count {
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

async function vitest(
  name: string,
  folders: readonly string[],
  exclude: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<Count> {
  const file = join(scratch, `${name}.json`);
  const outcome = await execute(
    bin('vitest'),
    [
      'run',
      ...folders,
      ...exclude.flatMap((pattern) => ['--exclude', pattern]),
      '--reporter=json',
      `--outputFile=${file}`,
    ],
    env,
  );
  return countVitest(outcome, file);
}

/** A second build for a base path, and both builds behind nginx; without nginx that is one case not run. */
async function selfHosting(): Promise<Count> {
  const folder = join('.cache', 'dist-below-base');
  const base = '/any/base/';
  const nginx = await execute('/usr/sbin/nginx', ['-v']);
  if (nginx.exitCode !== 0) return vitest('deploy', ['tests/deploy/live']);
  if (readStamp(folder)?.sources !== sourcesDigest(base)) {
    const build = await execute(process.execPath, ['scripts/build.ts', '--out', folder], { BASE_PATH: base });
    if (build.exitCode !== 0) return single(build);
  }
  return vitest('deploy', ['tests/deploy/live'], [], { DIST_BELOW_BASE: folder });
}

/** Each page against what it may send; a budget that has become too wide is remarked upon. */
function pageSizes(): Promise<Count> {
  try {
    const { kept, broken, loose } = checkBudgets();
    return Promise.resolve({
      passed: kept,
      failed: broken.length,
      skipped: 0,
      remarks: [...broken, ...loose],
    });
  } catch (error) {
    return Promise.resolve(single({ output: String(error), exitCode: 1 }));
  }
}

async function endToEnd(): Promise<Count> {
  const browser = findOrInstallBrowser();
  if (browser.kind === 'none') {
    return {
      passed: 0,
      failed: 0,
      skipped: 1,
      remarks: [`skipped end-to-end tests: no browser (${browser.reason})`],
    };
  }
  const file = join(scratch, 'e2e.json');
  const outcome = await execute(bin('playwright'), ['test', '--reporter=list,json'], {
    PLAYWRIGHT_JSON_OUTPUT_NAME: file,
    ...(browser.kind === 'executable' ? { CHROMIUM_EXECUTABLE: browser.path } : {}),
  });
  return countPlaywright(outcome, file);
}

interface Part {
  readonly name: string;
  readonly run: () => Promise<Count>;
  /** Another part of the same stage that has to be over before. */
  readonly after?: string;
  /** What it asks may be out of reach without anything missing here: then it counts as skipped, always. */
  readonly asksOutside?: true;
}

/** Known vulnerabilities of what is installed, of a high severity or worse, as far as the registry says. */
async function audit(): Promise<Count> {
  const { output, exitCode } = await execute('npm', ['audit', '--audit-level=high', '--json']);
  const counted = readAudit(output);
  if (counted.kind === 'unanswered') {
    const remarks = [`skipped npm audit: ${counted.why}`];
    return { passed: 0, failed: 0, skipped: 1, remarks };
  }
  return single({
    output: counted.findings.join('\n'),
    exitCode: counted.findings.length > 0 ? 1 : exitCode,
  });
}

/** Astro writes the types of the content collections that `tsc` and the typed lint rules read. */
async function types(): Promise<Count> {
  const sync = await execute(bin('astro'), ['sync']);
  return single(sync.exitCode === 0 ? await execute(bin('tsc'), ['-p', 'tsconfig.json']) : sync);
}

/** Parts of one stage run side by side; stages follow each other, since the browser needs the build. */
const stages: readonly (readonly Part[])[] = [
  [
    {
      name: 'unit, property, content, cli and recorded oracles',
      run: async () => vitest('vitest', [], ['tests/{oracle,deploy}/**/live*']),
    },
    { name: 'types', run: types },
    // Both write what `types` has `astro sync` write, or read it.
    {
      name: 'lint',
      after: 'types',
      run: async () => single(await execute(bin('eslint'), ['.', '--max-warnings=0'])),
    },
    ...(quick
      ? []
      : [
          {
            name: 'build',
            after: 'types',
            run: async () => single(await execute(process.execPath, ['scripts/build.ts'])),
          },
        ]),
    {
      name: 'types of the pure model',
      run: async () => single(await execute(bin('tsc'), ['-p', 'src/model/tsconfig.json'])),
    },
    {
      name: 'format',
      after: 'types of the pure model',
      run: async () => single(await execute(bin('prettier'), ['--check', '--log-level', 'warn', '.'])),
    },
    { name: 'npm audit', run: audit, asksOutside: true },
  ],
  // The live oracle builds namespaces and times packets out: it gets the machine to itself.
  ...(quick
    ? []
    : [
        [{ name: 'live oracles', run: async () => vitest('oracle', ['live.test'], ['tests/deploy/**']) }],
        [{ name: 'self-hosting', run: selfHosting }],
        [
          { name: 'page sizes', run: pageSizes },
          { name: 'end to end', run: endToEnd },
        ],
      ]),
];

async function runPart(part: Part): Promise<void> {
  const started = performance.now();
  const counted = await part.run();
  const count =
    requireWitnesses && counted.skipped > 0 && part.asksOutside !== true
      ? { ...counted, failed: counted.failed + counted.skipped, skipped: 0 }
      : counted;
  total.passed += count.passed;
  total.failed += count.failed;
  total.skipped += count.skipped;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const verdict = count.failed > 0 ? 'FAILED' : 'ok';
  console.log(
    `${verdict} ${part.name}: ${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped (${seconds} s)`,
  );
  for (const remark of count.remarks) console.log(remark.replace(/^/gm, '  '));
}

mkdirSync(scratch, { recursive: true });
const total = { passed: 0, failed: 0, skipped: 0 };
for (const stage of stages) {
  const running = new Map<string, Promise<void>>();
  const started = (part: Part): Promise<void> => {
    const known = running.get(part.name);
    if (known !== undefined) return known;
    const before = stage.find(({ name }) => name === part.after);
    const run = (before === undefined ? Promise.resolve() : started(before)).then(() => runPart(part));
    running.set(part.name, run);
    return run;
  };
  await Promise.all(stage.map(started));
}
rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
console.log(
  `${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`,
);
process.exitCode = total.failed > 0 ? 1 : 0;
