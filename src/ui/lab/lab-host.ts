/** The worker's side of a lab: the session, its log, and what the page wants to see of them. */
import { changesMade } from '../../lab/changes-made.ts';
import { briefingOf, truthOf, type Briefing } from '../../lab/incident-world.ts';
import type { LabIncident } from '../../lab/incident.ts';
import type { LabReport } from '../../lab/lab.ts';
import { gradeNow, runScript, startLab, type RunningLab } from '../../lab/run.ts';
import { SCRIPT_NAME, type LabSource } from '../../lab/source.ts';
import type { LogEntry } from '../../progress/lab-progress.ts';
import { colouredOutput } from './coloured-output.ts';
import { rangesOf } from '../address/ranges-of.ts';
import { networkView } from './network-view.ts';
import type { Completion, Debriefing, Replayed, Screen } from './protocol.ts';

export class LabHost {
  readonly #source: LabSource;
  #running: RunningLab | null = null;
  #abort: AbortController | null = null;
  /** How many moments the lab had when each entry of the log began. */
  #began: number[] = [];

  constructor(source: LabSource) {
    this.#source = source;
  }

  /** Starts the lab afresh and runs the log again. */
  async open(
    seed: string,
    log: readonly LogEntry[],
    onReplayed: (replayed: Replayed) => void,
  ): Promise<Screen> {
    const running = await startLab(this.#source, seed);
    this.#running = running;
    this.#began = [];
    for (const [index, entry] of log.entries()) {
      const prompt = running.session.prompt;
      const { output } = await this.run(entry);
      onReplayed({ entry, prompt, output, number: index + 1, of: log.length });
    }
    return this.#screen('', 0);
  }

  async run(entry: LogEntry): Promise<Screen> {
    const running = this.#opened();
    const abort = new AbortController();
    this.#abort = abort;
    this.#began.push(running.since.length);
    try {
      switch (entry.kind) {
        case 'line': {
          const { stdout, stderr, exitCode } = await running.session.run(entry.text, {
            signal: abort.signal,
          });
          return this.#screen(stdout + stderr, exitCode);
        }
        case 'script': {
          // Pieces in the order they came: an error stands below the command that made it.
          const pieces: string[] = [];
          const { stdout, stderr, exitCode } = await runScript(running, entry.text, {
            signal: abort.signal,
            onOutput: (_, text) => {
              pieces.push(text);
            },
          });
          return this.#screen([...pieces, stdout, stderr].join(''), exitCode);
        }
        case 'save':
          await running.session.writeFile(SCRIPT_NAME, entry.text);
          return this.#screen('', 0);
      }
    } finally {
      this.#abort = null;
    }
  }

  /** Asks what is running to stop at its next command. */
  interrupt(): void {
    this.#abort?.abort();
  }

  complete(line: string): Promise<Completion> {
    return this.#opened().session.complete(line);
  }

  check(): Promise<LabReport> {
    return gradeNow(this.#opened(), null);
  }

  get lab(): string {
    return this.#source.lab.id;
  }

  /** What is known of an incident before anything was looked at. */
  brief(incident: LabIncident): Briefing {
    return briefingOf(this.#source.lab, incident, this.#opened().start);
  }

  async debrief(incident: LabIncident): Promise<Debriefing> {
    const running = this.#opened();
    const { lab } = this.#source;
    const changes = changesMade(running, incident.mend).map(({ moment, ...change }) => ({
      entry: this.#began.findLastIndex((began) => began <= moment),
      ...change,
    }));
    return {
      truth: truthOf(lab, incident, running.start),
      changes,
      evidence: await this.#evidence(incident),
      answers: await this.#answers(),
      straight: incident.straight,
    };
  }

  /** Each command on a network of its own: what one learns must not depend on what was done. */
  async #evidence(incident: LabIncident): Promise<Debriefing['evidence']> {
    const shown: Debriefing['evidence'][number][] = [];
    for (const { look, command, why } of incident.evidence) {
      const { session } = await startLab(this.#source, this.#opened().seed);
      const { stdout, stderr } = await session.run(command);
      shown.push({ look, command, why, output: stdout + stderr });
    }
    return shown;
  }

  async #answers(): Promise<Debriefing['answers']> {
    const solution = this.#source.solutions[0]?.text ?? '';
    if (solution === '') return [];
    const running = await startLab(this.#source, this.#opened().seed);
    await runScript(running, solution);
    return [...running.answers()].map(([key, answer]) => ({ key, answer }));
  }

  #opened(): RunningLab {
    if (this.#running === null) throw new Error('the lab is not open');
    return this.#running;
  }

  #screen(text: string, exitCode: number): Screen {
    const { session } = this.#opened();
    const rangeOf = rangesOf(session.cloud);
    return {
      output: colouredOutput(text, (address) => rangeOf(address)?.letter ?? null),
      exitCode,
      prompt: session.prompt,
      session: session.state,
      network: networkView(session.cloud),
    };
  }
}
