import { expect, test } from 'vitest';
import partnerAllowList from '../../../../labs/partner-allow-list/lab.ts';
import { labPage } from '../../../../src/ui/lab/lab-page.ts';

test('a question knows the check that grades its answer, whatever the answer is called', () => {
  const page = labPage({ lab: partnerAllowList, start: '', template: '', solutions: [] });
  const graded = page.tasks.flatMap(({ questions }) => questions.map(({ key, check }) => [key, check]));
  expect(graded).toEqual([
    ['before', 'address-before'],
    ['after', 'address-after'],
    ['moment', 'moment'],
  ]);
});
