import type { FullLabelSelector, LabelSelectorRequirement } from '../../model/kubernetes/objects.ts';

/**
 * Returns a selector as kubectl prints it (apimachinery, FormatLabelSelector): its requirements by key,
 * `app=web,tier in (a,b),!legacy`; `<none>` for one that selects everything.
 */
export function formatLabelSelector(selector: FullLabelSelector): string {
  const requirements = [
    ...Object.entries(selector.matchLabels ?? {}).map(([key, value]) => ({ key, text: `${key}=${value}` })),
    ...(selector.matchExpressions ?? []).map((each) => ({ key: each.key, text: formatRequirement(each) })),
  ];
  if (requirements.length === 0) return '<none>';
  return requirements
    .toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map((each) => each.text)
    .join(',');
}

function formatRequirement({ key, operator, values = [] }: LabelSelectorRequirement): string {
  const list = `(${values.toSorted().join(',')})`;
  switch (operator) {
    case 'In':
      return `${key} in ${list}`;
    case 'NotIn':
      return `${key} notin ${list}`;
    case 'Exists':
      return key;
    case 'DoesNotExist':
      return `!${key}`;
  }
}
