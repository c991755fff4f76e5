import { askModel } from '../../src/lab/ask-model.ts';
import type { EndOf } from '../../src/lab/lab.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import { formatAddress } from '../../src/model/ip/address.ts';

export interface Call {
  readonly from: EndOf;
  readonly to: EndOf;
  readonly protocol: 'tcp';
  readonly port: number;
}

/** Returns the client's address as the server sees it, or null where the call does not arrive. */
export function sourceSeen(cloud: Cloud, call: Call): string | null {
  const [from, to] = [call.from, call.to].map((end) =>
    typeof end === 'string' ? end : end(cloud, { start: cloud }),
  );
  if (typeof from !== 'string' || typeof to !== 'string') return null;
  const asked = askModel(cloud, { from, to, protocol: call.protocol, port: call.port });
  if (!asked.ok || asked.value.trace.disposition !== 'delivered') return null;
  const { seenSource } = asked.value.trace;
  return seenSource === null ? null : formatAddress(seenSource.address);
}
