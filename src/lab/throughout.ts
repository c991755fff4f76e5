/** Checks of what must hold after every command of an attempt, and not only when it is over. */
import type { Cloud } from '../model/cloud.ts';
import { askModel } from './ask-model.ts';
import type { FlowQuestion } from './check-flow.ts';
import type { Before, EndOf, Holds } from './lab.ts';

export interface ThroughoutFlow {
  readonly from: EndOf;
  readonly to: EndOf;
  readonly protocol: FlowQuestion['protocol'];
  readonly port?: number;
}

/** A cloud never changes, so what was found out about it stays true. */
const KNOWN = new WeakMap<Cloud, Map<string, string | null>>();

/**
 * Returns an invariant's `holds`: the flow is delivered after each command that changed something. It
 * names the first command after which it was not; there is no way back from that but starting afresh.
 */
export function deliveredThroughout(flow: ThroughoutFlow): (cloud: Cloud, before: Before) => Holds {
  return (cloud, before) => {
    const moments = before.since ?? [{ command: null, cloud }];
    for (const moment of moments) {
      const problem = problemOf(moment.cloud, flow, before);
      if (problem === null) continue;
      return {
        passed: false,
        found:
          moment.command === null
            ? problem
            : `After '${shortened(moment.command)}': ${problem.replace(/\.$/, '')}. What happened stays on record: start over, and try another order.`,
      };
    }
    return { passed: true };
  };
}

function problemOf(cloud: Cloud, flow: ThroughoutFlow, before: Before): string | null {
  const ends = [flow.from, flow.to].map((end) => (typeof end === 'string' ? end : end(cloud, before)));
  const [from, to] = ends;
  if (typeof from === 'object') return from.missing;
  if (typeof to === 'object') return to.missing;
  const question = {
    from: from ?? '',
    to: to ?? '',
    protocol: flow.protocol,
    ...(flow.port === undefined ? {} : { port: flow.port }),
  };
  const key = JSON.stringify(question);
  const known = KNOWN.get(cloud) ?? new Map<string, string | null>();
  KNOWN.set(cloud, known);
  const remembered = known.get(key);
  if (remembered !== undefined) return remembered;
  const asked = askModel(cloud, question);
  const problem = !asked.ok
    ? asked.error
    : asked.value.trace.disposition === 'delivered'
      ? null
      : `${asked.value.trace.disposition}: ${asked.value.trace.reason}`;
  known.set(key, problem);
  return problem;
}

/** Scripts pass manifests and ids; the first words say which command it was. */
function shortened(command: string): string {
  const line = command.split('\n')[0] ?? '';
  return line.length <= 110 ? line : `${line.slice(0, 107)}...`;
}
