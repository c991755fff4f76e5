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

/** What fits beside the prompt on a page of full width. */
const WIDEST = 82;

/**
 * A command of one long line, continued on further lines before its options and pipes, so that none of
 * it has to be scrolled for. An argument stays with its option; what the author has broken stays.
 */
export function foldedCommand(text: string): string {
  if (text.includes('\n') || text.length <= WIDEST || text.includes('<<')) return text;
  const lines: string[] = [];
  let line = '';
  for (const piece of pieces(text)) {
    const longer = `${line} ${piece}`;
    if (line === '' || longer.length + 2 <= WIDEST) {
      line = line === '' ? piece : longer;
    } else {
      lines.push(`${line} \\`);
      line = `  ${piece}`;
    }
  }
  return [...lines, line].join('\n');
}

/** The command cut before its options and pipes, quotes unharmed. */
function pieces(text: string): readonly string[] {
  const found: string[] = [];
  let from = 0;
  let quote = '';
  /** Behind a pipe a short program and its options are one piece. */
  let end = /^ (-{1,2}[a-zA-Z]|-- |\| |2>|&& )/;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at] ?? '';
    if (quote !== '') {
      if (sign === quote) quote = '';
    } else if (sign === '"' || sign === "'") {
      quote = sign;
    } else if (sign === ' ' && end.test(text.slice(at, at + 4))) {
      if (text[at + 1] === '|') end = /^ (\||&&) /;
      found.push(text.slice(from, at));
      from = at + 1;
    }
  }
  return [...found, text.slice(from)];
}

/** Lines without the indentation of the page, which a block has that starts on a line of its own. */
function dedented(source: string): readonly string[] {
  const lines = source.replaceAll('\t', '  ').split('\n');
  const depthOf = (line: string): number => line.length - line.trimStart().length;
  const written = lines.filter((line) => line.trim() !== '');
  const depth = lines[0]?.trim() === '' && written.length > 0 ? Math.min(...written.map(depthOf)) : 0;
  return lines.map((line) => line.slice(Math.min(depth, depthOf(line))).trimEnd());
}
