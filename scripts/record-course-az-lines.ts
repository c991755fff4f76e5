/** Asks the installed azure-cli about every `az` line of the course and writes what it says; offline. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { extensionCommandOf } from '../tests/support/az-extensions.ts';
import { completed, shapeKey, shapeOf, withoutDrawn } from '../tests/support/az-line-shape.ts';
import { courseAzLines } from '../tests/support/course-az-lines.ts';
import { newerOptionsIn, withoutNewerOptions } from '../tests/support/newer-az-options.ts';
import { askRealAz, findRealAz } from '../tests/support/real-az.ts';

const FILE = fileURLToPath(new URL('../tests/fixtures/course-az-lines.json', import.meta.url));

const az = findRealAz();
if (az === null) {
  console.error(
    'record-course-az-lines: no azure-cli here; install it, for example with apt-get install azure-cli',
  );
  process.exit(1);
}
// The installed azure-cli has no extension: their lines are held to tables (tests/support/az-extensions.ts).
const own = (await courseAzLines()).filter(({ words }) => extensionCommandOf(words) === null);
const lines = own.flatMap(({ words, kind }) => {
  const line = (kind === 'mention' ? completed(words) : words).map(withoutDrawn);
  // An unknown option hides what is wrong with the others, so the line is asked without it as well.
  return newerOptionsIn(line).length > 0 ? [line, withoutNewerOptions(line)] : [line];
});
const byShape = new Map(lines.toReversed().map((words) => [shapeKey(shapeOf(words)), words]));
const asked = [...byShape.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, words]) => words);
const verdicts = askRealAz(az, asked);
const answered = new Map(verdicts.map((verdict) => [JSON.stringify(verdict.words), verdict]));
const rows = asked.map((words) => {
  const verdict = answered.get(JSON.stringify(words));
  return JSON.stringify({ words, exit: verdict?.exit ?? null, error: verdict?.error ?? null });
});
const head = { azureCli: az.version, recorded: new Date().toISOString().slice(0, 10) };
writeFileSync(FILE, `${JSON.stringify(head).slice(0, -1)},"lines":[\n${rows.join(',\n')}\n]}\n`);
const refused = verdicts.filter(({ exit }) => exit !== 0);
console.log(
  `azure-cli ${az.version}: ${asked.length} shapes of ${lines.length} lines; ${verdicts.length - refused.length} parse, ${refused.length} are refused, ${asked.length - verdicts.length} without a verdict`,
);
for (const { words, error } of refused) console.log(`  az ${words.join(' ')}\n    ${error ?? ''}`);
