import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { runScenario } from '../../src/shell/scenario.ts';
import type { Session } from '../../src/shell/session.ts';

const scenario = readFileSync('content/scenarios/kubenet-case-study.sh', 'utf8');
const NODE_0 = 'aks-nodepool1-11743156-vmss000000';
const NODE_1 = 'aks-pool2-13111960-vmss000000';
const BUSYBOX = 'mcr.microsoft.com/azurelinux/busybox:1.36';

function fixture(name: string): readonly string[] {
  return rows(readFileSync(`tests/fixtures/seed-document/${name}.txt`, 'utf8'));
}

function rows(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '');
}

/** The document's listings were printed next to pods with longer names, so columns are wider there. */
function normalised(lines: readonly string[]): readonly string[] {
  return lines.map((line) => line.replaceAll(/\s+/g, ' '));
}

let session: Session;

beforeAll(async () => {
  const outcome = await runScenario(scenario);
  expect(outcome.stdout + outcome.stderr).toBe('');
  expect(outcome.exitCode).toBe(0);
  session = outcome.session;
});

/** Runs a line on the scenario as it was built: what earlier lines left behind does not show. */
async function fresh(line: string) {
  const outcome = await runScenario(`${scenario}\n${line}\n`);
  expect(outcome.session.bugs).toEqual([]);
  return outcome;
}

