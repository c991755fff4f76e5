/** One request as raw bytes, once for each way it may take: who learns what, then message by message. */
import { fromHex, fromLatin1 } from '../../model/certificates/bytes.ts';
import { learned } from '../../model/proxy/wire.ts';
import type { Knowledge, Party, WireExchange, WireMessage, WireQuestion } from '../../model/proxy/wire.ts';
import type { WireField } from '../../model/proxy/wire-bytes.ts';
import { dumpRows, isTelling } from './dump.ts';
import type { DumpRun } from './dump.ts';
import { actionOf, KNOWLEDGE, PARTY, readerName, readerPhrase, WAY_TITLE, WAY_WORDS } from './wire-words.ts';
import './wire.css';

export interface WireFigureProps {
  /** Unique on the page. */
  readonly id: string;
  readonly ways: readonly WireWay[];
}

export interface WireWay {
  /** As it would be typed. */
  readonly command: string;
  readonly question: WireQuestion;
  readonly exchange: WireExchange;
}

/** Stepping is packet-path's `stepping.ts`, which the page connects to the element around this. */
export function WireFigure({ id, ways }: WireFigureProps) {
  return (
    <figure aria-labelledby={`${id}-asked`}>
      <figcaption id={`${id}-asked`}>One request as raw bytes</figcaption>
      {ways.length > 1 && (
        <div class="switch needs-script" role="group" aria-label="What the proxy does">
          {ways.map(({ exchange: { way } }, index) => (
            <button
              key={way}
              type="button"
              class="button"
              data-way={way}
              aria-pressed={index === 0 ? 'true' : 'false'}
            >
              {WAY_TITLE[way]}
            </button>
          ))}
        </div>
      )}
      {ways.map((each, index) => (
        <Way key={each.exchange.way} {...each} shown={index === 0 ? 'first' : 'later'} />
      ))}
    </figure>
  );
}

function Way({ command, question, exchange, shown }: WireWay & { readonly shown: 'first' | 'later' }) {
  const { way, messages } = exchange;
  return (
    <div
      class="way"
      role="group"
      data-direction={way}
      data-shown={shown === 'first' ? '' : undefined}
      aria-label={WAY_TITLE[way]}
    >
      <p class="way-title">
        <b>{WAY_TITLE[way]}.</b> {WAY_WORDS[way]}
      </p>
      <p class="command">
        <code translate={false}>{command}</code>
      </p>
      <Learned question={question} exchange={exchange} />
      <div class="controls needs-script" role="group" aria-label={`Messages, ${WAY_TITLE[way]}`}>
        <button type="button" class="button" data-go="back" aria-label="Previous message" disabled>
          <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
            <path d="M10.5 3 5 8l5.5 5" />
          </svg>
        </button>
        <button type="button" class="button button-primary" data-go="play">
          Play
        </button>
        <button type="button" class="button" data-go="next" aria-label="Next message">
          <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
            <path d="M5.5 3 11 8l-5.5 5" />
          </svg>
        </button>
        <p class="status" role="status">
          {messages.length} steps
        </p>
      </div>
      <div class="lanes" aria-hidden="true" data-lanes={lanesOf(exchange).length}>
        {lanesOf(exchange).map((party) => (
          <span key={party}>{PARTY[party]}</span>
        ))}
      </div>
      <ol class="messages">
        {messages.map((message, index) => (
          <li key={index} class="step" value={index + 1} data-sealed={message.opened === null ? 'no' : 'yes'}>
            <details>
              <summary>
                <span class="number" aria-hidden="true">
                  {index + 1}
                </span>
                <Arrow message={message} lanes={lanesOf(exchange)} />
                <span class="visually-hidden">
                  {PARTY[message.from]} to {PARTY[message.to].toLowerCase()}:{' '}
                </span>
                <span class="said">
                  <span class="word">{message.name}</span>{' '}
                  <span class="action">{actionOf(exchange, message, (at) => at + 1)}</span>
                </span>
              </summary>
              <Message exchange={exchange} message={message} />
            </details>
          </li>
        ))}
      </ol>
    </div>
  );
}

const lanesOf = ({ way }: WireExchange): readonly Party[] =>
  way === 'direct' ? ['client', 'server'] : ['client', 'proxy', 'server'];

const LANE = 36;

/** From one lifeline to the other; a sealed message has a double line. */
function Arrow({ message, lanes }: { readonly message: WireMessage; readonly lanes: readonly Party[] }) {
  const at = (party: Party): number => 6 + lanes.indexOf(party) * LANE;
  const width = 12 + (lanes.length - 1) * LANE;
  const [from, to] = [at(message.from), at(message.to)];
  const tip = to > from ? -1 : 1;
  return (
    <span class="life" data-lanes={lanes.length}>
      <svg class="arrow" viewBox={`0 0 ${width} 16`} width={width} height="16" aria-hidden="true">
        {message.opened === null ? (
          <path d={`M${from} 8H${to}`} />
        ) : (
          <path d={`M${from} 6.5H${to + 4 * tip}M${from} 9.5H${to + 4 * tip}`} />
        )}
        <path class="tip" d={`M${to + 5 * tip} 4.5 ${to} 8l${5 * tip} 3.5Z`} />
      </svg>
    </span>
  );
}

const KINDS: readonly Knowledge[] = ['name', 'path', 'certificate', 'answer'];

