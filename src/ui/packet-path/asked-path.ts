/** A question to the model, with everything a page needs to show the answer. */
import { type Answer, ask, type EndError, type Question } from '../../model/compile/ask.ts';
import { compile } from '../../model/compile/compile.ts';
import { senderSees } from '../../model/compile/firewall-proxy.ts';
import type { Cloud } from '../../model/cloud.ts';
import { formatAddress } from '../../model/ip/address.ts';
import { ok, type Result } from '../../model/result.ts';
import { rangesOf } from '../address/ranges-of.ts';
import { placeName, sceneOf } from './scene-of.ts';
import type { Scene } from './scene.ts';
import { type PathView, pathView } from './view.ts';

export interface AskedPath {
  /** `TCP port 80 from pod-a at 10.244.0.15 to 10.1.2.3`. */
  readonly asked: string;
  readonly path: PathView;
  readonly scene: Scene;
  /** Sentences that a reader must know to trust the answer. */
  readonly remarks: readonly string[];
}

/** The answer of the model, ready to show; the error says which end does not exist. */
export function askedPath(cloud: Cloud, question: Question): Result<AskedPath, EndError> {
  const answer = ask(cloud, question);
  if (!answer.ok) return answer;
  const { trace, to, remarks, notes } = answer.value;
  const compiled = compile(cloud);
  const places = [...trace.hops, ...(trace.reverse?.hops ?? [])].map((hop) => hop.place);
  const seen = trace.seenSource === null ? [] : [trace.seenSource.address];
  return ok({
    asked: askedWords(answer.value),
    path: pathView(trace, (place) => placeName(compiled, place), senderSees(compiled, trace)),
    scene: sceneOf(compiled, places, rangesOf(cloud), [to.address, ...seen]),
    remarks: [...remarks, ...notes].map((remark) => `${remark.charAt(0).toUpperCase()}${remark.slice(1)}.`),
  });
}

/** Returns what was asked: protocol, port, both ends and their addresses, and the proxy if one is asked. */
export function askedWords({ from, to, protocol, port, over }: Answer): string {
  const service = port === null ? protocol.toUpperCase() : `${protocol.toUpperCase()} port ${port}`;
  const source = from.address === null ? '' : formatAddress(from.address);
  // What the name means to the proxy, where it means anything.
  const target = over !== null && over.target === null ? '' : formatAddress(to.address);
  const by = over === null ? '' : ` over the proxy ${over.proxy}`;
  return `${service} from ${end(from.label, source)} to ${end(to.label, target)}${by}`;
}

function end(label: string, address: string): string {
  const name = label.includes('://') ? label : (label.split('/').at(-1) ?? label);
  return name === address || address === '' ? name : `${name} at ${address}`;
}
