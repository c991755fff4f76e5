import { incidentLabs } from '../../ui/practice/incident/incident-page.ts';

export async function GET(): Promise<Response> {
  return Response.json(await incidentLabs());
}
