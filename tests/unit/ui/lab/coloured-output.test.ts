import { expect, test } from 'vitest';
import { colouredOutput } from '../../../../src/ui/lab/coloured-output.ts';

test('addresses are marked by their range, the rest is left alone', () => {
  const marked = colouredOutput('10.244.0.5/24 via 8.8.8.8\nv1.27.7\n', (written) =>
    written.startsWith('10.244.') ? 'P' : null,
  );
  expect(marked).toBe('\x1b[32;4:5m10.244.0.5/24\x1b[39;24m via 8.8.8.8\r\nv1.27.7\r\n');
});