function Learned({
  question,
  exchange,
}: {
  readonly question: WireQuestion;
  readonly exchange: WireExchange;
}) {
  const rows = exchange.readers.map((reader) => ({ reader, knows: learned(exchange, reader, question) }));
  const kinds = KINDS.filter((kind) => rows.some(({ knows }) => knows[kind] !== null));
  return (
    <div class="learned-frame" role="group" aria-label="Who can read what, and in which step" tabIndex={0}>
      <table class="learned">
        <caption>Who can read what, and in which step</caption>
        <thead>
          <tr>
            <td></td>
            {kinds.map((kind) => (
              <th key={kind} scope="col">
                {KNOWLEDGE[kind]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ reader, knows }) => (
            <tr key={reader}>
              <th scope="row">{readerName(reader)}</th>
              {kinds.map((kind) => {
                const at = knows[kind];
                return (
                  <td key={kind} data-knows={at === null ? 'no' : 'yes'}>
                    {at === null ? 'no' : `step ${at + 1}`}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const HTTP = new Set(['CONNECT', 'Answer to CONNECT', 'Request', 'Answer']);

function Message({ exchange, message }: { readonly exchange: WireExchange; readonly message: WireMessage }) {
  const { opened } = message;
  const isHttp = HTTP.has(message.name);
  const http = isHttp ? fromLatin1(fromHex(opened?.bytes ?? message.bytes)) : null;
  return (
    <div class="detail">
      <Readers exchange={exchange} message={message} />
      {http !== null && message.copyOf === null && (
        <>
          {opened !== null && <p class="label">With the keys of {keysText(opened.keys)}</p>}
          <pre class="http" translate={false}>
            {http}
          </pre>
        </>
      )}
      {opened !== null && !isHttp && message.copyOf === null && (
        <Bytes
          title={`With the keys of ${keysText(opened.keys)}`}
          bytes={opened.bytes}
          fields={opened.fields}
          shows={opened.fields.some(isTelling) ? 'bytes' : 'fields'}
        />
      )}
      {message.copyOf === null && (
        <Bytes title="On the wire" bytes={message.bytes} fields={message.fields} shows="bytes" />
      )}
    </div>
  );
}

const keysText = (keys: readonly Party[]): string =>
  keys.map((party) => PARTY[party].toLowerCase()).join(' and ');

function Readers({ exchange, message }: { readonly exchange: WireExchange; readonly message: WireMessage }) {
  const of = (reading: string): string =>
    exchange.readers
      .filter((reader) => message.reads[reader] === reading)
      .map((reader) => readerPhrase(reader))
      .join(', ');
  const outside = of('outside');
  const partly = message.fields.some(({ kind }) => kind === 'record') && !onlySealed(message);
  return (
    <ul class="readers">
      <li data-reading="everything">
        <b>Read by</b> {of('everything')}
      </li>
      {outside !== '' && (
        <li data-reading="outside">
          <b>{partly ? 'In part by' : 'Only its length by'}</b> {outside}
        </li>
      )}
    </ul>
  );
}

/** Nothing in it is for everybody but the heads of its records. */
function onlySealed({ fields, bytes }: WireMessage): boolean {
  const covered = fields
    .filter(({ kind }) => kind === 'record' || kind === 'sealed')
    .reduce((sum, { start, end }) => sum + end - start, 0);
  return covered === bytes.length / 2;
}

/** Fields of HTTP are readable as they are. */
const LISTED = (each: WireField): boolean => !['start-line', 'header', 'body'].includes(each.kind);

function Bytes({
  title,
  bytes,
  fields,
  shows,
}: {
  readonly title: string;
  readonly bytes: string;
  readonly fields: readonly WireField[];
  /** `fields`: the bytes themselves would be noise. */
  readonly shows: 'bytes' | 'fields';
}) {
  const listed = fields.filter(LISTED);
  return (
    <div class="bytes">
      <p class="label">
        {title}, {bytes.length / 2} bytes
      </p>
      {listed.length > 0 && (
        <dl class="fields">
          {listed.map((each) => (
            <div key={`${each.start}-${each.name}`} data-kind={each.kind}>
              <dt>{each.name}</dt>
              <dd>
                {each.value} <span class="at">{place(each)}</span>
              </dd>
            </div>
          ))}
        </dl>
      )}
      {shows === 'bytes' && (
        <div class="dump" aria-hidden="true" translate={false}>
          {dumpRows(bytes, fields).map((row, index) =>
            row.kind === 'left-out' ? (
              <p key={index} class="left-out">
                {row.bytes} bytes more, {row.why === 'sealed' ? 'all of it noise' : 'all of them zero'}
              </p>
            ) : (
              <div key={index} class="row">
                <span class="offset">{row.offset}</span>
                {row.halves.map((runs, half) =>
                  runs.length === 0 ? null : (
                    <>
                      <span class={`hex hex-${half}`}>
                        <Runs runs={runs} of="hex" />
                      </span>
                      <span class={`text text-${half}`}>
                        <Runs runs={runs} of="text" />
                      </span>
                    </>
                  ),
                )}
              </div>
            ),
          )}
        </div>
      )}
    </div>
  );
}

function Runs({ runs, of }: { readonly runs: readonly DumpRun[]; readonly of: 'hex' | 'text' }) {
  return (
    <>
      {runs.map((run, index) => {
        const space = of === 'hex' && index > 0 ? ' ' : '';
        return run.kind === null ? (
          space + run[of]
        ) : (
          <>
            {space}
            <i data-kind={run.kind}>{run[of]}</i>
          </>
        );
      })}
    </>
  );
}

const hex = (value: number): string => value.toString(16).padStart(4, '0');
const place = ({ start, end }: WireField): string => `${hex(start)}–${hex(end - 1)}`;
