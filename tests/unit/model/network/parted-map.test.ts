import { expect, test } from 'vitest';
import { PartedMap } from '../../../../src/model/network/parted-map.ts';
import type { Part } from '../../../../src/model/network/parted-map.ts';

function lettersAndDigits(): { readonly map: PartedMap<number>; readonly made: string[] } {
  const made: string[] = [];
  const part = (name: string, entries: readonly (readonly [string, number])[]): Part<number> => {
    let known: ReadonlyMap<string, number> | null = null;
    return {
      entries: () => {
        if (known === null) made.push(name);
        return (known ??= new Map(entries));
      },
    };
  };
  const a = part('a', [['a1', 1]]);
  const b = part('b', [
    ['b1', 2],
    ['b2', 3],
  ]);
  const partOf = (key: string): Part<number> | null =>
    key.startsWith('a') ? a : key.startsWith('b') ? b : null;
  return { map: new PartedMap(new Map([['first', 0]]), [a, b], partOf), made };
}

test('a part is made when an entry of it is asked for, and no other is', () => {
  const { map, made } = lettersAndDigits();
  expect(map.get('first')).toBe(0);
  expect(map.has('nothing')).toBe(false);
  expect(made).toEqual([]);
  expect(map.get('b2')).toBe(3);
  expect(map.has('b3')).toBe(false);
  expect(made).toEqual(['b']);
});

test('whoever goes through the map gets the same order, whatever was made before', () => {
  const asked = lettersAndDigits().map;
  asked.get('b1');
  const entries = [
    ['first', 0],
    ['a1', 1],
    ['b1', 2],
    ['b2', 3],
  ];
  expect([...asked]).toEqual(entries);
  expect([...lettersAndDigits().map.entries()]).toEqual(entries);
  expect(asked.size).toBe(4);
  expect([...asked.keys()]).toEqual(['first', 'a1', 'b1', 'b2']);
  expect([...asked.values()]).toEqual([0, 1, 2, 3]);
  const visited: string[] = [];
  asked.forEach((value, key) => visited.push(`${key}=${value}`));
  expect(visited).toEqual(['first=0', 'a1=1', 'b1=2', 'b2=3']);
});
