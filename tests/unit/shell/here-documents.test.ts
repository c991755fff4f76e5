/** What bash 5.2 prints of the same lines. */
import { expect, test } from 'vitest';
import { newCloud } from '../../../src/model/azure/subscription.ts';
import { createSession } from '../../../src/shell/session.ts';

async function printed(script: string): Promise<string> {
  const session = createSession({ cloud: newCloud({}) });
  return (await session.runScript('try.sh', script)).stdout;
}

test.each([
  ['"^(.+\\.)?savings\\.example$"', '"^(.+\\.)?savings\\.example$"'],
  [
    '\\* \\? \\[ \\/ \\( \\{ \\~ \\! \\# \\& \\| \\+ \\^ \\d \\- \\"',
    '\\* \\? \\[ \\/ \\( \\{ \\~ \\! \\# \\& \\| \\+ \\^ \\d \\- \\"',
  ],
  ['\\$X is $X', '$X is one.two'],
  ['\\\\. \\`id\\`', '\\. `id`'],
  ['a \\\nb', 'a b'],
  ['$(echo a\\.b "c\\.d")', 'a.b c\\.d'],
  ['${X/\\./-}', 'one-two'],
])('in a here-document %s reads %s', async (text, expected) => {
  expect(await printed(`X=one.two\ncat <<EOF\n${text}\nEOF\n`)).toBe(`${expected}\n`);
  expect(await printed(`X=one.two\nf() { cat <<-EOF\n${text}\nEOF\n}\nif true; then f; fi\n`)).toBe(
    `${expected}\n`,
  );
});

test('with a quoted delimiter everything stays, and outside of it a backslash is taken away', async () => {
  expect(await printed("cat <<'EOF'\n\\. \\$X \\\\\nEOF\necho a\\.b\n")).toBe('\\. \\$X \\\\\na.b\n');
});
