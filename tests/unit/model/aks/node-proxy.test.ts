/** What a proxy lets nodes do: join, pull images, go on, and what they say where it does not. */
import { describe, expect, it } from 'vitest';
import { listResources } from '../../../../src/model/azure/resource-store.ts';
import { setListeners } from '../../../../src/model/azure/virtual-machine.ts';
import type { Cloud } from '../../../../src/model/cloud.ts';
import type { ForwardProxy } from '../../../../src/model/proxy/forward-proxy.ts';
import type { Session } from '../../../../src/shell/session.ts';
import { authority, base64 } from '../../../support/authority.ts';
import { HTTPS, putFirewall } from '../../../support/firewall.ts';
import type { FirewallText } from '../../../support/firewall.ts';
import {
  CREATE,
  MITMDUMP,
  PROXY_CA,
  PROXY_URL,
  proxiedNetwork,
  proxiedSession,
  run,
  withProxy,
} from '../../../support/proxied-network.ts';

const TRUSTED = { httpProxy: PROXY_URL, trustedCa: base64(PROXY_CA.certificate) };
const NGINX = 'docker.io/library/nginx:latest';
const HEAD = `failed to pull and unpack image "${NGINX}": failed to resolve reference "${NGINX}": failed to do request: Head "https://registry-1.docker.io/v2/library/nginx/manifests/latest": `;
const UNKNOWN_AUTHORITY = 'tls: failed to verify certificate: x509: certificate signed by unknown authority';
const OTHER_CA = authority('another', 1_788_000_000);

const proxy = (changes: Partial<ForwardProxy>): ForwardProxy => ({ ...MITMDUMP, ...changes });

async function createBehind(
  config: object,
  listens: ForwardProxy | null,
  script = '',
): Promise<{ readonly stderr: string; readonly session: Session }> {
  const session = await proxiedSession(config, withProxy(await proxiedNetwork(), listens));
  if (script !== '') await run(session, script);
  const ran = await session.run(`${CREATE} --http-proxy-config proxy.json`);
  return { stderr: ran.stderr, session };
}

const EXIT = /Exit status (\d+)/;
const RULE =
  'az network nsg rule create -g rg --nsg-name nsg-proxy -n d --priority 100 --access Deny --protocol Tcp -o none';

