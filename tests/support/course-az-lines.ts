/**
 * Every `az` call that the course makes, as the words that the program receives. Scripts, transcripts
 * and quiz keys are run, so variables and loops are expanded as they are for a learner; lines that stand
 * in prose are only split into words.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { attemptsOf, labIds, LABS_FOLDER, readLab } from '../../src/cli/lab/folder.ts';
import type { Lab } from '../../src/lab/lab.ts';
import { buildStart, runScript, startFrom, type LabStart } from '../../src/lab/run.ts';
import { newCloud } from '../../src/model/azure/subscription.ts';
import { az } from '../../src/shell/az/program.ts';
import { azCommands } from '../../src/shell/az/registry.ts';
import type { SimulatedCommand } from '../../src/shell/command.ts';
import { runScenario } from '../../src/shell/scenario.ts';
import { createSession, sessionFrom, type SessionStart } from '../../src/shell/session.ts';
import { CONTENT, contentFiles, pages } from '../content/course.ts';
import { commandsInPage } from './page-commands.ts';
import { scenarioText } from './scenario-text.ts';

export interface CourseAzLine {
  /** The words after `az`. */
  readonly words: readonly string[];
  /** The file it comes from, below the repository. */
  readonly from: string;
  /** A mention in prose may leave out what its sentence is not about. */
  readonly kind: 'line' | 'mention';
}

/** Returns the calls of the whole course, each once per file, in order of file. */
export async function courseAzLines(): Promise<readonly CourseAzLine[]> {
  const lines = [
    ...(await scenarioLines()),
    ...(await pageLines()),
    ...(await quizLines()),
    ...(await labLines()),
    ...(await exampleLines()),
  ];
  const once = new Map(lines.map((line) => [JSON.stringify(line), line]));
  return [...once.values()];
}

interface Recorder {
  /** Takes the place of `az`. */
  readonly command: SimulatedCommand;
  readonly lines: () => readonly CourseAzLine[];
}

/** Notes the words of each call; `az` answers as ever, or with nothing for lines out of their context. */
function recorder(from: string, kind: CourseAzLine['kind'], answer: 'simulated' | 'nothing'): Recorder {
  const lines: CourseAzLine[] = [];
  return {
    command: {
      ...az,
      run: (context) => {
        lines.push({ words: context.args, from, kind });
        return answer === 'simulated' ? az.run(context) : { stdout: '', stderr: '', exitCode: 0 };
      },
    },
    lines: () => lines,
  };
}

async function scenarioLines(): Promise<readonly CourseAzLine[]> {
  const names = readdirSync(join(CONTENT, 'scenarios')).filter((file) => file.endsWith('.sh'));
  const found = names.map(async (file) => {
    const { command, lines } = recorder(`content/scenarios/${file}`, 'line', 'simulated');
    const { exitCode, stderr } = await runScenario(scenarioText(file.replace(/\.sh$/, '')), {
      commands: [command],
    });
    if (exitCode !== 0) throw new Error(`${file} exits with ${exitCode}: ${stderr}`);
    return lines();
  });
  return (await Promise.all(found)).flat();
}

/** Runs commands where the scenario ends; only what they call themselves is returned. */
async function linesOnScenario(
  from: string,
  scenario: string,
  commands: readonly string[],
): Promise<readonly CourseAzLine[]> {
  // Most transcripts are kubectl's alone, and a scenario costs a second.
  if (!commands.some((command) => /\baz\b/.test(command))) return [];
  const { command, lines } = recorder(from, 'line', 'simulated');
  const session = sessionFrom(await startOf(scenario), { commands: [command] });
  for (const text of commands) await session.run(text);
  return lines();
}

const starts = new Map<string, Promise<SessionStart>>();

/** Where a scenario ends, run once for all that start there. */
function startOf(scenario: string): Promise<SessionStart> {
  const known =
    starts.get(scenario) ?? runScenario(scenarioText(scenario)).then(({ session }) => session.asStart());
  starts.set(scenario, known);
  return known;
}

async function pageLines(): Promise<readonly CourseAzLine[]> {
  const found: CourseAzLine[] = [];
  for (const { file, frontMatter, body } of pages()) {
    const from = `content/${file}`;
    for (const { scenario, commands } of commandsInPage(body)) {
      found.push(...(await linesOnScenario(from, scenario ?? String(frontMatter['scenario']), commands)));
    }
    found.push(...(await fencedLines(body, from)), ...(await mentions(body, from)));
  }
  return found;
}

async function quizLines(): Promise<readonly CourseAzLine[]> {
  const found: CourseAzLine[] = [];
  for (const file of contentFiles().filter((each) => each.endsWith('.quiz.yaml'))) {
    const from = `content/${file}`;
    const text = readFileSync(join(CONTENT, file), 'utf8');
    const quiz: unknown = parse(text);
    for (const { scenario, command } of runsIn(quiz, null)) {
      // The calculators need no world.
      if (scenario === null && command.startsWith('calc ')) continue;
      if (scenario === null) throw new Error(`${from}: no scenario for "${command}"`);
      found.push(...(await linesOnScenario(from, scenario, [command])));
    }
    found.push(...(await mentions(stringsIn(quiz).join('\n'), from)));
  }
  return found;
}

