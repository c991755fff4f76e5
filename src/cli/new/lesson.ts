import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { similarNames } from '../../lab/similar-names.ts';
import { UsageError } from '../lab/usage-error.ts';
import { writeTemplate } from './made-files.ts';
import { goodName, goodTitle, numberless, titleOf } from './names.ts';

export interface LessonAsk {
  /** `MODULE/NAME`; numbers of folders may be left out. */
  readonly name: string;
  readonly title: string | undefined;
  readonly scenario: string | undefined;
}

const DEFAULT_SCENARIO = 'kubenet-case-study';

/** Makes a lesson and its quiz, last in its module. Returns the files, below `root`. Throws `UsageError`. */
export function newLesson(root: string, { name, title, scenario }: LessonAsk): readonly string[] {
  const content = join(root, 'content');
  const segments = name.split('/');
  const lesson = goodName(segments.pop() ?? '');
  if (segments.length === 0) {
    throw new UsageError(
      `In which module? npm run -s new -- lesson MODULE/${lesson}, where MODULE is one of:\n  ${modulesIn(content).join('\n  ')}`,
    );
  }
  const module = moduleFolder(content, segments);
  const taken = readdirSync(join(content, module));
  const twin = taken.find((file) => numberless(file).replace(/\.(?:mdx?|quiz\.yaml)$/, '') === lesson);
  if (twin !== undefined) {
    throw new UsageError(`content/${module}/${twin} exists; nothing was changed. Choose another name.`);
  }
  const scene = scenarioNamed(content, scenario ?? DEFAULT_SCENARIO);
  const file = `${String(nextNumber(taken)).padStart(2, '0')}-${lesson}`;
  const words = {
    TITLE: title === undefined ? titleOf(lesson) : goodTitle(title),
    SCENARIO: scene,
    FILE: file,
  };
  const made = [`content/${module}/${file}.mdx`, `content/${module}/${file}.quiz.yaml`] as const;
  writeTemplate('lesson.mdx', join(root, made[0]), words);
  writeTemplate('lesson.quiz.yaml', join(root, made[1]), words);
  return made;
}

/** The numbered folders that hold a `module.yaml` or lessons, as `network-plugins/kubenet`. */
function modulesIn(content: string, below = ''): readonly string[] {
  return readdirSync(join(content, below), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && /^\d+-/.test(entry.name))
    .map(({ name }) => name)
    .sort()
    .flatMap((name) => {
      const path = below === '' ? name : `${below}/${name}`;
      return [path, ...modulesIn(content, path)];
    });
}

function moduleFolder(content: string, segments: readonly string[]): string {
  const asked = segments.join('/');
  const plain = (path: string): string => path.split('/').map(numberless).join('/');
  const modules = modulesIn(content);
  const found = modules.find((module) => module === asked || plain(module) === plain(asked));
  if (found !== undefined) return found;
  const similar = similarNames(asked, modules.map(plain));
  const advice =
    similar.length > 0
      ? `Did you mean ${similar.join(' or ')}?`
      : `The modules are:\n  ${modules.join('\n  ')}\nFor a new one make its folder first, as content/14-NAME with module.yaml in it.`;
  throw new UsageError(`There is no module '${asked}'. ${advice}`);
}

function scenarioNamed(content: string, name: string): string {
  if (/^[\w-]+$/.test(name) && existsSync(join(content, 'scenarios', `${name}.sh`))) return name;
  const scenarios = readdirSync(join(content, 'scenarios'))
    .filter((file) => file.endsWith('.sh'))
    .map((file) => file.slice(0, -3));
  const similar = similarNames(name, scenarios);
  const advice =
    similar.length > 0 ? `Did you mean ${similar.join(' or ')}?` : `They are:\n  ${scenarios.join('\n  ')}`;
  throw new UsageError(`There is no scenario '${name}' in content/scenarios/. ${advice}`);
}

function nextNumber(files: readonly string[]): number {
  return Math.max(0, ...files.map((file) => Number(/^\d+/.exec(file)?.[0] ?? 0))) + 1;
}
