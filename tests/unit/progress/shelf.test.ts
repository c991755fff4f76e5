import { expect, test } from 'vitest';
import { memoryShelf, ShelfStack, type Shelf } from '../../../src/progress/shelf.ts';

function clock(): () => number {
  let time = 1000;
  return () => ++time;
}

const forbidden: Shelf = {
  name: 'local-storage',
  get: () => Promise.reject(new Error('forbidden')),
  set: () => Promise.reject(new Error('forbidden')),
};

test('a text that was set is found again, whatever is in it', async () => {
  const stack = new ShelfStack([memoryShelf()], clock());
  expect(await stack.set('a', '1 two\n3')).toBe('memory');
  expect(await stack.get('a')).toBe('1 two\n3');
  expect(await stack.get('b')).toBeNull();
});

test('where one shelf is forbidden the next is used', async () => {
  const stack = new ShelfStack([forbidden, { ...memoryShelf(), name: 'indexed-db' }], clock());
  expect(await stack.set('a', 'text')).toBe('indexed-db');
  expect(await stack.get('a')).toBe('text');
});

test('where nothing takes it, that is said', async () => {
  expect(await new ShelfStack([forbidden], clock()).set('a', 'text')).toBe('nowhere');
});

test('the newest copy wins when the first shelf has filled up', async () => {
  const first = memoryShelf();
  let full = false;
  const filling: Shelf = {
    name: 'local-storage',
    get: (key) => first.get(key),
    set: (key, text) => (full ? Promise.reject(new Error('full')) : first.set(key, text)),
  };
  const stack = new ShelfStack([filling, { ...memoryShelf(), name: 'indexed-db' }], clock());
  expect(await stack.set('a', 'old')).toBe('local-storage');
  full = true;
  expect(await stack.set('a', 'new')).toBe('indexed-db');
  expect(await stack.get('a')).toBe('new');
  full = false;
  expect(await stack.set('a', 'newest')).toBe('local-storage');
  expect(await stack.get('a')).toBe('newest');
});

test('writes land in the order they were asked for', async () => {
  const texts: string[] = [];
  let slow = 20;
  const shelf: Shelf = {
    name: 'memory',
    get: () => Promise.resolve(null),
    set: async (_, text) => {
      for (let turn = slow; turn > 0; turn--) await Promise.resolve();
      slow = 0;
      texts.push(text.replace(/^\d+ /, ''));
    },
  };
  const stack = new ShelfStack([shelf], clock());
  await Promise.all([stack.set('a', 'first'), stack.set('a', 'second')]);
  expect(texts).toEqual(['first', 'second']);
});
