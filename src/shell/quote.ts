import type { Command } from 'just-bash';

/** Standard input as one character per byte; the type is opaque so that nobody takes it for text. */
export function bytesOf(stdin: Parameters<Command['execute']>[1]['stdin']): string {
  // A byte string is a plain string underneath (just-bash, encoding.ts).
  return stdin as unknown as string;
}

/** Returns the word as bash would have to read it to get the same text back. */
export function quoteWord(word: string): string {
  if (word !== '' && /^[\w@%+=:,./-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", "'\\''")}'`;
}
