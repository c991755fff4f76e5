import { existsSync, readFileSync, readdirSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Cloud } from '../../src/model/cloud.ts';
import { importCloud } from '../../src/planner/import/import-cloud.ts';
import { traceFlow, tracerEnds } from '../../src/planner/packet-tracer.ts';
import type { TracerState } from '../../src/planner/packet-tracer.ts';
import { runScenario } from '../../src/shell/scenario.ts';
import { printedCloud, withSimulation } from '../support/printed-cloud.ts';
import { scenarioText } from '../support/scenario-text.ts';

const ROOT = new URL('../../', import.meta.url);
const SCENARIOS = readdirSync(new URL('content/scenarios/', ROOT)).map((file) => file.replace('.sh', ''));
const LABS = readdirSync(new URL('labs/', ROOT)).filter((lab) =>
  existsSync(new URL(`labs/${lab}/start.sh`, ROOT)),
);
const FLOWS = 60;

async function built(what: string): Promise<Cloud> {
  const [kind, name = ''] = what.split('/');
  const script =
    kind === 'labs' ? readFileSync(new URL(`labs/${name}/start.sh`, ROOT), 'utf8') : scenarioText(name);
  return (await runScenario(script)).session.cloud;
}

test.each([...SCENARIOS.map((name) => `scenarios/${name}`), ...LABS.map((lab) => `labs/${lab}`)])(
  '%s, printed and read again, answers the same',
  async (what) => {
    const cloud = await built(what);
    if (Object.keys(cloud.resources).length === 0) return;
    const read = importCloud(await printedCloud(cloud), {
      seed: cloud.seed,
      outsideHosts: cloud.outsideHosts,
    });
    if (!read.ok) throw new Error(read.error.map(({ message }) => message).join('\n'));
    const { leftOut } = read.value;
    expect(leftOut.filter(({ weight }) => weight !== 'no-packets')).toEqual([]);
    // Pins fix what no command prints, such as the address of default outbound access.
    const imported = { ...withSimulation(read.value.cloud, cloud), pins: cloud.pins };
    const [before, after] = [cloud, imported].map((each): TracerState => ({
      cloud: each,
      leftOut: each === cloud ? [] : leftOut,
      notes: [],
    }));
    if (before === undefined || after === undefined) throw new Error('no states');
    const ends = tracerEnds(cloud);
    // What stands behind a private connection has a name of its own in JSON.
    expect(tracerEnds(imported).map(({ end }) => end)).toEqual(
      expect.arrayContaining(ends.map(({ end }) => end)),
    );
    const flow = fc.record({
      from: fc.constantFrom(...ends),
      to: fc.constantFrom(...ends),
      protocol: fc.constantFrom('tcp' as const, 'udp' as const, 'icmp' as const),
      port: fc.constantFrom(22, 53, 80, 443, 8080),
    });
    fc.assert(
      fc.property(flow, ({ from, to, protocol, port }) => {
        const question = { from: from.end, to: to.end, protocol, ...(protocol === 'icmp' ? {} : { port }) };
        expect(answerOf(after, question)).toEqual(answerOf(before, question));
      }),
      { numRuns: FLOWS },
    );
  },
  60_000,
);

function answerOf(state: TracerState, question: Parameters<typeof traceFlow>[1]): unknown {
  const traced = traceFlow(state, question);
  if (!traced.ok) return traced.error.message;
  const { disposition, reason, seenSource, decidedBy, answer } = traced.value;
  return { disposition, reason, seenSource, decidedBy, places: answer.trace.hops.map(({ place }) => place) };
}
