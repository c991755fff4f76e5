import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fragmentOf, stateOfFragment } from '../../../../src/ui/tracer/link.ts';
import type { Action, Flow } from '../../../../src/ui/tracer/protocol.ts';

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('a&b=c', '# x', '%2F', 'a\nb'),
);
const flow: fc.Arbitrary<Flow> = fc.record({
  from: text,
  to: text,
  protocol: fc.constantFrom('tcp' as const, 'udp' as const, 'icmp' as const),
  port: fc.constantFrom('', '443'),
  client: fc.constantFrom('' as const, 'none' as const, 'go' as const, 'curl-7.81' as const),
});
const open = fc.oneof(
  text.map((name): Action => ({ kind: 'open', source: { kind: 'scenario', name } })),
  fc.array(text).map((texts): Action => ({
    kind: 'open',
    source: { kind: 'texts', texts: texts.map((each) => JSON.stringify(each)) },
  })),
  fc.constant<Action>({ kind: 'open', source: { kind: 'empty' } }),
);
const later = fc.oneof(
  text.map((script): Action => ({ kind: 'run', script })),
  open,
);

test('what a link holds is what it was made of', async () => {
  await fc.assert(
    fc.asyncProperty(
      open,
      fc.array(later, { maxLength: 5 }),
      fc.option(fc.nat(5)),
      flow,
      async (first, rest, keepAt, asked) => {
        const actions: Action[] = [first, ...rest];
        if (keepAt !== null) actions.splice(Math.min(keepAt + 1, actions.length), 0, { kind: 'keep' });
        const fragment = await fragmentOf({ actions, flow: asked });
        expect(fragment).not.toMatch(/[\s"<>]/);
        expect(await stateOfFragment(`#${fragment}`)).toEqual({ actions, flow: asked });
      },
    ),
    { numRuns: 300 },
  );
});

test.each([
  ['nothing', '', null],
  ['another anchor', '#steps', null],
  [
    'a cut link',
    '#state=q1YqSy0qzszPU7JSMlTSUcosVrJSKi',
    { problem: expect.stringContaining('cut off') as string },
  ],
  ['no base64', '#state=$$$', { problem: expect.stringContaining('cut off') as string }],
])('%s', async (_, fragment, state) => {
  expect(await stateOfFragment(fragment)).toEqual(state);
});

test.each([
  ['no list', { kind: 'open' }],
  ['an empty list', []],
  ['an unknown action', [{ kind: 'explode' }]],
  ['a source without its texts', [{ kind: 'open', source: { kind: 'texts', texts: [1] } }]],
])('a packed %s is no state', async (_, value) => {
  const stream = new Blob([JSON.stringify(value)]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  const packed = Buffer.from(await new Response(stream).arrayBuffer()).toString('base64url');
  expect(await stateOfFragment(`#state=${packed}`)).toEqual({ problem: expect.any(String) as string });
});

test('what unpacks to more than any network is refused', async () => {
  const stream = new Blob(['['.padEnd(30_000_000)])
    .stream()
    .pipeThrough(new CompressionStream('deflate-raw'));
  const packed = Buffer.from(await new Response(stream).arrayBuffer()).toString('base64url');
  expect(await stateOfFragment(`#state=${packed}`)).toEqual({ problem: expect.any(String) as string });
});
