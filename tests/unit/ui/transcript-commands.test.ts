import { describe, expect, test } from 'vitest';
import { writtenCommands } from '../../../src/ui/transcript/commands.ts';

describe('writtenCommands', () => {
  test.each([
    ['one command', 'kubectl get nodes', ['kubectl get nodes']],
    ['one per line, blank lines dropped', '\n  a\n\n  b\n', ['a', 'b']],
    ['a backslash continues', 'az aks create \\\n  -g rg', ['az aks create \\\n  -g rg']],
    [
      'a here-document stays whole',
      'cat <<EOF\nx\n\n# no comment\nEOF\nb',
      ['cat <<EOF\nx\n\n# no comment\nEOF', 'b'],
    ],
    ['a quoted delimiter', "cat <<'END'\nx\nEND", ["cat <<'END'\nx\nEND"]],
    ['the indentation of the page goes, that of the command stays', '\n    a \\\n      b\n', ['a \\\n  b']],
  ])('%s', (_, source, expected) => {
    expect(writtenCommands(source).map((command) => command.text)).toEqual(expected);
  });

  test('comments belong to the command below them', () => {
    expect(writtenCommands('# first\n# and\na\nb')).toEqual([
      { comments: ['# first', '# and'], text: 'a' },
      { comments: [], text: 'b' },
    ]);
  });

  test('a comment without command is a mistake', () => {
    expect(() => writtenCommands('a\n# then?')).toThrow('No command follows');
  });
});
