/** A copy of a machine's disk: the same files, as old and as readable, and a disk of its own from then on. */
import { expect, test } from 'vitest';
import { PassingFs } from '../../../src/shell/streamed-output.ts';

const THEN = 1_700_000_000;
const LATER = THEN + 3600;

async function disk(): Promise<PassingFs> {
  const fs = new PassingFs({ '/etc/hostname': 'vm\n', '/etc/late': () => Promise.resolve('late\n') });
  fs.clock = () => THEN;
  await fs.mkdir('/home/learner/.ssh', { recursive: true });
  await fs.writeFile('/home/learner/.ssh/id_rsa', 'secret\n');
  await fs.writeProgram('/usr/bin/probe', '#!/bin/sh\n');
  await fs.symlink('/etc/hostname', '/tmp/link');
  fs.clock = () => LATER;
  await fs.writeFile('/tmp/new', 'new\n');
  fs.readOnly = ['/etc/late'];
  fs.appended.set(7, 12);
  return fs;
}

async function listing(fs: PassingFs): Promise<readonly unknown[]> {
  return Promise.all(
    fs.getAllPaths().map(async (path) => {
      const { isFile, isSymbolicLink, mode, mtime } = await fs.lstat(path);
      const content = isFile ? await fs.readFile(path) : isSymbolicLink ? await fs.readlink(path) : null;
      return { path, content, mode, mtime };
    }),
  );
}

test('holds the same, in the same order', async () => {
  const original = await disk();
  const copy = await original.copy();
  expect(await listing(copy)).toEqual(await listing(original));
  expect(await copy.readFile('/tmp/link')).toBe('vm\n');
  expect(copy.appended).toEqual(new Map([[7, 12]]));
  await expect(copy.writeFile('/etc/late', 'x')).rejects.toThrow(/EROFS/);
});

test('changes without the other', async () => {
  const original = await disk();
  const before = await listing(original);
  const copy = await original.copy();
  await copy.writeFile('/tmp/new', 'newer\n');
  await copy.appendFile('/etc/hostname', 'more\n');
  await copy.rm('/usr/bin/probe');
  copy.appended.set(7, 20);
  expect(await listing(original)).toEqual(before);
  expect(original.appended.get(7)).toBe(12);
  await original.writeFile('/tmp/new', 'oldest\n');
  expect(await copy.readFile('/tmp/new')).toBe('newer\n');
});
