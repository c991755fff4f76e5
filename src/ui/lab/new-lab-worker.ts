/** The worker in which a lab's simulation runs. */
export function newLabWorker(lab: string): Worker {
  return new Worker(new URL('./lab-worker.ts', import.meta.url), { type: 'module', name: `lab ${lab}` });
}
