/**
 * The cloud provider's part of the cloud controller manager: it keeps the load balancers of a cluster, public
 * addresses, rules of the nodes' security group and pools in step with the Services of type LoadBalancer.
 * Everything is derived from the Services, so that what somebody changed by hand is put back; only which
 * address a frontend has, and who came first where two want the same, is taken from what is there.
 */
import { armKey } from '../../azure/resource-store.ts';
import type { Cloud } from '../../cloud.ts';
import { kubernetesOf } from '../../kubernetes/cluster-state.ts';
import type { KubernetesState, Service } from '../../kubernetes/objects.ts';
import type { ManagedCluster } from '../managed-cluster.ts';
import { syncFailedMessage } from './load-balancer-error.ts';
import type { LoadBalancerError, LoadBalancerPlan, LoadBalancerSettings } from './load-balancer-plan.ts';
import { baseName } from './names.ts';
import { serviceName } from './plan-frontend.ts';
import { isServedByAzure, planLoadBalancer } from './plan-load-balancer.ts';
import { reconcileBackendPools, servingAddresses } from './reconcile-backend-pools.ts';
import { baseOf, removeOrphans } from './reconcile-orphans.ts';
import { reconcilePrivateLinkService } from './reconcile-private-link-service.ts';
import { releasePublicIps, settlePublicIps } from './reconcile-public-ips.ts';
import { findBalancer, VISIBILITIES } from './reconcile-scope.ts';
import type { Scope, Visibility } from './reconcile-scope.ts';
import { reconcileSecurityRules } from './reconcile-security-rules.ts';
import { carryOut } from './reconcile-service.ts';
import type { CarriedOut } from './reconcile-service.ts';
import { reportServices } from './service-controller.ts';
import { loadBalancerSettings } from './settings.ts';

interface Settled {
  readonly resources: Cloud['resources'];
  readonly nodes: KubernetesState['nodes'];
  readonly pins: Cloud['pins'];
}

/** Services for which nothing was to do, and with what else that was so. */
const settled = new WeakMap<KubernetesState['services'], Settled>();

/** Returns the cloud after the cloud provider has worked on all Services of a cluster; the same cloud if nothing was to do. */
export function reconcileLoadBalancers(cloud: Cloud, cluster: ManagedCluster): Cloud {
  const { services, nodes } = kubernetesOf(cloud, armKey(cluster.id));
  const known = settled.get(services);
  if (known?.resources === cloud.resources && known.nodes === nodes && known.pins === cloud.pins) {
    return cloud;
  }
  const next = retried(cloud, { cluster, settings: loadBalancerSettings(cluster) });
  if (next === cloud) settled.set(services, { resources: cloud.resources, nodes, pins: cloud.pins });
  return next;
}

/**
 * Runs the provider, and again while a Service has failed and something has changed: the port or the frontend
 * that one waited for may be what another one has just left. Each such round leaves one Service fewer to wait.
 */
function retried(cloud: Cloud, scope: Scope): Cloud {
  const key = armKey(scope.cluster.id);
  const waits = (at: Cloud): boolean =>
    Object.values(kubernetesOf(at, key).serviceController?.services ?? {}).some(
      ({ failure }) => failure !== null,
    );
  let next = runProvider(cloud, scope);
  const rounds = Object.keys(kubernetesOf(next, key).services).length;
  for (let round = 0, before = cloud; round < rounds && next !== before && waits(next); round++)
    [before, next] = [next, runProvider(next, scope)];
  return next;
}

/** A Service on its way: planned, and then carried out or not. */
interface Work {
  readonly service: Service;
  readonly plan: LoadBalancerPlan | null;
  readonly done: CarriedOut | null;
  readonly failure: LoadBalancerError | null;
}

function runProvider(cloud: Cloud, scope: Scope): Cloud {
  const services = inOrder(cloud, scope);
  const anywhere = new Map(services.map((each) => [baseName(each.metadata.uid), VISIBILITIES]));
  let next = removeOrphans(cloud, scope, anywhere);
  next = releasePublicIps(next, cloud, scope, new Set(services.map(serviceName)));
  let works: readonly Work[] = services.map((service) => {
    const plan = planOf(service, scope.settings);
    if (!plan.ok) return { service, plan: null, done: null, failure: plan.error };
    const done = carryOut(next, scope, service, plan.value);
    if (!done.ok) return { service, plan: plan.value, done: null, failure: failed(done.error) };
    next = done.value.cloud;
    const { frontend } = done.value;
    const link = reconcilePrivateLinkService(
      next,
      scope.cluster,
      service,
      plan.value.privateLinkService,
      frontend,
    );
    if (link.ok) next = link.value;
    return { service, plan: plan.value, done: done.value, failure: link.ok ? null : link.error };
  });
  next = removeOrphans(next, scope, homesOf(works));
  next = reconcileBackendPools(next, scope);
  [next, works] = reconcileAccess(next, scope, works);
  next = settlePublicIps(next, cloud, scope, usersOf(next, scope, works));
  return reportServices(
    next,
    scope,
    works.map(({ service, plan, done, failure }) => ({
      service,
      addresses: done === null || failure !== null ? null : addressesOf(done, plan),
      failure: failure === null ? null : { reason: failure.reason, message: syncFailedMessage(failure) },
      warnings: plan?.warnings ?? [],
    })),
  );
}

