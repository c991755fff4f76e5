import { beforeAll, describe, expect, it } from 'vitest';
import type { Cloud } from '../../../src/model/cloud.ts';
import { createSession } from '../../../src/shell/session.ts';
import { base64 } from '../../support/authority.ts';
import { CREATE, PROXY_CA, PROXY_URL, proxiedSession, run } from '../../support/proxied-network.ts';

/** Two containers of one image, of which the second has variables of its own. */
const TWINS = `kubectl apply -f - <<'Y'
apiVersion: v1
kind: Pod
metadata: {name: twins}
spec:
  containers:
  - {name: one, image: curlimages/curl, command: [sleep, "3600"]}
  - name: two
    image: curlimages/curl
    command: [sleep, "3600"]
    env: [{name: https_proxy, value: "http://other.example:1"}]
Y`;

let cloud: Cloud;

beforeAll(async () => {
  const session = await proxiedSession({ httpProxy: PROXY_URL, trustedCa: base64(PROXY_CA.certificate) });
  await run(
    session,
    `${CREATE} --http-proxy-config proxy.json\naz aks get-credentials -g rg -n aks\n${TWINS}`,
  );
  cloud = session.cloud;
});

async function said(line: string): Promise<string> {
  const session = createSession({ cloud });
  await run(session, 'az aks get-credentials -g rg -n aks');
  const { stdout, stderr } = await session.run(line);
  return stdout + stderr;
}

describe('the environment of a container', () => {
  it('is what the pod wants and the runtime gives, and nothing of a login', async () => {
    const names = (await said('kubectl exec twins -c one -- env')).match(/^\w+(?==)/gm) ?? [];
    expect(names.filter((name) => !name.startsWith('KUBERNETES_')).sort()).toEqual(
      [
        ...['CURL_CA_BUNDLE', 'HOME', 'HOSTNAME', 'PATH'],
        ...['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy'],
      ].sort(),
    );
    expect(await said('kubectl exec twins -c one -- printenv')).toBe(
      await said('kubectl exec twins -c one -- env'),
    );
  });

  it('is that of the container, whose image another one may have too', async () => {
    expect(await said('kubectl exec twins -c one -- printenv https_proxy')).toBe(`${PROXY_URL}\n`);
    expect(await said('kubectl exec twins -c two -- printenv https_proxy')).toBe('http://other.example:1\n');
  });

  it('has no proxy in an ephemeral container, which no admission webhook sees', async () => {
    const debug = 'kubectl debug twins -it -q --image=curlimages/curl';
    expect(await said(`${debug} -- sh -c 'env | grep -ic proxy'`)).toContain('0\n');
    expect(await said(`${debug} -- curl -s https://example.com`)).toContain('client address:');
    expect(await said(`${debug} -c two -- env`)).toBe(
      'The Pod "twins" is invalid: spec.ephemeralContainers[0].name: Duplicate value: "two"\n',
    );
  });
});

describe('env and printenv', () => {
  const rows: readonly (readonly [string, string])[] = [
    [`export A=1; env -u A sh -c 'echo "[$A]"'; env | grep ^A=`, '[]\nA=1\n'],
    [`export A=1; env -i B=2`, 'B=2\n'],
    [`export A=1; env -i B=2 sh -c 'echo "[$A$B]"'`, '[2]\n'],
    [`export A=1; env A= sh -c 'echo "[$A]"'`, '[]\n'],
    [`A=1; printenv A; echo $?; export A; printenv A NOPE; echo $?`, '1\n1\n1\n'],
    [`A=1 printenv A`, '1\n'],
    [`env -u`, "env: option requires an argument -- 'u'\nTry 'env --help' for more information.\n"],
    [`echo hi | env -u A cat`, 'hi\n'],
    // sudo goes without the caller's proxy, and the caller keeps it.
    [`export http_proxy=http://p:1; sudo true; printenv http_proxy`, 'http://p:1\n'],
  ];
  it.each(rows)('%s', async (line, wanted) => {
    expect(await said(line)).toBe(wanted);
  });

  it('a program reads what is exported, and no other variable of its shell', async () => {
    const curl = 'curl -sS https://example.com';
    expect(await said(`https_proxy=http://127.0.0.1:9; ${curl}`)).toContain('client address:');
    expect(await said(`https_proxy=http://127.0.0.1:9 ${curl}`)).toContain('curl: (7)');
    expect(await said(`export https_proxy=http://127.0.0.1:9; ${curl}`)).toContain('curl: (7)');
    expect(await said(`export https_proxy=http://127.0.0.1:9; export -n https_proxy; ${curl}`)).toContain(
      'client address:',
    );
  });

  it('the proxy hands out its certificate, by which curl then trusts it', async () => {
    const script =
      'curl -sSi http://mitm.it/cert/pem > /tmp/a; head -3 /tmp/a; curl -sS --cacert /tmp/a https://example.com';
    const shown = await said(`kubectl exec twins -c one -- sh -c '${script}'`);
    // As mitmdump 8.1.1 was seen to answer.
    expect(shown).toMatch(
      /^HTTP\/1\.1 200 OK\r?\ncontent-type: application\/x-x509-ca-cert\r?\ncontent-disposition: inline; filename=mitmproxy-ca-cert\.pem\r?\nclient address:/,
    );
  });

  it('takes a proxy away from one program', async () => {
    const curl = 'curl -sS https://example.com';
    expect(await said(`kubectl exec twins -c one -- ${curl}`)).toContain('curl: (60)');
    expect(await said(`kubectl exec twins -c one -- env -u https_proxy -u HTTPS_PROXY ${curl}`)).toContain(
      'client address:',
    );
    expect(await said(`kubectl exec twins -c one -- env -i ${curl}`)).toContain('client address:');
  });
});

describe('processes and their environment', () => {
  it('the first process of a container has that of the container', async () => {
    const shown = await said(
      `kubectl exec twins -c two -- cat /proc/1/environ | tr '\\0' '\\n' | grep ^https_proxy`,
    );
    expect(shown).toBe('https_proxy=http://other.example:1\n');
  });

  it('those of a node are found by name, and what nobody knows is said', async () => {
    const node = `kubectl debug node/$(kubectl get nodes -o jsonpath='{.items[0].metadata.name}') -q -it --image=busybox -- chroot /host`;
    const environ = `tr "\\0" "\\n" < /proc/$(pgrep -x kubelet)/environ | grep ^https_proxy; test $(pidof kubelet) = $(pgrep kubelet)`;
    expect(await said(`${node} bash -c '${environ}'`)).toBe(`https_proxy=${PROXY_URL}\n`);
    expect(await said(`${node} pgrep sshd`)).toContain('is not simulated in this workbook');
    expect(await said(`${node} apt-get update`)).toContain('is not simulated in this workbook');
  });
});

describe('options of a shell', () => {
  const rows: readonly (readonly [string, string])[] = [
    [`bash -lc 'echo $0 $1' a b`, 'a b\n'],
    [`sh --login -c 'echo a'`, 'a\n'],
    [`bash -ec 'false; echo no'; echo $?`, '1\n'],
    [`bash -e -o pipefail -c 'false | true; echo no'; echo $?`, '1\n'],
    [`printf 'false\\necho $1\\n' > s.sh; bash s.sh x; bash -e s.sh x; echo $?`, 'x\n1\n'],
    [`echo 'echo in $1' | bash -s -- x`, 'in x\n'],
    [`bash --rcfile f -c true`, 'bash: the option --rcfile is not simulated in this workbook\n'],
  ];
  it.each(rows)('%s', async (line, wanted) => {
    expect(await said(line)).toBe(wanted);
  });
});
