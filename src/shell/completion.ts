import type { Cloud } from '../model/cloud.ts';
import type { PlaceShell } from './place-shell.ts';

export interface Completion {
  /** Where in the line the word to replace begins. */
  readonly from: number;
  readonly candidates: readonly string[];
}

const KEYWORDS = ['cd', 'exit', 'export', 'echo'];

/** Returns what Tab offers at the end of the line: commands, their words and flags, or files. */
export async function completeLine(line: string, shell: PlaceShell, cloud: Cloud): Promise<Completion> {
  const command = line.slice(Math.max(...[...line.matchAll(/[|;&(]/g)].map((match) => match.index + 1), 0));
  const words = command.trimStart().split(/\s+/);
  const word = words.at(-1) ?? '';
  const from = line.length - word.length;
  const before = words.slice(0, -1);
  const offer = (candidates: readonly string[]): Completion => ({
    from,
    candidates: [...new Set(candidates)].filter((candidate) => candidate.startsWith(word)).sort(),
  });
  if (before.length === 0) return offer([...(await commandNames(shell)), ...KEYWORDS]);
  if (before[0] === 'kubectl' || before[0] === 'k') {
    const { completeKubectl } = await import('./kubectl/completion.ts');
    const kubeconfig = await shell.files.readFile(`${shell.setup.home}/.kube/config`).catch(() => null);
    const candidates = completeKubectl(cloud, kubeconfig, before.slice(1), word);
    if (candidates !== null) return offer(candidates);
  }
  if (before[0] === 'az') {
    const { completeAz } = await import('./az-completion.ts');
    const candidates = completeAz(cloud, before.slice(1), word);
    if (candidates.length > 0) return offer(candidates);
  }
  return offer(await fileNames(shell, word));
}

async function commandNames(shell: PlaceShell): Promise<readonly string[]> {
  const names = await shell.files.readdir('/usr/bin').catch(() => []);
  return names.filter((name) => !name.startsWith('__'));
}

async function fileNames(shell: PlaceShell, word: string): Promise<readonly string[]> {
  const folder = word.slice(0, word.lastIndexOf('/') + 1);
  const path = shell.files.resolvePath(shell.cwd, folder.replace(/^~\//, `${shell.setup.home}/`) || '.');
  const entries = (await shell.files.readdirWithFileTypes?.(path).catch(() => [])) ?? [];
  return entries
    .filter((entry) => !entry.name.startsWith('.') || word.slice(folder.length).startsWith('.'))
    .map((entry) => `${folder}${entry.name}${entry.isDirectory ? '/' : ''}`);
}
