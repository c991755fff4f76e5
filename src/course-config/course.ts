/** The course as this repository is configured, checked against what is in it. In Node only: builds and the terminal. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import configured from '../../course.config.ts';
import { CourseConfigError, type Course } from './define-course.ts';
import { moduleProblems } from './modules.ts';

/** Folders of the modules, in order. */
export function moduleFolders(content: string): readonly string[] {
  if (!existsSync(content)) return [];
  return readdirSync(content, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && /^\d+-/.test(entry.name))
    .map(({ name }) => name)
    .sort();
}

/** Throws `CourseConfigError` where the course names what is not in the repository at `root`. */
export function checkCourse(course: Course, root: string): Course {
  const problems = [...moduleProblems(course.modules.off, moduleFolders(join(root, 'content')))];
  const { logo } = course.brand;
  if (logo !== undefined && !existsSync(join(root, 'public', logo))) {
    problems.push(`brand.logo: there is no file public${logo}`);
  }
  if (problems.length > 0) throw new CourseConfigError(problems);
  return course;
}

/** The variables of a build say what the file says, so that one checkout can be built in several ways. */
export function withEnvironment(
  course: Course,
  environment: Readonly<Record<string, string | undefined>>,
): Course {
  const off = (environment.MODULES_OFF ?? '').split(',').map((name) => name.trim());
  return {
    ...course,
    // An empty one is how a container file says that there is none.
    base: environment.BASE_PATH || course.base,
    modules: { off: [...course.modules.off, ...off.filter((name) => name !== '')] },
  };
}

export const course: Course = withEnvironment(configured, process.env);
