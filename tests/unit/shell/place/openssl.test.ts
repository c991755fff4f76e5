/** openssl over the simulated network, and the files of trust that it and curl share. */
import { describe, expect, test } from 'vitest';
import { nameHash } from '../../../../src/model/certificates/name-hash.ts';
import { publicRoots } from '../../../../src/model/certificates/public-authority.ts';
import { newCloud } from '../../../../src/model/azure/subscription.ts';
import { createSession, type Session } from '../../../../src/shell/session.ts';
import { ROOT_FILES } from '../../../../src/shell/place/trust-files.ts';
import { AUTHORITY, PROXY, WEB, forwardProxy, on, proxyWorld } from './proxy-world.ts';

const CLIENT = `openssl s_client -connect ${WEB.name}:443`;
const OVER_PROXY = `${CLIENT} -proxy ${PROXY}:8080`;
const WITH_CA = `cat > ca.crt <<'E'\n${AUTHORITY.certificate}E\n`;

async function client(): Promise<Session> {
  const session = on(await proxyWorld(), 'vm-client');
  await session.run(WITH_CA);
  return session;
}

describe('openssl s_client', () => {
  test('shows the server, and the proxy where it reads along', async () => {
    const session = await client();
    const issuer = async (line: string) =>
      (await session.run(`${line} </dev/null 2>/dev/null | openssl x509 -noout -issuer`)).stdout;
    expect(await issuer(CLIENT)).toBe('issuer=C = XX, O = Workbook Trust Services, CN = WTS TLS CA 1B2\n');
    expect(await issuer(OVER_PROXY)).toBe('issuer=CN = mitmproxy, O = mitmproxy\n');
  });

  test('takes a proxy without a scheme only', async () => {
    const { exitCode, stderr } = await (
      await client()
    ).run(`${CLIENT} -proxy http://${PROXY}:8080 </dev/null`);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: 's_client: -proxy argument malformed or ambiguous\n',
    });
  });

  test('says who is not trusted, and with the CA that all is well', async () => {
    const session = await client();
    const without = await session.run(`${OVER_PROXY} </dev/null`);
    expect(without.exitCode).toBe(0);
    expect(without.stderr).toContain('verify error:num=20:unable to get local issuer certificate');
    expect(without.stdout).toContain('Verify return code: 21 (unable to verify the first certificate)');
    const strict = await session.run(`${OVER_PROXY} -verify_return_error -brief </dev/null`);
    expect(strict.exitCode).toBe(1);
    const own = await session.run(`${OVER_PROXY} -CAfile ca.crt </dev/null`);
    expect(own.stdout).toContain('Verify return code: 0 (ok)');
    // With a file given, the roots of the machine are not asked.
    const only = await session.run(`${CLIENT} -CAfile ca.crt </dev/null`);
    expect(only.stdout).toContain('Verify return code: 20 (unable to get local issuer certificate)');
  });

  test('passes a tunnel that the proxy does not read', async () => {
    const session = on(await proxyWorld(forwardProxy({ ignoreHosts: ['example\\.com'] })), 'vm-client');
    const { stdout } = await session.run(`${OVER_PROXY} </dev/null`);
    expect(stdout).toContain('i:C = XX, O = Workbook Trust Services, CN = WTS TLS CA 1B2');
    expect(stdout).toContain('Verify return code: 0 (ok)');
  });

  test.each([
    [`${OVER_PROXY.replace('8080', '8081')}`, 'connect:errno=111'],
    [`openssl s_client -connect 10.20.0.99:443`, 'connect:errno=110'],
    [`openssl s_client -connect nosuch.example.org:443`, 'Name or service not known'],
    [
      `openssl s_client -proxy ${PROXY}:8080 -connect nosuch.example.org:443`,
      'HTTP CONNECT failed, reason= 502',
    ],
    [`openssl s_client -connect ${WEB.name}:80`, 'wrong version number'],
    [`openssl s_client -proxy ${PROXY}:8080`, '-proxy requires use of -connect'],
  ])('%s ends with 1', async (line, words) => {
    const session = await client();
    const { exitCode, stderr } = await session.run(`${line} </dev/null`);
    expect(stderr).toContain(words);
    expect(exitCode).toBe(1);
  });
});

