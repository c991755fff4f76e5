/** The packet tracer sandbox: a network from anywhere, two ends, the path both ways, and what a change changes. */
import { CommandBox, Comparison } from './Changes.tsx';
import { FlowForm } from './FlowForm.tsx';
import { LeftOutList } from './LeftOutList.tsx';
import { NetworkSource } from './NetworkSource.tsx';
import { Share } from './Share.tsx';
import { TracedPath } from './TracedPath.tsx';
import { useTracer } from './use-tracer.ts';

export default function Tracer({ scenarios }: { readonly scenarios: readonly string[] }) {
  const [page, controls] = useTracer();
  const { loaded, traced, busy } = page;
  const general = page.issues.filter(({ flag }) => flag === '');
  return (
    <div class="tracer not-content" data-ready={page.ready} aria-busy={busy !== null}>
      <p class="tracer-status" role="status">
        {busy === null ? page.status : `${busy} …`}
      </p>
      {general.map(({ message }) => (
        <p key={message} class="tracer-general">
          {message}
        </p>
      ))}
      <NetworkSource
        scenarios={scenarios}
        busy={busy !== null}
        issues={page.issues}
        onOpen={(source) => void controls.open(source)}
        onRefuse={controls.refuse}
      />
      {loaded !== null && (
        <section class="tracer-part tracer-loaded" aria-label="What is loaded">
          <p>
            <strong>Loaded:</strong> {loaded.summary}.{' '}
            <span class="tracer-time">{Math.max(1, Math.round(loaded.milliseconds))} ms</span>
          </p>
          <LeftOutList loaded={loaded} />
        </section>
      )}
      <section class="tracer-part" aria-labelledby="tracer-flow-title">
        <h2 id="tracer-flow-title">2. The flow</h2>
        {loaded === null ? (
          <p>Load a network, and choose two of its ends here.</p>
        ) : (
          <>
            <FlowForm
              ends={loaded.ends}
              flow={page.flow}
              busy={busy !== null}
              issues={page.issues}
              onFlow={controls.setFlow}
              onTrace={() => void controls.trace()}
            />
            {loaded.ends.every(({ kind }) => kind === 'host') && (
              <p>
                There is nobody in this network yet: make a VM with az vm create below, or load another one.
              </p>
            )}
          </>
        )}
        {traced !== null && (
          <>
            <TracedPath key={`${traced.asked} ${traced.milliseconds}`} id="tracer-path" view={traced} />
            <p class="tracer-time">
              Answered in {traced.milliseconds < 1 ? 'less than 1' : Math.round(traced.milliseconds)} ms.
              Inside the figure the arrow keys step.
            </p>
          </>
        )}
      </section>
      <CommandBox page={page} controls={controls} />
      {loaded !== null && <Comparison page={page} loaded={loaded} controls={controls} />}
      <Share page={page} controls={controls} />
    </div>
  );
}