describe('a new node', () => {
  it.each<[string, object, ForwardProxy | null, string, string | null, string]>([
    ['joins', TRUSTED, MITMDUMP, '', null, ''],
    // The check is curl --insecure: certificates are not looked at before images are pulled.
    ['joins without the CA of the proxy', { httpProxy: PROXY_URL }, MITMDUMP, '', null, ''],
    [
      'joins with another CA',
      { ...TRUSTED, trustedCa: base64(OTHER_CA.certificate) },
      MITMDUMP,
      '',
      null,
      '',
    ],
    [
      'joins where the proxy answers 403 instead of the registry',
      TRUSTED,
      proxy({ blockList: [{ filter: '~d mcr.microsoft.com', status: 403 }] }),
      '',
      null,
      '',
    ],
    ['does not without a proxy', TRUSTED, null, '', '50', 'nothing listens on port 8080 of vm-proxy'],
    [
      'does not where the proxy closes',
      TRUSTED,
      proxy({ blockList: [{ filter: '~d mcr.microsoft.com', status: 444 }] }),
      '',
      '50',
      'mcr.microsoft.com:443 (https; system images: the registry) through the HTTP proxy http://10.20.0.4:8080, which ends the connection: mitmdump on vm-proxy closes the connection',
    ],
    [
      'does not where the proxy wants a password',
      TRUSTED,
      proxy({ proxyAuth: 'u:p' }),
      '',
      '50',
      'which answers CONNECT with 407 Proxy Authentication Required',
    ],
    [
      'does not where the proxy denies private clients',
      TRUSTED,
      proxy({ blockPrivate: 'on' }),
      '',
      '50',
      'block_private is on',
    ],
    [
      'does not where a rule keeps it from the proxy',
      TRUSTED,
      MITMDUMP,
      `${RULE} --destination-port-ranges 8080`,
      '50',
      'rule d (priority 100) of network security group nsg-proxy denies 10.42.1.4 to 10.20.0.4 on port 8080',
    ],
    [
      'does not where the proxy may not leave',
      TRUSTED,
      MITMDUMP,
      `${RULE} --direction Outbound --destination-address-prefixes Internet --destination-port-ranges 443`,
      '50',
      'which answers CONNECT with 502 Bad Gateway: mitmdump on vm-proxy does not get out: rule d (priority 100)',
    ],
    [
      'does not without a peering',
      TRUSTED,
      MITMDUMP,
      'az network vnet peering delete -g rg --vnet-name vnet-proxy -n to-nodes',
      '50',
      '10.20.0.4 is neither in VNet vnet nor in one that is peered with it and Connected',
    ],
    [
      'does not by a name that nobody has',
      { httpProxy: 'http://proxy.corp.example:8080' },
      MITMDUMP,
      '',
      '50',
      'nobody has the name proxy.corp.example',
    ],
    [
      'does not on another port',
      { httpProxy: 'http://10.20.0.4:3128' },
      MITMDUMP,
      '',
      '50',
      'nothing listens on port 3128 of vm-proxy',
    ],
    [
      'does not at an address that nobody has',
      { httpProxy: 'http://10.20.0.9:8080' },
      MITMDUMP,
      '',
      '50',
      'nothing in VNet vnet-proxy has the address 10.20.0.9',
    ],
    [
      'joins past the proxy where noProxy has all that it needs',
      { httpProxy: 'http://10.20.0.9:8080', noProxy: ['microsoft.com', '.azure.com', 'microsoftonline.com'] },
      null,
      '',
      null,
      '',
    ],
  ])('%s', async (_name, config, listens, script, exit, why) => {
    const { stderr } = await createBehind(config, listens, script);
    if (exit === null) expect(stderr).toBe('');
    else {
      expect(EXIT.exec(stderr)?.[1], stderr).toBe(exit);
      expect(stderr).toContain('(VMExtensionProvisioningError)');
      expect(stderr).toContain(why);
    }
  });
});

it('says that it does not know a proxy outside the VNets', async () => {
  const { stderr } = await createBehind({ httpProxy: 'http://203.0.113.77:8080' }, MITMDUMP);
  expect(stderr).toContain(
    'Not simulated: the way of nodes through the HTTP proxy, since 203.0.113.77 is outside the VNets',
  );
});

it('does not reach a proxy that listens on its own machine only', async () => {
  const cloud = await proxiedNetwork();
  const vm = listResources(cloud, 'Microsoft.Compute/virtualMachines').find(
    ({ name }) => name === 'vm-proxy',
  );
  if (vm === undefined) throw new Error('no vm-proxy');
  const listeners = vm.simulation.listeners.map((each) =>
    each.proxy === undefined ? each : { ...each, address: '127.0.0.1' },
  );
  const session = await proxiedSession(TRUSTED, setListeners(cloud, vm.id, listeners));
  const ran = await session.run(`${CREATE} --http-proxy-config proxy.json`);
  expect(ran.stderr).toContain('mitmdump of vm-proxy listens on 127.0.0.1:8080 only');
});

