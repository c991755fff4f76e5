/**
 * Starlight's "next" and "previous" take their words from the sidebar, where a module's page is only
 * "About this module". Away from its group it needs the module's name.
 */
import { defineRouteMiddleware } from '@astrojs/starlight/route-data';
import { groupOpenedBy } from '../course/reading-order.ts';

export const onRequest = defineRouteMiddleware(({ locals }) => {
  const { pagination, sidebar } = locals.starlightRoute;
  for (const link of [pagination.prev, pagination.next]) {
    if (link !== undefined) link.label = groupOpenedBy(sidebar, link.href) ?? link.label;
  }
});
