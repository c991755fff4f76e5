/** The contract between the bash session and every simulated program (az, kubectl, ip, curl, netpath ...). */
import type { Cloud } from '../model/cloud.ts';

/** Where a program runs. The workstation has az, kubectl and netpath too; the others have ip, arp and so on. */
export type Place =
  | { readonly kind: 'workstation' }
  | {
      readonly kind: 'pod';
      readonly cluster: string;
      readonly namespace: string;
      readonly name: string;
      /** The image whose programs are there, if not that of the pod's first container (`kubectl debug POD`). */
      readonly image?: string;
      /** The container, if not the pod's first; one that is not in the pod is ephemeral, and has nothing of theirs. */
      readonly container?: string;
    }
  | { readonly kind: 'node'; readonly cluster: string; readonly name: string }
  /** `user`: who is logged in; root if absent, as the guest agent is. */
  | { readonly kind: 'vm'; readonly id: string; readonly user?: string }
  /** A server of the data centre, by its name. */
  | { readonly kind: 'on-premises'; readonly name: string }
  /** A server on the internet, by its name. */
  | { readonly kind: 'internet'; readonly name: string };

export interface CommandContext {
  readonly args: readonly string[];
  readonly stdin: string;
  readonly env: ReadonlyMap<string, string>;
  readonly cwd: string;
  readonly place: Place;
  readonly cloud: Cloud;
  readonly readFile: (path: string) => Promise<string | null>;
  readonly writeFile: (path: string, text: string) => Promise<void>;
  /** Returns the absolute paths of the files in a folder and below it, sorted; none where there is no such folder. */
  readonly listFiles?: (folder: string) => Promise<readonly string[]>;
  /** What there is at a path; absent where nobody writes files. */
  readonly kindOf?: (path: string) => Promise<'file' | 'folder' | null>;
  readonly removeFile?: (path: string) => Promise<void>;
  /** Counts the connections that programs of this session have made, so that each has its own source port. */
  readonly nextConnection?: () => number;
  /** Absent or `none`: no terminal is attached, as in a script; `-it` then reads stdin instead of entering. */
  readonly terminal?: 'interactive' | 'none';
  /**
   * Runs argv (or a script, with `sh -c`) in another place, on the cloud as it is now or, if the
   * command has changed it already, on the `cloud` given, which thereby takes effect.
   */
  readonly runIn: (
    place: Place,
    argv: readonly string[],
    stdin: string,
    cloud?: Cloud,
  ) => Promise<CommandResult>;
}

export interface CommandResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
  /**
   * The cloud after the command; absent if it changed nothing. A command that fails has one only if the
   * real one keeps what it did before the failure, as `kubectl apply` of several documents does.
   */
  readonly cloud?: Cloud;
  /** Virtual seconds that passed; 0 if absent. */
  readonly elapsedSeconds?: number;
  /** Set by `kubectl exec -it POD -- sh`, `kubectl debug node/... -it` and `ssh HOST`: an interactive shell goes there. */
  readonly enter?: Place;
  /** A process of a VM that goes on; `text` is what it wrote first, and where that ends up is where its log goes. */
  readonly started?: { readonly pid: number; readonly text: string };
}

export interface SimulatedCommand {
  readonly name: string;
  readonly places: readonly Place['kind'][];
  readonly run: (context: CommandContext) => Promise<CommandResult> | CommandResult;
}
