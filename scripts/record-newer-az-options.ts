/**
 * Looks up in azure-cli's release notes which version brought each option that the tables declare with
 * `since`, and writes what it finds:
 *
 *     node scripts/record-newer-az-options.ts release-notes-azure-cli.md
 *
 * The page is https://github.com/MicrosoftDocs/azure-docs-cli, docs-ref-conceptual/Latest-version.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import recorded from '../tests/fixtures/az-options.json' with { type: 'json' };
import { NEWER_OPTIONS } from '../tests/support/newer-az-options.ts';

const FILE = fileURLToPath(new URL('../tests/fixtures/az-newer-options.json', import.meta.url));

interface Note {
  readonly version: string;
  readonly text: string;
}

function notesOf(page: string): readonly Note[] {
  const notes: Note[] = [];
  let version = '';
  for (const line of page.split('\n')) {
    version = /^Version (\d+\.\d+\.\d+)/.exec(line)?.[1] ?? version;
    // Other notes speak of options that are there already.
    if (line.startsWith('* ') && /\bAdd(ed)?\b/.test(line))
      notes.push({ version, text: line.slice(2).trim() });
  }
  // The page begins with the latest version.
  return notes.reverse();
}

function isLater(version: string, than: string): boolean {
  return version.localeCompare(than, 'en', { numeric: true }) > 0;
}

/** `az aks create/update` names two commands, `az aks nodepool` a whole group. */
function isAbout(text: string, command: string): boolean {
  return [...text.matchAll(/`(?:az )?([a-z][^`]*)`/g)].some(([, named = '']) => {
    const words = named.split(' ');
    const group = words.slice(0, -1).join(' ');
    const verbs = (words.at(-1) ?? '').split('/');
    return command.startsWith(`${named} `) || verbs.some((verb) => command === `${group} ${verb}`.trim());
  });
}

function namesOneOf(text: string, options: readonly string[]): boolean {
  return options.some((option) => new RegExp(`\`${option}[\`/ ]|/${option}\``).test(text));
}

const [path] = process.argv.slice(2);
if (path === undefined) {
  console.error('usage: node scripts/record-newer-az-options.ts RELEASE-NOTES.md');
  process.exit(2);
}
const page = readFileSync(path, 'utf8');
const notes = notesOf(page).filter(({ version }) => isLater(version, recorded.azureCli));
const rows = NEWER_OPTIONS.map(({ command, names, since }) => {
  const said = notes.find(({ text }) => namesOneOf(text, names) && isAbout(text, command));
  if (said !== undefined && said.version !== since) {
    console.error(`${command} ${names.join(' ')}: since ${since}, but ${said.version} says: ${said.text}`);
  }
  return { command, names, since: said?.version ?? null, note: said?.text ?? null };
});
const head = {
  azureCli: recorded.azureCli,
  source: 'https://learn.microsoft.com/cli/azure/release-notes-azure-cli',
  upTo: /^Version (\S+)/m.exec(page)?.[1] ?? '',
  recorded: new Date().toISOString().slice(0, 10),
};
const lines = rows.map((row) => JSON.stringify(row));
writeFileSync(FILE, `${JSON.stringify(head).slice(0, -1)},"options":[\n${lines.join(',\n')}\n]}\n`);
console.log(`${rows.length} options, ${rows.filter(({ note }) => note === null).length} without a note`);
