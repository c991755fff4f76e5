/**
 * `npm test`: everything; `npm run check` (--quick): all but the build and the browser. Each part
 * says what it did and how long it took; the last line counts. REQUIRE_WITNESSES=1 turns whatever
 * could not run into a failure.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { readAudit } from './audit.ts';
import { findOrInstallBrowser } from './browser.ts';
import type { Browser } from './browser.ts';
import { readStamp, sourcesDigest } from './built-site.ts';
import { checkBudgets } from './page-budgets.ts';
import { countPlaywright, countVitest, single } from './test-counts.ts';
import type { Count, Outcome } from './test-counts.ts';

const quick = process.argv.includes('--quick');
const requireWitnesses = process.env.REQUIRE_WITNESSES === '1';
const scratch = mkdtempSync(join(tmpdir(), 'workbook-test-'));
const bin = (name: string): string => join('node_modules', '.bin', name);

/**
 * The build and then the browser are the longest way through the first stage, and the browser's tests
 * wait only so long for what they expect: everything beside them fills what they leave.
 */
const FILLS = 5;

/** For a program that holds all it reads: looking for what it no longer needs finds little. */
const LARGE = ['--max-semi-space-size=128'];

/** Oracles that build networks, or want what they ask to answer soon: they come after the rest. */
const WITH_NETWORKS = ['oracle/kernel', 'oracle/curl', 'oracle/mitmproxy'];
/** Whose live part is left to a later stage, or out of the quick part. */
const LATER = quick ? 'oracle,deploy' : [...WITH_NETWORKS, 'deploy'].join();

interface Way {
  readonly env?: Readonly<Record<string, string>>;
  /** Added to the niceness of the process and of all that it starts. */
  readonly niceness?: number;
}

function execute(command: string, args: readonly string[], way: Way = {}): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      // The same programs start hundreds of times: what Node compiled of them once is kept where the doors of
      // the terminal keep theirs.
      env: {
        ...process.env,
        NODE_COMPILE_CACHE: join(import.meta.dirname, '../.cache/compiled'),
        ...way.env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    if (child.pid !== undefined && way.niceness !== undefined) setPriority(child.pid, way.niceness);
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

/** A program of node_modules whose exit code is the answer. */
async function program(name: string, ...args: readonly string[]): Promise<Count> {
  return single(await execute(bin(name), args, { niceness: FILLS }));
}

async function vitest(name: string, args: readonly string[], way: Way = {}): Promise<Count> {
  const file = join(scratch, `${name}.json`);
  return countVitest(
    await execute(bin('vitest'), ['run', ...args, '--reporter=json', `--outputFile=${file}`], way),
    file,
  );
}

const BELOW_BASE = join('.cache', 'dist-below-base');

/** A second build for a base path, for nginx; without nginx nothing would serve it. */
async function buildBelowBase(): Promise<Count> {
  const base = '/any/base/';
  if (readStamp(BELOW_BASE)?.sources === sourcesDigest(base)) return single({ output: '', exitCode: 0 });
  return single(
    await execute(process.execPath, ['scripts/build.ts', '--out', BELOW_BASE], {
      env: { BASE_PATH: base },
      niceness: FILLS,
    }),
  );
}

const hasNginx = spawnSync('/usr/sbin/nginx', ['-v']).status === 0;

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

// Installing one takes a while, and the build does not need it.
const browser: Promise<Browser> = quick
  ? Promise.resolve({ kind: 'none', reason: 'the quick part has no use for one' })
  : findOrInstallBrowser();

async function endToEnd(name: string, args: readonly string[]): Promise<Count> {
  const found = await browser;
  if (found.kind === 'none') {
    return { passed: 0, failed: 0, skipped: 1, remarks: [`skipped ${name}: no browser (${found.reason})`] };
  }
  const file = join(scratch, `${name}.json`);
  const outcome = await execute(bin('playwright'), ['test', ...args, '--reporter=list,json'], {
    env: {
      PLAYWRIGHT_JSON_OUTPUT_NAME: file,
      ...(found.kind === 'executable' ? { CHROMIUM_EXECUTABLE: found.path } : {}),
    },
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

/** Astro writes the types of the content collections that the build, `tsc` and the typed lint rules read. */
const contentTypes = execute(bin('astro'), ['sync']);

async function withContentTypes(part: () => Promise<Count>): Promise<Count> {
  const sync = await contentTypes;
  return sync.exitCode === 0 ? part() : single(sync);
}

const built: readonly Part[] = [
  {
    name: 'build',
    run: () => withContentTypes(async () => single(await execute(process.execPath, ['scripts/build.ts']))),
  },
  { name: 'page sizes', after: 'build', run: pageSizes },
  {
    name: 'end to end',
    after: 'build',
    run: () => endToEnd('browser', ['--grep-invert', '@alone|@self-hosted']),
  },
  // Both builds write what the linter reads.
  ...(hasNginx ? [{ name: 'build below a base path', after: 'types and lint', run: buildBelowBase }] : []),
];

/** Parts of one stage run side by side; stages follow each other. */
const stages: readonly (readonly Part[])[] = [
  [
    ...(quick ? [] : built),
    {
      name: 'unit, property, content, cli and oracles',
      run: () =>
        vitest('vitest', ['--maxWorkers=100%', '--exclude', `tests/{${LATER}}/**/live*`], {
          niceness: FILLS,
        }),
    },
    // One after the other: each needs a gigabyte, and nothing waits for them.
    {
      name: 'types and lint',
      run: () =>
        withContentTypes(async () =>
          single(
            await execute(process.execPath, [...LARGE, 'scripts/types-and-lint.ts'], { niceness: FILLS }),
          ),
        ),
    },
    {
      name: 'types of the pure model',
      after: 'types and lint',
      run: () => program('tsc', '-p', 'src/model/tsconfig.json'),
    },
    {
      name: 'format',
      after: 'types of the pure model',
      // A file of which it has kept that it is formatted is looked at again when its text, an option or prettier changes.
      run: () =>
        program('prettier', '--check', '--log-level', 'warn', '--cache', '--cache-strategy', 'content', '.'),
    },
    { name: 'npm audit', run: audit, asksOutside: true },
  ],
  // What takes the time of what it sees gets the machine to itself, and so does what builds networks.
  ...(quick
    ? []
    : [
        [{ name: 'speed', run: () => endToEnd('speed', ['--grep', '@alone', '--workers=2']) }],
        [
          {
            name: 'oracles with networks',
            run: () =>
              vitest(
                'networks',
                WITH_NETWORKS.map((name) => `tests/${name}/live`),
              ),
          },
        ],
        [
          {
            name: 'self-hosting',
            run: () =>
              vitest('deploy', ['tests/deploy/live'], {
                env: hasNginx ? { DIST_BELOW_BASE: BELOW_BASE } : {},
              }),
          },
        ],
        [
          {
            name: 'self-hosting, in a browser',
            run: () => endToEnd('self-hosted', ['--grep', '@self-hosted']),
          },
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
