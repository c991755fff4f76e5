import { expect, test } from 'vitest';
import { humanDuration } from '../../../../src/shell/kubectl/duration.ts';

const MINUTE = 60;
const HOUR = 3600;
const DAY = 24 * HOUR;

// Rows of TestHumanDuration in k8s.io/apimachinery/pkg/util/duration/duration_test.go.
test.each([
  [1, '1s'],
  [70, '70s'],
  [190, '3m10s'],
  [70 * MINUTE, '70m'],
  [47 * HOUR, '47h'],
  [49 * HOUR, '2d1h'],
  [(8 * 24 + 2) * HOUR, '8d'],
  [367 * DAY, '367d'],
  [(365 * 2 * 24 + 25) * HOUR, '2y1d'],
  [(365 * 8 * 24 + 2) * HOUR, '8y'],
  [0, '0s'],
  [119, '119s'],
  [2 * MINUTE, '2m'],
  [10 * MINUTE - 1, '9m59s'],
  [3 * HOUR, '3h'],
  [3 * HOUR + 20 * MINUTE, '3h20m'],
  [8 * HOUR, '8h'],
  [2 * DAY, '2d'],
  [-1, '0s'],
  [-5, '<invalid>'],
])('%s seconds are %s', (seconds, text) => {
  expect(humanDuration(seconds)).toBe(text);
});
