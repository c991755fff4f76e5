/** What the model says of an incident: what people notice, what can be suspected, and what it was. */
import { listResources } from '../model/azure/resource-store.ts';
import type { Cloud } from '../model/cloud.ts';
import { seenBySender } from '../model/trace/sender-sees.ts';
import type { Trace } from '../model/trace/trace.ts';
import { askModel } from './ask-model.ts';
import { ENDS, isEnd, SUSPECTS, type End, type LabIncident, type Suspect } from './incident.ts';
import type { Before, FlowCheck, Lab } from './lab.ts';

export interface Briefing {
  readonly ticket: string;
  /** One line for each thing that must work and does not. */
  readonly symptoms: readonly string[];
  /** What there is in this world that could be it. */
  readonly suspects: readonly Suspect[];
  readonly ends: readonly End[];
}

/** Returns what is known before anything was looked at. */
export function briefingOf(lab: Lab, incident: LabIncident, start: Cloud): Briefing {
  return {
    ticket: incident.ticket(start),
    symptoms: symptomsOf(lab, incident, start),
    suspects: suspectsIn(start),
    ends: possibleEnds(lab, incident, start),
  };
}

export interface Truth {
  readonly suspects: readonly Suspect[];
  readonly ends: readonly End[];
}

/** Returns what was broken. Throws where the lab's own question accepts none of the named answers. */
export function truthOf(lab: Lab, incident: LabIncident, start: Cloud): Truth {
  const { key, name } = incident.answers;
  const check = checksOf(lab).find((each) => each.kind === 'answer' && each.key === key);
  if (check?.kind !== 'answer') throw new Error(`${lab.id} has no question '${key}'`);
  const suspects = Object.entries(name(start))
    .filter(([answer]) => check.accept(start, answer, { start }).passed)
    .map(([, suspect]) => suspect);
  if (suspects.length === 0) throw new Error(`${lab.id}: no named answer to '${key}' is right`);
  return { suspects: [...new Set(suspects)], ends: endsOf(lab, incident, start) };
}

function checksOf(lab: Lab) {
  return lab.tasks.flatMap(({ checks }) => checks);
}

/** The flows that must get through and do not, each with its trace. */
function failedFlows(lab: Lab, incident: LabIncident, start: Cloud) {
  return mendChecks(lab, incident).flatMap((check) => {
    if (check.kind !== 'flow' || check.expect.kind !== 'delivered') return [];
    const trace = traceOf(check, start);
    return trace === null || trace.disposition === 'delivered' ? [] : [{ check, trace }];
  });
}

function mendChecks(lab: Lab, incident: LabIncident) {
  return lab.tasks.filter(({ id }) => incident.mend.includes(id)).flatMap(({ checks }) => checks);
}

function traceOf(check: FlowCheck, start: Cloud) {
  const before: Before = { start };
  const [from, to] = [check.from, check.to].map((end) =>
    typeof end === 'string' ? end : end(start, before),
  );
  if (typeof from !== 'string' || typeof to !== 'string') return null;
  const asked = askModel(start, {
    from,
    to,
    protocol: check.protocol,
    ...(check.port === undefined ? {} : { port: check.port }),
    ...(check.client === undefined ? {} : { client: check.client }),
  });
  return asked.ok ? asked.value.trace : null;
}

function endsOf(lab: Lab, incident: LabIncident, start: Cloud): readonly End[] {
  const ofFlows = failedFlows(lab, incident, start)
    .map(({ trace }): string => trace.disposition)
    .filter(isEnd);
  return [...new Set(incident.ends?.(start, ofFlows) ?? ofFlows)];
}

const MOST_SYMPTOMS = 6;

/** What people notice: how calls end for the sender or, where no call of the lab's fails, what its invariants tell. */
function symptomsOf(lab: Lab, incident: LabIncident, start: Cloud): readonly string[] {
  const flows = failedFlows(lab, incident, start).map(
    ({ check, trace }) => `This does not work: ${check.evidence}. The sender sees ${noticed(trace)}.`,
  );
  const others = mendChecks(lab, incident).flatMap((check) => {
    if (check.kind !== 'invariant') return [];
    const held = check.holds(start, { start });
    return held.passed || held.symptom === undefined ? [] : [held.symptom];
  });
  const told = (flows.length > 0 ? flows : others).filter((each) => incident.silent?.test(each) !== true);
  const all = [...new Set(told)];
  return all.length <= MOST_SYMPTOMS
    ? all
    : [...all.slice(0, MOST_SYMPTOMS), `And ${all.length - MOST_SYMPTOMS} more of the kind.`];
}

/** A reset instead of a timeout would tell of source ports, and comes only now and then. */
function noticed(trace: Trace): string {
  const seen = seenBySender(trace);
  return seen.startsWith('a timeout') ? 'a timeout' : seen;
}

/** Every end that looks to the sender as what was noticed; all of them where no packet of a check was lost. */
function possibleEnds(lab: Lab, incident: LabIncident, start: Cloud): readonly End[] {
  const all = Object.keys(ENDS) as readonly End[];
  const seen = new Set(failedFlows(lab, incident, start).map(({ trace }) => noticed(trace)));
  const [only] = seen;
  if (seen.size !== 1 || only !== 'a timeout') return all;
  return all.filter((end) => end !== 'refused');
}

/** What there is in a world to suspect: nobody suspects a peering where none is. */
function suspectsIn(start: Cloud): readonly Suspect[] {
  const peered = listResources(start, 'Microsoft.Network/virtualNetworks').some(
    ({ virtualNetworkPeerings }) => virtualNetworkPeerings.length > 0,
  );
  const proxied = Object.values(start.resources).some(
    (each) => 'httpProxyConfig' in each && each.httpProxyConfig !== undefined,
  );
  const absent: readonly Suspect[] = [
    ...(peered ? [] : (['peering'] as const)),
    ...(proxied ? [] : (['proxy', 'proxy-config'] as const)),
  ];
  return (Object.keys(SUSPECTS) as readonly Suspect[]).filter((suspect) => !absent.includes(suspect));
}
