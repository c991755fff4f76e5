import { expect, test } from 'vitest';
import {
  emptyLine,
  keysOf,
  pressed,
  replaceWord,
  type EditorAction,
} from '../../../../src/ui/lab/line-editor.ts';

const LEFT = '\x1b[D';
const UP = '\x1b[A';
const DOWN = '\x1b[B';
const CTRL = (letter: string) => String.fromCharCode(letter.charCodeAt(0) - 64);

function type(data: string, history: readonly string[] = []) {
  let line = emptyLine(history);
  const actions: EditorAction[] = [];
  for (const key of keysOf(data)) {
    const edited = pressed(line, key);
    line = edited.line;
    if (edited.action.kind !== 'none') actions.push(edited.action);
  }
  return { line, actions, shown: `${line.text.slice(0, line.cursor)}|${line.text.slice(line.cursor)}` };
}

test.each([
  ['typing', 'abc', 'abc|'],
  ['typing in the middle', `ac${LEFT}b`, 'ab|c'],
  ['backspace', 'abc\x7f', 'ab|'],
  ['backspace at the start does nothing', `a${CTRL('A')}\x7f`, '|a'],
  ['delete', `ab${LEFT}\x1b[3~`, 'a|'],
  ['Ctrl-D deletes while there is text', `ab${CTRL('A')}${CTRL('D')}`, '|b'],
  ['home and end', `abc\x1b[Hx\x1b[Fy`, 'xabcy|'],
  ['Ctrl-A and Ctrl-E', `abc${CTRL('A')}x${CTRL('E')}y`, 'xabcy|'],
  ['Ctrl-U deletes to the start', `abc def${LEFT}${CTRL('U')}`, '|f'],
  ['Ctrl-K deletes to the end', `abc${LEFT}${LEFT}${CTRL('K')}`, 'a|'],
  ['Ctrl-W deletes a whole flag', `az --next-hop-type${CTRL('W')}`, 'az |'],
  ['Alt-Backspace deletes one word of it', 'az --next-hop-type\x1b\x7f', 'az --next-hop-|'],
  ['Alt-B and Alt-F move by words', 'one two three\x1bb\x1bb\x1bfX', 'one twoX| three'],
  ['the cursor stays within the line', `a${LEFT}${LEFT}${LEFT}b\x1b[C\x1b[C\x1b[Cc`, 'bac|'],
  ['an unknown sequence does nothing', 'a\x1b[24~b', 'ab|'],
  ['letters beyond ASCII are letters', 'Zürich', 'Zürich|'],
])('%s', (_, data, shown) => {
  expect(type(data).shown).toBe(shown);
});

test.each([
  ['the last line', UP, 'second|'],
  ['the line before it', UP + UP, 'first|'],
  ['no further than the oldest', UP + UP + UP, 'first|'],
  ['and back to what was being typed', `draft${UP}${UP}${DOWN}${DOWN}`, 'draft|'],
  ['no further than that', `draft${DOWN}`, 'draft|'],
])('history: %s', (_, data, shown) => {
  expect(type(data, ['first', 'second']).shown).toBe(shown);
});

test.each<[string, string, EditorAction]>([
  ['Enter', 'az group list\r', { kind: 'enter', text: 'az group list' }],
  ['Ctrl-C', `abc${CTRL('C')}`, { kind: 'interrupt' }],
  ['Ctrl-D on an empty line', CTRL('D'), { kind: 'end-of-input' }],
  ['Ctrl-L', CTRL('L'), { kind: 'clear-screen' }],
  ['Tab', 'kub\t', { kind: 'complete', upTo: 'kub' }],
])('%s is an action', (_, data, action) => {
  expect(type(data).actions).toEqual([action]);
});

test('lines that were entered are history, without blanks and repetitions', () => {
  expect(type('a\r\r  \ra\rb\r').line.history).toEqual(['a', 'b']);
});

test('several pasted lines are several enters', () => {
  expect(type('one\ntwo\r\nthree').actions).toEqual([
    { kind: 'enter', text: 'one' },
    { kind: 'enter', text: 'two' },
  ]);
});

test('completion replaces the word before the cursor and keeps what follows', () => {
  const { line } = type(`az gr list${LEFT.repeat(5)}`);
  const completed = replaceWord(line, 3, 'group');
  expect(completed.text).toBe('az group list');
  expect(completed.cursor).toBe(8);
});
