/** Reads the course's folder at build time; the order itself is decided in `reading-order.ts`. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { course } from '../../course-config/course.ts';
import { isOff } from '../../course-config/modules.ts';

export interface CourseFolder {
  /** Paths below the folder, with forward slashes. */
  readonly files: readonly string[];
  /** Labels from `module.yaml` files, by folder path. */
  readonly titles: ReadonlyMap<string, string>;
  /** What `module.yaml` says of a module beside its title, by folder path. */
  readonly about: ReadonlyMap<string, ModuleAbout>;
}

export interface ModuleAbout {
  /** One sentence: what the module is about. */
  readonly description: string;
  /** Slugs of the modules that it stands on. */
  readonly needs: readonly string[];
}

/** `off` are modules to leave out: those that the course leaves out, if not given. */
export function readCourseFolder(root: string, off: readonly string[] = course.modules.off): CourseFolder {
  if (!existsSync(root)) return { files: [], titles: new Map(), about: new Map() };
  const files = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name).slice(root.length).replaceAll('\\', '/').replace(/^\//, ''),
    )
    .filter((file) => !isOff(off, file));
  const titles = new Map<string, string>();
  const about = new Map<string, ModuleAbout>();
  for (const file of files.filter((name) => /(^|\/)module\.yaml$/.test(name))) {
    const parsed: unknown = parse(readFileSync(join(root, file), 'utf8'));
    if (
      typeof parsed !== 'object' ||
      parsed === null ||
      !('title' in parsed) ||
      typeof parsed.title !== 'string'
    ) {
      throw new Error(`${join(root, file)}: expected a line like "title: Azure CNI".`);
    }
    titles.set(dirname(file), parsed.title);
    about.set(dirname(file), aboutIn(parsed));
  }
  return { files, titles, about };
}

function aboutIn(parsed: object): ModuleAbout {
  const { description = '', needs = [] } = parsed as Readonly<Record<string, unknown>>;
  return {
    description: typeof description === 'string' ? description : '',
    needs: Array.isArray(needs) ? needs.map(String) : [],
  };
}
