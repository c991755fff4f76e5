/** `calc packet-tracer`: the path between two ends of a network that somebody pasted, and what a change changes. */
import { err, ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import { traceToJson } from '../../model/trace/json.ts';
import { describeTrace } from '../../model/trace/text.ts';
import type { Calculator, CalculatorAnswer, Json } from '../calculator.ts';
import type { LeftOut } from '../import/left-out.ts';
import type { InputIssue } from '../input.ts';
import { diffStates } from '../packet-tracer-diff.ts';
import type { FlowSide, StateDiff } from '../packet-tracer-diff.ts';
import { traceFlow, tracerEnds } from '../packet-tracer.ts';
import type { TracerAnswer, TracerEnd } from '../packet-tracer.ts';
import { PACKET_TRACER_FLAGS, readPacketTracer } from './packet-tracer-flags.ts';
import type { PacketTracerInput } from './packet-tracer-flags.ts';

export const packetTracer: Calculator = {
  name: 'packet-tracer',
  title: 'Packet tracer',
  summary:
    'Loads a network out of what az and kubectl print, follows a flow between two ends both ways, and says which flows a change changes.',
  positional: 'file',
  page: 'tracer/',
  flags: PACKET_TRACER_FLAGS,
  examples: [
    {
      does: 'From one spoke to the other, by the router in the hub',
      line: '--example --from vm/web-1 --to vm/web-2 --port 443',
    },
    { does: 'What can be asked', line: '--example --list' },
  ],
  notes: [
    'Your own network: for c in vnet route-table nsg nic public-ip lb; do az network $c list -o json; done > net.json; az vm list -d -o json >> net.json; then --file net.json --list. For a cluster: az aks list, az vmss nic list for each scale set, and kubectl get nodes,pods,services,endpointslices,networkpolicies,namespaces,configmaps -A, all with -o json.',
    'What the model does not have is named in leftOut, with what it may change. A flow that it decides about is undetermined.',
    'Exit code 1: the flow does not arrive, or is undetermined. 2: an input is wrong. With --against or --list: 0.',
  ],
  run: (values): Result<CalculatorAnswer, readonly InputIssue[]> => {
    const input = readPacketTracer(values);
    return input.ok ? answered(input.value) : input;
  },
};

function answered(input: PacketTracerInput): Result<CalculatorAnswer, readonly InputIssue[]> {
  const { state, other, from, to, port, protocol, client } = input;
  const question =
    from === null || to === null
      ? null
      : { from, to, protocol, ...(port === null ? {} : { port }), ...(client === null ? {} : { client }) };
  const traced = question === null ? null : traceFlow(state, question);
  if (traced !== null && !traced.ok) {
    const flag = traced.error.end === to ? 'to' : 'from';
    return err([
      { flag, value: traced.error.end, message: traced.error.message, instead: '--list names the ends.' },
    ]);
  }
  const ends = input.wantsList ? tracerEnds(state.cloud) : null;
  const diff =
    other === null
      ? null
      : diffStates(state, other, {
          protocol,
          ...(port === null ? {} : { port }),
          ...(input.ends === null ? {} : { ends: input.ends }),
        });
  const flow = traced?.value ?? null;
  return ok({
    json: {
      resources: Object.keys(state.cloud.resources).length,
      ends: ends?.map((each): Json => ({ ...each })) ?? null,
      flow: flow === null ? null : flowJson(flow),
      against: diff === null ? null : diffJson(diff),
      leftOut: state.leftOut.map(leftOutJson),
      notes: state.notes,
    },
    text: [
      ...(ends === null ? [] : endLines(ends)),
      ...(flow === null ? [] : flowLines(flow)),
      ...(diff === null ? [] : diffLines(diff)),
      ...leftOutLines(state.leftOut),
      ...state.notes.map((each) => `Note: ${each}`),
    ],
    exitCode: flow !== null && diff === null && flow.disposition !== 'delivered' ? 1 : 0,
  });
}

function flowJson(flow: TracerAnswer): Json {
  const { answer } = flow;
  // Interfaces have no index signature; all of it is plain data.
  const trace = traceToJson(answer.trace) as unknown as { readonly [key: string]: Json };
  return {
    from: answer.from.label,
    to: answer.to.label,
    protocol: answer.protocol,
    port: answer.port,
    ...trace,
    disposition: flow.disposition,
    reason: flow.reason,
    otherwise: flow.otherwise,
    senderSees: flow.senderSees,
    decidedBy: flow.decidedBy,
    remarks: flow.remarks,
  };
}

function diffJson({ changes, asked, possible, limited }: StateDiff): Json {
  const side = (each: FlowSide | null): Json => (each === null ? null : { ...each });
  return {
    changed: changes.length,
    asked,
    possible,
    limited,
    changes: changes.map((each) => ({ ...each, before: side(each.before), after: side(each.after) })),
  };
}

function leftOutJson({ kind, name, what, effect, weight }: LeftOut): Json {
  return { kind, name, what, effect, weight };
}

function endLines(ends: readonly TracerEnd[]): readonly string[] {
  const width = Math.min(60, Math.max(0, ...ends.map(({ end }) => end.length)));
  return [
    `${ends.length} ends:`,
    ...ends.map(
      ({ end, detail, side }) => `  ${end.padEnd(width)}  ${detail}${side === 'to' ? ' (only --to)' : ''}`,
    ),
    '',
  ];
}

function flowLines(flow: TracerAnswer): readonly string[] {
  return [
    ...describeTrace(flow.answer.trace, flow.senderSees),
    ...(flow.otherwise === null ? [] : ['', `undetermined: ${flow.reason}`]),
    ...flow.remarks.map((each) => `Remark: ${each}`),
    '',
  ];
}

function diffLines({ changes, asked, limited }: StateDiff): readonly string[] {
  const side = (each: FlowSide | null): string =>
    each === null
      ? 'not there'
      : `${each.disposition}${each.seenSource === null ? '' : `, seen as ${each.seenSource.split(':')[0] ?? ''}`}, decided by ${each.decidedBy}`;
  return [
    `${changes.length} of ${asked} flows change${changes.length === 0 ? '.' : ':'}`,
    ...changes.flatMap((each) => [
      `  ${each.from} -> ${each.to} ${each.protocol}${each.port === null ? '' : ` ${each.port}`}: ${each.what.join(', ')}`,
      `    before: ${side(each.before)}`,
      `    after:  ${side(each.after)}`,
    ]),
    ...(limited === null ? [] : [limited]),
    '',
  ];
}

const ORDER = { decides: 0, 'may-matter': 1, 'no-packets': 2 } as const;

function leftOutLines(leftOut: readonly LeftOut[]): readonly string[] {
  if (leftOut.length === 0) return [];
  const sorted = leftOut.toSorted((a, b) => ORDER[a.weight] - ORDER[b.weight]);
  return [
    `Not in the model (${leftOut.length}):`,
    ...sorted.map(
      ({ kind, name, what, effect }) =>
        `  ${kind === 'missing' ? 'missing: ' : ''}${name}: ${what}. ${effect}`,
    ),
    '',
  ];
}
