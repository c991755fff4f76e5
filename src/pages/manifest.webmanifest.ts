/** The web app manifest. Its addresses are relative to itself, and so follow the base path. */
import { course } from '../course-config/course.ts';
import { webManifest } from '../ui/offline/web-manifest.ts';

export function GET(): Response {
  return new Response(webManifest(course.title, course.brand.name ?? course.title));
}