describe('an image', () => {
  async function pulled(
    config: object,
    listens: ForwardProxy | null,
    change: (cloud: Cloud) => Cloud = (cloud) => cloud,
    script = '',
  ): Promise<string> {
    const made = await createBehind(config, MITMDUMP);
    expect(made.stderr).toBe('');
    const session = await proxiedSession(null, change(withProxy(made.session.cloud, listens)));
    await run(
      session,
      `az aks get-credentials -g rg -n aks 2>/dev/null\n${script}\nkubectl run web --image=nginx`,
    );
    return (
      await run(
        session,
        'kubectl get pod web -o json | jq -r ".status.containerStatuses[0].state | .waiting.message // (keys | .[0])"',
      )
    ).trim();
  }

  it.each<[string, object, ForwardProxy | null, string, string]>([
    ['is there', TRUSTED, MITMDUMP, '', 'running'],
    ['is not where the CA is missing', { httpProxy: PROXY_URL }, MITMDUMP, '', `${HEAD}${UNKNOWN_AUTHORITY}`],
    [
      'is not where the CA is another',
      { ...TRUSTED, trustedCa: base64(OTHER_CA.certificate) },
      MITMDUMP,
      '',
      `${HEAD}${UNKNOWN_AUTHORITY}`,
    ],
    [
      'is where one of two CAs is right',
      { ...TRUSTED, trustedCa: base64(OTHER_CA.certificate + PROXY_CA.certificate) },
      MITMDUMP,
      '',
      'running',
    ],
    [
      'is where the proxy does not read the registry',
      { httpProxy: PROXY_URL },
      proxy({ ignoreHosts: ['docker'] }),
      '',
      'running',
    ],
    [
      'is where the registry is exempt',
      { httpProxy: PROXY_URL, noProxy: ['docker.io', 'docker.com'] },
      null,
      '',
      'running',
    ],
    [
      'is not where only a part of the registry is exempt',
      { httpProxy: PROXY_URL, noProxy: ['docker.io'] },
      MITMDUMP,
      '',
      `failed to pull and unpack image "${NGINX}": failed to copy: httpReadSeeker: failed open: failed to do request: Get "https://production.cloudflare.docker.com/": ${UNKNOWN_AUTHORITY}`,
    ],
    [
      'waits for a proxy that is not there',
      TRUSTED,
      null,
      '',
      `${HEAD}proxyconnect tcp: dial tcp 10.20.0.4:8080: connect: connection refused`,
    ],
    [
      'waits where a rule drops',
      TRUSTED,
      MITMDUMP,
      `${RULE} --destination-port-ranges '*'`,
      `${HEAD}proxyconnect tcp: dial tcp 10.20.0.4:8080: i/o timeout`,
    ],
    [
      'waits where the proxy has no way out',
      TRUSTED,
      MITMDUMP,
      `${RULE} --direction Outbound --destination-port-ranges '*'`,
      `${HEAD}Bad Gateway`,
    ],
    [
      'waits where the proxy wants a password',
      TRUSTED,
      proxy({ proxyAuth: 'u:p' }),
      '',
      `${HEAD}Proxy Authentication Required`,
    ],
    [
      'waits where the proxy kills its clients',
      TRUSTED,
      proxy({ blockPrivate: 'on' }),
      '',
      `${HEAD}unexpected EOF`,
    ],
    [
      'waits where the proxy closes',
      TRUSTED,
      proxy({ blockList: [{ filter: '~d docker.io', status: 444 }] }),
      '',
      `${HEAD}EOF`,
    ],
    [
      'waits where the proxy forbids it',
      TRUSTED,
      proxy({ blockList: [{ filter: '~d registry-1.docker.io', status: 403 }] }),
      '',
      `failed to pull and unpack image "${NGINX}": failed to resolve reference "${NGINX}": unexpected status from HEAD request to https://registry-1.docker.io/v2/library/nginx/manifests/latest: 403 Forbidden`,
    ],
  ])('%s', async (_name, config, listens, script, expected) => {
    expect(await pulled(config, listens, undefined, script)).toBe(expected);
  });

  it('is not any more when the CA of the proxy has expired', async () => {
    const cloud = await proxiedNetwork();
    const short = authority('short', cloud.now, { notAfter: cloud.now + 3600 });
    const config = { httpProxy: PROXY_URL, trustedCa: base64(short.certificate) };
    const listens = proxy({ authority: short });
    const made = await createBehind(config, listens);
    const later = await proxiedSession(null, made.session.cloud);
    await run(
      later,
      'az aks get-credentials -g rg -n aks 2>/dev/null\nkubectl run one --image=nginx\nsleep 7200\nkubectl run two --image=nginx',
    );
    expect(
      await run(later, 'kubectl get pods --no-headers -o custom-columns=A:.metadata.name,B:.status.phase'),
    ).toMatch(/one +Running\ntwo +Pending/);
    const message = await run(
      later,
      'kubectl get pod two -o jsonpath="{.status.containerStatuses[0].state.waiting.message}"',
    );
    expect(message).toContain('x509: certificate has expired or is not yet valid: current time');
  });

  it('comes when the proxy is back, and what runs goes on meanwhile', async () => {
    const { session } = await createBehind(TRUSTED, MITMDUMP);
    await run(
      session,
      'az aks get-credentials -g rg -n aks 2>/dev/null\nkubectl run old --image=nginx\naz vm stop -g rg -n vm-proxy\nkubectl run new --image=redis',
    );
    expect(
      await run(session, 'kubectl get pods --no-headers -o custom-columns=A:.metadata.name,B:.status.phase'),
    ).toMatch(/new +Pending\nold +Running/);
    await run(session, 'az vm start -g rg -n vm-proxy');
    const back = await proxiedSession(null, withProxy(session.cloud, MITMDUMP));
    await run(back, 'az aks get-credentials -g rg -n aks 2>/dev/null\nsleep 400');
    expect(
      await run(back, 'kubectl get pods --no-headers -o custom-columns=A:.metadata.name,B:.status.phase'),
    ).toMatch(/new +Running\nold +Running/);
  });
});

