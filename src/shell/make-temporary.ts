/** `mktemp` of GNU coreutils: just-bash has none, and scripts keep what they generate in such files. */
import { drawSuffix } from '../model/chance.ts';
import type { World } from './world.ts';
import { answer, failure, type Run } from './run-words.ts';

const TRY = "Try 'mktemp --help' for more information.\n";
const FEWEST_PLACES = 3;

interface Wanted {
  readonly kind: 'file' | 'directory';
  readonly isDry: boolean;
  /** Where the template is put under; null for the template as it stands. */
  readonly folder: string | null;
  readonly template: string;
}

/** `mktemp [-d] [-u] [-q] [-t] [-p DIR] [TEMPLATE]`. Names follow from the seed, so that a script runs the same again. */
export function mktemp({ cloud }: World): Run {
  return async (args, { fs, cwd, env }) => {
    const read = readMktemp(args, env.get('TMPDIR') ?? '/tmp');
    if (typeof read === 'string') return failure(read);
    const { kind, isDry, folder, template } = read;
    const places = /X+(?=[^X/]*$)/.exec(template);
    if (places === null || places[0].length < FEWEST_PLACES) {
      return failure(`mktemp: too few X's in template ‘${template}’\n`);
    }
    const [head, tail] = [template.slice(0, places.index), template.slice(places.index + places[0].length)];
    for (let turn = 0; ; turn++) {
      const drawn = drawSuffix(cloud, `temporary/${template}/${turn}`, places[0].length);
      const shown = `${folder === null ? '' : `${folder.replace(/(.)\/+$/, '$1')}/`}${head}${drawn}${tail}`;
      const path = fs.resolvePath(cwd, shown);
      if (await fs.exists(path)) continue;
      if (!(await fs.exists(fs.resolvePath(path, '..')))) {
        const through = shown.replace(drawn, places[0]);
        return failure(
          `mktemp: failed to create ${kind} via template ‘${through}’: No such file or directory\n`,
        );
      }
      if (!isDry) await (kind === 'file' ? fs.writeFile(path, '') : fs.mkdir(path));
      return answer(`${shown}\n`);
    }
  };
}

/** Returns what the words ask for, or what mktemp says of them. */
function readMktemp(args: readonly string[], usual: string): Wanted | string {
  let [kind, isDry, folder]: [Wanted['kind'], boolean, string | null] = ['file', false, null];
  const templates: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    const [, long] = /^--tmpdir(?:=(.*))?$/s.exec(arg) ?? [];
    if (arg === '--directory') kind = 'directory';
    else if (arg === '--dry-run') isDry = true;
    else if (arg === '--quiet') continue;
    else if (arg.startsWith('--tmpdir')) folder = long ?? usual;
    else if (/^-[duqt]*p/.test(arg)) {
      if (arg.includes('d')) kind = 'directory';
      const glued = arg.slice(arg.indexOf('p') + 1);
      const given = glued === '' ? args[++at] : glued;
      if (given === undefined) return `mktemp: option requires an argument -- 'p'\n${TRY}`;
      folder = given;
    } else if (/^-[duqt]+$/.test(arg)) {
      if (arg.includes('d')) kind = 'directory';
      if (arg.includes('u')) isDry = true;
      if (arg.includes('t')) folder ??= usual;
    } else if (/^-./.test(arg)) return `mktemp: the option ${arg} is not simulated in this workbook\n`;
    else templates.push(arg);
  }
  if (templates.length > 1) return `mktemp: too many templates\n${TRY}`;
  const [template] = templates;
  if (template === undefined) return { kind, isDry, folder: folder ?? usual, template: 'tmp.XXXXXXXXXX' };
  if (folder !== null && template.startsWith('/')) {
    return `mktemp: invalid template, ‘${template}’; with --tmpdir, it may not be absolute\n`;
  }
  return { kind, isDry, folder, template };
}
