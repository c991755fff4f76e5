/** What differs between two runs of the same program is taken out. */
export interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

export function normal({ stdout, stderr, exitCode }: Ran): Ran {
  return { stdout: normalText(stdout), stderr: normalText(stderr), exitCode };
}

function normalText(text: string): string {
  return (
    text
      .replaceAll('\r', '')
      // Written only where the output is no terminal, which the simulated one always is.
      .replaceAll(/^[{}] \[\d+ bytes data\]\n/gm, '')
      // From here to there is all one address in one world.
      .replaceAll(/ from \S+ port \d+ failed/g, ' from HERE failed')
      // Its resolver is a thread, and says it twice where it is fast.
      .replaceAll(/^(\* Could not resolve .*\n)\1/gm, '$1')
      // Tickets that arrive while it closes are a matter of luck.
      .replaceAll(
        /(\* Closing connection(?: 0)?\n(?:\* TLSv1\.3 \(OUT\).*\n)?)(\* (TLSv1\.3 \(IN\), TLS handshake, Newsession|old SSL session ID).*\n)+/g,
        '$1',
      )
      .replaceAll(/(start|expire) date: .*/g, '$1 date: DATE')
      .replaceAll(/after \d+ ms/g, 'after N ms')
      .replaceAll(/OpenSSL\/3\.0\.\d+/g, 'OpenSSL/3.0.N')
      .replaceAll(/easy handle 0x[0-9a-f]+/g, 'easy handle 0xN')
      .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, 'TIME')
      // How fast a page comes that fits into one packet.
      .replaceAll(/100% +[\d.]+[KMG]?=0(\.\d+)?s/g, '100% RATE=0s')
      .replaceAll(/\([\d.]+ [KMG]?B\/s\)/g, '(RATE)')
      .replaceAll(/\[\d+\/\d+\]/g, '[NN/NN]')
      .replaceAll(/^Length: \d\d /gm, 'Length: NN ')
      // The address that a server sees is the kernel's own affair in one world, and a public one in the other.
      .replaceAll(/client address: \S+/g, 'client address: ADDRESS')
      .replaceAll(/server: host\/\S+/g, 'server: NAME')
      .replaceAll(/server: vm\/\S+/g, 'server: NAME')
      .replaceAll(/^(< | {2})?(content-length): \d\d$/gim, '$1$2: NN')
  );
}
