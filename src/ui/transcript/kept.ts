/** Answers kept between builds, in a folder that stands for the code that gave them. */
import { createHash } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What `make` gives for this question: plain data, taken from the folder if it was asked before.
 * Without a folder, and with a file that cannot be read, it is made.
 */
export async function keptOrMade<T>(
  folder: string | undefined,
  question: unknown,
  make: () => Promise<T>,
): Promise<T> {
  if (folder === undefined) return make();
  const name = createHash('sha256').update(JSON.stringify(question)).digest('hex');
  const file = join(folder, `${name}.json`);
  try {
    // The folder's name is a digest of this code, so the file has the shape that this code wrote.
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch {
    const made = await make();
    // Two builds may write the same answer at the same time; neither reads half of it.
    const half = `${file}.${process.pid}`;
    writeFileSync(half, JSON.stringify(made));
    renameSync(half, file);
    return made;
  }
}
