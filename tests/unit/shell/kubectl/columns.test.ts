import { describe, expect, test } from 'vitest';
import { alignCells } from '../../../../src/shell/kubectl/columns.ts';
import { elasticTabs } from '../../../../src/shell/kubectl/elastic-tabs.ts';

describe('kubectl tables', () => {
  test('columns are as wide as their widest cell and three spaces', () => {
    expect(
      alignCells([
        ['NAME', 'AGE'],
        ['nginx-1234', '5m'],
      ]),
    ).toBe('NAME         AGE\nnginx-1234   5m\n');
  });

  test('a column has at least six characters, and nothing follows the last cell', () => {
    expect(
      alignCells([
        ['A', 'B', 'C'],
        ['x', '', ''],
      ]),
    ).toBe('A     B     C\nx           \n');
  });
});

describe('kubectl describe', () => {
  test('a column reaches over consecutive lines that have it', () => {
    expect(elasticTabs('Name:\tx\nNamespace:\ty\nList:\n  a:\t1\n  longer:\t2\n')).toBe(
      'Name:       x\nNamespace:  y\nList:\n  a:       1\n  longer:  2\n',
    );
  });

  test('columns of nested tables are measured apart', () => {
    expect(elasticTabs('  Type\tStatus\n  ----\t------\n  Ready\tTrue\nEnd:\tx')).toBe(
      '  Type   Status\n  ----   ------\n  Ready  True\nEnd:     x',
    );
  });
});
