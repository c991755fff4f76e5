/** Words of a command line that somebody copies into a shell. */

/** Returns a word so that a shell takes it as it is: quoted, unless nothing in it means something to a shell. */
export function shellWord(word: string): string {
  return /^[\w.,:/+=@%-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** Returns a name that is known as such a word, or else the shell's variable that stands for it. */
export function shellWordOr(name: string | null | undefined, variable: string): string {
  return name === null || name === undefined ? variable : shellWord(name);
}
