/** Reports whether bash would go on reading: open quotes, a backslash, a pipe, a here-document, a block. */
export function isUnfinished(source: string): boolean {
  if (/(^|[^\\])(\\\\)*\\$/.test(source) || /(\||&&)\s*$/.test(source)) return true;
  const heredoc = /<<-?\s*(['"]?)(\w+)\1/.exec(source);
  if (heredoc?.[2] !== undefined) {
    const body = source.slice(heredoc.index).split('\n').slice(1);
    if (!body.some((line) => line.trim() === heredoc[2])) return true;
  }
  const bare = heredoc === null ? source : source.slice(0, heredoc.index);
  const unquoted = bare.replaceAll(/\\./gs, '').replaceAll(/'[^']*'|"[^"]*"/gs, '');
  if (/['"]/.test(unquoted)) return true;
  const words = unquoted.replaceAll(/(^|\s)#.*$/gm, '').split(/[\s;]+/);
  const count = (word: string) => words.filter((each) => each === word).length;
  return (
    count('if') > count('fi') ||
    count('do') > count('done') ||
    count('case') > count('esac') ||
    count('{') > count('}')
  );
}