interface QuizRun {
  readonly scenario: string | null;
  readonly command: string;
}

/** `run:` keys that are command lines, with the scenario of the nearest object around them. */
function runsIn(node: unknown, outer: string | null): readonly QuizRun[] {
  if (Array.isArray(node)) return node.flatMap((each) => runsIn(each, outer));
  if (typeof node !== 'object' || node === null) return [];
  const own = 'scenario' in node && typeof node.scenario === 'string' ? node.scenario : outer;
  return Object.entries(node).flatMap(([key, value]: [string, unknown]) =>
    key === 'run' && typeof value === 'string' ? [{ scenario: own, command: value }] : runsIn(value, own),
  );
}

function stringsIn(node: unknown): readonly string[] {
  if (typeof node === 'string') return [node];
  if (typeof node !== 'object' || node === null) return [];
  return Object.values(node).flatMap(stringsIn);
}

async function labLines(): Promise<readonly CourseAzLine[]> {
  const found: CourseAzLine[] = [];
  for (const id of labIds()) {
    const source = await readLab(id);
    const folder = join(LABS_FOLDER, id);
    const declared = (['wrong', 'harmless'] as const).flatMap((part) =>
      attemptsOf(source, part).map(({ script, seeds }) => ({
        name: `${part}/${script.name}`,
        text: script.text,
        seeds: seeds ?? source.lab.seeds,
      })),
    );
    const own = [...source.solutions, { name: 'template.sh', text: source.template }];
    const scripts = [...own.map((script) => ({ ...script, seeds: source.lab.seeds })), ...declared];
    const starts = new Map<string, LabStart>();
    for (const { name, text, seeds } of scripts) {
      // A solution meets every fault; what else there is makes the same calls whatever the seed.
      for (const seed of name.startsWith('solution') ? seeds : seeds.slice(0, 1)) {
        let start = starts.get(seed);
        if (start === undefined) {
          const atStart = recorder(`labs/${id}/start.sh`, 'line', 'simulated');
          start = await buildStart(source, seed, [atStart.command]);
          starts.set(seed, start);
          found.push(...atStart.lines());
        }
        const { command, lines } = recorder(`labs/${id}/${name}`, 'line', 'simulated');
        await runScript(startFrom(source, start, [command]), text);
        found.push(...lines());
      }
    }
    found.push(...(await mentions(labTexts(source.lab), `labs/${id}/lab.ts`)));
    const readme = join(folder, 'README.md');
    if (existsSync(readme)) found.push(...(await mentions(readFileSync(readme, 'utf8'), readme)));
  }
  return found;
}

function labTexts(lab: Lab): string {
  return stringsIn(lab).join('\n');
}

/** The examples that `az COMMAND --help` prints. */
async function exampleLines(): Promise<readonly CourseAzLine[]> {
  const found = azCommands.flatMap(({ path, examples = [] }) =>
    examples.map(({ line }) => splitOnly(line, `the help of az ${path.join(' ')}`, 'line')),
  );
  return (await Promise.all(found)).flat();
}

async function fencedLines(body: string, from: string): Promise<readonly CourseAzLine[]> {
  const blocks = [...body.matchAll(/^```(?:sh|bash|console|shell)\n(.*?)^```/gms)];
  const found = blocks.map(([, block = '']) => splitOnly(block.replaceAll(/^\$ /gm, ''), from, 'line'));
  return (await Promise.all(found)).flat();
}

/** `az ...` between backticks. */
async function mentions(text: string, from: string): Promise<readonly CourseAzLine[]> {
  // A command in a component's template literal has its line ends escaped once more.
  const prose = text.replaceAll(/^```.*?^```/gms, '').replaceAll('\\\\\n', '\\\n');
  const found = [...prose.matchAll(/`(az [^`]+)`/g)].map(([, line = '']) => splitOnly(line, from, 'mention'));
  return (await Promise.all(found)).flat();
}

/** Has bash split a text into calls without running them; placeholders become plain words. */
async function splitOnly(
  text: string,
  from: string,
  kind: CourseAzLine['kind'],
): Promise<readonly CourseAzLine[]> {
  const { command, lines } = recorder(from, kind, 'nothing');
  const session = createSession({ cloud: newCloud({}), commands: [command] });
  const plain = text
    .replaceAll(/(^|\s)(\.\.\.|…)(?=\s|$)/g, '$1')
    .replaceAll(/<([\w-]+)>/g, '$1')
    .replaceAll(/\$\{?(\w+)\}?/g, '$1');
  await session.run(plain);
  return lines();
}
