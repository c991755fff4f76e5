import type { APIContext } from 'astro';
import { lessonsWithQuestions, reviewLesson } from '../../../ui/practice/course-catalogue.ts';

export async function getStaticPaths() {
  return (await lessonsWithQuestions()).map((lesson) => ({ params: { lesson } }));
}

export async function GET({ params }: APIContext): Promise<Response> {
  return Response.json(await reviewLesson(params['lesson'] ?? ''));
}
