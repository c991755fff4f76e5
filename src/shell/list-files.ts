/** `ls -l`: just-bash's own has one mode and one owner for all files, and the dates of the machine it runs on. */
import type { IFileSystem } from 'just-bash';

export interface Listing {
  readonly fs: IFileSystem;
  readonly cwd: string;
  /** Seconds since the epoch. */
  readonly now: number;
  /** Whose the files in a home are, by the home; all others are root's. */
  readonly homes: Readonly<Record<string, string>>;
  readonly style: 'gnu' | 'busybox';
}

export interface Listed {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

const FLAGS = /^-[lahAd1rtSn]+$/;
const LONG: Readonly<Record<string, string>> = {
  '--all': 'a',
  '--almost-all': 'A',
  '--directory': 'd',
  '--human-readable': 'h',
  '--reverse': 'r',
};

/** Returns what `ls` with these arguments prints; null for one that is not long, or with other flags. */
export async function listLong(args: readonly string[], listing: Listing): Promise<Listed | null> {
  const words = args.map((arg) => (LONG[arg] === undefined ? arg : `-${LONG[arg]}`));
  const flags = words.filter((word) => word.startsWith('-') && word !== '-').join('');
  if (!flags.includes('l') || words.some((word) => word.startsWith('-') && !FLAGS.test(word))) return null;
  const operands = words.filter((word) => !word.startsWith('-'));
  const shown = operands.length === 0 ? ['.'] : operands.toSorted(byName);
  const files: Entry[] = [];
  const folders: string[] = [];
  let stderr = '';
  for (const operand of shown) {
    const entry = await entryOf(operand, operand, listing);
    if (entry === null)
      stderr +=
        listing.style === 'gnu'
          ? `ls: cannot access '${operand}': No such file or directory\n`
          : `ls: ${operand}: No such file or directory\n`;
    else if (entry.isFolder && !flags.includes('d')) folders.push(operand);
    else files.push(entry);
  }
  const parts: string[] = files.length === 0 ? [] : [rows(sorted(files, flags), flags, listing)];
  for (const folder of folders) {
    const inside = await entriesOf(folder, flags, listing);
    const blocks = inside.reduce((sum, each) => sum + blocksOf(each), 0);
    const heading = shown.length > 1 ? `${folder}:\n` : '';
    parts.push(`${heading}total ${blocks}\n${rows(sorted(inside, flags), flags, listing)}`);
  }
  const exitCode = stderr === '' ? 0 : listing.style === 'gnu' ? 2 : 1;
  return { stdout: parts.join('\n'), stderr, exitCode };
}

interface Entry {
  readonly name: string;
  readonly path: string;
  readonly isFolder: boolean;
  readonly link: string | null;
  readonly mode: number;
  readonly size: number;
  readonly links: number;
  /** Seconds since the epoch. */
  readonly changed: number;
}

const FOLDER_SIZE = 4096;
/** What a package or an archive put where programs are. To just-bash a file that may be executed is a script. */
const PROGRAM = /^\/(usr\/(local\/)?)?s?bin\/[^/]+$/;

async function entryOf(name: string, path: string, { fs, cwd }: Listing): Promise<Entry | null> {
  const absolute = fs.resolvePath(cwd, path);
  try {
    const stat = await fs.lstat(absolute);
    const link = stat.isSymbolicLink ? await fs.readlink(absolute) : null;
    const folders = stat.isDirectory ? await foldersIn(fs, absolute) : 0;
    return {
      name,
      path: absolute,
      isFolder: stat.isDirectory,
      link,
      mode: link !== null ? 0o777 : PROGRAM.test(absolute) ? stat.mode | 0o111 : stat.mode,
      size: stat.isDirectory ? FOLDER_SIZE : link === null ? stat.size : link.length,
      links: stat.isDirectory ? folders + 2 : 1,
      changed: stat.mtime.getTime() / 1000,
    };
  } catch {
    return null;
  }
}

async function foldersIn(fs: IFileSystem, folder: string): Promise<number> {
  const entries = (await fs.readdirWithFileTypes?.(folder)) ?? [];
  return entries.filter((each) => each.isDirectory).length;
}

async function entriesOf(folder: string, flags: string, listing: Listing): Promise<readonly Entry[]> {
  const absolute = listing.fs.resolvePath(listing.cwd, folder);
  const all = await listing.fs.readdir(absolute);
  const isAll = /[aA]/.test(flags);
  const names = [
    ...(flags.includes('a') ? ['.', '..'] : []),
    ...all.filter((each) => isAll || !each.startsWith('.')),
  ];
  const entries = await Promise.all(
    names.map((name) => entryOf(name, listing.fs.resolvePath(absolute, name), listing)),
  );
  return entries.filter((each) => each !== null);
}

/** As the C locale sorts. */
const byName = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function sorted(entries: readonly Entry[], flags: string): readonly Entry[] {
  const ordered = entries.toSorted((a, b) => {
    const first = flags.includes('t') ? b.changed - a.changed : flags.includes('S') ? b.size - a.size : 0;
    return first === 0 ? byName(a.name, b.name) : first;
  });
  return flags.includes('r') ? ordered.toReversed() : ordered;
}

/** In units of a kilobyte, of blocks of four. */
function blocksOf({ size, link }: Entry): number {
  return link === null ? Math.ceil(size / 4096) * 4 : 0;
}

function rows(entries: readonly Entry[], flags: string, listing: Listing): string {
  const cells = entries.map((each) => {
    const owner = ownerOf(each.path, listing);
    return {
      mode: modeText(each),
      links: String(each.links),
      owner: flags.includes('n') ? (owner === 'root' ? '0' : '1000') : owner,
      size: flags.includes('h') ? human(each.size) : String(each.size),
      date: dateText(each.changed, listing.now),
      name: each.link === null ? each.name : `${each.name} -> ${each.link}`,
    };
  });
  const widest = (key: 'links' | 'owner' | 'size'): number =>
    Math.max(0, ...cells.map((each) => each[key].length));
  const [links, owner, size] = [widest('links'), widest('owner'), widest('size')];
  return cells
    .map((each) =>
      listing.style === 'gnu'
        ? `${each.mode} ${each.links.padStart(links)} ${each.owner.padEnd(owner)} ${each.owner.padEnd(owner)} ${each.size.padStart(size)} ${each.date} ${each.name}\n`
        : `${each.mode} ${each.links.padStart(4)} ${each.owner.padEnd(8)} ${each.owner.padEnd(8)} ${each.size.padStart(9)} ${each.date} ${each.name}\n`,
    )
    .join('');
}

function ownerOf(path: string, { homes }: Listing): string {
  const home = Object.keys(homes).find((each) => path === each || path.startsWith(`${each}/`));
  return home === undefined ? 'root' : (homes[home] ?? 'root');
}

function modeText({ isFolder, link, mode }: Entry): string {
  const bits = [6, 3, 0].flatMap((shift) => {
    const three = mode >> shift;
    return [three & 4 ? 'r' : '-', three & 2 ? 'w' : '-', three & 1 ? 'x' : '-'];
  });
  return `${isFolder ? 'd' : link === null ? '-' : 'l'}${bits.join('')}`;
}

function human(size: number): string {
  let shown = size;
  for (const unit of ['', 'K', 'M', 'G']) {
    if (shown < 1024 || unit === 'G')
      return unit === ''
        ? String(shown)
        : `${shown < 9.95 ? (Math.ceil(shown * 10) / 10).toFixed(1) : Math.ceil(shown)}${unit}`;
    shown /= 1024;
  }
  return String(size);
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** Half a year, as ls counts it: what is older, or to come, is shown with its year. */
const RECENT_SECONDS = 31_556_952 / 2;

function dateText(seconds: number, now: number): string {
  const date = new Date(seconds * 1000);
  const day = `${MONTHS[date.getUTCMonth()] ?? ''} ${String(date.getUTCDate()).padStart(2)}`;
  const isRecent = seconds <= now && now - seconds < RECENT_SECONDS;
  return `${day} ${isRecent ? date.toISOString().slice(11, 16) : String(date.getUTCFullYear()).padStart(5)}`;
}
