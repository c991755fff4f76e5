import { describe, expect, test } from 'vitest';
import { parseJsonPath } from '../../../../src/shell/kubectl/jsonpath-template.ts';
import { evaluateJsonPath } from '../../../../src/shell/kubectl/jsonpath.ts';

const data = {
  kind: 'List',
  items: [
    {
      kind: 'None',
      metadata: { name: '127.0.0.1', labels: { env: 'test', 'kubernetes.io/hostname': 'a' } },
      status: {
        capacity: { cpu: '4' },
        addresses: [{ type: 'LegacyHostIP', address: '127.0.0.1' }],
        ready: true,
      },
    },
    {
      kind: 'None',
      metadata: { name: '127.0.0.2', labels: { env: 'prod' } },
      status: {
        capacity: { cpu: '8' },
        addresses: [
          { type: 'LegacyHostIP', address: '127.0.0.2' },
          { type: 'another', address: '127.0.0.3' },
        ],
        ready: false,
      },
    },
  ],
  users: [
    { name: 'myself', user: {}, age: 30 },
    { name: 'e2e', user: { username: 'admin', password: 'secret' }, age: 41 },
  ],
};

function run(template: string): string {
  const parsed = parseJsonPath(template);
  if (!parsed.ok) return `parse: ${parsed.error}`;
  const text = evaluateJsonPath(parsed.value, data);
  return text.ok ? text.value : `run: ${text.error}`;
}

describe('kubectl jsonpath, the rows of its reference page first', () => {
  test.each([
    ['text around a path', 'the object is {.kind}', 'the object is List'],
    ['brackets', "{.kind} or {['kind']} or {['kind']}", 'List or List or List'],
    ['recursive descent', '{..name}', '127.0.0.1 127.0.0.2 myself e2e'],
    ['a wildcard', '{.items[*].metadata.name}', '127.0.0.1 127.0.0.2'],
    ['a slice', '{.users[0].name}', 'myself'],
    ['a slice with a step', '{.users[0:2:2].name}', 'myself'],
    ['a union', "{.items[*]['metadata.name', 'status.capacity']}", ''],
    ['a union of indexes', '{.users[0,1].name}', 'myself e2e'],
    ['a filter', '{.users[?(@.name=="e2e")].user.password}', 'secret'],
    [
      'a filter with a nested path',
      '{.items[*].status.addresses[?(@.type=="another")].address}',
      '127.0.0.3',
    ],
    [
      'a range',
      '{range .items[*]}[{.metadata.name}, {.status.capacity}] {end}',
      '[127.0.0.1, {"cpu":"4"}] [127.0.0.2, {"cpu":"8"}] ',
    ],
    [
      'a quoted newline and tab',
      '{range .items[*]}{.metadata.name}{"\\t"}{.status.capacity.cpu}{"\\n"}{end}',
      '127.0.0.1\t4\n127.0.0.2\t8\n',
    ],
    ['a literal brace text', "{'x'}{.kind}", 'xList'],
    ['a negative index', '{.items[-1].metadata.name}', '127.0.0.2'],
    ['an escaped dot', '{.items[0].metadata.labels.kubernetes\\.io/hostname}', 'a'],
    ['a label in brackets', "{.items[0].metadata.labels['kubernetes.io/hostname']}", 'a'],
    ['a comparison of numbers', '{.users[?(@.age > 30)].name}', 'e2e'],
    ['a comparison with a boolean', '{.items[?(@.status.ready==true)].metadata.name}', '127.0.0.1'],
    ['an existence filter', '{.users[?(@.user.username)].name}', 'e2e'],
    ['no braces at all', '.kind', 'List'],
    ['neither braces nor dot', 'kind', 'List'],
    ['a dollar', '{$.kind}', 'List'],
    ['a structure', '{.users[1].user}', '{"username":"admin","password":"secret"}'],
    ['a field that is missing', '{.nope.deeper}', ''],
    [
      'a nested range',
      '{range .items[*]}{range .status.addresses[*]}{.address} {end}{end}',
      '127.0.0.1 127.0.0.2 127.0.0.3 ',
    ],
  ])('%s: %s', (_, template, expected) => {
    expect(run(template)).toBe(expected);
  });

  test.each([
    ['an unclosed action', '{.kind', 'parse: unclosed action'],
    ['an end without a range', '{end}', 'parse: not in range, nothing to end'],
    ['a word that is no path', '{kind}', 'parse: unrecognized identifier kind'],
    ['an unterminated filter', '{.users[?(@.name=="e2e"].x}', 'parse: unterminated filter'],
    ['an index out of bounds', '{.users[7].name}', 'run: array index out of bounds: index 7, length 2'],
  ])('%s is an error: %s', (_, template, expected) => {
    expect(run(template)).toBe(expected);
  });
});
