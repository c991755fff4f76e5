/** What the incident page fetches, and the fetching. */
import type { IncidentLab } from '../../../practice/incident.ts';
import { pathTo } from '../../course/base-path.ts';
import type { LabPage, TaskPage } from '../../lab/lab-page.ts';
import { fetchJson } from '../fetch-json.ts';

export interface IncidentPage {
  /** The lab with the tasks that prove the repair, under no title of its own. */
  readonly page: LabPage;
  /** What a finding answers. */
  readonly questions: TaskPage['questions'];
  readonly lessons: readonly { readonly slug: string; readonly title: string }[];
}

export function fetchIncidentLabs(base: string): Promise<readonly IncidentLab[]> {
  return fetchJson<readonly IncidentLab[]>(pathTo(base, 'practice/incidents.json'));
}

export function fetchIncidentPage(base: string, lab: string): Promise<IncidentPage> {
  return fetchJson<IncidentPage>(pathTo(base, `practice/incidents/${lab}.json`));
}
