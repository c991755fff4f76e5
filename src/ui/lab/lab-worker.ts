/// <reference lib="webworker" />
/** Runs a lab's simulation off the page, so that nothing a learner types can freeze the tab. */
import { bundledIncident, bundledLab } from './lab-bundle.ts';
import { LabHost } from './lab-host.ts';
import type { FromWorker, ToWorker } from './protocol.ts';

let host: LabHost | null = null;

function send(message: FromWorker): void {
  postMessage(message);
}

function opened(): LabHost {
  if (host === null) throw new Error('the lab is not open');
  return host;
}

async function serve(message: Exclude<ToWorker, { kind: 'interrupt' }>): Promise<void> {
  const { id } = message;
  switch (message.kind) {
    case 'open': {
      const { lab, title, seed, log } = message.ask;
      const source = await bundledLab(lab);
      host = new LabHost({ ...source, lab: { ...source.lab, title } });
      const value = await host.open(seed, log, (replayed) => {
        send({ kind: 'replayed', replayed });
      });
      send({ kind: 'reply', id, of: 'open', value });
      return;
    }
    case 'run':
      send({ kind: 'reply', id, of: 'run', value: await opened().run(message.ask) });
      return;
    case 'complete':
      send({ kind: 'reply', id, of: 'complete', value: await opened().complete(message.ask) });
      return;
    case 'check':
      send({ kind: 'reply', id, of: 'check', value: await opened().check() });
      return;
    case 'brief': {
      const there = opened();
      const incident = await bundledIncident(there.lab);
      send({ kind: 'reply', id, of: 'brief', value: there.brief(incident) });
      return;
    }
    case 'debrief': {
      const there = opened();
      const incident = await bundledIncident(there.lab);
      send({ kind: 'reply', id, of: 'debrief', value: await there.debrief(incident) });
      return;
    }
  }
}

addEventListener('message', (event: MessageEvent<ToWorker>) => {
  const message = event.data;
  if (message.kind === 'interrupt') {
    host?.interrupt();
    return;
  }
  serve(message).catch((problem: unknown) => {
    const text = problem instanceof Error ? (problem.stack ?? problem.message) : String(problem);
    send({ kind: 'failed', id: message.id, message: text });
  });
});
