import { describe, expect, test } from 'vitest';
import { foldedCommand, writtenCommands } from '../../../src/ui/transcript/commands.ts';

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

describe('foldedCommand', () => {
  test.each([
    ['what fits stays', 'kubectl get nodes -o wide', 'kubectl get nodes -o wide'],
    [
      'options and their arguments stay together',
      'az network vnet subnet update -g rg-net --vnet-name vnet-corp -n snet-system --route-table rt-nodes -o none',
      'az network vnet subnet update -g rg-net --vnet-name vnet-corp -n snet-system \\\n  --route-table rt-nodes -o none',
    ],
    [
      'quotes stay whole, a pipe begins a line',
      `az network nsg list --query '[].{nsg:name, group:resourceGroup, --long:here and there}' | head -1`,
      `az network nsg list \\\n  --query '[].{nsg:name, group:resourceGroup, --long:here and there}' | head -1`,
    ],
    [
      'a program behind a pipe keeps its options',
      'az aks scale -g rg-aks -n aks-corp --node-count 3 -o none 2>&1 | head -1 | fold -s -w 84',
      'az aks scale -g rg-aks -n aks-corp --node-count 3 -o none 2>&1 | head -1 \\\n  | fold -s -w 84',
    ],
    ['what the author broke stays', `a \\\n  ${'b'.repeat(90)} -c`, `a \\\n  ${'b'.repeat(90)} -c`],
  ])('%s', (_, text, expected) => {
    expect(foldedCommand(text)).toBe(expected);
  });
});
