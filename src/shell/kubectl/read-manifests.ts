/** `-f FILE`, `-f -`: several documents, YAML or JSON, lists flattened. */
import type { Manifest } from '../../model/kubernetes/manifest.ts';
import { goTags } from '../../model/kubernetes/manifest-scalars.ts';
import { err, ok, type Result } from '../../model/result.ts';
import type { CommandContext } from '../command.ts';
import { yamlData, yamlDocuments, yamlRefusal } from '../yaml-text.ts';
import { decodeManifest } from './decode-manifest.ts';
import { clientError, type KubectlFailure } from './failure.ts';

/** As kubectl reads it: YAML 1.1, where `yes` is true. */
const MANIFEST_YAML = { version: '1.1', customTags: goTags, merge: true } as const;

export interface ManifestSource {
  readonly manifest: Manifest;
  /** The file, or STDIN. */
  readonly source: string;
}

interface Document {
  readonly data: unknown;
  readonly source: string;
}

export interface Documents {
  readonly documents: readonly Document[];
  /** What could not be parsed: the documents after it in its file are lost, those before it are not. */
  readonly failures: readonly KubectlFailure[];
}

export interface Manifests {
  readonly manifests: readonly ManifestSource[];
  /** The documents that are none; kubectl takes the others all the same. */
  readonly failures: readonly KubectlFailure[];
}

/** Returns the parsed documents of all files, not yet checked against any kind; fails if a file is missing. */
export async function readDocuments(
  files: readonly string[],
  context: CommandContext,
): Promise<Result<Documents, KubectlFailure>> {
  const documents: Document[] = [];
  const failures: KubectlFailure[] = [];
  const named: string[] = [];
  for (const file of files) {
    const inside = await manifestsInFolder(file, context);
    if (inside?.length === 0) {
      return err(
        clientError(`error reading [${file}]: recognized file extensions are [${EXTENSIONS.join(' ')}]`),
      );
    }
    named.push(...(inside ?? [file]));
  }
  for (const file of named) {
    if (/^https?:/.test(file))
      return err(
        clientError(
          `reading ${file} is not simulated in this workbook: the workstation is offline; write the manifest to a file`,
        ),
      );
    const text = file === '-' ? context.stdin : await context.readFile(file);
    if (text === null) return err(clientError(`the path "${file}" does not exist`));
    const source = file === '-' ? 'STDIN' : file;
    const broken = (what: string): KubectlFailure =>
      clientError(`error parsing ${source}: error converting YAML to JSON: yaml: ${what}`);
    const refused = yamlRefusal(text);
    if (refused !== null) {
      failures.push(broken(refused));
      continue;
    }
    for (const document of yamlDocuments(text, MANIFEST_YAML)) {
      const [problem] = document.errors;
      if (problem !== undefined) {
        const line = problem.linePos?.[0].line ?? 1;
        const what = (problem.message.split(' at line')[0] ?? problem.message).replace(/\.$/, '');
        failures.push(broken(`line ${line}: ${what}`));
        break;
      }
      let data: unknown;
      try {
        data = yamlData(document);
      } catch (tooMany) {
        const what = tooMany instanceof Error ? tooMany.message : String(tooMany);
        failures.push(broken(what));
        break;
      }
      if (data === null || data === undefined) continue;
      for (const each of flattened(data)) documents.push({ data: each, source });
    }
  }
  return ok({ documents, failures });
}

const EXTENSIONS = ['.json', '.yaml', '.yml'];

/** Returns the manifests that lie in a folder itself, not below it; null if the path is no folder. */
async function manifestsInFolder(path: string, context: CommandContext): Promise<readonly string[] | null> {
  if (path === '-' || /^https?:/.test(path) || (await context.kindOf?.(path)) !== 'folder') return null;
  const folder = path.replace(/\/*$/, '/');
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${context.cwd}/${path}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  const absolute = parts.map((part) => `/${part}`).join('');
  const files = (await context.listFiles?.(path)) ?? [];
  return files
    .map((file): readonly [string, string] => {
      const slash = file.lastIndexOf('/');
      return [file.slice(0, slash), file.slice(slash + 1)];
    })
    .filter(([where, name]) => where === absolute && EXTENSIONS.some((each) => name.endsWith(each)))
    .map(([, name]) => `${folder}${name}`);
}

/** Returns the manifests of all files, and what is wrong with the documents that are none. */
export async function readManifests(
  files: readonly string[],
  command: 'apply' | 'create' | 'delete' | 'replace',
  context: CommandContext,
): Promise<Result<Manifests, KubectlFailure>> {
  const documents = await readDocuments(files, context);
  if (!documents.ok) return documents;
  const failures = [...documents.value.failures];
  if (documents.value.documents.length === 0 && failures.length === 0) {
    return err(clientError(`no objects passed to ${command}`));
  }
  const manifests: ManifestSource[] = [];
  for (const { data, source } of documents.value.documents) {
    const decoded = decodeManifest(data, source);
    if (decoded.ok) manifests.push({ manifest: decoded.value, source });
    else failures.push(decoded.error);
  }
  return ok({ manifests, failures });
}

function flattened(data: unknown): readonly unknown[] {
  if (typeof data !== 'object' || data === null || !('items' in data) || !('kind' in data)) return [data];
  return typeof data.kind === 'string' && data.kind.endsWith('List') && Array.isArray(data.items)
    ? data.items.flatMap(flattened)
    : [data];
}

/** Puts an object where `-n` says; a manifest that says otherwise is an error. */
export function inNamespace(
  manifest: Manifest,
  namespace: string,
  asked: 'by-flag' | 'by-context',
): Result<Manifest, KubectlFailure> {
  if (manifest.kind === 'Namespace') return ok(manifest);
  const own = manifest.metadata.namespace;
  if (own !== undefined && own !== '' && own !== namespace && asked === 'by-flag') {
    return err(
      clientError(
        `the namespace from the provided object "${own}" does not match the namespace "${namespace}". You must pass '--namespace=${own}' to perform this operation.`,
      ),
    );
  }
  const placed = own === undefined || own === '' ? namespace : own;
  // The union's members differ in their spec only; metadata is the same for all of them.
  return ok({ ...manifest, metadata: { ...manifest.metadata, namespace: placed } });
}
