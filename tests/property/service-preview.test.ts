import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runCalc } from '../../src/planner/command-line.ts';
import { SERVICE_EXAMPLES } from '../../src/planner/service-preview-examples.ts';

const MANIFESTS = SERVICE_EXAMPLES.map(({ manifest }) => manifest);
const KEYS = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'spec',
  'ports',
  'nodePort',
  'healthCheckNodePort',
  'allocateLoadBalancerNodePorts',
  'loadBalancerIP',
  'externalIPs',
  'sessionAffinityConfig',
  'loadBalancerClass',
  'service.beta.kubernetes.io/azure-load-balancer-tcp-idle-timeout',
  'service.beta.kubernetes.io/port_80_health-probe_port',
  'service.beta.kubernetes.io/azure-pip-name',
  'service.beta.kubernetes.io/azure-load-balancer-internal-subnet',
  'service.beta.kubernetes.io/azure-pls-ip-configuration-ip-address',
  'service.beta.kubernetes.io/azure-allowed-ip-ranges',
  'service.beta.kubernetes.io/azure-dns-label-name',
];
const VALUES = [
  '',
  'null',
  '~',
  'true',
  '"true"',
  'yes',
  '0',
  '-1',
  '65536',
  '1e999',
  '.nan',
  '0x50',
  '80',
  '"80"',
  '[]',
  '{}',
  '[1, [2, {a: b}]]',
  '{__proto__: {a: 1}}',
  '&x [*x]',
  '*nowhere',
  '!!binary aGk=',
  '!!set {a}',
  '10.224.0.300',
  '10.0.0.0/33',
  '203.0.113.0/24',
  'SCTP',
  'UDP',
  'Local',
  '"\\u0000"',
  '"${x}"',
  '|\n  text',
  '2026-01-01',
  'ÄÖ 漢字 🚀',
  'a'.repeat(300),
];

/** Changes that people and cats make to a text. */
const change = fc.oneof(
  fc.record({ kind: fc.constant('delete-line' as const), at: fc.nat(60) }),
  fc.record({ kind: fc.constant('double-line' as const), at: fc.nat(60) }),
  fc.record({ kind: fc.constant('indent' as const), at: fc.nat(60), by: fc.integer({ min: -4, max: 6 }) }),
  fc.record({
    kind: fc.constant('value' as const),
    at: fc.nat(60),
    value: fc.oneof(fc.constantFrom(...VALUES), fc.string({ maxLength: 12 })),
  }),
  fc.record({
    kind: fc.constant('insert' as const),
    at: fc.nat(60),
    key: fc.oneof(fc.constantFrom(...KEYS), fc.string({ maxLength: 8 })),
    value: fc.constantFrom(...VALUES),
  }),
  fc.record({ kind: fc.constant('cut' as const), from: fc.nat(900), length: fc.nat(40) }),
  fc.record({ kind: fc.constant('splice' as const), at: fc.nat(900), text: fc.string({ maxLength: 10 }) }),
  fc.record({ kind: fc.constant('document' as const), at: fc.nat(60) }),
);
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

function changed(text: string, one: Change): string {
  const lines = text.split('\n');
  const at = 'at' in one ? one.at % lines.length : 0;
  const line = lines[at] ?? '';
  const indent = /^\s*/.exec(line)?.[0] ?? '';
  switch (one.kind) {
    case 'delete-line':
      return lines.toSpliced(at, 1).join('\n');
    case 'double-line':
      return lines.toSpliced(at, 0, line).join('\n');
    case 'indent':
      return lines
        .with(at, one.by < 0 ? line.slice(Math.min(-one.by, indent.length)) : ' '.repeat(one.by) + line)
        .join('\n');
    case 'value':
      return lines
        .with(
          at,
          line.replace(/:.*$/, () => `: ${one.value}`),
        )
        .join('\n');
    case 'insert':
      return lines.toSpliced(at, 0, `${indent}${one.key}: ${one.value}`).join('\n');
    case 'cut':
      return text.slice(0, one.from % text.length) + text.slice((one.from % text.length) + one.length);
    case 'splice':
      return text.slice(0, one.at % text.length) + one.text + text.slice(one.at % text.length);
    case 'document':
      return lines.toSpliced(at, 0, '---').join('\n');
  }
}

interface Printed {
  readonly outcome: 'created' | 'pending' | 'refused';
  readonly problems: readonly { readonly line: number; readonly column: number; readonly message: string }[];
}

test('2,000 changed manifests are answered, or refused at a place', () => {
  const outcomes: Record<string, number> = {};
  const settings = fc.record({
    nodes: fc.integer({ min: 1, max: 4 }),
    ready: fc.constantFrom('all', 'none', '1'),
  });
  fc.assert(
    fc.property(
      fc.constantFrom(...MANIFESTS),
      fc.array(change, { minLength: 1, maxLength: 4 }),
      settings,
      (manifest, changes, { nodes, ready }) => {
        const text = changes.reduce((next, one) => (next === '' ? next : changed(next, one)), manifest);
        const flags = ['--nodes', String(nodes), '--ready-nodes', ready, '--json'];
        const { stdout, exitCode } = runCalc(['service-preview', '-f', 'x', ...flags], () => text);
        // The shape is the calculator's own.
        const { outcome, problems } = JSON.parse(stdout) as Printed;
        outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
        expect(exitCode).toBe(outcome === 'created' ? 0 : 1);
        if (outcome === 'created') return;
        const lines = text.split('\n');
        expect(problems.length).toBeGreaterThan(0);
        for (const { line, column, message } of problems) {
          expect(message).not.toBe('');
          expect(line).toBeGreaterThanOrEqual(1);
          expect(line).toBeLessThanOrEqual(lines.length);
          expect(column).toBeGreaterThanOrEqual(1);
          expect(column).toBeLessThanOrEqual((lines[line - 1] ?? '').length + 1);
        }
      },
    ),
    { numRuns: 2_000 },
  );
  expect({}).not.toHaveProperty('polluted');
  // A change that always breaks everything would prove nothing.
  expect(outcomes['created']).toBeGreaterThan(100);
  expect(outcomes['refused']).toBeGreaterThan(100);
}, 120_000);
