/** An editor on Windows begins files and ends lines in ways that bash does not know. */
export function scriptText(text: string): string {
  return text.replace(/^\ufeff/, '').replaceAll('\r\n', '\n');
}

/** Says why a file is no script, if it is none: bash text has no NUL, and UTF-16 and archives have many. */
export function whyNoText(text: string): string | null {
  return text.includes('\0') ? 'it is no text in UTF-8: save it as UTF-8, not as UTF-16 or packed' : null;
}
