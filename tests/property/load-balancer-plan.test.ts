import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  ANNOTATION_DOMAIN,
  ANNOTATIONS,
  IPV6_ANNOTATIONS,
  PORT_ANNOTATIONS,
} from '../../src/model/aks/cloud-provider/annotations.ts';
import type {
  LoadBalancerPlan,
  LoadBalancerSettings,
} from '../../src/model/aks/cloud-provider/load-balancer-plan.ts';
import { planLoadBalancer } from '../../src/model/aks/cloud-provider/plan-load-balancer.ts';
import type { Service, ServicePort } from '../../src/model/kubernetes/objects.ts';
import { anyAddressText } from '../support/address-text.ts';
import { loadBalancerService, SETTINGS } from '../support/load-balancer-service.ts';

const PORTS = [53, 80, 443, 8080] as const;

const names = [
  ...ANNOTATIONS.map(({ name }) => name),
  ...IPV6_ANNOTATIONS,
  ...PORTS.flatMap((port) => PORT_ANNOTATIONS.map(({ name }) => `port_${port}_${name}`)),
  'azure-shared-securityrule',
  'azure-load-balancer-internel',
];

const range = fc
  .tuple(anyAddressText(), fc.integer({ min: 0, max: 33 }))
  .map(([text, length]) => `${text}/${length}`);

/** Values that some annotation takes, and that others do not. */
const value = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom('true', 'true', 'True', 'false', 'apps-subnet', 'Http', 'https', 'AzureCloud'),
  },
  fc.constantFrom(
    '',
    ' ',
    '*',
    'a=b',
    '2',
    '5',
    '30',
    '-1',
    '2147483648',
    '80',
    'null=null',
    '::1',
    'fd00::/8',
  ),
  fc.constant('s'.repeat(90)),
  anyAddressText(),
  fc.array(range, { minLength: 1, maxLength: 3 }).map((ranges) => ranges.join(',')),
  fc.string(),
);

const key = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom(...names).map((name) => `${ANNOTATION_DOMAIN}/${name}`) },
  fc.string(),
);

const ports: fc.Arbitrary<ServicePort[]> = fc.uniqueArray(
  fc.record(
    {
      name: fc.constantFrom('http', 'dns', 'x'),
      protocol: fc.constantFrom('TCP', 'TCP', 'UDP', 'SCTP'),
      appProtocol: fc.constantFrom('http', 'HTTPS', 'grpc', ''),
      port: fc.constantFrom(...PORTS),
      targetPort: fc.constant(8080),
      nodePort: fc.integer({ min: 30_000, max: 32_767 }),
    },
    { requiredKeys: ['protocol', 'port', 'targetPort'] },
  ),
  { minLength: 1, maxLength: 4, selector: ({ protocol, port }) => `${protocol}/${port}` },
);

/** `mild` Services are mostly accepted, so that the properties of plans are about many. */
const service = (mostAnnotations: number): fc.Arbitrary<Service> =>
  fc
    .record({
      annotations: fc.dictionary(key, value, { maxKeys: mostAnnotations }),
      uid: fc.uuid(),
      spec: fc.record(
        {
          ports,
          sessionAffinity: fc.constantFrom('None', 'ClientIP'),
          externalTrafficPolicy: fc.constantFrom('Cluster', 'Local'),
          healthCheckNodePort: fc.integer({ min: 30_000, max: 32_767 }),
          allocateLoadBalancerNodePorts: fc.boolean(),
          loadBalancerIP: fc.oneof(anyAddressText(), fc.string()),
          loadBalancerSourceRanges: fc.array(fc.oneof(range, fc.string()), { maxLength: 4 }),
        },
        { requiredKeys: ['ports', 'sessionAffinity', 'externalTrafficPolicy'] },
      ),
    })
    .map(({ annotations, uid, spec }) => {
      const plain = loadBalancerService(annotations, spec);
      return { ...plain, metadata: { ...plain.metadata, uid } };
    });