describe('the listings of the source document, row by row', () => {
  test('the scenario prints nothing itself and throws nothing', () => {
    expect(session.bugs).toEqual([]);
  });

  test('kubectl get nodes -o wide is the document’s output to the character', async () => {
    const { stdout } = await session.run('kubectl get nodes -o wide');
    expect(rows(stdout)).toEqual(fixture('nodes'));
  });

  test.each([
    ['as the document types it', `kubectl get pods -o wide | grep ${NODE_0}  `],
    ['with the namespace named', `kubectl get pods --output wide -n default | grep ${NODE_0}`],
    [
      'with a field selector instead of grep',
      `kubectl get po -owide --no-headers --field-selector spec.nodeName=${NODE_0}`,
    ],
  ])('the pods of node 0, %s', async (_, line) => {
    const { stdout } = await session.run(line);
    expect(normalised(rows(stdout))).toEqual(normalised(fixture('pods-of-node-0')));
  });

  test('the pods of node 1', async () => {
    const { stdout } = await session.run(`kubectl get pods -o wide | grep ${NODE_1}    `);
    expect(normalised(rows(stdout))).toEqual(normalised(fixture('pods-of-node-1')));
  });

  test.each([
    [
      'with -it and the image of Microsoft’s pages',
      `kubectl debug node/${NODE_0} -it --image=${BUSYBOX} -- ip route show`,
    ],
    ['without -it', `kubectl debug node/${NODE_0} --image=${BUSYBOX} -- ip route show`],
    ['with another busybox', `kubectl debug node/${NODE_0} -it --image=busybox -- ip route show`],
    [
      'through sh -c in single quotes',
      `kubectl debug node/${NODE_0} -it --image=busybox:1.36 -- sh -c 'ip route show'`,
    ],
    [
      'through sh -c in double quotes',
      `kubectl debug "node/${NODE_0}" -i -t --image busybox -- /bin/sh -c "ip route"`,
    ],
    [
      'with a shell that reads its commands',
      `echo "ip route show" | kubectl debug nodes/${NODE_0} -i --image=busybox -- sh`,
    ],
    [
      'with another type name',
      `kubectl debug no/${NODE_0} -it --image=alpine --profile=sysadmin -- ip -4 route`,
    ],
  ])('ip route show on node 0, %s', async (_, line) => {
    const { stdout, exitCode } = await fresh(line);
    expect(rows(stdout)).toEqual(fixture('ip-route-show'));
    expect(exitCode).toBe(0);
  });

  test('the node’s own ip says the same with the protocol of each route', async () => {
    const { stdout } = await fresh(
      `kubectl debug node/${NODE_0} -it --image=ubuntu -- chroot /host ip route show`,
    );
    const without = rows(stdout).map((line) => line.replace(/ proto (dhcp|kernel)/, ''));
    expect(normalised(without)).toEqual(normalised(fixture('ip-route-show')));
    expect(stdout).toContain('10.244.0.0/24 dev cbr0 proto kernel scope link src 10.244.0.1');
  });

  test.each([
    ['with -it', `kubectl debug node/${NODE_0} -it --image=${BUSYBOX} -- arp -a`],
    ['without -it', `kubectl debug node/${NODE_0} --image=busybox -- arp -a`],
    ['through sh -c', `kubectl debug node/${NODE_0} -it --image=busybox -- sh -c "arp -a"`],
  ])(
    'arp -a on node 0, %s: erratum 30, two entries are no pods and four pods have no entry',
    async (_, line) => {
      const { stdout } = await fresh(line);
      expect(rows(stdout)).toEqual(fixture('arp'));
      expect(stdout).not.toContain('10.244.0.11');
    },
  );

  test.each([
    ['as the document types it', 'kubectl get pods -o wide -A | grep 10.224'],
    ['with the long flag', 'kubectl get pods --all-namespaces -o wide | grep 10.224'],
    [
      'by what makes it so (erratum 31: hostNetwork, not DaemonSet)',
      'kubectl get pods -A -o wide --no-headers --field-selector spec.hostNetwork=true',
    ],
  ])('pods with the address of their node, %s', async (_, line) => {
    const { stdout } = await session.run(line);
    expect(normalised(rows(stdout))).toEqual(normalised(fixture('pods-with-node-addresses')));
  });

  test('az network route-table route list: erratum 35, the next hop is a virtual appliance, one /24 per node', async () => {
    const { stdout } = await session.run(
      'RG=$(az aks show -g rg-kubenet -n aks --query nodeResourceGroup -o tsv)\n' +
        'RT=$(az network route-table list -g "$RG" --query "[0].name" -o tsv)\n' +
        'az network route-table route list --resource-group "$RG" --route-table-name "$RT" -o json',
    );
    const routes = JSON.parse(stdout) as {
      addressPrefix: string;
      nextHopIpAddress: string;
      nextHopType: string;
      name: string;
    }[];
    expect(
      routes.map((each) => [each.name, each.addressPrefix, each.nextHopType, each.nextHopIpAddress]),
    ).toEqual([
      [`${NODE_0}____102440024`, '10.244.0.0/24', 'VirtualAppliance', '10.224.0.4'],
      [`${NODE_1}____102441024`, '10.244.1.0/24', 'VirtualAppliance', '10.224.0.5'],
    ]);
  });

  test('erratum 19: the two nodes have two addresses', async () => {
    const { stdout } = await session.run(
      `kubectl get nodes -o jsonpath='{range .items[*]}{.status.addresses[?(@.type=="InternalIP")].address}{"\\n"}{end}'`,
    );
    expect(stdout).toBe('10.224.0.4\n10.224.0.5\n');
  });

  test.each([
    ['pod A', 'pod-a', '10.244.0.15'],
    ['pod B', 'pod-b', '10.244.0.16'],
    ['pod C', 'pod-c', '10.244.1.27'],
  ])(
    '%s has the address of the drawing, and is not in the default namespace (erratum 22)',
    async (_, name, address) => {
      const { stdout } = await session.run(`kubectl get pod ${name} -n demo -o jsonpath='{.status.podIP}'`);
      expect(stdout).toBe(address);
    },
  );

  test.each([
    ['a device with an address inside the AKS subnet (erratum 39)', '10.224.1.2', '10.224.0.5'],
    ['a machine in another subnet of the VNet', '10.225.0.4', '10.224.0.5'],
    ['the host on premises', '10.1.2.3', '10.224.0.5'],
    ['a pod on the other node', '10.244.0.15', '10.244.1.27'],
  ])('%s sees pod C come from the right address', async (_, server, seen) => {
    const { stdout } = await session.run(`kubectl exec -n demo pod-c -- curl -s http://${server}`);
    expect(stdout).toContain(`client address: ${seen}\n`);
  });
});
