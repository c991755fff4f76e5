/** tar on a VM, for the one archive that nobody made here; anything else is the everyday tar's. */
import { changeSoftware } from '../../model/azure/machine-software.ts';
import type { Cloud } from '../../model/cloud.ts';
import { MITMPROXY_PACKAGE } from './mitmproxy-package.ts';
import { TARBALL_PROGRAMS, tarballVersion } from './mitmproxy-tarball.ts';

export interface TarFiles {
  readonly read: (path: string) => Promise<string | null>;
  readonly write: (path: string, text: string) => Promise<void>;
  readonly resolve: (path: string) => string;
}

export interface TarResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
  readonly cloud: Cloud | null;
}

/** Returns what tar does with mitmproxy's archive; null if it is asked for anything else. */
export async function tarOnMachine(
  args: readonly string[],
  cloud: Cloud,
  vmId: string,
  user: string,
  files: TarFiles,
): Promise<TarResult | null> {
  const words = readWords(args);
  if (words.archive === null) return null;
  const text = await files.read(words.archive);
  const version = text === null ? null : tarballVersion(text);
  if (version === null) return null;
  const list = (names: readonly string[]) => names.map((name) => `${name}\n`).join('');
  if (words.does === 'list') return { stdout: list(TARBALL_PROGRAMS), stderr: '', exitCode: 0, cloud: null };
  if (words.does !== 'extract') return null;
  const folder = files.resolve(words.folder).replace(/\/$/, '');
  const unknown = words.members.find((name) => !TARBALL_PROGRAMS.some((each) => each === name));
  if (unknown !== undefined) {
    const stderr = `tar: ${unknown}: Not found in archive\ntar: Exiting with failure status due to previous errors\n`;
    return { stdout: '', stderr, exitCode: 2, cloud: null };
  }
  if (user !== 'root' && !/^\/(?:home|tmp)\b/.test(folder)) {
    const lines = TARBALL_PROGRAMS.map((name) => `tar: ${name}: Cannot open: Permission denied\n`).join('');
    const stderr = `${lines}tar: Exiting with failure status due to previous errors\n`;
    return { stdout: '', stderr, exitCode: 2, cloud: null };
  }
  if (!['/usr/local/bin', '/usr/bin', '/bin', '/usr/local/sbin'].includes(folder)) {
    const stderr = `tar: unpacking mitmproxy's programs to ${folder}, where the shell does not look for programs, is not simulated in this workbook (use -C /usr/local/bin)\n`;
    return { stdout: '', stderr, exitCode: 2, cloud: null };
  }
  if (folder.startsWith('/usr/local')) {
    for (const name of TARBALL_PROGRAMS)
      await files.write(`${folder}/${name}`, `${name} ${version}, a program of its own\n`);
  }
  return {
    stdout: words.verbose ? list(TARBALL_PROGRAMS) : '',
    stderr: '',
    exitCode: 0,
    cloud: changeSoftware(cloud, vmId, ({ packages }) => ({
      packages: { ...packages, [MITMPROXY_PACKAGE]: `${version} standalone` },
    })),
  };
}

interface Words {
  readonly does: 'extract' | 'list' | 'other';
  readonly archive: string | null;
  readonly folder: string;
  readonly verbose: boolean;
  readonly members: readonly string[];
}

/** `-xzf FILE -C FOLDER`, `xzf FILE`, `--extract --file=FILE --directory=FOLDER`. */
function readWords(args: readonly string[]): Words {
  let does: Words['does'] = 'other';
  let archive: string | null = null;
  let folder = '.';
  let verbose = false;
  const members: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (arg.startsWith('--')) {
      const [name = '', value] = arg.split(/=(.*)/s);
      if (name === '--extract' || name === '--get') does = 'extract';
      else if (name === '--list') does = 'list';
      else if (name === '--verbose') verbose = true;
      else if (name === '--file') archive = value ?? args[++at] ?? null;
      else if (name === '--directory') folder = value ?? args[++at] ?? '.';
    } else if (arg.startsWith('-') || at === 0) {
      const letters = arg.replace(/^-/, '');
      for (let i = 0; i < letters.length; i++) {
        const letter = letters[i] ?? '';
        const rest = arg.startsWith('-') ? letters.slice(i + 1) : '';
        if (letter === 'x') does = 'extract';
        else if (letter === 't') does = 'list';
        else if (letter === 'v') verbose = true;
        else if (letter === 'f' || letter === 'C') {
          const value = rest === '' ? (args[++at] ?? '') : rest;
          if (letter === 'f') archive = value;
          else folder = value;
          if (rest !== '') break;
        }
      }
    } else members.push(arg.replace(/^\.\//, ''));
  }
  return { does, archive, folder, verbose, members };
}