describe('a cluster whose firewall lets only the proxy out', () => {
  const FIREWALL = `az network vnet subnet create -g rg --vnet-name vnet -n AzureFirewallSubnet --address-prefixes 10.42.2.0/24 -o none
az network public-ip create -g rg -n fw-ip --sku Standard -o none
az network route-table create -g rg -n rt -o none
az network route-table route create -g rg --route-table-name rt -n out --address-prefix 0.0.0.0/0 --next-hop-type VirtualAppliance --next-hop-ip-address 10.42.2.4 -o none
az network vnet subnet update -g rg --vnet-name vnet -n nodes --route-table rt -o none`;
  const only = (...names: readonly string[]): FirewallText => ({
    vnet: 'vnet',
    privateIPAddress: '10.42.2.4',
    publicIps: ['fw-ip'],
    application: [
      {
        name: 'a',
        priority: 100,
        rules: names.map((each, at) => ({ name: `r${at}`, protocols: [HTTPS], targetFqdns: [each] })),
      },
    ],
  });

  it.each([
    ['is made where the firewall allows the API server', TRUSTED, ['*.hcp.westeurope.azmk8s.io'], null, ''],
    [
      'is not where it allows nothing',
      TRUSTED,
      ['example.com'],
      '51',
      "CSE failed with 'VMExtensionError_K8SAPIServerConnFail'",
    ],
    ['is not without the proxy', null, ['*.hcp.westeurope.azmk8s.io'], '50', 'mcr.microsoft.com:443'],
    [
      'is not where noProxy has what the firewall denies',
      { ...TRUSTED, noProxy: ['mcr.microsoft.com'] },
      ['*.hcp.westeurope.azmk8s.io'],
      '50',
      'mcr.microsoft.com:443 (https; system images: the registry), where route out',
    ],
  ])('%s', async (_name, config, names, exit, why) => {
    const before = await proxiedSession(config);
    await run(before, FIREWALL);
    const session = await proxiedSession(config, putFirewall(before.cloud, only(...names)));
    const option = config === null ? '' : '--http-proxy-config proxy.json';
    const ran = await session.run(`${CREATE} --outbound-type userDefinedRouting ${option}`);
    if (exit === null) expect(ran.stderr).toBe('');
    else {
      expect(EXIT.exec(ran.stderr)?.[1], ran.stderr).toBe(exit);
      expect(ran.stderr).toContain(why);
    }
  });
});

