import { expect, test } from 'vitest';
import { readAudit } from '../../../scripts/audit.ts';

const answer = (severities: Readonly<Record<string, string>>): string =>
  JSON.stringify({
    auditReportVersion: 2,
    vulnerabilities: Object.fromEntries(
      Object.entries(severities).map(([name, severity]) => [name, { name, severity }]),
    ),
  });

test.each([
  ['nothing found', answer({}), []],
  ['what is not severe', answer({ a: 'low', b: 'moderate' }), []],
  ['what is', answer({ a: 'low', b: 'high', c: 'critical' }), ['b: high', 'c: critical']],
  ['an answer after a warning', `npm warn of something {x}\n${answer({ b: 'high' })}\n`, ['b: high']],
])('%s', (_, output, findings) => {
  expect(readAudit(output)).toEqual({ kind: 'answered', findings });
});

test.each([
  ['no such service', '{ "error": { "summary": "405 Method Not Allowed" } }', '405 Method Not Allowed'],
  [
    'an error in words',
    'npm error audit endpoint returned an error',
    'npm error audit endpoint returned an error',
  ],
  ['silence', '', 'npm said nothing'],
  ['a service that is not there', 'npm warn\n{\n  "message": "405",\n  "uri": "x"\n}\n', '405'],
  ['a list', '[]', '[]'],
])('%s is no clean bill', (_, output, why) => {
  expect(readAudit(output)).toMatchObject({ kind: 'unanswered', why });
});
