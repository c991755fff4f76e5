/** Cuts what an author writes in a `Transcript` into the commands that a learner would type one by one. */
export interface WrittenCommand {
  /** Comment lines that stand before the command, with their `#`. */
  readonly comments: readonly string[];
  readonly text: string;
}

/**
 * A command ends with its line, unless the line ends with a backslash or opens a here-document.
 * Blank lines are dropped; comments behind the last command are an author's mistake and throw.
 */
export function writtenCommands(source: string): readonly WrittenCommand[] {
  const commands: WrittenCommand[] = [];
  const lines = dedented(source);
  let comments: string[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const first = lines[at] ?? '';
    if (first.trim() === '') continue;
    if (first.trimStart().startsWith('#')) {
      comments.push(first.trim());
      continue;
    }
    const text = [first];
    const delimiter = /<<-?\s*(['"]?)(\w+)\1/.exec(first)?.[2];
    const isOpen = (): boolean =>
      delimiter === undefined ? (text.at(-1) ?? '').endsWith('\\') : text.at(-1)?.trim() !== delimiter;
    while (isOpen() && at + 1 < lines.length) {
      at += 1;
      text.push(lines[at] ?? '');
    }
    commands.push({ comments, text: text.join('\n') });
    comments = [];
  }
  if (comments.length > 0) throw new Error(`No command follows the comment "${comments[0] ?? ''}".`);
  return commands;
}

/** Lines without the indentation of the page, which a block has that starts on a line of its own. */
function dedented(source: string): readonly string[] {
  const lines = source.replaceAll('\t', '  ').split('\n');
  const depthOf = (line: string): number => line.length - line.trimStart().length;
  const written = lines.filter((line) => line.trim() !== '');
  const depth = lines[0]?.trim() === '' && written.length > 0 ? Math.min(...written.map(depthOf)) : 0;
  return lines.map((line) => line.slice(Math.min(depth, depthOf(line))).trimEnd());
}
