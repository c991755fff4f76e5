/// <reference types="@astrojs/starlight" />
/** For plain TypeScript; Astro's own checker looks into the components. */
declare module '*.astro' {
  import type { AstroComponentFactory } from 'astro/runtime/server/index.js';

  const component: AstroComponentFactory;
  export default component;
}
