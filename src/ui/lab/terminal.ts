/** The terminal of a lab: xterm.js with a line editor, on a connection to the simulation. */
import { FitAddon } from '@xterm/addon-fit';
import { Terminal, type ITheme } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import { isUnfinished } from '../../shell/unfinished-source.ts';
import { RANGE_COLOURS } from './coloured-output.ts';
import { emptyLine, keysOf, pressed, replaceWord, type EditedLine } from './line-editor.ts';
import { cursorAt } from './line-layout.ts';
import type { Completion } from './protocol.ts';

/** What the terminal needs from the workspace around it. */
export interface TerminalOwner {
  /** Runs a line; resolves with what it printed and the prompt that follows. */
  run(line: string): Promise<{ readonly output: string; readonly prompt: string }>;
  complete(line: string): Promise<Completion>;
  /** Ctrl-C while something runs. */
  interrupt(): void;
}

export class LabTerminal {
  readonly #terminal: Terminal;
  readonly #fit: FitAddon;
  readonly #owner: TerminalOwner;
  readonly #observers: { disconnect(): void }[] = [];
  #line: EditedLine = emptyLine([]);
  #unfinished: readonly string[] = [];
  #prompt = '';
  #cursorRow = 0;
  #busy = true;
  #typedAhead: string[] = [];
  #leaving = false;

