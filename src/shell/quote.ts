import type { Command } from 'just-bash';

/** Standard input as one character per byte; the type is opaque so that nobody takes it for text. */
export function bytesOf(stdin: Parameters<Command['execute']>[1]['stdin']): string {
  // A byte string is a plain string underneath (just-bash, encoding.ts).
  return stdin as unknown as string;
}

/** Pipelines carry one byte per character; text beyond ASCII arrives split. */
export function decodeUtf8(bytes: string): string {
  if (!/[\u0080-\u00ff]/.test(bytes)) return bytes;
  return new TextDecoder().decode(Uint8Array.from(bytes, (character) => character.charCodeAt(0)));
}

/** Returns the word as bash would have to read it to get the same text back. */
export function quoteWord(word: string): string {
  if (word !== '' && /^[\w@%+=:,./-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", "'\\''")}'`;
}
