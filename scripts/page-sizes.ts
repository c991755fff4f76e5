/**
 * What each page of a build fetches before anybody touches it, in bytes as they are sent: the page, its
 * styles, the fonts that these name, the scripts that start with it and all that these import. Not
 * counted: what a script asks for later (`import()`), islands that wait until they are seen or
 * touched (`client:visible`, `client:touched`), pictures and response headers.
 */
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { readStamp } from './built-site.ts';

export interface PageSize {
  /** Below the base path: `/` or `/labs/six-tickets/`. */
  readonly address: string;
  /** Files that the page fetches besides itself, below the folder of the build. */
  readonly files: readonly string[];
  readonly bytes: Readonly<Record<'html' | 'style' | 'script' | 'font', number>>;
}

const STATIC_IMPORT = /(?:^|[;}\s])(?:import|export)(?:[\w\s{},*$]*?\bfrom)?\s*["']([^"']+\.js)["']/g;
const WAITING: ReadonlySet<string> = new Set(['visible', 'touched']);
const FACE = /@font-face\s*\{[^}]*\}/g;
const FONT = /url\(["']?([^"')]+\.woff2)["']?\)/g;
const INLINE_MODULE = /<script type="module">([\s\S]*?)<\/script>/g;

/** Returns the pages of a build, in the order of their addresses. Throws if nothing is built, or a file is missing. */
export function pageSizes(dist: string): readonly PageSize[] {
  const stamp = readStamp(dist);
  if (stamp === null) throw new Error('There is no built site: run "npm run build".');
  const build = new Build(dist, stamp.base);
  return readdirSync(dist, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.html'))
    .map((file) => build.page(file))
    .sort((a, b) => (a.address < b.address ? -1 : 1));
}

/** Whether a `@font-face` rule is for the letters from a to z: browsers fetch no face whose range a page does not use. */
function hasPlainLetters(face: string): boolean {
  const range = /unicode-range:([^;}]*)/i.exec(face)?.[1];
  if (range === undefined) return true;
  return [...range.matchAll(/U\+([0-9a-f]+)(?:-([0-9a-f]+))?/gi)].some(
    ([, first = '', last = first]) => parseInt(first, 16) <= 0x61 && 0x7a <= parseInt(last, 16),
  );
}

export function totalBytes({ bytes }: PageSize): number {
  return bytes.html + bytes.style + bytes.script + bytes.font;
}

/** A built site; what belongs to many pages is read once. */
class Build {
  readonly #dist: string;
  readonly #base: string;
  readonly #imports = new Map<string, readonly string[]>();
  readonly #sizes = new Map<string, number>();

  constructor(dist: string, base: string) {
    this.#dist = dist;
    this.#base = base;
  }

  page(file: string): PageSize {
    const html = readFileSync(join(this.#dist, file), 'utf8');
    const links = [...html.matchAll(/<link\b[^>]*>/g)].map(([tag]) => tag);
    const linked = (kind: RegExp): readonly string[] =>
      links.filter((tag) => kind.test(tag)).map((tag) => this.#file(attribute(tag, 'href')));
    const styles = new Set(linked(/\srel="stylesheet"/));
    const fonts = new Set([...styles].flatMap((style) => this.#fontsOf(style)));
    const scripts = this.#withImports([...this.#starting(html), ...linked(/\srel="modulepreload"/)]);
    const sum = (files: ReadonlySet<string>): number =>
      [...files].reduce((total, each) => total + this.#sent(each), 0);
    return {
      address: `/${file.replaceAll('\\', '/').replace(/(^|\/)index\.html$/, '$1')}`,
      files: [...styles, ...scripts, ...fonts],
      bytes: { html: this.#sent(file), style: sum(styles), script: sum(scripts), font: sum(fonts) },
    };
  }

  /** The scripts that a page names itself. */
  #starting(html: string): readonly string[] {
    const named = [...html.matchAll(/<script\b[^>]*\ssrc="([^"]*)"/g)].map(([, target = '']) => target);
    const inline = [...html.matchAll(INLINE_MODULE)].flatMap(([, text = '']) =>
      [...text.matchAll(STATIC_IMPORT)].map(([, target = '']) => target),
    );
    const islands = [...html.matchAll(/<astro-island\b[^>]*>/g)]
      .filter(([tag]) => !WAITING.has(attribute(tag, 'client')))
      .flatMap(([tag]) => [attribute(tag, 'component-url'), attribute(tag, 'renderer-url')]);
    return [...named, ...inline, ...islands].map((target) => this.#file(target));
  }

  #withImports(start: readonly string[]): ReadonlySet<string> {
    const found = new Set<string>();
    const open = [...start];
    for (let file = open.pop(); file !== undefined; file = open.pop()) {
      if (found.has(file)) continue;
      found.add(file);
      open.push(...this.#importsOf(file));
    }
    return found;
  }

  /** Of the faces for plain letters: every page has some of each. Others wait for what somebody types. */
  #fontsOf(style: string): readonly string[] {
    const text = readFileSync(join(this.#dist, style), 'utf8');
    return [...text.matchAll(FACE)]
      .filter(([face]) => hasPlainLetters(face))
      .flatMap(([face]) => [...face.matchAll(FONT)])
      .map(([, target = '']) =>
        target.startsWith('/') ? this.#file(target) : posix.join(posix.dirname(style), target),
      );
  }

  #importsOf(file: string): readonly string[] {
    const known = this.#imports.get(file);
    if (known !== undefined) return known;
    const text = readFileSync(join(this.#dist, file), 'utf8');
    const imports = [...text.matchAll(STATIC_IMPORT)].map(([, target = '']) =>
      posix.join(posix.dirname(file), target),
    );
    this.#imports.set(file, imports);
    return imports;
  }

  #file(target: string): string {
    if (!target.startsWith(this.#base)) throw new Error(`${target} is not below ${this.#base}`);
    return target.slice(this.#base.length);
  }

  #sent(file: string): number {
    const known = this.#sizes.get(file);
    if (known !== undefined) return known;
    const path = join(this.#dist, file);
    const size = statSync(existsSync(`${path}.br`) ? `${path}.br` : path).size;
    this.#sizes.set(file, size);
    return size;
  }
}

function attribute(tag: string, name: string): string {
  return new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1] ?? '';
}
