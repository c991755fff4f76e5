/** What happens on a VM's disk without anybody's hand: packages bring programs, and processes write their logs. */
import { softwareOf } from '../model/azure/machine-software.ts';
import { writtenFiles } from '../model/azure/process-output.ts';
import { getResource } from '../model/azure/resource-store.ts';
import type { Cloud } from '../model/cloud.ts';
import { INSTALLED_LATER } from './place/image-tools.ts';
import { MITMPROXY_PACKAGE } from './place/mitmproxy-package.ts';
import type { PassingFs } from './streamed-output.ts';

/** Where just-bash looks for its programs; a name without a file is a command that is not found. */
const FOLDERS = ['/usr/bin', '/bin'];

/** Brings the disk up to what the cloud says of the machine. */
export async function followMachine(fs: PassingFs, cloud: Cloud, vmId: string): Promise<void> {
  const vm = getResource(cloud, vmId, 'Microsoft.Compute/virtualMachines');
  if (vm === null) return;
  const isInstalled = softwareOf(cloud, vmId).packages[MITMPROXY_PACKAGE] !== undefined;
  for (const name of INSTALLED_LATER) {
    for (const folder of FOLDERS) {
      const path = `${folder}/${name}`;
      const isThere = await fs.exists(path);
      if (isInstalled && !isThere) await fs.writeProgram(path, `#!/bin/bash\n# Built-in command: ${name}\n`);
      if (!isInstalled && isThere) await fs.rm(path, { force: true });
    }
  }
  for (const { pid, path, text } of writtenFiles(vm)) {
    const already = fs.appended.get(pid) ?? 0;
    if (text.length <= already) continue;
    await fs.mkdir(path.replace(/\/[^/]*$/, '') || '/', { recursive: true });
    await fs.appendFile(path, text.slice(already));
    fs.appended.set(pid, text.length);
  }
}
