import { useEffect, useRef } from 'preact/hooks';
import { HypothesisForm } from './HypothesisForm.tsx';
import type { IncidentModel } from './incident-model.ts';
import { Ticket } from './Ticket.tsx';

/** The beginning: the ticket, what people notice, and a hypothesis before anything is touched. */
export function HypothesisStep({
  model,
  onLeave,
}: {
  readonly model: IncidentModel;
  readonly onLeave: () => void;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const briefing = model.briefing.value;
  const problem = model.work.problem.value;
  return (
    <section class="review incident-hypothesis not-content" aria-label="Incident">
      <h2 ref={heading} tabIndex={-1}>
        Incident <code>{model.seed}</code>
      </h2>
      {problem !== null && (
        <div role="alert">
          <p>The network could not be built. Reload the page; please report this text:</p>
          <pre>{problem}</pre>
        </div>
      )}
      {briefing === null && problem === null && (
        <p role="status">Building the network and reading the ticket.</p>
      )}
      {briefing !== null && (
        <>
          <Ticket briefing={briefing} heading="h3" />
          <h3>Your hypothesis</h3>
          <p>
            Before you touch anything. You have little to go by, so a guess is fine, if you say that it is
            one; you may change it as often as evidence makes you.
          </p>
          <HypothesisForm
            briefing={briefing}
            before={null}
            busy={model.work.busy.value !== null}
            onCommit={(hypothesis) => void model.commit(hypothesis)}
          />
        </>
      )}
      <p class="incident-leave">
        <button type="button" class="inline" onClick={onLeave}>
          Leave it
        </button>
        ; its name brings it back: <code>{model.seed}</code>
      </p>
    </section>
  );
}