interface Planned {
  readonly settings: string;
  readonly plan: ReturnType<typeof planLoadBalancer>;
}

/** Services change far less often than the cloud provider looks at them; the settings hardly ever. */
const planned = new WeakMap<Service, Planned>();

function planOf(service: Service, settings: LoadBalancerSettings): Planned['plan'] {
  const words = JSON.stringify(settings);
  const known = planned.get(service);
  if (known?.settings === words) return known.plan;
  const plan = planLoadBalancer(service, settings);
  planned.set(service, { settings: words, plan });
  return plan;
}

function failed(message: string): LoadBalancerError {
  return { reason: 'SyncLoadBalancerFailed', message, path: null };
}

/**
 * Returns the Services that want a load balancer: first those that have one, then by the time and the
 * place at which they were made.
 */
function inOrder(cloud: Cloud, scope: Scope): readonly Service[] {
  const { services } = kubernetesOf(cloud, armKey(scope.cluster.id));
  const wanting = Object.values(services).filter(isServedByAzure);
  if (wanting.length < 2) return wanting;
  const present = new Set<string>();
  for (const visibility of VISIBILITIES) {
    const balancer = findBalancer(cloud, scope, visibility);
    for (const { name } of balancer?.loadBalancingRules ?? []) present.add(baseOf(name));
    for (const { name } of balancer?.frontendIPConfigurations ?? []) present.add(baseOf(name));
  }
  const has = ({ metadata }: Service): boolean => present.has(baseName(metadata.uid));
  return [...wanting.filter(has), ...wanting.filter((each) => !has(each))];
}

/** A Service that failed may keep what it has, wherever that is. */
function homesOf(works: readonly Work[]): ReadonlyMap<string, readonly Visibility[]> {
  return new Map(
    works.map(({ service, plan, done }) => [
      baseName(service.metadata.uid),
      done === null || plan === null ? VISIBILITIES : [plan.visibility],
    ]),
  );
}

function reconcileAccess(cloud: Cloud, scope: Scope, works: readonly Work[]): [Cloud, readonly Work[]] {
  const retained = new Set(
    works.filter(({ done }) => done === null).flatMap(({ service }) => formerAddresses(service)),
  );
  const requests = works.flatMap(({ service, plan, done }) =>
    plan === null || done === null
      ? []
      : [{ service: serviceName(service), rules: plan.securityRules, frontend: [done.address] }],
  );
  const nodes = requests.some(({ rules }) => rules.some(({ destination }) => destination === 'nodes'))
    ? servingAddresses(cloud, scope.cluster)
    : [];
  const { cloud: next, refused } = reconcileSecurityRules(cloud, scope.cluster, requests, retained, nodes);
  if (refused.size === 0) return [next, works];
  return [
    next,
    works.map((each) => {
      const problem = refused.get(serviceName(each.service));
      return problem === undefined ? each : { ...each, failure: failed(problem) };
    }),
  ];
}

function formerAddresses({ status }: Service): readonly string[] {
  return (status.loadBalancer.ingress ?? []).map(({ ip }) => ip);
}

/** Addresses that kube-proxy is to listen for: the frontend's, and those that stand before it elsewhere. */
function addressesOf({ address }: CarriedOut, plan: LoadBalancerPlan | null): readonly string[] {
  const additional = plan?.securityRules.flatMap((rule) => rule.additionalDestinations) ?? [];
  return [...new Set([address, ...additional])];
}

/** Returns the Services that use each frontend, by the frontend's id in lower case. */
function usersOf(cloud: Cloud, scope: Scope, works: readonly Work[]): ReadonlyMap<string, readonly string[]> {
  const users = new Map<string, string[]>();
  const use = (frontend: string, service: Service): void => {
    const key = armKey(frontend);
    const names = users.get(key) ?? [];
    if (!names.includes(serviceName(service))) names.push(serviceName(service));
    users.set(key, names);
  };
  const balancer = findBalancer(cloud, scope, 'public');
  for (const { service, done } of works) {
    if (done !== null) use(done.frontend, service);
    else if (balancer !== null) {
      const base = baseName(service.metadata.uid);
      for (const { id, name } of balancer.frontendIPConfigurations)
        if (baseOf(name) === base) use(id, service);
      for (const rule of balancer.loadBalancingRules) {
        if (baseOf(rule.name) === base) use(rule.frontendIPConfiguration.id, service);
      }
    }
  }
  return users;
}
