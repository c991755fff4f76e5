/**
 * `npm run budgets [-- --write]`: holds every page of `dist/` against its budget in
 * tests/page-budgets.json, in kB (1,000 bytes) of what a first visit is sent; `--write` makes today's
 * sizes the budgets, once somebody has decided that they should be. Exits 1 if a page is more than 5 kB
 * over its budget, or has none.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { course } from '../src/course-config/course.ts';
import { DIST, ROOT } from './built-site.ts';
import { pageSizes, totalBytes } from './page-sizes.ts';
import type { PageSize } from './page-sizes.ts';

/** Kilobytes by address. */
type Budgets = Readonly<Record<string, number>>;

export interface BudgetFindings {
  readonly kept: number;
  readonly broken: readonly string[];
  /** Budgets that have become too wide to say anything. */
  readonly loose: readonly string[];
}

const FILE = join(ROOT, 'tests', 'page-budgets.json');
const KILOBYTE = 1000;
const TOLERANCE = 5 * KILOBYTE;
const DECIDE = 'If that is meant: npm run budgets -- --write';

/** Compares pages with budgets; `course` says whether all of its pages are in the build. */
export function compareBudgets(
  pages: readonly PageSize[],
  budgets: Budgets,
  course: 'whole' | 'in-part',
): BudgetFindings {
  const broken: string[] = [];
  const loose: string[] = [];
  for (const page of pages) {
    const budget = budgets[page.address];
    if (budget === undefined) {
      broken.push(`${page.address} has no budget; it is sent in ${partsOf(page)}. ${DECIDE}`);
      continue;
    }
    const over = totalBytes(page) - budget * KILOBYTE;
    if (over > TOLERANCE)
      broken.push(`${page.address} is ${kilobytes(over)} over its ${budget} kB: ${partsOf(page)}. ${DECIDE}`);
    else if (over < -TOLERANCE)
      loose.push(`${page.address} is ${kilobytes(-over)} below its ${budget} kB. ${DECIDE}`);
  }
  const built = new Set(pages.map(({ address }) => address));
  const gone = course === 'whole' ? Object.keys(budgets).filter((address) => !built.has(address)) : [];
  loose.push(...gone.map((address) => `${address} has a budget and is not built. ${DECIDE}`));
  return { kept: pages.length - broken.length, broken, loose };
}

/** Holds the pages of `dist/` against the budgets that are written down. */
export function checkBudgets(): BudgetFindings {
  return compareBudgets(pageSizes(DIST), readBudgets(), course.modules.off.length > 0 ? 'in-part' : 'whole');
}

function readBudgets(): Budgets {
  const read: unknown = JSON.parse(readFileSync(FILE, 'utf8'));
  if (typeof read !== 'object' || read === null) throw new Error(`${FILE} holds no budgets.`);
  return Object.fromEntries(
    Object.entries(read).map(([address, budget]: [string, unknown]) => {
      if (typeof budget !== 'number') throw new Error(`${FILE}: the budget of ${address} is no number.`);
      return [address, budget];
    }),
  );
}

function writeBudgets(): number {
  const pages = pageSizes(DIST);
  const budgets = pages.map((page) => [page.address, Math.round(totalBytes(page) / KILOBYTE)]);
  writeFileSync(FILE, `${JSON.stringify(Object.fromEntries(budgets), null, 2)}\n`);
  return pages.length;
}

function partsOf({ bytes }: PageSize): string {
  return Object.entries(bytes)
    .map(([part, size]) => `${part} ${kilobytes(size)}`)
    .join(', ');
}

function kilobytes(bytes: number): string {
  return `${(bytes / KILOBYTE).toFixed(1)} kB`;
}

function main(words: readonly string[]): number {
  const unknown = words.find((word) => word !== '--write');
  if (unknown !== undefined) {
    console.error(`"${unknown}" is not known here: npm run budgets, or npm run budgets -- --write.`);
    return 2;
  }
  if (words.length > 0) {
    console.log(`${writeBudgets()} budgets written.`);
    return 0;
  }
  const { kept, broken, loose } = checkBudgets();
  for (const line of [...broken, ...loose]) console.log(line);
  console.log(`${kept} pages within their budgets, ${broken.length} not`);
  return broken.length > 0 ? 1 : 0;
}

if (import.meta.main) process.exitCode = main(process.argv.slice(2));