const settings: fc.Arbitrary<LoadBalancerSettings> = fc
  .record({
    probeMode: fc.constantFrom('servicenodeport', 'shared'),
    backendPoolType: fc.constantFrom('nodeIPConfiguration', 'nodeIP'),
  })
  .map((modes) => ({ ...SETTINGS, ...modes }));

test('any Service has a plan or a reason, and that says where', () => {
  let planned = 0;
  fc.assert(
    fc.property(service(6), settings, (any, given) => {
      const result = planLoadBalancer(any, given);
      if (result.ok) {
        planned++;
        checkPlan(any, result.value);
        return;
      }
      expect(result.error.message).not.toBe('');
      expect(result.error.path).toMatch(/^(spec\.|metadata\.annotations\[)/);
    }),
    { numRuns: 4_000 },
  );
  expect(planned).toBeGreaterThan(400);
});

test('the order of ports changes no object', () => {
  fc.assert(
    fc.property(service(2), settings, fc.nat(), (any, given, turn) => {
      const { ports } = any.spec;
      // The one rule of high availability ports is named after the first port.
      fc.pre(
        !Object.keys(any.metadata.annotations ?? {}).some((each) => each.endsWith('high-availability-ports')),
      );
      // One name for several ports is the API server's to refuse.
      fc.pre(new Set(ports.map(({ name }) => name ?? '')).size === ports.length);
      const at = turn % ports.length;
      const turned = [...ports.slice(at), ...ports.slice(0, at)].reverse();
      const one = planLoadBalancer(any, given);
      const other = planLoadBalancer({ ...any, spec: { ...any.spec, ports: turned } }, given);
      expect(other.ok).toBe(one.ok);
      if (one.ok && other.ok) expect(objects(other.value)).toEqual(objects(one.value));
    }),
    { numRuns: 2_000 },
  );
});

function objects(plan: LoadBalancerPlan): object {
  const byName = (a: { readonly name: string }, b: { readonly name: string }): number =>
    a.name < b.name ? -1 : 1;
  return {
    ...plan,
    rules: [...plan.rules].sort(byName),
    probes: [...plan.probes].sort(byName),
    securityRules: [...plan.securityRules].sort(byName),
    warnings: plan.warnings.map(({ reason }) => reason).sort(),
  };
}

/** What Azure asks of names and numbers, and what the parts of a plan ask of each other. */
function checkPlan(any: Service, plan: LoadBalancerPlan): void {
  const all = [plan.frontend, ...plan.rules, ...plan.probes, ...plan.securityRules];
  for (const { name } of all) expect(name.length).toBeLessThanOrEqual(80);
  if (plan.frontend.publicIp?.kind === 'managed') {
    expect(plan.frontend.publicIp.name.length).toBeLessThanOrEqual(80);
  }
  for (const list of [plan.rules, plan.probes, plan.securityRules]) {
    expect(new Set(list.map(({ name }) => name)).size).toBe(list.length);
  }
  const probes = new Set(plan.probes.map(({ name }) => name));
  const used = new Set(plan.rules.flatMap(({ probe }) => probe ?? []));
  expect(used).toEqual(probes);
  for (const probe of plan.probes) {
    expect(probe.port).toBeGreaterThan(0);
    expect(probe.intervalInSeconds * probe.numberOfProbes).toBeLessThan(120);
    expect(probe.requestPath === null).toBe(probe.protocol === 'Tcp');
  }
  for (const rule of plan.rules) {
    expect(rule.idleTimeoutInMinutes).toBeGreaterThanOrEqual(4);
    expect(rule.idleTimeoutInMinutes).toBeLessThanOrEqual(100);
    if (rule.enableFloatingIP) expect(rule.backendPort).toBe(rule.frontendPort);
  }
  const restricted = (any.spec.loadBalancerSourceRanges ?? []).length > 0;
  const open = plan.securityRules.some((rule) => rule.sourcePrefixes.includes('Internet'));
  if (restricted) expect(open).toBe(false);
  expect(plan.frontend.publicIp === null).toBe(plan.visibility === 'internal');
}
