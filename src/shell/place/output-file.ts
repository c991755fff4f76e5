/** Whether a program may open a file to write to, as fopen(3) tells it. */
import type { CommandContext } from '../command.ts';

/** Returns the kernel's words where the file cannot be opened for writing; null where it can. */
export async function openProblem(
  { kindOf }: Pick<CommandContext, 'kindOf'>,
  path: string,
): Promise<'No such file or directory' | 'Not a directory' | 'Is a directory' | null> {
  if (kindOf === undefined) return null;
  if (path === '' || path.endsWith('/')) return path === '' ? 'No such file or directory' : 'Is a directory';
  if ((await kindOf(path)) === 'folder') return 'Is a directory';
  const slash = path.lastIndexOf('/');
  if (slash <= 0) return null;
  const folder = await kindOf(path.slice(0, slash));
  if (folder === 'file') return 'Not a directory';
  return folder === null ? 'No such file or directory' : null;
}
