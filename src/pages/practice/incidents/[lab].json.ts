import type { APIContext } from 'astro';
import { incidentLabs, incidentPage } from '../../../ui/practice/incident/incident-page.ts';

export async function getStaticPaths() {
  return (await incidentLabs()).map(({ lab }) => ({ params: { lab } }));
}

export async function GET({ params }: APIContext): Promise<Response> {
  return Response.json(await incidentPage(params['lab'] ?? ''));
}
