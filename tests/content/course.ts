/** Reads the course's files for the content tests. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { isPage, slugOf } from '../../src/ui/course/reading-order.ts';

export const CONTENT = fileURLToPath(new URL('../../content/', import.meta.url));

export interface Page {
  /** Path below content/, with forward slashes. */
  readonly file: string;
  readonly slug: string;
  readonly frontMatter: Readonly<Record<string, unknown>>;
  /** What follows the front matter. */
  readonly body: string;
}

export function contentFiles(): readonly string[] {
  return readdirSync(CONTENT, { recursive: true, encoding: 'utf8' }).map((file) =>
    file.replaceAll('\\', '/'),
  );
}

export function pages(): readonly Page[] {
  return contentFiles()
    .filter(isPage)
    .map((file) => {
      const text = readFileSync(`${CONTENT}${file}`, 'utf8');
      const [, yaml = '', body = ''] = /^---\n(.*?)\n---\n(.*)$/s.exec(text) ?? [];
      const parsed: unknown = parse(yaml);
      const frontMatter =
        typeof parsed === 'object' && parsed !== null ? Object.fromEntries(Object.entries(parsed)) : {};
      return { file, slug: slugOf(file), frontMatter, body };
    });
}

/** Pages of a module: numbered folders hold the course itself. */
export function lessons(): readonly Page[] {
  return pages().filter((page) => /^\d+-[^/]+\//.test(page.file));
}

/** Values of one attribute, for each use of a component; expressions come as they are written. */
export function attributes(body: string, component: string, attribute: string): readonly string[] {
  const uses = [...body.matchAll(new RegExp(`<${component}\\b([^>]*(?:\\{[^}]*\\}[^>]*)*)>`, 'g'))];
  return uses.flatMap(([, inside = '']) => {
    const found = new RegExp(`\\b${attribute}=(?:"([^"]*)"|\\{([^}]*)\\})`).exec(inside);
    return found === null ? [] : [found[1] ?? found[2] ?? ''];
  });
}