describe('the log of the proxy', () => {
  const seen = (session: Session): readonly string[] => {
    const vm = listResources(session.cloud, 'Microsoft.Compute/virtualMachines').find(
      ({ name }) => name === 'vm-proxy',
    );
    return (vm?.simulation.proxyLogs ?? []).flatMap(({ events }) =>
      events.flatMap((event) => {
        if (event.kind === 'response') {
          return [`${event.client.address} ${event.method} ${new URL(event.url).host} ${event.status}`];
        }
        return event.kind === 'client-tls-failed'
          ? [`${event.client.address} ${event.kind} ${event.server.host}`]
          : [];
      }),
    );
  };

  it('has the check of each new node, and what containerd asks for', async () => {
    const { session } = await createBehind(TRUSTED, MITMDUMP);
    expect(seen(session)).toEqual([
      '10.42.1.4 GET mcr.microsoft.com 200',
      '10.42.1.5 GET mcr.microsoft.com 200',
    ]);
    await run(
      session,
      'az aks get-credentials -g rg -n aks 2>/dev/null\nkubectl run web --image=mcr.microsoft.com/a:1',
    );
    const node = await run(session, 'kubectl get pod web -o jsonpath="{.status.hostIP}"');
    expect(seen(session).slice(2)).toEqual([
      `${node} HEAD mcr.microsoft.com 200`,
      `${node} GET westeurope.data.mcr.microsoft.com 200`,
    ]);
    // The image is there now, and its policy does not ask again.
    await run(
      session,
      `kubectl delete pod web\nkubectl run web --image=mcr.microsoft.com/a:1 --overrides='{"spec":{"nodeName":"'$(kubectl get node -o jsonpath="{.items[?(@.status.addresses[0].address=='${node}')].metadata.name}")'"}}'`,
    );
    expect(seen(session)).toHaveLength(4);
  });

  it('has the clients that do not trust it', async () => {
    const { session } = await createBehind({ httpProxy: PROXY_URL }, MITMDUMP);
    await run(session, 'az aks get-credentials -g rg -n aks 2>/dev/null\nkubectl run web --image=nginx');
    expect(
      seen(session)
        .slice(2)
        .map((line) => line.split(' ').slice(1).join(' ')),
    ).toEqual(['client-tls-failed registry-1.docker.io']);
  });
});

describe('a change of the proxy', () => {
  it('fails where the new one is not there, and leaves nodes as they were until it is mended', async () => {
    const { session } = await createBehind(TRUSTED, MITMDUMP);
    await run(session, `echo '{"httpProxy":"http://10.20.0.9:8080"}' > next.json`);
    const ran = await session.run('az aks update -g rg -n aks --http-proxy-config next.json -o none');
    expect(ran.stderr).toContain('nothing in VNet vnet-proxy has the address 10.20.0.9');
    expect(
      await run(
        session,
        'az aks show -g rg -n aks --query "[provisioningState, httpProxyConfig.httpProxy]" -o tsv',
      ),
    ).toBe('Failed\nhttp://10.20.0.9:8080\n');
    await run(session, 'az aks get-credentials -g rg -n aks 2>/dev/null');
    // Nodes have the old one, and pull with it; new pods are told of the new one.
    await run(session, 'kubectl run web --image=nginx');
    expect(
      await run(
        session,
        'kubectl get pod web -o jsonpath="{.status.phase} {.spec.containers[0].env[0].value}"',
      ),
    ).toBe('Running http://10.20.0.9:8080');
    const nodepool = await session.run(
      'az aks nodepool add -g rg --cluster-name aks -n two --node-count 1 -o none',
    );
    expect(nodepool.exitCode).toBe(1);
    await run(session, 'az aks update -g rg -n aks --http-proxy-config proxy.json -o none');
    expect(
      await run(
        session,
        'az aks show -g rg -n aks --query "[provisioningState, agentPoolProfiles[0].provisioningState]" -o tsv',
      ),
    ).toBe('Succeeded\nSucceeded\n');
  });
});
