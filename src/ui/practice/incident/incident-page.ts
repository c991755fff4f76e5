/** What the incident page fetches: made while the site is built, of labs whose modules are on. */
import { getCollection } from 'astro:content';
import type { IncidentLab } from '../../../practice/incident.ts';
import { courseLabs } from '../../course/labs.ts';
import { bundledIncident, bundledIncidentIds, bundledLab } from '../../lab/lab-bundle.ts';
import { labPage } from '../../lab/lab-page.ts';
import type { IncidentPage } from './incident-data.ts';

export async function incidentLabs(): Promise<readonly IncidentLab[]> {
  const ids = new Set(bundledIncidentIds());
  return (await courseLabs())
    .filter(({ id }) => ids.has(id))
    .map(({ id, module, seeds }) => ({ lab: id, module, seeds }));
}

export async function incidentPage(id: string): Promise<IncidentPage> {
  const source = await bundledLab(id);
  const incident = await bundledIncident(id);
  const { lab } = source;
  const brief = incident.brief?.(lab.brief) ?? lab.brief;
  // Neither the title nor the objectives of the lab: both tell what kind of thing it is about.
  const page = labPage(
    { ...source, lab: { ...lab, title: 'Incident', brief, objectives: [] } },
    { hints: 'off', solutions: 'off' },
  );
  const titles = new Map((await getCollection('docs')).map(({ id: slug, data }) => [slug, data.title]));
  return {
    page: { ...page, tasks: page.tasks.filter((task) => incident.mend.includes(task.id)) },
    questions: page.tasks.find((task) => task.id === lab.diagnosis)?.questions ?? [],
    lessons: incident.lessons.flatMap((slug) => {
      const title = titles.get(slug);
      return title === undefined ? [] : [{ slug, title }];
    }),
  };
}
