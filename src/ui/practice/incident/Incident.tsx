import { useEffect, useRef, useState } from 'preact/hooks';
import { drawSeed, incidentOf, readIncidentSeed, type IncidentLab } from '../../../practice/incident.ts';
import { readIncident } from '../../../progress/incident-entry.ts';
import { openProgress, type ProgressStore } from '../../../progress/store.ts';
import { newLabWorker } from '../../lab/new-lab-worker.ts';
import { fetchIncidentLabs, fetchIncidentPage } from './incident-data.ts';
import { IncidentModel } from './incident-model.ts';
import { IncidentEnd } from './IncidentEnd.tsx';
import { IncidentStart, type Known } from './IncidentStart.tsx';
import { IncidentWork } from './IncidentWork.tsx';
import { HypothesisStep } from './HypothesisStep.tsx';

interface Opened {
  readonly labs: readonly IncidentLab[];
  readonly store: ProgressStore;
}

const PARAMETER = 'incident';

interface IncidentProps {
  readonly base: string;
  /** How many networks there were to draw from when the page was built: shown until they are fetched. */
  readonly count: number;
}

/** Incident mode: draws a broken network, and follows it from the hypothesis to the score. */
export default function Incident({ base, count }: IncidentProps) {
  const [opened, setOpened] = useState<Opened | null>(null);
  const [failure, setFailure] = useState<'none' | 'not-fetched'>('none');
  /** Whether the address names an incident, which the page that was built cannot know. */
  const [isNamed, setIsNamed] = useState(false);
  const [model, setModel] = useState<IncidentModel | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const current = useRef<IncidentModel | null>(null);
  /** Counts where one went: what was fetched for an earlier place is for nobody. */
  const turns = useRef(0);

  const show = (next: IncidentModel | null): void => {
    current.current?.close();
    current.current = next;
    setModel(next);
  };

  /** Goes to what the address says. */
  const follow = async ({ labs, store }: Opened): Promise<void> => {
    setProblem(null);
    const turn = ++turns.current;
    const asked = new URLSearchParams(location.search).get(PARAMETER);
    if (asked === null) {
      show(null);
      return;
    }
    const seed = readIncidentSeed(asked);
    if (seed === null) {
      show(null);
      setProblem(
        `“${asked.slice(0, 40)}” is no incident: its name is 4 to 20 letters and digits, such as k7m2px. Start another one, or ask for the name again.`,
      );
      return;
    }
    const kept = readIncident(store.get(`incident.${seed}`)?.value);
    const incident = kept ?? incidentOf(seed, labs);
    if (incident === null || !labs.some(({ lab }) => lab === incident.lab)) {
      show(null);
      setProblem(
        `Incident ${seed} plays in a part of the course that is left out here. What you did is kept. Start another one.`,
      );
      return;
    }
    try {
      const page = await fetchIncidentPage(base, incident.lab);
      if (turn !== turns.current) return;
      const next = new IncidentModel(
        seed,
        incident,
        page,
        store,
        () => newLabWorker(incident.lab),
        () => Date.now(),
      );
      show(next);
      await next.begin();
    } catch (reason) {
      if (turn !== turns.current) return;
      show(null);
      setProblem(
        `The incident could not be fetched. Check the connection and try again. (${String(reason).slice(0, 200)})`,
      );
    }
  };

  const load = (): void => {
    setFailure('none');
    Promise.all([fetchIncidentLabs(base), openProgress()]).then(
      ([labs, store]) => {
        const both = { labs, store };
        setOpened(both);
        void follow(both);
      },
      () => setFailure('not-fetched'),
    );
  };
  useEffect(() => {
    setIsNamed(new URLSearchParams(location.search).has(PARAMETER));
    load();
    return () => current.current?.close();
  }, []);
  useEffect(() => {
    if (opened === null) return;
    const onBack = (): void => void follow(opened);
    addEventListener('popstate', onBack);
    return () => removeEventListener('popstate', onBack);
  }, [opened]);

  if (opened === null && (failure !== 'none' || isNamed)) {
    return (
      <section class="review incident-start not-content" aria-label="Incident">
        {failure === 'none' ? (
          <p role="status">Getting ready.</p>
        ) : (
          <>
            <p role="alert">The incidents could not be fetched. Check the connection.</p>
            <button type="button" class="button" onClick={load}>
              Try again
            </button>
          </>
        )}
      </section>
    );
  }
  if (opened === null) return <IncidentStart count={count} opened={null} />;

  const goTo = (seed: string | null): void => {
    const address = new URL(location.href);
    address.search = '';
    address.hash = '';
    if (seed !== null) address.searchParams.set(PARAMETER, seed);
    history.pushState(null, '', address);
    void follow(opened);
  };
  const draw = (): void => {
    const had = knownIn(opened.store).map(({ entry }) => entry);
    const random = (): number => crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
    const seed = drawSeed(opened.labs, had, random);
    if (seed !== null) goTo(seed);
  };

  if (model === null) {
    return (
      <IncidentStart
        count={opened.labs.reduce((sum, { seeds }) => sum + seeds.length, 0)}
        opened={{
          known: knownIn(opened.store),
          isKept: opened.store.state === 'kept',
          problem,
          onDraw: draw,
          onOpen: goTo,
        }}
      />
    );
  }
  return (
    <Phase
      key={model.seed}
      model={model}
      base={base}
      onAnother={draw}
      onAgain={() => {
        void model.again().then(() => follow(opened));
      }}
      onLeave={() => goTo(null)}
    />
  );
}

interface PhaseProps {
  readonly model: IncidentModel;
  readonly base: string;
  readonly onAnother: () => void;
  readonly onAgain: () => void;
  readonly onLeave: () => void;
}

function Phase({ model, base, onAnother, onAgain, onLeave }: PhaseProps) {
  const { outcome, hypotheses } = model.entry.value;
  if (outcome !== null) {
    return (
      <IncidentEnd model={model} outcome={outcome} base={base} onAnother={onAnother} onAgain={onAgain} />
    );
  }
  return hypotheses.length === 0 ? (
    <HypothesisStep model={model} onLeave={onLeave} />
  ) : (
    <IncidentWork model={model} />
  );
}

/** Every incident that was begun, oldest first. */
function knownIn(store: ProgressStore): readonly Known[] {
  return [...store.entries('incident.')]
    .flatMap(([key, { value }]): readonly Known[] => {
      const entry = readIncident(value);
      return entry === null ? [] : [{ seed: key.slice('incident.'.length), entry }];
    })
    .sort((one, other) => one.entry.started - other.entry.started);
}
