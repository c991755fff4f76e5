import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { keptOrMade } from '../../../src/ui/transcript/kept.ts';

describe('keptOrMade', () => {
  let folder: string;
  let made: number;
  const make = async () => ({ output: `made ${(made += 1)}` });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kept-'));
    made = 0;
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  test('asks once for each question', async () => {
    const first = await keptOrMade(folder, ['script', 'kubectl get pods'], make);
    expect(await keptOrMade(folder, ['script', 'kubectl get pods'], make)).toEqual(first);
    expect(await keptOrMade(folder, ['other script', 'kubectl get pods'], make)).toEqual({
      output: 'made 2',
    });
    expect(made).toBe(2);
  });

  test('asks again where the file is half written', async () => {
    await keptOrMade(folder, 'question', make);
    const [file = ''] = readdirSync(folder);
    writeFileSync(join(folder, file), '{"output":');
    expect(await keptOrMade(folder, 'question', make)).toEqual({ output: 'made 2' });
    expect(await keptOrMade(folder, 'question', make)).toEqual({ output: 'made 2' });
    expect(readdirSync(folder)).toEqual([file]);
  });

  test('keeps nothing of what fails', async () => {
    const fail = () => Promise.reject(new Error('no such command'));
    await expect(keptOrMade(folder, 'question', fail)).rejects.toThrow('no such command');
    expect(readdirSync(folder)).toEqual([]);
  });

  test('asks each time without a folder', async () => {
    await keptOrMade(undefined, 'question', make);
    await keptOrMade(undefined, 'question', make);
    expect(made).toBe(2);
  });
});
