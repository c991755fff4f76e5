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
}

/** `off` are modules to leave out: those that the course leaves out, if not given. */
export function readCourseFolder(root: string, off: readonly string[] = course.modules.off): CourseFolder {
  if (!existsSync(root)) return { files: [], titles: new Map() };
  const files = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name).slice(root.length).replaceAll('\\', '/').replace(/^\//, ''),
    )
    .filter((file) => !isOff(off, file));
  const titles = new Map<string, string>();
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
  }
  return { files, titles };
}
