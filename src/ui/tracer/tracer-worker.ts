/// <reference lib="webworker" />
/** Holds the tracer's network off the page, so that nothing somebody pastes can freeze the tab. */
import type { FromWorker, ToWorker } from './protocol.ts';
import { TracerHost } from './tracer-host.ts';

const host = new TracerHost(
  async (name) => (await import('./scenario-texts.ts')).bundledScenario(name),
  () => performance.now(),
);

function send(message: FromWorker): void {
  postMessage(message);
}

async function serve(message: Exclude<ToWorker, { kind: 'interrupt' }>): Promise<void> {
  const { id } = message;
  switch (message.kind) {
    case 'do':
      send({ kind: 'reply', id, value: await host.do(message.ask) });
      return;
    case 'trace':
      send({ kind: 'reply', id, value: host.trace(message.ask) });
      return;
    case 'compare':
      send({ kind: 'reply', id, value: host.compare(message.ask) });
      return;
    case 'save':
      send({ kind: 'reply', id, value: host.save() });
      return;
  }
}

addEventListener('message', (event: MessageEvent<ToWorker>) => {
  const message = event.data;
  if (message.kind === 'interrupt') {
    host.interrupt();
    return;
  }
  serve(message).catch((problem: unknown) => {
    const text = problem instanceof Error ? (problem.stack ?? problem.message) : String(problem);
    send({ kind: 'failed', id: message.id, message: text });
  });
});
