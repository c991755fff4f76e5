/** One incident: its entry, and the lab's workspace in which it is worked on. The view only draws it. */
import { signal, type Signal } from '@preact/signals';
import type { Briefing } from '../../../lab/incident-world.ts';
import { LOOKS, SUSPECTS, type Suspect } from '../../../lab/incident.ts';
import type { CheckResult } from '../../../lab/lab.ts';
import { diagnosisPath, type Step } from '../../../practice/diagnosis-path.ts';
import { incidentScore } from '../../../practice/incident-score.ts';
import type { Incident } from '../../../practice/incident.ts';
import {
  newIncident,
  readIncident,
  type Hypothesis,
  type IncidentEntry,
  type Outcome,
} from '../../../progress/incident-entry.ts';
import { labProgressOf } from '../../../progress/lab-progress.ts';
import type { Entry, Json, KeptIn, ProgressStore } from '../../../progress/store.ts';
import type { WorkerLike } from '../../lab/lab-connection.ts';
import type { Debriefing } from '../../lab/protocol.ts';
import { WorkspaceModel, type WorkStore } from '../../lab/workspace-model.ts';
import type { IncidentPage } from './incident-data.ts';

type Store = Pick<ProgressStore, 'state' | 'get' | 'put' | 'putAside' | 'subscribe'>;

export class IncidentModel {
  readonly seed: string;
  readonly page: IncidentPage;
  readonly entry: Signal<IncidentEntry>;
  readonly work: WorkspaceModel;
  readonly briefing = signal<Briefing | null>(null);
  readonly debriefing = signal<Debriefing | null>(null);
  readonly kept = signal<KeptIn | null>(null);
  readonly #store: Store;
  readonly #now: () => number;
  readonly #unsubscribe: () => void;

