/** An object of pasted JSON that knows where it stands, flat as azure-cli prints it or nested as ARM does. */
import type { TextProblem } from './nsg-text.ts';

type Path = readonly (string | number)[];

export class JsonBag {
  readonly #data: unknown;
  readonly #path: Path;
  readonly #lines: (path: Path) => number;
  readonly #problems: TextProblem[];

  private constructor(data: unknown, path: Path, lines: (path: Path) => number, problems: TextProblem[]) {
    this.#data = data;
    this.#path = path;
    this.#lines = lines;
    this.#problems = problems;
  }

  static root(data: unknown, lines: (path: Path) => number, problems: TextProblem[]): JsonBag {
    return new JsonBag(data, [], lines, problems);
  }

  line(): number {
    return this.#lines(this.#path);
  }

  problem(message: string, instead: string | null): void {
    this.#problems.push({ line: this.line(), message, instead });
  }

  /** The elements, or null if it is no list. */
  items(): readonly JsonBag[] | null {
    if (!Array.isArray(this.#data)) return null;
    return this.#data.map((each: unknown, at) => this.#at(each, [at]));
  }

  keys(): readonly string[] {
    return typeof this.#data === 'object' && this.#data !== null ? Object.keys(this.#data) : [];
  }

  has(key: string): boolean {
    return this.#find(key) !== null;
  }

  /** A property that is an object or a list; null if it is absent or null. */
  child(key: string): JsonBag | null {
    const found = this.#find(key);
    return found === null || typeof found.value !== 'object' || found.value === null
      ? null
      : this.#at(found.value, found.path);
  }

  textOr(key: string, otherwise: string): string {
    const value = this.#find(key)?.value;
    if (typeof value === 'string') return value.trim();
    return typeof value === 'number' || typeof value === 'boolean' ? String(value) : otherwise;
  }

  texts(key: string): readonly string[] {
    const value = this.#find(key)?.value;
    if (typeof value === 'string') return value.trim() === '' ? [] : [value.trim()];
    if (!Array.isArray(value)) return [];
    return value.flatMap((each: unknown) =>
      typeof each === 'string' || typeof each === 'number' ? [String(each).trim()] : [],
    );
  }

  /** One of a few values in any letters; null with a problem if it is another, and without one if it is absent. */
  choice<T extends string>(key: string, known: readonly T[]): T | null {
    const text = this.textOr(key, '');
    const found = known.find((each) => each.toLowerCase() === text.toLowerCase());
    if (found === undefined && text !== '') {
      this.problem(`has ${key} "${text}", which is none of its values.`, `${known.join(', ')}.`);
    }
    return found ?? null;
  }

  priority(key: string): number | null {
    const text = this.textOr(key, '');
    const priority = Number(text);
    if (text !== '' && Number.isInteger(priority) && priority >= 100 && priority <= 65_000) return priority;
    const what = text === '' ? 'has no priority.' : `has priority ${text}.`;
    this.problem(`${this.textOr('name', 'an element')} ${what}`, '100 to 65000.');
    return null;
  }

  #at(data: unknown, path: Path): JsonBag {
    return new JsonBag(data, [...this.#path, ...path], this.#lines, this.#problems);
  }

  #find(key: string): { readonly value: unknown; readonly path: Path } | null {
    const own = propertyOf(this.#data, key);
    if (own !== undefined) return { value: own, path: [key] };
    const nested = propertyOf(propertyOf(this.#data, 'properties'), key);
    return nested === undefined ? null : { value: nested, path: ['properties', key] };
  }
}

function propertyOf(data: unknown, key: string): unknown {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return undefined;
  return Object.entries(data).find(([name]) => name === key)?.[1];
}
