/** What a real `kubectl kustomize` made of deploy/kubernetes, and of which files it made that. */
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

export const MANIFESTS = join(import.meta.dirname, '../../../deploy/kubernetes');
export const RECORDED = join(import.meta.dirname, 'recorded');
export const OVERLAYS = ['base', 'internal-load-balancer', 'gateway'] as const;
export type Overlay = (typeof OVERLAYS)[number];

/** A Kubernetes object as the manifests have it: plain data of unknown shape below its metadata. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: unknown;
}

export interface Recording {
  readonly kubectl: string;
  readonly kustomize: string;
  /** Digest of all files of deploy/kubernetes. */
  readonly manifests: string;
}

export function manifestsDigest(): string {
  const hash = createHash('sha256');
  const files = readdirSync(MANIFESTS, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.yaml'),
  );
  for (const file of files.sort()) hash.update(`${file}\0`).update(readFileSync(join(MANIFESTS, file)));
  return hash.digest('hex');
}

/** The versions of this machine's kubectl, null without one that knows kustomize 5. */
export function kubectlVersions(): Omit<Recording, 'manifests'> | null {
  const said = spawnSync('kubectl', ['version', '--client', '--output', 'json'], { encoding: 'utf8' });
  if (said.error !== undefined || said.status !== 0) return null;
  const [, kubectl = '?'] = /"gitVersion": "([^"]+)"/.exec(said.stdout) ?? [];
  const [, kustomize = ''] = /"kustomizeVersion": "([^"]+)"/.exec(said.stdout) ?? [];
  return kustomize.startsWith('v5.') ? { kubectl, kustomize } : null;
}

export function renderWithKubectl(overlay: Overlay): string {
  const said = spawnSync('kubectl', ['kustomize', join(MANIFESTS, overlay)], { encoding: 'utf8' });
  if (said.status !== 0) throw new Error(`kubectl kustomize ${overlay}: ${said.stderr}`);
  return said.stdout;
}

export function readRecording(): Recording {
  return JSON.parse(readFileSync(join(RECORDED, 'recording.json'), 'utf8')) as Recording;
}

export function recordedText(overlay: Overlay): string {
  return readFileSync(join(RECORDED, `${overlay}.yaml`), 'utf8');
}

export function parseObjects(text: string): readonly KubernetesObject[] {
  return parseAllDocuments(text).map((document) => {
    if (document.errors.length > 0) throw new Error(String(document.errors[0]));
    return document.toJS() as KubernetesObject;
  });
}
