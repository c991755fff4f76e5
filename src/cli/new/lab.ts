import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { similarNames } from '../../lab/similar-names.ts';
import { labIds, readLab } from '../lab/folder.ts';
import { UsageError } from '../lab/usage-error.ts';
import { templatesIn, writeTemplate } from './made-files.ts';
import { goodName, goodTitle, numberless, titleOf } from './names.ts';

export interface LabAsk {
  readonly name: string;
  readonly title: string | undefined;
  /** The folder of its module in `content/`; its number may be left out. */
  readonly module: string | undefined;
}

/** The seeds of the template: no name of a lab may tell one. */
const SEEDS = ['amber', 'birch'];

/** Makes a lab that passes its proofs, to be changed. Returns the files, below `root`. Throws `UsageError`. */
export async function newLab(root: string, { name, title, module }: LabAsk): Promise<readonly string[]> {
  const lab = goodName(name);
  const shown = title === undefined ? titleOf(lab) : goodTitle(title);
  const told = SEEDS.find((seed) => `${lab} ${shown}`.toLowerCase().includes(seed));
  if (told !== undefined) throw new UsageError(`'${told}' is the name of a variation. Choose another name.`);
  const labs = join(root, 'labs');
  if (existsSync(join(labs, lab))) {
    throw new UsageError(`labs/${lab} exists; nothing was changed. Choose another name.`);
  }
  const folder = moduleNamed(join(root, 'content'), lab, module);
  const words = { NAME: lab, TITLE: shown, MODULE: folder, ORDER: String(await nextOrder(labs, folder)) };
  return templatesIn('lab').map((file) => {
    const made = `labs/${lab}/${file}`;
    writeTemplate(`lab/${file}`, join(root, made), words);
    return made;
  });
}

function moduleNamed(content: string, lab: string, asked: string | undefined): string {
  const modules = readdirSync(content, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && /^\d+-/.test(entry.name))
    .map(({ name }) => name)
    .sort();
  const list = `one of:\n  ${modules.join('\n  ')}`;
  if (asked === undefined) {
    throw new UsageError(
      `Which module? npm run -s new -- lab ${lab} --module MODULE, where MODULE is ${list}`,
    );
  }
  const found = modules.find((module) => module === asked || numberless(module) === numberless(asked));
  if (found !== undefined) return found;
  const similar = similarNames(asked, modules.map(numberless));
  throw new UsageError(
    `There is no module '${asked}'. ${similar.length > 0 ? `Did you mean ${similar.join(' or ')}?` : `It is ${list}`}`,
  );
}

async function nextOrder(labs: string, module: string): Promise<number> {
  const sources = await Promise.all(labIds(labs).map((id) => readLab(id, labs)));
  const orders = sources.filter(({ lab }) => lab.module === module).map(({ lab }) => lab.order);
  return Math.max(0, ...orders) + 1;
}
