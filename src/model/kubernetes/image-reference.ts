/** An image as people write it, and as containerd does (https://github.com/distribution/reference). */
export interface ImageReference {
  /** `docker.io` where none is written. */
  readonly registry: string;
  /** `library/nginx` for `nginx`. */
  readonly repository: string;
  /** With registry, repository, and tag or digest: `docker.io/library/nginx:latest`. */
  readonly full: string;
  /** `latest` where none is written; null with a digest. */
  readonly tag: string | null;
}

/** Reads an image. The first part is a registry if it has a dot or a colon, or is `localhost`. */
export function readImageReference(image: string): ImageReference {
  if (last?.image !== image) last = { image, reference: read(image) };
  return last.reference;
}

/** Replicas ask for the same image one after the other. */
let last: { readonly image: string; readonly reference: ImageReference } | null = null;

function read(image: string): ImageReference {
  const [name = '', digest] = image.split('@');
  const slash = name.indexOf('/');
  const first = slash < 0 ? '' : name.slice(0, slash);
  const isRegistry = first === 'localhost' || /[.:]/.test(first);
  const registry = !isRegistry || first === 'index.docker.io' ? 'docker.io' : first;
  const rest = isRegistry ? name.slice(slash + 1) : name;
  const colon = rest.indexOf(':');
  const path = colon < 0 ? rest : rest.slice(0, colon);
  const repository = registry === 'docker.io' && !path.includes('/') ? `library/${path}` : path;
  const tag = digest === undefined ? (colon < 0 ? 'latest' : rest.slice(colon + 1)) : null;
  const end = digest === undefined ? `:${tag ?? ''}` : `@${digest}`;
  return { registry, repository, full: `${registry}/${repository}${end}`, tag };
}

const HOST_PART = '[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?';
const PATH_PART = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const REFERENCE = new RegExp(
  `^(?:${HOST_PART}(?:\\.${HOST_PART})*(?::\\d+)?/)?${PATH_PART}(?:/${PATH_PART})*(?::\\w[\\w.-]{0,127})?(?:@[A-Za-z][A-Za-z0-9]*:[0-9a-fA-F]{32,})?$`,
);

/** Reports whether the text names an image: the repository in lower case, a tag, a digest. */
export function isImageReference(image: string): boolean {
  return REFERENCE.test(image);
}
