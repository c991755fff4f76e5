/** What differs between two runs of the same program is taken out: ports, sizes of pages, the order of hanging up. */
export interface Said {
  readonly stdout: string;
  readonly stderr: string;
}

export function normal({ stdout, stderr }: Said): Said {
  return { stdout: normalText(stdout), stderr: normalText(stderr) };
}

function normalText(text: string): string {
  return (
    text
      .replaceAll('\r', '')
      .replaceAll(/127\.0\.0\.1:(?!(?:8080|8082|9443|443|80|81)\b)\d+\b/g, '127.0.0.1:PORT')
      .replaceAll(/^ +<</gm, ' <<')
      .replaceAll(/ \d+b$/gm, ' Nb')
      // Of the answer: the witness's server is another program.
      .replaceAll(/^    (Content-Length|Content-Type|Connection|Date|Server): .*\n/gm, '')
      .replaceAll(/client address: \S+/g, 'client address: ADDRESS')
      .replaceAll(/server: \S+/g, 'server: NAME')
      // On two addresses, IPv4 and IPv6, whichever is tried first.
      .replaceAll(/\('(::|0\.0\.0\.0)', (\d+)(, 0, 0)?\)/g, "('ANY', $2)")
      // Which of the two goes first is a matter of luck.
      .replaceAll(/^(.* server disconnect .*\n)(.* client disconnect\n)/gm, '$2$1')
      // Bash says which process ended; the simulation has no jobs.
      .replaceAll(/^.*(Terminated|Done) .*\n/gm, '')
      // The simulation says what it does otherwise.
      .replaceAll(/^\((mitm\w+ goes on|--set ).*\n/gm, '')
  );
}
