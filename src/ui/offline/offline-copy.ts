/** Writes the service worker of a finished build: what it keeps is what the folder has. Node only. */
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { offlinePath, type OfflineList, type OfflineSize } from './offline-list.ts';

const WORKER = new URL('./service-worker.ts', import.meta.url);
/** Not part of the site, or of no use without the network. Pagefind's own interface is not ours. */
const LEFT_OUT =
  /^(_headers|build\.json|staticwebapp\.config\.json|sw\.js|offline\.json|pagefind\/pagefind-[\w-]*ui\.(js|css)|.*\.(br|gz))$/;
const TEXT = /\.(html|js|css|svg|json|webmanifest|txt|xml)$/;

/** Reads the finished folder. Paths are in order, so that equal folders have equal lists. */
export function offlineList(folder: string, base: string): { list: OfflineList; size: OfflineSize } {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.replace(/\/$/, '').length + 1))
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => !LEFT_OUT.test(name))
    .sort();
  const whole = createHash('sha256').update(base);
  let bytes = 0;
  const files = names.map((name) => {
    const content = readFileSync(join(folder, name));
    bytes += TEXT.test(name) ? gzipSync(content).length : content.length;
    const digest = createHash('sha256').update(content).digest('base64');
    whole.update(`${name}\0${digest}\0`);
    return [offlinePath(name), digest] as const;
  });
  return {
    list: { version: whole.digest('hex').slice(0, 16), base, files },
    size: { files: files.length, bytes },
  };
}

/** The worker's text: plain script without imports, since not every browser has module workers for this. */
export function serviceWorkerText(list: OfflineList): string {
  const source = stripTypeScriptTypes(readFileSync(WORKER, 'utf8')).replace(/^[ \t]+$/gm, '');
  if (/^\s*(import|export)\b/m.test(source)) throw new Error('The service worker must import nothing.');
  return `const OFFLINE = ${JSON.stringify(list)};\n${source}`;
}

/** Writes `sw.js` and `offline.json` into a finished build, and returns what it holds. */
export function writeOfflineCopy(folder: string, base: string): { list: OfflineList; size: OfflineSize } {
  const { list, size } = offlineList(folder, base);
  writeFileSync(join(folder, 'sw.js'), serviceWorkerText(list));
  writeFileSync(join(folder, 'offline.json'), `${JSON.stringify(size)}\n`);
  return { list, size };
}
