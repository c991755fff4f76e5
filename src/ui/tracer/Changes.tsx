/** Changing the network by commands, and which flows that changes. */
import { useState } from 'preact/hooks';
import type { InputIssue } from '../../planner/input.ts';
import type { ChangedFlow, FlowSide } from '../../planner/packet-tracer-diff.ts';
import { Issues } from './Issues.tsx';
import type { Loaded } from './protocol.ts';
import { TracedPath } from './TracedPath.tsx';
import type { TracerControls, TracerPage } from './use-tracer.ts';

interface Props {
  readonly page: TracerPage;
  readonly loaded: Loaded;
  readonly controls: TracerControls;
}

const PLACEHOLDER = `az network route-table route delete -g GROUP --route-table-name TABLE -n ROUTE
kubectl delete networkpolicy NAME`;

export function CommandBox({ page, controls }: Pick<Props, 'page' | 'controls'>) {
  const [script, setScript] = useState('');
  const output = page.loaded?.output ?? null;
  return (
    <section class="tracer-part" aria-labelledby="tracer-change">
      <h2 id="tracer-change">3. Change it</h2>
      <form
        aria-label="Commands"
        onSubmit={(event) => {
          event.preventDefault();
          if (script.trim() === '')
            controls.refuse('script', 'Type a command first, such as az network vnet list.');
          else void controls.run(script);
        }}
      >
        <div class="calc-field">
          <label for="tracer-script">Commands that run on this network</label>
          <textarea
            id="tracer-script"
            class="tracer-code"
            rows={4}
            wrap="off"
            spellcheck={false}
            autocomplete="off"
            placeholder={PLACEHOLDER}
            aria-describedby="tracer-script-help tracer-script-wrong"
            value={script}
            onInput={(event) => {
              setScript(event.currentTarget.value);
            }}
          />
          <p class="calc-help" id="tracer-script-help">
            A bash script with az and kubectl, on a simulated subscription. The path above follows.
          </p>
          <Issues id="tracer-script-wrong" issues={page.issues.filter(({ flag }) => flag === 'script')} />
        </div>
        <div class="tracer-buttons">
          <button type="submit" class="button button-primary" disabled={page.busy !== null}>
            Run
          </button>
          {page.busy !== null && (
            <button type="button" class="button" onClick={controls.stop}>
              Stop
            </button>
          )}
        </div>
      </form>
      {output !== null && (
        <div class="tracer-output">
          <p>
            {output.exitCode === 0 ? 'It ended well' : `It ended with exit code ${output.exitCode}`}
            {output.text.trim() === '' ? ' and printed nothing.' : ':'}
          </p>
          {output.text.trim() !== '' && (
            <pre tabIndex={0} aria-label="What the commands printed">
              {output.text}
            </pre>
          )}
        </div>
      )}
    </section>
  );
}

export function Comparison({ page, loaded, controls }: Props) {
  const [ends, setEnds] = useState('');
  const wrong: readonly InputIssue[] = page.issues.filter(({ flag }) => flag === 'ends');
  const { protocol, port } = page.flow;
  return (
    <section class="tracer-part" aria-labelledby="tracer-compare">
      <h2 id="tracer-compare">4. Which flows change</h2>
      {loaded.isKept ? (
        <>
          <p>
            A network is kept. Change this one with commands, or load another one above, and compare. Asked is{' '}
            {protocol.toUpperCase()}
            {protocol === 'icmp' ? '' : port === '' ? ', port 80 or what the end says' : ` port ${port}`}.
          </p>
          <form
            class="tracer-compare"
            aria-label="Compare"
            onSubmit={(event) => {
              event.preventDefault();
              void controls.compare(ends);
            }}
          >
            <div class="calc-field" data-wrong={wrong.length > 0 ? '' : undefined}>
              <label for="tracer-ends">
                Only between these ends<span class="optional"> optional</span>
              </label>
              <input
                id="tracer-ends"
                type="text"
                autocomplete="off"
                spellcheck={false}
                placeholder="all of them"
                aria-describedby="tracer-ends-wrong"
                aria-invalid={wrong.length > 0}
                value={ends}
                onInput={(event) => {
                  setEnds(event.currentTarget.value);
                }}
              />
              <Issues id="tracer-ends-wrong" issues={wrong} />
            </div>
            <div class="tracer-buttons">
              <button type="submit" class="button button-primary" disabled={page.busy !== null}>
                Compare
              </button>
              <button
                type="button"
                class="button"
                disabled={page.busy !== null}
                onClick={() => void controls.forget()}
              >
                Forget the kept network
              </button>
            </div>
          </form>
          <Found page={page} controls={controls} />
        </>
      ) : (
        <>
          <p>Keep the network as it is now, change it, and see which flows come out otherwise.</p>
          <div class="tracer-buttons">
            <button
              type="button"
              class="button"
              disabled={page.busy !== null}
              onClick={() => void controls.keep()}
            >
              Keep this network to compare
            </button>
          </div>
        </>
      )}
    </section>
  );
}

