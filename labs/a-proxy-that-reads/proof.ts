/** Whether the proxy stands tomorrow, what its log proves, and who signs what the clients see. */
import { askModel } from '../../src/lab/ask-model.ts';
import type { Accepts, Before, Holds } from '../../src/lab/lab.ts';
import { plainAnswer } from '../../src/lab/plain-answer.ts';
import { setPowerState } from '../../src/model/azure/virtual-machine.ts';
import type { DistinguishedName } from '../../src/model/certificates/certificate.ts';
import { parsePem } from '../../src/model/certificates/pem.ts';
import { serverCertificates } from '../../src/model/certificates/public-authority.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import type { ProxyLogEvent } from '../../src/model/proxy/log-event.ts';
import { relayOf } from '../../src/model/proxy/relay.ts';
import { GROUP, PROXY_PORT, addressOf, machineOf, noProxy, proxyOf } from './guard.ts';

export const WEB = 'www.example.com';
export const BANK = 'savings.example';

/** The proxy answers after a restart of its machine as it does now, with the CA that clients trust. */
export function afterRestart(cloud: Cloud): Holds {
  const before = proxyOf(cloud);
  if (before === null) return noProxy(cloud);
  const stopped = setPowerState(cloud, GROUP, 'vm-proxy', 'VM stopped');
  const started = stopped.ok ? setPowerState(stopped.value, GROUP, 'vm-proxy', 'VM running') : stopped;
  if (!started.ok) return { passed: false, found: started.error.message };
  const after = proxyOf(started.value);
  if (after === null) {
    return {
      passed: false,
      found: `After 'az vm restart' nothing on vm-proxy listens on port ${PROXY_PORT}: a boot starts no programs of a shell, and of the units those that are enabled. (Whatever else starts at boot is not simulated.)`,
    };
  }
  if (after.authority.certificate !== before.authority.certificate) {
    return {
      passed: false,
      found: 'After a restart the proxy signs with another CA than the clients trust.',
    };
  }
  const asked = askModel(started.value, {
    from: 'vm/vm-client',
    to: `https://${WEB}`,
    protocol: 'tcp',
    over: { at: 'vm/vm-proxy', port: PROXY_PORT },
  });
  if (!asked.ok) return { passed: false, found: asked.error };
  const { disposition, reason } = asked.value.trace;
  return disposition === 'delivered'
    ? { passed: true }
    : { passed: false, found: `After a restart: ${disposition}: ${reason}` };
}

/** The proxy checks the certificates of the servers that it asks: its clients no longer can. */
export function checksServers(cloud: Cloud): Holds {
  const proxy = proxyOf(cloud);
  if (proxy === null) return noProxy(cloud);
  return proxy.verifiesServers === 'yes'
    ? { passed: true }
    : {
        passed: false,
        found:
          'The proxy takes any certificate from the servers. Its clients see only the one that it makes, so a forged server looks right to them.',
      };
}

function seenBy(cloud: Cloud, client: string): readonly ProxyLogEvent[] {
  const logs = machineOf(cloud, 'vm-proxy')?.simulation.proxyLogs ?? [];
  return logs.flatMap(({ events }) => events).filter((event) => event.client.address === client);
}

type Answered = Extract<ProxyLogEvent, { kind: 'response' }>;

function isWeb(event: ProxyLogEvent): event is Answered {
  return event.kind === 'response' && event.status < 400 && event.url.startsWith(`https://${WEB}/`);
}

/** The proxy has read a request of vm-client to the web site, and vm-client had checked whom it speaks with. */
export function proved(cloud: Cloud, { since }: Before): Holds {
  const proxy = proxyOf(cloud);
  if (proxy === null) return noProxy(cloud);
  const client = addressOf(cloud, 'vm-client') ?? '';
  const events = seenBy(cloud, client);
  const failed = (found: string): Holds => ({ passed: false, found });
  if (events.length === 0) return failed('The proxy has not seen vm-client yet.');
  const answered = events.filter(isWeb);
  if (answered.length === 0) {
    return failed(
      events.some(({ kind }) => kind === 'client-tls-failed')
        ? `vm-client hung up in the TLS handshake with the proxy: it does not trust the CA. No request to https://${WEB} was read.`
        : `The proxy has read no answered request of vm-client to https://${WEB} yet.`,
    );
  }
  const checked = answered.filter(({ clientChecked }) => clientChecked === 'yes');
  if (checked.length === 0) {
    return failed(
      `The proxy has read a request to ${answered[0]?.url ?? WEB}, but vm-client did not check the certificate: anybody could have sat there in between.`,
    );
  }
  // A proof counts for the CA that it was given with.
  const counts = checked.some((event) => {
    const moment = since?.find(({ cloud: then }) => seenBy(then, client).length > events.indexOf(event));
    const then = moment === undefined ? null : proxyOf(moment.cloud);
    return since === undefined || then?.authority.certificate === proxy.authority.certificate;
  });
  return counts
    ? { passed: true }
    : failed('Since vm-client was answered the proxy has another CA, and that one vm-client has not met.');
}

/** Compares an answer with the common name of whoever signed the certificate that a client sees at a host. */
export function acceptIssuer(host: string) {
  return (cloud: Cloud, answer: string): Accepts => {
    const proxy = proxyOf(cloud);
    if (proxy === null) return { passed: false, feedback: 'There is no proxy yet through which to look.' };
    const relay = relayOf(proxy, addressOf(cloud, 'vm-client') ?? '', { method: 'CONNECT', host, port: 443 });
    const key =
      relay.kind === 'passes' && relay.reads === 'nothing'
        ? commonName(serverCertificates(host, cloud.now)[0].issuer)
        : relay.kind !== 'undetermined' && relay.shows?.kind === 'own'
          ? issuerOf(relay.shows.pem)
          : subjectOf(proxy.authority.certificate);
    const given = plainAnswer(answer);
    const names = [given, ...given.split(/[,;/]/).map((part) => part.trim())].map((part) =>
      part.replace(/^cn\s*=\s*/, ''),
    );
    return names.includes(key.toLowerCase())
      ? { passed: true }
      : {
          passed: false,
          feedback: `Not that one. On vm-client ask through the proxy with curl -v, or with openssl s_client -proxy, for ${host}: the line with "issuer" has a CN.`,
        };
  };
}

function commonName(name: DistinguishedName): string {
  return name.find(({ type }) => type === 'CN')?.value ?? name[0]?.value ?? '';
}

function issuerOf(pem: string): string {
  const read = parsePem(pem);
  return read.ok && read.value[0] !== undefined ? commonName(read.value[0].issuer) : '';
}

function subjectOf(pem: string): string {
  const read = parsePem(pem);
  return read.ok && read.value[0] !== undefined ? commonName(read.value[0].subject) : '';
}
