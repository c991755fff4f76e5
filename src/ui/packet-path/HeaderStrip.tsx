/** A packet header as a strip of fields; a field that just changed is marked, not only by colour. */
import { Chip } from '../address/Marked.tsx';
import type { NamedRange } from '../address/range.ts';
import type { HeaderView } from './view.ts';

interface Props {
  readonly header: HeaderView;
  readonly name: 'before' | 'after' | 'header' | 'arrives' | 'leaves';
  readonly rangeOf: (address: string) => NamedRange | null;
}

const LABEL = {
  before: 'Header before',
  after: 'Header after',
  header: 'Header, unchanged',
  arrives: 'Header of the connection that arrives',
  leaves: 'Header of the connection that leaves',
} as const;

export function HeaderStrip({ header, name, rangeOf }: Props) {
  const fields = [
    { key: 'source', label: 'from', value: header.source },
    { key: 'destination', label: 'to', value: header.destination },
  ] as const;
  const changed = (key: 'source' | 'destination' | 'ttl'): string =>
    header.changed.includes(key) ? ' changed' : '';
  return (
    <div class="strip" role="group" aria-label={LABEL[name]}>
      <div class="name" aria-hidden="true">
        {name === 'header' ? 'header' : name}
      </div>
      <dl>
        <div class="field protocol">
          <dt class="visually-hidden">protocol</dt>
          <dd>{header.protocol}</dd>
        </div>
        {fields.map(({ key, label, value }) => (
          <div key={key} class={`field${changed(key)}`}>
            <dt>
              {label}
              {header.changed.includes(key) && <span class="visually-hidden"> (changed)</span>}
            </dt>
            <dd>
              <Chip text={value.address} range={rangeOf(value.address)} />
              {value.port !== null && <span class="port">:{value.port}</span>}
            </dd>
          </div>
        ))}
        <div class={`field ttl${changed('ttl')}`}>
          <dt>TTL</dt>
          <dd>{header.ttl}</dd>
        </div>
      </dl>
    </div>
  );
}
