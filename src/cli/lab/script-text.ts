/** An editor on Windows begins files and ends lines in ways that bash does not know. */
export function scriptText(text: string): string {
  return text.replace(/^\ufeff/, '').replaceAll('\r\n', '\n');
}
