/** A worker that runs in the test itself: the same host and messages, without a browser. */
import type { LabIncident } from '../../../../src/lab/incident.ts';
import type { LabSource } from '../../../../src/lab/source.ts';
import type { WorkerLike } from '../../../../src/ui/lab/lab-connection.ts';
import { LabHost } from '../../../../src/ui/lab/lab-host.ts';
import type { FromWorker, ToWorker } from '../../../../src/ui/lab/protocol.ts';

export class InProcessWorker implements WorkerLike {
  onmessage: ((event: MessageEvent<FromWorker>) => void) | null = null;
  onerror: ((event: ErrorEvent) => void) | null = null;
  readonly #host: LabHost;
  /** A line that this worker never answers, as an endless loop would not. */
  readonly #deaf: string | null;
  readonly #incident: LabIncident | null;
  #state: 'running' | 'terminated' = 'running';

  constructor(source: LabSource, deaf: string | null = null, incident: LabIncident | null = null) {
    this.#host = new LabHost(source);
    this.#deaf = deaf;
    this.#incident = incident;
  }

  get state(): 'running' | 'terminated' {
    return this.#state;
  }

  terminate(): void {
    this.#state = 'terminated';
  }

  postMessage(message: ToWorker): void {
    if (message.kind === 'interrupt') {
      this.#host.interrupt();
      return;
    }
    if (message.kind === 'run' && message.ask.text === this.#deaf) return;
    this.#serve(message).then(
      (reply) => {
        this.#send(reply);
      },
      (problem: unknown) => {
        this.#send({ kind: 'failed', id: message.id, message: String(problem) });
      },
    );
  }

  #incidentHere(): LabIncident {
    if (this.#incident === null) throw new Error('this lab is no incident');
    return this.#incident;
  }

  async #serve(message: Exclude<ToWorker, { kind: 'interrupt' }>): Promise<FromWorker> {
    const { id } = message;
    switch (message.kind) {
      case 'open': {
        const { seed, log } = message.ask;
        const value = await this.#host.open(seed, log, (replayed) => {
          this.#send({ kind: 'replayed', replayed });
        });
        return { kind: 'reply', id, of: 'open', value };
      }
      case 'run':
        return { kind: 'reply', id, of: 'run', value: await this.#host.run(message.ask) };
      case 'complete':
        return { kind: 'reply', id, of: 'complete', value: await this.#host.complete(message.ask) };
      case 'check':
        return { kind: 'reply', id, of: 'check', value: await this.#host.check() };
      case 'brief':
        return { kind: 'reply', id, of: 'brief', value: this.#host.brief(this.#incidentHere()) };
      case 'debrief':
        return { kind: 'reply', id, of: 'debrief', value: await this.#host.debrief(this.#incidentHere()) };
    }
  }

  #send(message: FromWorker): void {
    if (this.#state === 'terminated') return;
    // Messages are cloned on their way, so what cannot be cloned fails here as it would there.
    this.onmessage?.(new MessageEvent('message', { data: structuredClone(message) }));
  }
}
