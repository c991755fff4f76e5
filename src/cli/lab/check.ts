import { existsSync, readFileSync, watch as watchFile } from 'node:fs';
import { dirname, basename } from 'node:path';
import { course } from '../../course-config/course.ts';
import type { Course } from '../../course-config/define-course.ts';
import type { LabReport } from '../../lab/lab.ts';
import { reportToJunit } from '../../lab/report-junit.ts';
import { reportToJson, reportToText } from '../../lab/report.ts';
import { checkScript } from '../../lab/run.ts';
import type { LabSource } from '../../lab/source.ts';
import type { Terminal } from '../terminal.ts';
import { parseLabArguments, type LabArguments } from './arguments.ts';
import { findLab } from './find.ts';
import { scriptText, whyNoText } from './script-text.ts';
import { UsageError } from './usage-error.ts';
import { givenSeed, recordedSeed, workspaceOf } from './workspace.ts';

type Reporter = 'text' | 'json' | 'junit';

const COLOURS = { passed: 'green', failed: 'red', quiet: 'dim' } as const;

const OPTIONS = {
  file: { type: 'string', short: 'f' },
  seed: { type: 'string' },
  json: { type: 'boolean' },
  reporter: { type: 'string' },
} as const;

export async function check(args: readonly string[], terminal: Terminal): Promise<number> {
  const parsed = parseLabArguments(args, OPTIONS, ['lab']);
  const reporter = reporterOf(parsed);
  const source = await findLab(parsed.positionals[0], 'check');
  const file = fileOf(parsed, source);
  const report = await checkScript(source, seedOf(parsed, source), readScript(file, source));
  terminal.out(printed(report, reporter, terminal));
  if (reporter === 'text') terminal.out(advice(report, file));
  for (const bug of report.bugs) terminal.err(`A bug in the simulation, not in your script: ${bug}\n`);
  if (report.bugs.length > 0) return 3;
  return report.passed ? 0 : 1;
}

/** Checks at once and after each change of the script, until Ctrl-C. */
export async function watch(args: readonly string[], terminal: Terminal): Promise<number> {
  const parsed = parseLabArguments(args, { file: OPTIONS.file, seed: OPTIONS.seed }, ['lab']);
  const source = await findLab(parsed.positionals[0], 'watch');
  const file = fileOf(parsed, source);
  const seed = seedOf(parsed, source);
  let last: string | null = null;
  const again = async (): Promise<void> => {
    const script = readScript(file, source);
    if (script === last) return;
    last = script;
    const report = await checkScript(source, seed, script);
    terminal.out(`\n${printed(report, 'text', terminal)}${advice(report, file)}`);
    terminal.out(`Watching ${file}; Ctrl-C ends.\n`);
  };
  // The folder, not the file: editors replace files, which ends a watch on the old one. From before the
  // first check on, so that what is saved meanwhile is not missed.
  readScript(file, source);
  const watcher = watchFile(dirname(file));
  const ended = new Promise<null>((resolve) => {
    const end = (): void => {
      resolve(null);
    };
    process.once('SIGINT', end);
    process.once('SIGTERM', end);
  });
  const first = again();
  let queue = first;
  const failed = new Promise<Error>((resolve) => {
    watcher.on('change', (_event, name) => {
      if (name !== null && name !== basename(file)) return;
      queue = queue.then(again).catch((error: unknown) => {
        // Half-saved files come and go; only a file that stays away ends the watch.
        if (existsSync(file)) {
          resolve(error instanceof Error ? error : new Error(String(error)));
        }
      });
    });
  });
  const failure = await Promise.race([ended, first.then(() => failed)]).finally(() => {
    watcher.close();
  });
  if (failure !== null) throw failure;
  return 0;
}

function reporterOf({ flag, value }: LabArguments): Reporter {
  const reporter = value('reporter');
  if (reporter === undefined) return flag('json') ? 'json' : 'text';
  if (reporter !== 'text' && reporter !== 'json' && reporter !== 'junit') {
    throw new UsageError(`Unknown reporter '${reporter}'. The reporters are text, json and junit.`);
  }
  if (flag('json') && reporter !== 'json')
    throw new UsageError(`Give --json or --reporter ${reporter}, not both.`);
  return reporter;
}

export function fileOf({ value }: LabArguments, { lab }: LabSource): string {
  return value('file') ?? workspaceOf(lab.id).script;
}

export function seedOf({ value }: LabArguments, { lab }: LabSource): string {
  return givenSeed(value) ?? recordedSeed(workspaceOf(lab.id)) ?? lab.seeds[0];
}

export function readScript(file: string, { lab }: LabSource): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new UsageError(
      `Cannot read ${file}. Start the lab with npm run -s lab -- start ${lab.id}, or give --file FILE.`,
    );
  }
  const why = whyNoText(text);
  if (why !== null) throw new UsageError(`Cannot run ${file}: ${why}.`);
  return scriptText(text);
}

function printed(report: LabReport, reporter: Reporter, terminal: Terminal): string {
  switch (reporter) {
    case 'json':
      return reportToJson(report);
    case 'junit':
      return reportToJunit(report);
    case 'text':
      return reportToText(report, (word, kind) => terminal.colour(COLOURS[kind], word));
  }
}

/** What to do next, of what the course offers. */
export function advice(
  { lab, passed, tasks }: LabReport,
  file: string,
  { hints, solutions }: Pick<Course, 'hints' | 'solutions'> = course,
): string {
  if (passed) {
    return solutions === 'on'
      ? `All done. Compare with ours: npm run -s lab -- solution ${lab}\n`
      : 'All done.\n';
  }
  const task = tasks.findIndex((each) => !each.passed) + 1;
  const hint = hints === 'on' ? `, or npm run -s lab -- hint ${lab} ${task}` : '';
  return `Next: edit ${file}${hint}\n`;
}
