/// <reference types="@astrojs/starlight" />
/** For plain TypeScript; Astro's own checker looks into the components. */
declare module '*.astro' {
  import type { AstroComponentFactory } from 'astro/runtime/server/index.js';

  const component: AstroComponentFactory;
  export default component;
}

interface ImportMetaEnv {
  /** Package version and commit, as the footer of every page shows it (src/course-version.ts). */
  readonly COURSE_VERSION: string;
}
