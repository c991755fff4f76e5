/// <reference types="vite/client" />
/** Reads labs out of the site's bundle, one lab at a time: the browser's counterpart of `cli/lab/folder.ts`. */
import type { LabIncident } from '../../lab/incident.ts';
import type { Lab } from '../../lab/lab.ts';
import type { LabSource } from '../../lab/source.ts';

const labs = import.meta.glob<Lab>('/labs/*/lab.ts', { import: 'default' });
const incidents = import.meta.glob<LabIncident>('/labs/*/incident.ts', { import: 'default' });
const scripts = import.meta.glob<string>('/labs/*/{start,template,solution,solution-*}.sh', {
  query: '?raw',
  import: 'default',
});

/** Returns the ids of all labs. */
export function bundledLabIds(): readonly string[] {
  return Object.keys(labs).map((path) => path.split('/')[2] ?? '');
}

/** Returns the ids of the labs that are incidents too. */
export function bundledIncidentIds(): readonly string[] {
  return Object.keys(incidents).map((path) => path.split('/')[2] ?? '');
}

/** Loads what makes a lab an incident. Throws if nothing does. */
export async function bundledIncident(id: string): Promise<LabIncident> {
  const load = incidents[`/labs/${id}/incident.ts`];
  if (load === undefined) throw new Error(`The lab '${id}' is no incident.`);
  return load();
}

/** Loads a lab. Throws if there is none with this id. */
export async function bundledLab(id: string): Promise<LabSource> {
  const load = labs[`/labs/${id}/lab.ts`];
  if (load === undefined) throw new Error(`There is no lab '${id}'.`);
  const names = Object.keys(scripts)
    .filter((path) => path.startsWith(`/labs/${id}/solution`))
    .map((path) => path.split('/').at(-1) ?? '')
    .sort((a, b) => a.replace('.sh', '').localeCompare(b.replace('.sh', ''), 'en', { numeric: true }));
  const [lab, start, template, ...solutions] = await Promise.all([
    load(),
    scriptOf(id, 'start.sh'),
    scriptOf(id, 'template.sh'),
    ...names.map(async (name) => ({ name, text: await scriptOf(id, name) })),
  ]);
  return { lab, start, template, solutions };
}

async function scriptOf(id: string, name: string): Promise<string> {
  const load = scripts[`/labs/${id}/${name}`];
  if (load === undefined) throw new Error(`labs/${id}/${name} is missing.`);
  return load();
}
