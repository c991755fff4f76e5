/** Volumes of pods and variables taken from other objects, in the API's own shapes (the fields we model). */

/** Which key of a ConfigMap or Secret becomes which file. */
export interface KeyToPath {
  readonly key: string;
  /** Relative to the volume. */
  readonly path: string;
  /** Permission bits, decimal as JSON has them. */
  readonly mode?: number;
}

export interface ObjectFieldSelector {
  readonly apiVersion?: string;
  /** For example `status.podIP` or `metadata.labels['app']`. */
  readonly fieldPath: string;
}

export interface DownwardFile {
  readonly path: string;
  readonly fieldRef: ObjectFieldSelector;
  readonly mode?: number;
}

interface ConfigMapProjection {
  readonly name: string;
  /** Absent: every key is a file of its name. */
  readonly items?: readonly KeyToPath[];
  /** True: a pod may start without the object or the key. */
  readonly optional?: boolean;
}

export interface VolumeProjection {
  readonly configMap?: ConfigMapProjection;
  readonly secret?: ConfigMapProjection;
  readonly downwardAPI?: { readonly items?: readonly DownwardFile[] };
}

/** One of the sources, by its name. */
export interface Volume {
  readonly name: string;
  readonly configMap?: ConfigMapProjection & { readonly defaultMode?: number };
  readonly secret?: {
    readonly secretName: string;
    readonly items?: readonly KeyToPath[];
    readonly defaultMode?: number;
    readonly optional?: boolean;
  };
  readonly hostPath?: { readonly path: string; readonly type?: string };
  readonly emptyDir?: { readonly medium?: string; readonly sizeLimit?: string };
  readonly downwardAPI?: { readonly items?: readonly DownwardFile[]; readonly defaultMode?: number };
  readonly projected?: { readonly sources?: readonly VolumeProjection[]; readonly defaultMode?: number };
}

/** The sources that a volume may have here. */
export const VOLUME_SOURCES = [
  'configMap',
  'secret',
  'hostPath',
  'emptyDir',
  'downwardAPI',
  'projected',
] as const satisfies readonly (keyof Volume)[];

export interface VolumeMount {
  /** Of the volume. */
  readonly name: string;
  readonly mountPath: string;
  /** A file or folder of the volume instead of its root. */
  readonly subPath?: string;
  readonly readOnly?: boolean;
}

export interface KeySelector {
  readonly name: string;
  readonly key: string;
  readonly optional?: boolean;
}

/** A variable with a text of its own, or one that is taken from elsewhere when the container starts. */
export interface EnvVar {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: {
    readonly configMapKeyRef?: KeySelector;
    readonly secretKeyRef?: KeySelector;
    readonly fieldRef?: ObjectFieldSelector;
  };
}

/** All keys of an object as variables. */
export interface EnvFromSource {
  readonly prefix?: string;
  readonly configMapRef?: { readonly name: string; readonly optional?: boolean };
  readonly secretRef?: { readonly name: string; readonly optional?: boolean };
}