const AT_FIRST = 50;

function Found({ page, controls }: Pick<Props, 'page' | 'controls'>) {
  const [shown, setShown] = useState(AT_FIRST);
  if (page.compared === null) return null;
  const { changes, asked, limited } = page.compared.diff;
  return (
    <div class="tracer-found">
      <p>
        <strong>
          {changes.length.toLocaleString('en')} of {asked.toLocaleString('en')} flows change.
        </strong>{' '}
        {limited}
      </p>
      {changes.length > 0 && (
        <ol class="tracer-changes">
          {changes.slice(0, shown).map((each) => (
            <Change
              key={`${each.from} ${each.to}`}
              change={each}
              busy={page.busy !== null}
              controls={controls}
            />
          ))}
        </ol>
      )}
      {changes.length > shown && (
        <button
          type="button"
          class="button"
          onClick={() => {
            setShown(shown + AT_FIRST);
          }}
        >
          Show {Math.min(AT_FIRST, changes.length - shown)} more
        </button>
      )}
      {page.both !== null && (
        <div class="tracer-both" key={`${page.both.change.from} ${page.both.change.to}`}>
          {(['before', 'after'] as const).map((side) => {
            const view = page.both?.[side] ?? null;
            return (
              <section key={side} aria-labelledby={`tracer-${side}`}>
                <h3 id={`tracer-${side}`}>{side === 'before' ? 'In the kept network' : 'In this network'}</h3>
                {view === null ? (
                  <p>One of the ends is not there.</p>
                ) : (
                  <TracedPath id={`both-${side}`} view={view} />
                )}
              </section>
            );
          })}
        </div>
      )}
    </div>
  );
}

function Change({
  change,
  busy,
  controls,
}: {
  readonly change: ChangedFlow;
  readonly busy: boolean;
  readonly controls: TracerControls;
}) {
  const service = `${change.protocol.toUpperCase()}${change.port === null ? '' : ` ${change.port}`}`;
  return (
    <li>
      <p class="tracer-change-flow">
        <b>{change.from}</b> to <b>{change.to}</b>, {service}
        <span class="tracer-what">: {change.what.join(', ')}</span>
      </p>
      <dl>
        <Side name="Before" side={change.before} />
        <Side name="After" side={change.after} />
      </dl>
      <button
        type="button"
        class="button"
        disabled={busy}
        aria-label={`Show both paths from ${change.from} to ${change.to}`}
        onClick={() => void controls.showBoth(change)}
      >
        Show both paths
      </button>
    </li>
  );
}

function Side({ name, side }: { readonly name: string; readonly side: FlowSide | null }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {side === null ? (
          'not there'
        ) : (
          <>
            <b>{side.disposition}</b>
            {side.seenSource !== null && `, seen as ${side.seenSource.split(':')[0] ?? ''}`}
            <span class="tracer-by">{side.decidedBy}</span>
          </>
        )}
      </dd>
    </div>
  );
}
