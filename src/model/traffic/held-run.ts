import type { TrafficRun } from '../snat/load.ts';

/** Returns how many connections a stored run holds for a program that goes on; 0 for any other run. */
export function heldConnections({ container, connections, openFor, workers }: TrafficRun): number {
  return container !== null && openFor === null && workers === undefined ? (connections ?? 0) : 0;
}
