import { useEffect, useRef, useState } from 'preact/hooks';
import { LOOKS } from '../../../lab/incident.ts';
import type { Outcome } from '../../../progress/incident-entry.ts';
import { NOT_KEPT } from '../../memory/page-memory.ts';
import { pathTo } from '../../course/base-path.ts';
import type { Debriefing } from '../../lab/protocol.ts';
import type { IncidentModel } from './incident-model.ts';

interface EndProps {
  readonly model: IncidentModel;
  readonly outcome: Outcome;
  readonly base: string;
  readonly onAnother: () => void;
  readonly onAgain: () => void;
}

/** How it went, what it was, and how one finds it. */
export function IncidentEnd({ model, outcome, base, onAnother, onAgain }: EndProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const debriefing = model.debriefing.value;
  const { lessons } = model.page;
  return (
    <section class="review incident-end not-content" aria-label="Incident">
      <h2 ref={heading} tabIndex={-1}>
        Incident <code>{model.seed}</code>: {outcome.points} of {outcome.of}
      </h2>
      <p>
        It was {outcome.cause}. {outcome.how === 'mended' ? 'You mended it' : 'You gave up'} after{' '}
        {minutesText(outcome.minutes)}, which counts nothing.
      </p>
      <table class="incident-score">
        <caption>The way to the diagnosis</caption>
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">Points</th>
            <th scope="col">Why</th>
          </tr>
        </thead>
        <tbody>
          {outcome.lines.map(({ what, points, of, words }) => (
            <tr key={what}>
              <th scope="row">{what}</th>
              <td>
                {points} of {of}
              </td>
              <td>{words}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <div class="row">
        <button type="button" class="button button-primary" onClick={onAnother}>
          Another incident
        </button>
        <button type="button" class="button" onClick={onAgain}>
          Replay this one
        </button>
        <CopyLink />
      </div>
      {lessons.length > 0 && (
        <>
          <h3>Read</h3>
          <ul class="incident-lessons">
            {lessons.map(({ slug, title }) => (
              <li key={slug}>
                <a href={pathTo(base, `${slug}/`)}>{title}</a>
              </li>
            ))}
          </ul>
        </>
      )}
      {debriefing === null ? (
        <p role="status">{model.work.problem.value ?? 'Looking back: the network is built again.'}</p>
      ) : (
        <>
          <YourPath model={model} debriefing={debriefing} />
          <Reference model={model} debriefing={debriefing} />
        </>
      )}
      {model.kept.value === 'memory' && <p class="not-kept">{NOT_KEPT}</p>}
    </section>
  );
}

function minutesText(minutes: number): string {
  if (minutes === 0) return 'less than a minute';
  return minutes === 1 ? 'one minute' : `${minutes} minutes`;
}

function CopyLink() {
  const [said, setSaid] = useState('');
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(location.href);
      setSaid('Copied: who opens it has the same network.');
    } catch {
      setSaid(`Copy it from here: ${location.href}`);
    }
  };
  return (
    <>
      <button type="button" class="button" onClick={() => void copy()}>
        Copy its link
      </button>
      <p role="status" class="said">
        {said}
      </p>
    </>
  );
}

function YourPath({ model, debriefing }: { readonly model: IncidentModel; readonly debriefing: Debriefing }) {
  const path = model.pathOf(debriefing);
  return (
    <>
      <h3>Your path</h3>
      {path.length === 0 && <p>You ran nothing that looked at something or changed it.</p>}
      <ol class="incident-path">
        {path.map((step, at) => (
          <li key={at} data-kind={step.kind}>
            <span class="kind">{step.kind === 'look' ? LOOKS[step.look] : 'change'}</span>
            <code>{step.command}</code>
            {step.kind === 'change' && step.effect === 'taken-back' && <p>This took earlier changes back.</p>}
            {step.kind === 'change' &&
              step.broke.map((evidence) => <p key={evidence}>After it this worked no more: {evidence}.</p>)}
          </li>
        ))}
      </ol>
    </>
  );
}

function Reference({
  model,
  debriefing,
}: {
  readonly model: IncidentModel;
  readonly debriefing: Debriefing;
}) {
  return (
    <>
      <h3>A path that finds it</h3>
      <p>
        What each command prints in the network as it was found. Any way that tells the suspects apart is
        right.
      </p>
      <ol class="incident-reference">
        {debriefing.evidence.map(({ look, command, why, output }) => (
          <li key={command}>
            <p>
              <b>{capital(LOOKS[look])}.</b> {why}
            </p>
            <details>
              <summary>The command, and what it prints</summary>
              <pre tabIndex={0} aria-label="Command">
                {command}
              </pre>
              <pre tabIndex={0} aria-label="What it prints">
                {output.trim() === '' ? 'It prints nothing.' : output}
              </pre>
            </details>
          </li>
        ))}
      </ol>
      {debriefing.answers.length > 0 && (
        <>
          <h3>The finding</h3>
          <dl class="incident-answers">
            {model.page.questions.map(({ key, html }) => (
              <div key={key}>
                <dt dangerouslySetInnerHTML={{ __html: html }} />
                <dd>
                  <code>{debriefing.answers.find((each) => each.key === key)?.answer ?? ''}</code>
                </dd>
              </div>
            ))}
          </dl>
        </>
      )}
    </>
  );
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
