import type { Lab } from './lab.ts';

/** A lab with the texts of its folder, however they were read (Node's disk or the site's bundle). */
export interface LabSource {
  readonly lab: Lab;
  /** `start.sh` */
  readonly start: string;
  /** `template.sh` */
  readonly template: string;
  /** `solution.sh`, `solution-2.sh` ... in order of name. */
  readonly solutions: readonly LabScript[];
}

export interface LabScript {
  readonly name: string;
  readonly text: string;
}

/** The name of the learner's script, in `workspace/<lab>/` and in the simulated home folder. */
export const SCRIPT_NAME = 'lab.sh';
