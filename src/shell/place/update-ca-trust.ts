/** Azure Linux's update-ca-trust: the anchors that somebody put down join the packaged roots; it says nothing. */
import { parsePem, toPem } from '../../model/certificates/pem.ts';
import { publicRoots } from '../../model/certificates/public-authority.ts';
import type { SimulatedCommand } from '../command.ts';
import { failed, notSimulatedHere, printed } from './program.ts';
import { AZURE_LINUX_BUNDLE } from './trust-files.ts';

/** The first is for packages, the second for administrators; AKS uses the first for a proxy's CA. */
export const ANCHORS = [
  '/usr/share/pki/ca-trust-source/anchors',
  '/etc/pki/ca-trust/source/anchors',
] as const;

export function updateCaTrust(): SimulatedCommand {
  return {
    name: 'update-ca-trust',
    places: ['pod', 'node', 'vm', 'on-premises', 'internet', 'workstation'],
    run: async ({ args, readFile, writeFile, listFiles = async () => [] }) => {
      const [word = 'extract', ...more] = args;
      if (more.length > 0 || word !== 'extract')
        return ['check', 'enable', 'disable', 'force-enable', 'force-disable'].includes(word) ||
          word.startsWith('-')
          ? notSimulatedHere('update-ca-trust', args.join(' '))
          : failed(`Error: Unknown command ${word}\n`);
      const texts: string[] = [];
      for (const folder of ANCHORS)
        for (const path of await listFiles(folder)) {
          const read = parsePem((await readFile(path)) ?? '');
          if (read.ok) texts.push(...read.value.map(toPem));
        }
      const bundle = [...publicRoots().map(toPem), ...texts].join('');
      await writeFile(AZURE_LINUX_BUNDLE, bundle);
      await writeFile('/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem', bundle);
      return printed('');
    },
  };
}
