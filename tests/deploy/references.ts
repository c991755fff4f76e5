/** What the files of a finished build refer to within the site, and whether it is there. */
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';

/** Attributes of HTML that name something to load or to go to. */
const ATTRIBUTE =
  /\s(?:href|src|action|poster|component-url|renderer-url|before-hydration-url|data-[\w-]*url)="([^"]*)"/g;
/** Where scripts and styles name their parts. */
const IMPORT = /(?:from|import)\s*\(?\s*["'`](\.{0,2}\/[^"'`\s]+)["'`]|url\(["']?(\.{0,2}\/[^"')]+)["']?\)/g;
/** Vite's preload lists: `"_astro/name.js"`, below the base path. */
const PRELOAD = /["'`](\/[\w./-]*_astro\/[^"'`\s]+\.(?:js|css))["'`]/g;

function targetsOf(file: string, text: string): readonly string[] {
  if (file.endsWith('.html')) return [...text.matchAll(ATTRIBUTE)].map(([, target = '']) => target);
  return [IMPORT, PRELOAD].flatMap((pattern) =>
    [...text.matchAll(pattern)].map(([, first, second]) => first ?? second ?? ''),
  );
}

/** Returns one line per reference within the site that leads to no file; fails on none at all. */
export function missingReferences(dist: string, base: string): readonly string[] {
  const files = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\.(html|js|css)$/.test(file),
  );
  const missing: string[] = [];
  let checked = 0;
  for (const file of files) {
    const from = `${base}${file.replace(/(^|\/)index\.html$/, '$1')}`;
    for (const target of new Set(targetsOf(file, readFileSync(join(dist, file), 'utf8')))) {
      const path = (target.split(/[?#]/)[0] ?? '').replaceAll('&amp;', '&');
      // Addresses of other sites, of this page and of mail are nobody's here.
      if (path === '' || /^([a-z][a-z+.-]*:|\/\/)/i.test(path)) continue;
      const whole = path.startsWith('/') ? path : posix.join(from.endsWith('/') ? from : dirname(from), path);
      checked += 1;
      if (!whole.startsWith(base) && `${whole}/` !== base)
        missing.push(`${file}: ${target} is not below ${base}`);
      else if (!isThere(join(dist, decodeURIComponent(whole.slice(base.length))))) {
        missing.push(`${file}: ${target} is not there`);
      }
    }
  }
  if (checked < files.length)
    throw new Error(`Only ${checked} references in ${files.length} files were seen.`);
  return missing;
}

function isThere(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found?.isFile() === true || (found?.isDirectory() === true && existsSync(join(path, 'index.html')));
}
