import { advance, dropOrphans } from '../model/aks/operations.ts';
import { reconcile } from '../model/aks/reconcile.ts';
import type { Cloud } from '../model/cloud.ts';
import { restartContainers } from '../model/kubernetes/reconcile.ts';
import { followTraffic } from '../model/traffic/follow-traffic.ts';
import type { CommandResult } from './command.ts';

/** Of a program that SIGTERM ends. */
export const TERMINATED = 143;

interface TimeLimit {
  readonly until: number;
  readonly over: AbortController;
}

/** The one thing that changes while a session runs: which cloud is the current one. */
export class World {
  #cloud: Cloud;
  readonly #bugs: Error[] = [];
  readonly #onChange: ((cloud: Cloud, command: string) => void) | null;

  /** `onChange` is told of each command that changed more than the time; `connections` were there before. */
  constructor(
    cloud: Cloud,
    onChange: ((cloud: Cloud, command: string) => void) | null = null,
    connections = 0,
  ) {
    this.#cloud = cloud;
    this.#onChange = onChange;
    this.#connections = connections;
  }

  get cloud(): Cloud {
    return this.#cloud;
  }

  #connections: number;

  /** How many connections there were. */
  get connections(): number {
    return this.#connections;
  }

  /** Returns 0, 1, 2 and so on: which connection of the session this is. */
  nextConnection(): number {
    return this.#connections++;
  }

  /** Exceptions that a simulated command threw: ours to mend, never the learner's fault. */
  get bugs(): readonly Error[] {
    return this.#bugs;
  }

  /** Makes `cloud` current, after AKS and the cluster's controllers have followed the change. */
  change(cloud: Cloud): void {
    if (cloud !== this.#cloud) this.#cloud = followTraffic(this.#cloud, reconcile(dropOrphans(cloud)));
  }

  /** Takes over what a command did. One that failed and still gives a cloud did a part of its work. */
  settle(result: CommandResult, command: string): void {
    const before = this.#cloud;
    if (result.cloud !== undefined) this.change(result.cloud);
    if (result.exitCode === 0) this.pass(result.elapsedSeconds ?? 0);
    if (this.#onChange !== null && isMoreThanLater(before, this.#cloud)) {
      this.#onChange(this.#cloud, command);
    }
  }

  /** Lets virtual time pass, and what was to happen in it happen; a frozen clock stands still. */
  pass(seconds: number): void {
    if (seconds > 0 && this.#cloud.clock === 'running') {
      this.#cloud = followTraffic(this.#cloud, restartContainers(advance(this.#cloud, seconds)));
    }
  }

  #limit: TimeLimit | null = null;

  /** Runs what `timeout` is given; `run` ends at the next command when its signal says that time is up. */
  async within<T>(
    seconds: number,
    run: (signal: AbortSignal) => Promise<T>,
  ): Promise<{ readonly done: T; readonly isLate: boolean }> {
    const outer = this.#limit;
    const until = Math.min(this.#cloud.now + seconds, outer?.until ?? Infinity);
    const limit: TimeLimit = { until, over: new AbortController() };
    this.#limit = limit;
    try {
      const done = await run(limit.over.signal);
      return { done, isLate: limit.over.signal.aborted };
    } finally {
      this.#limit = outer;
      if (outer !== null && limit.over.signal.aborted && outer.until <= until) outer.over.abort();
    }
  }

  /** Lets a program that only waits go on for so long, or for as long as `timeout` lets it. */
  wait(seconds: number): void {
    const left = this.#left();
    this.pass(Math.min(seconds, left));
    if (seconds > left) this.#limit?.over.abort();
  }

  /** Returns what is left of a program's result if `timeout` ends it before its own end. */
  cut(result: CommandResult): CommandResult {
    const left = this.#left();
    if ((result.elapsedSeconds ?? 0) <= left) return result;
    const until = this.#cloud.now + left;
    const before = new Set(this.#cloud.traffic);
    const traffic = (result.cloud?.traffic ?? []).map((run) =>
      before.has(run) ? run : { ...run, stop: Math.min(run.stop ?? Infinity, until) },
    );
    if (result.cloud !== undefined) {
      this.change(traffic.length === 0 ? result.cloud : { ...result.cloud, traffic });
    }
    this.wait(left);
    this.#limit?.over.abort();
    return { stdout: '', stderr: '', exitCode: TERMINATED };
  }

  #left(): number {
    return this.#limit === null ? Infinity : Math.max(0, this.#limit.until - this.#cloud.now);
  }

  reportBug(bug: unknown): void {
    this.#bugs.push(bug instanceof Error ? bug : new Error(String(bug)));
  }
}

/** Whether something happened besides that time went by. */
function isMoreThanLater(before: Cloud, after: Cloud): boolean {
  return (
    before.resources !== after.resources ||
    before.kubernetes !== after.kubernetes ||
    before.operations !== after.operations ||
    before.outsideHosts !== after.outsideHosts ||
    before.traffic !== after.traffic
  );
}
