/** What `--image` may be: an alias of azure-cli or a marketplace URN. Only Linux machines are simulated. */
import { err, ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { AzFailure } from './command.ts';

const ALIASES: Readonly<Record<string, string>> = {
  CentOS85Gen2: 'OpenLogic:CentOS:8_5-gen2:latest',
  Debian11: 'Debian:debian-11:11-backports-gen2:latest',
  Debian12: 'Debian:debian-12:12-gen2:latest',
  FlatcarLinuxFreeGen2: 'kinvolk:flatcar-container-linux-free:stable-gen2:latest',
  OpenSuseLeap154Gen2: 'SUSE:openSUSE-leap-15-4:gen2:latest',
  RHELRaw8LVMGen2: 'RedHat:RHEL:8-lvm-gen2:latest',
  SuseSles15SP5: 'SUSE:sles-15-sp5:gen2:latest',
  Ubuntu2004: 'Canonical:0001-com-ubuntu-server-focal:20_04-lts-gen2:latest',
  Ubuntu2204: 'Canonical:0001-com-ubuntu-server-jammy:22_04-lts-gen2:latest',
  Ubuntu2404: 'Canonical:ubuntu-24_04-lts:server:latest',
  Ubuntu2404Pro: 'Canonical:ubuntu-24_04-lts:ubuntu-pro:latest',
  UbuntuLTS: 'Canonical:UbuntuServer:18.04-LTS:latest',
  // The aliases of azure-cli up to 2.57.
  CentOS: 'OpenLogic:CentOS:7.5:latest',
  Debian: 'Debian:debian-10:10:latest',
  RHEL: 'RedHat:RHEL:7-LVM:latest',
};

/** Returns the URN of an image. Errors: not an image, or a Windows one. */
export function imageReference(text: string): Result<string, AzFailure> {
  if (/windows|^win\d/i.test(text)) {
    return err({
      kind: 'azure',
      code: 'NotSimulated',
      message: `The Windows image ${text} is not simulated in this workbook. Real Azure may accept it.`,
    });
  }
  const alias = Object.entries(ALIASES).find(([name]) => name.toLowerCase() === text.toLowerCase());
  if (alias !== undefined) return ok(alias[1]);
  if (/^[^:/\s]+:[^:/\s]+:[^:/\s]+:[^:/\s]+$/.test(text)) return ok(text);
  return err({
    kind: 'usage',
    exitCode: 1,
    message: `Invalid image "${text}". Use a valid image URN, custom image name, custom image id, VHD blob URI, or pick an image from ['${Object.keys(ALIASES).join("', '")}'].\nSee vm create -h for more information on specifying an image.`,
  });
}
