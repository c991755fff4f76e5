/** The two ends, the protocol and the port. */
import type { InputIssue } from '../../planner/input.ts';
import type { TracerEnd } from '../../planner/packet-tracer.ts';
import { Issues } from './Issues.tsx';
import { CLIENTS, clientOf } from './protocol.ts';
import type { Flow } from './protocol.ts';

interface Props {
  readonly ends: readonly TracerEnd[];
  readonly flow: Flow;
  readonly busy: boolean;
  readonly issues: readonly InputIssue[];
  readonly onFlow: (flow: Flow) => void;
  readonly onTrace: () => void;
}

export function FlowForm({ ends, flow, busy, issues, onFlow, onTrace }: Props) {
  const wrong = (flag: string): readonly InputIssue[] => issues.filter((each) => each.flag === flag);
  const end = (side: 'from' | 'to', label: string, help: string) => (
    <div class="calc-field" data-wrong={wrong(side).length > 0 ? '' : undefined}>
      <label for={`tracer-${side}`}>{label}</label>
      <input
        id={`tracer-${side}`}
        type="text"
        list={`tracer-ends-${side}`}
        autocomplete="off"
        spellcheck={false}
        aria-describedby={`tracer-${side}-help tracer-${side}-wrong`}
        aria-invalid={wrong(side).length > 0}
        value={flow[side]}
        onInput={(event) => {
          onFlow({ ...flow, [side]: event.currentTarget.value });
        }}
      />
      <datalist id={`tracer-ends-${side}`}>
        {ends
          .filter((each) => side === 'to' || each.side === 'both')
          .map((each) => (
            <option key={each.end} value={each.end}>
              {each.detail}
            </option>
          ))}
      </datalist>
      <p class="calc-help" id={`tracer-${side}-help`}>
        {help}
      </p>
      <Issues id={`tracer-${side}-wrong`} issues={wrong(side)} />
    </div>
  );
  const isIcmp = flow.protocol === 'icmp';
  const hasClient =
    /^https?:\/\//i.test(flow.to.trim()) &&
    ends.some((each) => each.end === flow.from.trim() && each.proxies !== undefined);
  return (
    <form
      class="tracer-flow"
      aria-label="The flow"
      onSubmit={(event) => {
        event.preventDefault();
        onTrace();
      }}
    >
      {end('from', 'From', 'Type to search: vm/, node/, pod/, host/, or an address.')}
      {end('to', 'To', 'The same, or service/, lb/, firewall/, pe/, or a URL.')}
      <div class="calc-field">
        <label for="tracer-protocol">Protocol</label>
        <select
          id="tracer-protocol"
          value={flow.protocol}
          onChange={(event) => {
            const { value } = event.currentTarget;
            const protocol = value === 'udp' || value === 'icmp' ? value : 'tcp';
            onFlow({ ...flow, protocol, port: protocol === 'icmp' ? '' : flow.port });
          }}
        >
          <option value="tcp">TCP</option>
          <option value="udp">UDP</option>
          <option value="icmp">ICMP</option>
        </select>
      </div>
      <div class="calc-field" data-wrong={wrong('port').length > 0 ? '' : undefined}>
        <label for="tracer-port">Port</label>
        <input
          id="tracer-port"
          type="text"
          inputMode="numeric"
          autocomplete="off"
          disabled={isIcmp}
          placeholder={isIcmp ? 'none' : '80'}
          aria-describedby="tracer-port-wrong"
          aria-invalid={wrong('port').length > 0}
          value={flow.port}
          onInput={(event) => {
            onFlow({ ...flow, port: event.currentTarget.value });
          }}
        />
        <Issues id="tracer-port-wrong" issues={wrong('port')} />
      </div>
      {hasClient && (
        <div class="calc-field tracer-client">
          <label for="tracer-client">Who asks</label>
          <select
            id="tracer-client"
            aria-describedby="tracer-client-help"
            value={flow.client}
            onChange={(event) => {
              onFlow({ ...flow, client: clientOf(event.currentTarget.value) });
            }}
          >
            <option value="">the usual one: curl in a pod, Go on a node</option>
            {CLIENTS.map((each) => (
              <option key={each} value={each}>
                {each === 'none' ? 'none: no proxy is asked' : each}
              </option>
            ))}
          </select>
          <p class="calc-help" id="tracer-client-help">
            {flow.from.trim()} has variables that name a proxy, and each client reads them in its own way.
          </p>
        </div>
      )}
      <div class="tracer-buttons">
        <button type="submit" class="button button-primary" disabled={busy}>
          Follow the packet
        </button>
        <button
          type="button"
          class="button"
          onClick={() => {
            onFlow({ ...flow, from: flow.to, to: flow.from });
          }}
        >
          Swap the ends
        </button>
      </div>
    </form>
  );
}