  constructor(
    seed: string,
    incident: Incident,
    page: IncidentPage,
    store: Store,
    createWorker: () => WorkerLike,
    now: () => number,
  ) {
    this.seed = seed;
    this.page = page;
    this.#store = store;
    this.#now = now;
    if (store.state === 'memory') this.kept.value = 'memory';
    const kept = readIncident(store.get(this.#key)?.value);
    this.entry = signal(kept ?? newIncident(incident, now(), null));
    const { lab, variation } = this.entry.value;
    this.work = new WorkspaceModel(
      page.page,
      () => Promise.resolve(this.#workStore(lab)),
      createWorker,
      variation,
    );
    this.#unsubscribe = store.subscribe(({ keys, by }) => {
      if (by !== 'another-tab' || !keys.includes(this.#key)) return;
      const there = readIncident(store.get(this.#key)?.value);
      if (there !== null) this.entry.value = there;
    });
  }

  /** Brings back the work, and asks what people notice. What cannot be read is put aside, never overwritten. */
  async begin(): Promise<void> {
    const there = this.#store.get(this.#key);
    if (there !== null && readIncident(there.value) === null) await this.#store.putAside(this.#key);
    await this.work.load();
    await this.work.open(null);
    if (this.work.problem.value !== null) return;
    this.briefing.value = await this.work.brief();
    if (this.entry.value.outcome !== null) await this.lookBack();
  }

  async commit({ end, suspect, confidence }: Omit<Hypothesis, 'after'>): Promise<void> {
    const { hypotheses } = this.entry.value;
    const last = hypotheses.at(-1);
    const next = { end, suspect, confidence, after: this.#logged };
    if (last?.end === end && last.suspect === suspect && last.confidence === confidence) return;
    await this.#change({ hypotheses: [...hypotheses, next] });
  }

  /** Answers the questions in the terminal, as in a lab, and has them graded. */
  async submit(answers: readonly (readonly [key: string, answer: string])[]): Promise<void> {
    const after = this.#logged;
    for (const [key, answer] of answers) await this.work.answer(key, answer);
    await this.work.check();
    const graded = this.graded();
    const right = graded.filter(({ passed }) => passed).length;
    const { findings } = this.entry.value;
    await this.#change({ findings: [...findings, { right, of: graded.length, after }] });
  }

  /** What the last check said of the answers. */
  graded(): readonly CheckResult[] {
    const ids = this.page.questions.map(({ check }) => check);
    const checks = this.work.report.value?.tasks.flatMap((task) => task.checks) ?? [];
    return checks.filter(({ id }) => ids.includes(id));
  }

  /** Whether the last check proved the repair. */
  isMended(): boolean {
    const { passed } = this.work.progress.value.now;
    return this.page.page.tasks.every(({ id }) => passed.includes(id));
  }

  /** Ends the incident, and keeps what it came to. */
  async finish(how: Outcome['how']): Promise<void> {
    const debriefing = await this.#debriefed();
    if (debriefing === null) return;
    const { hypotheses, findings, started } = this.entry.value;
    const score = incidentScore({
      truth: debriefing.truth,
      hypotheses,
      findings,
      path: this.pathOf(debriefing),
      deciding: [...new Set(debriefing.evidence.map(({ look }) => look))].map((look) => ({
        look,
        words: LOOKS[look],
      })),
      straight: debriefing.straight,
      how,
    });
    const at = this.#now();
    const minutes = Math.max(0, Math.round((at - started) / 60_000));
    const outcome = { at, minutes, how, ...score, cause: causeText(debriefing) };
    this.debriefing.value = debriefing;
    await this.#change({ outcome });
  }

  async lookBack(): Promise<void> {
    this.debriefing.value = await this.#debriefed();
  }

  /** Null where looking back failed, which is a bug of ours; it is told where the network's problems are. */
  async #debriefed(): Promise<Debriefing | null> {
    try {
      return await this.work.debrief();
    } catch (reason) {
      this.work.problem.value = reason instanceof Error ? reason.message : String(reason);
      return null;
    }
  }

  pathOf({ changes }: Debriefing): readonly Step[] {
    return diagnosisPath(this.work.progress.value.now.log, changes);
  }

  /** Makes room for the same network from the beginning, for a new model; how it ended before is kept. */
  async again(): Promise<void> {
    const { lab, variation, module } = this.entry.value;
    await this.#change(newIncident({ lab, variation, module }, this.#now(), this.entry.value));
  }

  close(): void {
    this.#unsubscribe();
    this.work.close();
  }

  get #key(): string {
    return `incident.${this.seed}`;
  }

  get #logged(): number {
    return this.work.progress.value.now.log.length;
  }

  async #change(change: Partial<IncidentEntry>): Promise<KeptIn> {
    this.entry.value = { ...this.entry.value, ...change };
    const kept = await this.#store.put(this.#key, this.entry.value);
    this.kept.value = kept;
    return kept;
  }

  /** The workspace keeps its work inside the entry of the incident: the lab itself may be under way, too. */
  #workStore(lab: string): WorkStore {
    const key = `lab.${lab}`;
    const entry = (): Entry | null => {
      const { work } = this.entry.value;
      return work === null ? null : { at: this.entry.value.started, value: work as unknown as Json };
    };
    return {
      state: this.#store.state,
      get: (asked) => (asked === key ? entry() : null),
      put: async (_, value) => this.#change({ work: labProgressOf(value, lab) }),
      putAside: () => null,
      subscribe: (listener) =>
        this.#store.subscribe(({ keys, by }) => {
          if (keys.includes(this.#key)) listener({ keys: [key], by });
        }),
    };
  }
}

function causeText({ truth, answers }: Debriefing): string {
  const what = truth.suspects.map((suspect: Suspect) => SUSPECTS[suspect]).join('; or ');
  // A number says nothing without its question.
  const which = answers
    .map(({ answer }) => answer)
    .filter((answer) => !/^\d+$/.test(answer))
    .join(', ');
  return which === '' ? what : `${what} (${which})`;
}
