/** Reports whether bash would go on reading: open quotes, a backslash, a pipe, a here-document, a block. */
export function isUnfinished(source: string): boolean {
  const scanned = new Scanner(source).scan();
  if (scanned === null || /(\||&&)\s*$/.test(scanned)) return true;
  const words = scanned.split(/[\s;]+/);
  const count = (word: string) => words.filter((each) => each === word).length;
  return (
    count('if') > count('fi') ||
    count('do') > count('done') ||
    count('case') > count('esac') ||
    count('{') > count('}')
  );
}

interface HereDocument {
  readonly delimiter: string;
  /** `<<-` takes tabs away in front of the delimiter. */
  readonly indented: boolean;
}

/** Reads source as far as quotes, substitutions, comments and here-documents go. */
class Scanner {
  readonly #source: string;
  #at = 0;
  #bare = '';
  #pending: HereDocument[] = [];

  constructor(source: string) {
    this.#source = source;
  }

  /** Returns what stands outside of quotes, substitutions, comments and here-documents; null if one of them is open. */
  scan(): string | null {
    const isWhole = this.#commands('end');
    return isWhole && this.#pending.length === 0 ? this.#bare : null;
  }

  /** Commands up to the end of the source or the bracket of a substitution; false if that never comes. */
  #commands(until: 'end' | ')'): boolean {
    let depth = 0;
    for (; this.#at < this.#source.length; this.#at++) {
      const rest = this.#source.slice(this.#at);
      const char = rest[0] ?? '';
      if (char === ')' && until === ')' && depth === 0) return true;
      const arithmetic = /^\$?\(\((?:[^()]|\([^()]*\))*\)\)/.exec(rest)?.[0];
      if (arithmetic === undefined && char === '(') depth++;
      if (char === ')') depth--;
      const document = /^<<(-?)[ \t]*(?:'([^'\n]*)'|"([^"\n]*)"|\\?([^\s;|&<>()'"\\]+))/.exec(rest);
      if (arithmetic !== undefined) this.#skip(arithmetic.length);
      else if (rest.startsWith('<<<')) this.#at += 2;
      else if (document !== null) {
        this.#pending.push({
          delimiter: document[2] ?? document[3] ?? document[4] ?? '',
          indented: document[1] === '-',
        });
        this.#skip(document[0].length);
      } else if (char === '\\') {
        if (rest.length === 1) return false;
        this.#at++;
      } else if (char === '#' && /(^|[\s;&|(])$/.test(this.#source.slice(0, this.#at))) {
        this.#skip(/^[^\n]*/.exec(rest)?.[0].length ?? 1);
      } else if (!this.#quoted(char, rest)) return false;
      else if (char === '\n' && !this.#documents()) return false;
    }
    return until === 'end';
  }

  /** Goes over what a quote or a substitution opens; any other character is as bare as it stands. */
  #quoted(char: string, rest: string): boolean {
    if (char === "'") return this.#to("'");
    if (char === '"') return this.#double();
    if (rest.startsWith('$(')) {
      this.#at += 2;
      const outer = this.#bare;
      const isWhole = this.#commands(')');
      this.#bare = outer;
      return isWhole;
    }
    this.#bare += char;
    return true;
  }

  #double(): boolean {
    for (this.#at++; this.#at < this.#source.length; this.#at++) {
      const rest = this.#source.slice(this.#at);
      if (rest.startsWith('"')) return true;
      if (rest.startsWith('\\')) this.#at++;
      else if (/^\$\((?!\()/.test(rest)) {
        this.#at += 2;
        const outer = this.#bare;
        const isWhole = this.#commands(')');
        this.#bare = outer;
        if (!isWhole) return false;
      }
    }
    return false;
  }

  #to(end: string): boolean {
    const found = this.#source.indexOf(end, this.#at + 1);
    this.#at = found === -1 ? this.#source.length : found;
    return found !== -1;
  }

  /** Here-documents begin with the line after the one that asks for them; false if one of them does not end. */
  #documents(): boolean {
    for (const { delimiter, indented } of this.#pending.splice(0)) {
      const lines = this.#source.slice(this.#at + 1).split('\n');
      const end = lines.findIndex((line) => (indented ? line.replace(/^\t+/, '') : line) === delimiter);
      if (end === -1) return false;
      this.#at += lines.slice(0, end + 1).join('\n').length + 1;
      // The line feed behind it, if there is one, is the next thing to read.
      this.#at -= this.#at < this.#source.length ? 1 : 0;
    }
    return true;
  }

  /** Leaves the scanner on the last character of what it goes over. */
  #skip(length: number): void {
    this.#at += length - 1;
  }
}
