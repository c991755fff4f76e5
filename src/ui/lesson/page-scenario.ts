/** Which scenario a component works on: its own, or that of the page's front matter. */
interface Page {
  readonly id: string;
  readonly entry: { readonly data: { readonly scenario?: string | undefined } };
}

/** Throws if neither names one. */
export function scenarioOf(page: Page, own: string | undefined): string {
  const name = own ?? page.entry.data.scenario;
  if (name !== undefined) return name;
  throw new Error(
    `Page "${page.id}" uses a scenario and names none: add "scenario: kubenet-case-study" to its front matter.`,
  );
}
