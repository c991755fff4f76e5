/** Fills the templates of `new`, and finds what is left to fill in. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The word that stands where an author has to write; a test fails for as long as it stands anywhere. */
export const MARK = 'FILL IN';

const TEMPLATES = fileURLToPath(new URL('./templates/', import.meta.url));
/** So that no tool takes a template for the thing itself. */
const SUFFIX = '.txt';

/** Returns the paths of the templates below a folder of `templates/`, without their suffix. */
export function templatesIn(folder: string): readonly string[] {
  return readdirSync(join(TEMPLATES, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(SUFFIX))
    .map((file) => file.slice(0, -SUFFIX.length).replaceAll('\\', '/'))
    .sort();
}

/** Writes a template to `path`, with each `{{WORD}}` replaced. Fails if there is a file already. */
export function writeTemplate(template: string, path: string, words: Readonly<Record<string, string>>): void {
  const text = readFileSync(join(TEMPLATES, `${template}${SUFFIX}`), 'utf8').replaceAll(
    /\{\{([A-Z]+)\}\}/g,
    (all, word: string) => {
      const value = words[word];
      if (value === undefined) throw new Error(`template ${template} wants ${all}, which nobody gives it`);
      return value;
    },
  );
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text, { flag: 'wx' });
}

/** Returns a line `FILE:LINE: what to write` for each mark in these files. */
export function openMarks(files: readonly string[], read: (file: string) => string): readonly string[] {
  return files.flatMap((file) =>
    read(file)
      .split('\n')
      .flatMap((line, at) => {
        const marked = line.indexOf(MARK);
        if (marked === -1) return [];
        // Without what closes a text in YAML, MDX or TypeScript.
        const what = line.slice(marked + MARK.length).replace(/^:\s*/, '');
        return [`${file}:${at + 1}: ${what.replace(/['"`][\]},]*$/, '')}`];
      }),
  );
}
