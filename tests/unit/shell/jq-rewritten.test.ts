/** What jq 1.7 prints of the same. */
import { expect, test } from 'vitest';
import { newCloud } from '../../../src/model/azure/subscription.ts';
import { createSession } from '../../../src/shell/session.ts';

test.each([
  ['-r @csv', '["a b",1,true,null,"say \\"x\\"",""]', '"a b",1,true,,"say ""x""",""\n'],
  ["-r '.[] | [.n, .p] | @csv'", '[{"n":"web","p":80},{"n":"db"}]', '"web",80\n"db",\n'],
  ['-r \'"@csv to_entries del(.a, .b)"\'', 'null', '@csv to_entries del(.a, .b)\n'],
  ['-c to_entries', '["x","y"]', '[{"key":0,"value":"x"},{"key":1,"value":"y"}]\n'],
  ["-c 'to_entries | map(.key)'", '{"b":1,"a":2}', '["b","a"]\n'],
  ["-c '.to_entries'", '{"to_entries":1}', '1\n'],
  ["-c 'with_entries(select(.value > 1))'", '{"b":1,"a":2}', '{"a":2}\n'],
  ['-c \'del(.a, .m.b, ."x,y")\'', '{"a":1,"m":{"b":1,"c":2},"x,y":3}', '{"m":{"c":2}}\n'],
  ["-c 'map(del(.a, .b)) | length'", '[{"a":1},{"b":2,"c":3}]', '2\n'],
  ["-c '.m |= del(.a,.b)'", '{"m":{"a":1,"b":2,"c":3}}', '{"m":{"c":3}}\n'],
  ["-c 'del(.a)'", '{"a":1,"b":2}', '{"b":2}\n'],
])('jq %s', async (args, input, printed) => {
  const session = createSession({ cloud: newCloud() });
  const { stdout, stderr } = await session.run(`cat <<'J' | jq ${args}\n${input}\nJ`);
  expect(stdout + stderr).toBe(printed);
});

test('elements of lists would move, and are refused', async () => {
  const { stderr } = await createSession({ cloud: newCloud() }).run(`echo '[1,2]' | jq 'del(.[0], .[1])'`);
  expect(stderr).toContain('del(...) of more than one place');
});