describe('trust', () => {
  test('the hashes in the files of the roots are those of their names', () => {
    expect(ROOT_FILES.map(({ hash }) => hash)).toEqual(publicRoots().map(({ subject }) => nameHash(subject)));
  });

  test('update-ca-certificates takes in what ends with .crt, and curl and openssl trust it', async () => {
    const session = await client();
    const fetch = `curl -sS -o /dev/null -w '%{http_code}' -x http://${PROXY}:8080 https://${WEB.name}`;
    expect((await session.run(fetch)).exitCode).toBe(60);
    await session.run('sudo cp ca.crt /usr/local/share/ca-certificates/proxy.pem');
    const none = await session.run('sudo update-ca-certificates');
    expect(none.stdout).toContain('\n0 added, 0 removed; done.\n');
    expect((await session.run(fetch)).exitCode).toBe(60);

    await session.run(
      'sudo mv /usr/local/share/ca-certificates/proxy.pem /usr/local/share/ca-certificates/proxy.crt',
    );
    const added = await session.run('sudo update-ca-certificates');
    expect(added.stdout).toBe(
      'Updating certificates in /etc/ssl/certs...\n1 added, 0 removed; done.\nRunning hooks in /etc/ca-certificates/update.d...\ndone.\n',
    );
    expect(await session.run(fetch)).toMatchObject({ stdout: '200', exitCode: 0 });
    expect((await session.run('openssl verify ca.crt')).stdout).toBe('ca.crt: OK\n');

    await session.run('echo nothing | sudo tee /usr/local/share/ca-certificates/note.crt');
    const warned = await session.run('sudo update-ca-certificates');
    expect(warned.stderr).toContain('rehash: warning: skipping note.pem,it does not contain exactly one');

    await session.run('sudo rm /usr/local/share/ca-certificates/*.crt; sudo update-ca-certificates --fresh');
    expect((await session.run(fetch)).exitCode).toBe(60);
  });

  test.each([
    ['--cacert of the proxy', `--cacert ca.crt`, 0],
    ['CURL_CA_BUNDLE', '', 0],
    ['a file that is not there', '--cacert nofile', 77],
  ])('curl with %s', async (name, option, exit) => {
    const session = await client();
    const env = name === 'CURL_CA_BUNDLE' ? 'CURL_CA_BUNDLE=ca.crt ' : '';
    const { exitCode } = await session.run(
      `${env}curl -sS -o /dev/null ${option} -x http://${PROXY}:8080 https://${WEB.name}`,
    );
    expect(exitCode).toBe(exit);
  });
});

describe('openssl on the workstation', () => {
  const session = () => createSession({ cloud: newCloud({ seed: 'openssl' }) });

  test('makes a CA and what it signs, another one each time', async () => {
    const shell = session();
    await shell.run(
      'for n in 1 2; do openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca$n.crt -subj /CN=ca 2>/dev/null; done',
    );
    const moduli = await shell.run('for n in 1 2; do openssl x509 -in ca$n.crt -noout -modulus; done');
    expect(new Set(moduli.stdout.trim().split('\n')).size).toBe(2);
    const signed = await shell.run(
      'openssl req -new -newkey rsa:2048 -nodes -keyout l.key -subj /CN=l -out l.csr 2>/dev/null && openssl x509 -req -in l.csr -CA ca2.crt -CAkey ca.key -out l.crt && openssl verify -CAfile ca2.crt l.crt',
    );
    expect(signed.stdout).toBe('l.crt: OK\n');
    const wrong = await shell.run('openssl verify -CAfile ca1.crt l.crt');
    expect(wrong).toMatchObject({ exitCode: 2 });
  });

  test.each([
    'openssl s_server',
    'openssl x509 -in a -purpose',
    'openssl req -newkey rsa:2048 -subj /CN=a',
    'openssl genrsa 1024',
    'openssl x509 -outform DER -in a',
    'openssl enc -aes-256-cbc',
  ])('%s is refused by name', async (line) => {
    const { exitCode, stderr } = await session().run(line);
    expect(stderr).toContain('is not simulated in this workbook');
    expect(exitCode).toBe(1);
  });
});
