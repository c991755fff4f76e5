import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { offlineList, writeOfflineCopy } from '../../../../src/ui/offline/offline-copy.ts';
import { offlinePath } from '../../../../src/ui/offline/offline-list.ts';
import { isSaidHere, words } from '../../../../src/ui/offline/standing.ts';
import { ICONS, webManifest } from '../../../../src/ui/offline/web-manifest.ts';
import { courseVersion } from '../../../../src/course-version.ts';

const ROOT = join(import.meta.dirname, '../../../..');

let folder: string;
const write = (name: string, text: string): void => {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'offline-'));
  write('index.html', 'home');
  write('a lesson/index.html', 'lesson');
  write('_astro/x.js', 'script');
  write('_headers', 'private');
  write('_astro/x.js.br', 'packed');
  write('pagefind/pagefind-ui.js', 'not ours');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('the list of a build', () => {
  test('has each file as browsers ask for it, and nothing that no page needs', () => {
    const { list } = offlineList(folder, '/base/');
    expect(list.files.map(([path]) => path)).toEqual(['_astro/x.js', 'a%20lesson/', '']);
  });

  test('names the content: writing it changes nothing, another byte or base does', () => {
    const first = writeOfflineCopy(folder, '/').list.version;
    expect(writeOfflineCopy(folder, '/').list.version).toBe(first);
    expect(offlineList(folder, '/other/').list.version).not.toBe(first);
    write('index.html', 'home!');
    expect(offlineList(folder, '/').list.version).not.toBe(first);
  });

  test('the worker is plain script', () => {
    const { size } = writeOfflineCopy(folder, '/');
    const script = readFileSync(join(folder, 'sw.js'), 'utf8');
    expect(() => new Script(script)).not.toThrow();
    expect(script).not.toMatch(/\beval\b|new Function|import\(|importScripts/);
    expect(size.files).toBe(3);
    expect(JSON.parse(readFileSync(join(folder, 'offline.json'), 'utf8'))).toEqual(size);
  });
});

test('a file name that an address cannot hold is encoded', () => {
  expect(offlinePath('a/b c/ü#@.txt')).toBe('a/b%20c/%C3%BC%23@.txt');
});

test('every icon of the manifest is there, as large as it says', () => {
  for (const { src, sizes } of ICONS) {
    const png = readFileSync(join(ROOT, 'public', src));
    expect(`${png.readUInt32BE(16)}x${png.readUInt32BE(20)}`, src).toBe(sizes);
  }
  expect(webManifest('Networking at Contoso', 'Networking')).not.toMatch(/"\/|https?:/);
});

test('the version is that of the package, and of the commit or the content', () => {
  expect(courseVersion(ROOT, () => 'abcdef1234')).toMatch(
    /^\d+\.\d+\.\d+\+([0-9a-f]{7,}(\.changed)?|content\.abcdef1)$/,
  );
  write('package.json', '{"version":"1.2.3"}');
  expect(courseVersion(folder, () => 'abcdef1234')).toBe('1.2.3+content.abcdef1');
});

test.each([
  [{ kind: 'saving', done: 699, of: 700 } as const, 'Saving for offline use: 99 %'],
  [{ kind: 'saving', done: 0, of: 0 } as const, 'Saving for offline use: 100 %'],
  [{ kind: 'offered', bytes: 6_512_000 } as const, 'Can be saved for offline use (7 MB).'],
])('%o is said as “%s”', (standing, said) => {
  expect(words(standing)).toBe(said);
});

test('only the worker of this site is listened to', () => {
  expect(isSaidHere({ from: 'workbook-offline', base: '/', kind: 'whole' }, '/')).toBe(true);
  expect(isSaidHere({ from: 'workbook-offline', base: '/any/', kind: 'whole' }, '/')).toBe(false);
  for (const other of [null, 'whole', {}, { from: 'x', base: '/' }])
    expect(isSaidHere(other, '/')).toBe(false);
});
