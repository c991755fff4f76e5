import { describe, expect, test } from 'vitest';
import type { WireField } from '../../../../src/model/proxy/wire-bytes.ts';
import { dumpRows } from '../../../../src/ui/wire/dump.ts';
import { lessonWire } from '../../../../src/ui/wire/lesson-wire.ts';
import { actionOf } from '../../../../src/ui/wire/wire-words.ts';

const hex = (text: string): string => Buffer.from(text, 'latin1').toString('hex');
const field = (kind: WireField['kind'], start: number, end: number): WireField => ({
  kind,
  start,
  end,
  name: kind,
  value: '',
});

describe('dumpRows', () => {
  test('cuts into rows of two halves, with dots for what cannot be printed', () => {
    expect(dumpRows(hex('GET / HTTP/1.1\r\nHost'), [])).toEqual([
      {
        kind: 'bytes',
        offset: '0000',
        halves: [
          [{ kind: null, field: null, hex: '47 45 54 20 2f 20 48 54', text: 'GET / HT' }],
          [{ kind: null, field: null, hex: '54 50 2f 31 2e 31 0d 0a', text: 'TP/1.1..' }],
        ],
      },
      {
        kind: 'bytes',
        offset: '0010',
        halves: [[{ kind: null, field: null, hex: '48 6f 73 74', text: 'Host' }], []],
      },
    ]);
  });

  test('marks the innermost telling field', () => {
    const [row] = dumpRows(hex('abcdefgh'), [
      field('certificate', 0, 8),
      field('subject', 2, 6),
      field('names', 3, 4),
    ]);
    expect(row?.kind === 'bytes' ? row.halves[0].map(({ kind, text }) => [kind, text]) : null).toEqual([
      [null, 'ab'],
      ['subject', 'c'],
      ['names', 'd'],
      ['subject', 'ef'],
      [null, 'gh'],
    ]);
  });

  test('leaves out zeros and noise, and never the first or the last row', () => {
    const sealed = dumpRows('ab'.repeat(160), [field('sealed', 0, 160)]);
    expect(sealed.map((row) => (row.kind === 'bytes' ? row.offset : row))).toEqual([
      '0000',
      '0010',
      { kind: 'left-out', bytes: 112, why: 'sealed' },
      '0090',
    ]);
    const zeros = dumpRows('00'.repeat(64), []);
    expect(zeros.map((row) => (row.kind === 'bytes' ? row.offset : row))).toEqual([
      '0000',
      { kind: 'left-out', bytes: 32, why: 'zeros' },
      '0030',
    ]);
  });

  test('every byte is shown or counted', () => {
    for (let length = 0; length < 100; length++) {
      const bytes = Array.from({ length }, (_, at) => (at % 7 === 0 ? 'ff' : '00')).join('');
      const fields = length < 40 ? [] : [field('sealed', 3, length - 2)];
      const total = dumpRows(bytes, fields).reduce(
        (sum, row) =>
          sum +
          (row.kind === 'left-out'
            ? row.bytes
            : row.halves.flat().reduce((all, { text }) => all + text.length, 0)),
        0,
      );
      expect(total).toBe(length);
    }
  });
});

describe('a lesson', () => {
  const request = {
    host: 'example.com',
    path: '/greeting',
    proxy: 'http://10.20.0.4:8080',
    curl: '8.5.0',
    at: 1_790_000_000,
  };
  test.each(['direct', 'tunnel', 'intercept', 'plain'] as const)('%s: every message has words', (way) => {
    const { exchange } = lessonWire({ ...request, ca: 'trusted' }, way);
    expect(exchange.way).toBe(way);
    for (const message of exchange.messages)
      expect(
        actionOf(exchange, message, (at) => at + 1),
        message.name,
      ).toMatch(/\w{3}/);
  });
  test('the certificate of an interception is signed by mitmproxy; without the CA it ends in an alert', () => {
    const { exchange } = lessonWire({ ...request, ca: 'missing' }, 'intercept');
    const words = exchange.messages.map((each) => actionOf(exchange, each, (at) => at + 1));
    expect(words).toContain('CN=example.com, signed by CN=mitmproxy, O=mitmproxy');
    expect(words.at(-1)).toContain('unknown_ca (48)');
  });
});
