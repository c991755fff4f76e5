/** A service as systemd sees it, as far as `systemctl` and `journalctl` tell of it. */

export interface UnitFile {
  readonly path: string;
  readonly text: string;
}

export interface SystemdUnit {
  /** With its suffix: `containerd.service`. */
  readonly name: string;
  readonly description: string;
  readonly documentation?: string;
  readonly file: UnitFile;
  /** In the order in which systemd reads them. */
  readonly dropIns: readonly UnitFile[];
  readonly enabled: 'enabled' | 'disabled' | 'static' | 'transient';
  readonly state:
    | {
        readonly kind: 'running';
        readonly pid: number;
        /** Seconds since the epoch. */ readonly since: number;
      }
    | { readonly kind: 'stopped'; readonly since: number | null }
    | { readonly kind: 'failed'; readonly since: number; readonly exitCode: number };
  /** What runs, for `status`. */
  readonly commandLine: string;
  /** What the kernel calls the main process; the unit's own name if absent. */
  readonly mainProgram?: string;
}

/** What a machine's service manager has. */
export interface ServiceManager {
  /** The version: 249 on Ubuntu 22.04, 255 on 24.04. */
  readonly systemd: number;
  readonly hostname: string;
  readonly units: readonly SystemdUnit[];
  /** `DefaultEnvironment=` and what the manager has itself: every service gets it. */
  readonly environment: readonly (readonly [string, string])[];
  /** Oldest first. */
  readonly journal: readonly JournalEntry[];
}

export interface JournalEntry {
  /** Seconds since the epoch. */
  readonly at: number;
  readonly unit: string;
  /** `containerd`, `kubelet`, `systemd`. */
  readonly identifier: string;
  readonly pid: number;
  readonly message: string;
}

/** Returns the values of a setting in a section, over the unit's file and its drop-ins, in their order. */
export function settings(unit: SystemdUnit, section: string, name: string): readonly string[] {
  return [unit.file, ...unit.dropIns].flatMap(({ text }) => {
    let here = '';
    return text
      .replaceAll(/\\\n\s*/g, ' ')
      .split('\n')
      .flatMap((line) => {
        const title = /^\[(.+)\]$/.exec(line.trim())?.[1];
        if (title !== undefined) here = title;
        const [key = '', value] = line.split(/=(.*)/s);
        return here === section && key.trim() === name && value !== undefined ? [value.trim()] : [];
      });
  });
}

/** Returns the assignments of `Environment=`, unquoted. */
export function assignments(values: readonly string[]): readonly string[] {
  return values.flatMap((value) =>
    [...value.matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'|(\S+)/g)].map(
      ([, double, single, bare]) => double ?? single ?? bare ?? '',
    ),
  );
}
