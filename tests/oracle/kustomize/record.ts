/** `node tests/oracle/kustomize/record.ts`: renders deploy/kubernetes with this machine's kubectl. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { kubectlVersions, manifestsDigest, OVERLAYS, RECORDED, renderWithKubectl } from './recording.ts';
import type { Recording } from './recording.ts';

const versions = kubectlVersions();
if (versions === null) {
  console.error('There is no kubectl with kustomize 5 on PATH.');
  process.exit(1);
}
mkdirSync(RECORDED, { recursive: true });
for (const overlay of OVERLAYS) writeFileSync(join(RECORDED, `${overlay}.yaml`), renderWithKubectl(overlay));
const recording: Recording = { ...versions, manifests: manifestsDigest() };
writeFileSync(join(RECORDED, 'recording.json'), `${JSON.stringify(recording, null, 2)}\n`);
console.log(`recorded ${OVERLAYS.join(', ')} with kubectl ${versions.kubectl}`);