  constructor(host: HTMLElement, owner: TerminalOwner) {
    this.#owner = owner;
    this.#terminal = new Terminal({
      fontFamily: getComputedStyle(host).getPropertyValue('--__sl-font-mono') || 'monospace',
      // 80 columns matter more than size: kubectl's wide tables should not wrap on a laptop.
      fontSize: 12.5,
      lineHeight: 1.25,
      cursorBlink: !matchMedia('(prefers-reduced-motion: reduce)').matches,
      screenReaderMode: true,
      scrollback: 5000,
      convertEol: false,
      minimumContrastRatio: 4.5,
      theme: themeOf(host),
    });
    this.#fit = new FitAddon();
    this.#terminal.loadAddon(this.#fit);
    this.#terminal.open(host);
    this.#terminal.textarea?.setAttribute('aria-label', 'Terminal. Escape, then Tab leaves it.');
    this.#terminal.attachCustomKeyEventHandler((event) => this.#leavesByKeyboard(event));
    this.#terminal.onData((data) => {
      this.#receive(data);
    });
    const resized = new ResizeObserver(() => {
      this.fit();
    });
    resized.observe(host);
    const themed = new MutationObserver(() => {
      this.#terminal.options.theme = themeOf(host);
    });
    themed.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    this.#observers.push(resized, themed);
    this.fit();
  }

  fit(): void {
    const { element } = this.#terminal;
    // A hidden terminal has no size to fit.
    if (element instanceof HTMLElement && element.offsetParent !== null) this.#fit.fit();
  }

  focus(): void {
    this.#terminal.focus();
  }

  dispose(): void {
    for (const observer of this.#observers) observer.disconnect();
    this.#terminal.dispose();
  }

  /** Empties the screen and the history, as for a lab that starts over. */
  clear(): void {
    this.#terminal.reset();
    this.#line = emptyLine([]);
    this.#unfinished = [];
    this.#typedAhead = [];
    this.#busy = true;
  }

  /** Writes a notice that no program printed. */
  notice(text: string): void {
    this.#terminal.write(`\x1b[2m${text.replaceAll('\n', '\r\n')}\x1b[22m\r\n`);
  }

  /** Shows something that ran, as if it had been typed at its prompt. */
  show(prompt: string, typed: string, output: string): void {
    this.#terminal.write(`${bold(prompt)}${typed.replaceAll('\n', '\r\n> ')}\r\n${output}`);
    const lines = typed.split('\n').filter((line) => line.trim() !== '');
    this.#line = emptyLine([...this.#line.history, ...lines]);
  }

  /** Takes keys from now on. */
  ready(prompt: string): void {
    this.#prompt = prompt;
    this.#busy = false;
    this.#cursorRow = 0;
    this.#draw();
    const waiting = this.#typedAhead;
    this.#typedAhead = [];
    for (const data of waiting) this.#receive(data);
  }

  /** What happens elsewhere in the workspace (a script that runs) takes the terminal over. */
  takeOver(): void {
    this.#busy = true;
    this.#line = emptyLine(this.#line.history);
    this.#unfinished = [];
    this.#terminal.write('\r\x1b[J');
  }

  /** Sends keys as if they were typed: for buttons on a screen without such keys. */
  press(key: string): void {
    this.#receive(key);
    this.focus();
  }

  #receive(data: string): void {
    const keys = keysOf(data);
    for (const [index, key] of keys.entries()) {
      if (this.#busy) {
        if (key === '\x03') {
          this.#typedAhead = [];
          this.#owner.interrupt();
        } else {
          this.#typedAhead.push(key);
        }
        continue;
      }
      this.#press(key);
      // A paste goes on after a line of it has run.
      if (this.#busy) this.#typedAhead.push(...keys.slice(index + 1));
      if (this.#busy) return;
    }
  }

  #press(key: string): void {
    const { line, action } = pressed(this.#line, key);
    const before = this.#line;
    this.#line = line;
    switch (action.kind) {
      case 'none':
        this.#draw();
        return;
      case 'enter':
        this.#line = { ...before, cursor: before.text.length };
        this.#draw();
        this.#line = line;
        this.#terminal.write('\r\n');
        this.#entered(action.text);
        return;
      case 'interrupt':
        this.#terminal.write('^C\r\n');
        this.#unfinished = [];
        this.ready(this.#prompt);
        return;
      case 'end-of-input':
        this.#terminal.write('exit\r\n');
        this.#run('exit');
        return;
      case 'clear-screen':
        this.#terminal.clear();
        this.#draw();
        return;
      case 'complete':
        this.#complete(action.upTo);
        return;
    }
  }

  #entered(text: string): void {
    const source = [...this.#unfinished, text].join('\n');
    if (source.trim() === '') {
      this.#unfinished = [];
      this.ready(this.#prompt);
      return;
    }
    if (isUnfinished(source)) {
      this.#unfinished = [...this.#unfinished, text];
      this.#cursorRow = 0;
      this.#terminal.write('> ');
      this.#draw();
      return;
    }
    this.#unfinished = [];
    this.#run(source);
  }

  #run(source: string): void {
    this.#busy = true;
    this.#owner.run(source).then(
      ({ output, prompt }) => {
        this.#terminal.write(output);
        this.ready(prompt);
      },
      (problem: unknown) => {
        this.notice(`\nThis is a bug in the workbook: ${String(problem)}`);
        this.ready(this.#prompt);
      },
    );
  }

  #complete(upTo: string): void {
    this.#busy = true;
    const done = (): void => {
      this.#busy = false;
      this.#draw();
    };
    this.#owner.complete(upTo).then(({ from, candidates }) => {
      const [only] = candidates;
      if (only !== undefined && candidates.length === 1) {
        const finished = only.endsWith('/') || only.endsWith('=') ? only : `${only} `;
        this.#line = replaceWord(this.#line, from, finished);
      } else if (candidates.length > 1) {
        const common = commonStart(candidates);
        if (common.length > upTo.length - from) this.#line = replaceWord(this.#line, from, common);
        else this.#list(candidates);
      }
      done();
    }, done);
  }

  #list(candidates: readonly string[]): void {
    const width = Math.max(...candidates.map(({ length }) => length)) + 2;
    const columns = Math.max(1, Math.floor(this.#terminal.cols / width));
    const rows: string[] = [];
    for (let at = 0; at < candidates.length; at += columns) {
      rows.push(
        candidates
          .slice(at, at + columns)
          .map((word) => word.padEnd(width))
          .join('')
          .trimEnd(),
      );
    }
    this.#terminal.write(`\r\n${rows.join('\r\n')}\r\n`);
    this.#cursorRow = 0;
  }

  /** Writes prompt and line again where they begin, and puts the cursor in its place. */
  #draw(): void {
    const prompt = this.#unfinished.length === 0 ? this.#prompt : '> ';
    const columns = this.#terminal.cols;
    const start = prompt.length;
    const end = cursorAt(start + this.#line.text.length, columns);
    const cursor = cursorAt(start + this.#line.cursor, columns);
    const up = this.#cursorRow > 0 ? `\x1b[${this.#cursorRow}A` : '';
    // A line that ends exactly at the edge leaves the cursor on it; this moves it to the next row.
    const wrap = end.column === 0 && end.row > 0 ? '\r\n' : '';
    const back = end.row > cursor.row ? `\x1b[${end.row - cursor.row}A` : '';
    const right = cursor.column > 0 ? `\x1b[${cursor.column}C` : '';
    this.#terminal.write(`\r${up}\x1b[J${bold(prompt)}${this.#line.text}${wrap}${back}\r${right}`);
    this.#cursorRow = cursor.row;
  }

  /** Escape, then Tab goes on to what follows on the page: a terminal must be no trap. */
  #leavesByKeyboard(event: KeyboardEvent): boolean {
    if (event.type !== 'keydown') return true;
    if (event.key === 'Tab' && this.#leaving) {
      this.#leaving = false;
      return false;
    }
    if (event.key !== 'Shift') this.#leaving = event.key === 'Escape';
    return true;
  }
}

function bold(prompt: string): string {
  return `\x1b[1m${prompt}\x1b[22m`;
}

function commonStart(words: readonly string[]): string {
  let common = words[0] ?? '';
  for (const word of words) while (!word.startsWith(common)) common = common.slice(0, -1);
  return common;
}

/** The site's colours: those of the ranges take the place of the ANSI names that mark them. */
function themeOf(host: HTMLElement): ITheme {
  const style = getComputedStyle(host);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  const theme: ITheme = {
    background: colour('--terminal-paper'),
    foreground: colour('--text'),
    cursor: colour('--accent'),
    cursorAccent: colour('--terminal-paper'),
    selectionBackground: colour('--accent-tint'),
    black: colour('--muted'),
    white: colour('--text'),
    brightBlack: colour('--muted'),
    brightWhite: colour('--ink'),
    cyan: colour('--text'),
  };
  const ranges = Object.entries(RANGE_COLOURS).map(
    ([letter, name]) => [name, colour(`--range-${letter.toLowerCase()}`)] as const,
  );
  return { ...theme, ...Object.fromEntries(ranges) };
}
