import { courseCatalogue } from '../../ui/practice/course-catalogue.ts';

export async function GET(): Promise<Response> {
  return Response.json(await courseCatalogue());
}
