import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { openMarks } from '../../src/cli/new/made-files.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

test.each(['content', 'labs'])('nothing is left to fill in below %s/', (folder) => {
  const files = readdirSync(`${ROOT}${folder}`, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'README.md')
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(ROOT.length).replaceAll('\\', '/'));
  expect(files.length).toBeGreaterThan(20);
  expect(openMarks(files, (file) => readFileSync(`${ROOT}${file}`, 'utf8'))).toEqual([]);
});
