import { expect, test } from 'vitest';
import {
  COMPARED,
  disagreementCounts,
  disagreements,
  readRecordedClients,
} from '../../../src/ui/witness/proxy-clients.ts';
import { readRecording } from '../../oracle/no-proxy/recording.ts';

const recording = readRecordedClients(readRecording());

test('a disagreement names every compared client once', () => {
  const found = disagreements(recording);
  expect(found.length).toBeGreaterThan(100);
  for (const { direct, proxied } of found) {
    expect([...direct, ...proxied].sort()).toEqual(COMPARED.map(({ name }) => name).sort());
  }
});

test('a leading dot: wget and Go send the domain itself through the proxy', () => {
  expect(disagreements(recording)).toContainEqual({
    list: '.example.com',
    url: 'http://example.com/',
    direct: ['curl', 'curl before 7.86', 'urllib', 'requests'],
    proxied: ['Go', 'wget'],
  });
});

test('the counts are the same from both sides, and none with oneself', () => {
  const counts = disagreementCounts(recording);
  counts.forEach((row, one) => {
    row.forEach((count, other) => expect(count).toBe(counts[other]?.[one]));
    expect(row[one]).toBe(0);
  });
});
