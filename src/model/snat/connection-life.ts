/** How long a connection takes its source port: while it is open, and after that towards the same destination. */
import {
  FIREWALL_IDLE_TIMEOUT,
  LOAD_BALANCER_PORT_HOLD,
  NAT_GATEWAY_HALF_OPEN,
  NAT_GATEWAY_PORT_HOLD,
  NAT_GATEWAY_UDP_IDLE_TIMEOUT,
  SYN_TIMEOUT,
  TIME_WAIT,
} from '../limits/snat.ts';
import type { PortInventory } from './inventory.ts';
import type { ConnectionLoad } from './load.ts';

/** Seconds; Infinity never ends by itself. */
interface Timers {
  readonly tcpIdle: number;
  readonly udpIdle: number;
  readonly halfOpen: number;
  readonly afterFin: number;
  readonly afterRst: number;
  readonly afterUdp: number;
}

const SECONDS_PER_MINUTE = 60;

function timersOf(inventory: PortInventory): Timers {
  switch (inventory.method) {
    case 'load-balancer': {
      const idle = inventory.idleTimeoutInMinutes * SECONDS_PER_MINUTE;
      return balancerTimers(idle);
    }
    case 'firewall':
      return balancerTimers(FIREWALL_IDLE_TIMEOUT.value * SECONDS_PER_MINUTE);
    case 'nat-gateway':
      return {
        tcpIdle: inventory.idleTimeoutInMinutes * SECONDS_PER_MINUTE,
        udpIdle: NAT_GATEWAY_UDP_IDLE_TIMEOUT.value * SECONDS_PER_MINUTE,
        halfOpen: NAT_GATEWAY_HALF_OPEN.value,
        afterFin: NAT_GATEWAY_PORT_HOLD.value.fin,
        afterRst: NAT_GATEWAY_PORT_HOLD.value.rst,
        afterUdp: NAT_GATEWAY_PORT_HOLD.value.udp,
      };
    case 'instance-public-ip':
      // The address is translated 1:1 without state: a silent socket keeps its port until the program ends.
      return {
        tcpIdle: 0,
        udpIdle: 0,
        halfOpen: SYN_TIMEOUT.value,
        afterFin: TIME_WAIT.value,
        afterRst: 0,
        afterUdp: 0,
      };
  }
}

/** A load balancer has no timer of its own for a SYN without an answer: the flow is silent until it times out. */
function balancerTimers(idle: number): Timers {
  return {
    tcpIdle: idle,
    udpIdle: idle,
    halfOpen: idle,
    afterFin: LOAD_BALANCER_PORT_HOLD.value.fin,
    afterRst: LOAD_BALANCER_PORT_HOLD.value.rst,
    afterUdp: 0,
  };
}

export interface ConnectionLife {
  /** When a connection opened at `opened` is over, as whoever lends the port sees it. */
  readonly closes: (opened: number) => number;
  /** Seconds from then until its port may be used towards the same destination. */
  readonly hold: number;
}

/** Returns how long connections of a load live at an inventory. Both times never shrink as `opened` grows. */
export function connectionLife(inventory: PortInventory, load: ConnectionLoad): ConnectionLife {
  const timers = timersOf(inventory);
  const { openFor, stop, end, protocol } = load;
  const silentFrom = (opened: number): number =>
    Math.min(openFor === null ? Infinity : opened + openFor, stop ?? Infinity);
  if (end === 'half-open' && protocol === 'tcp') {
    return { closes: (opened) => opened + timers.halfOpen, hold: 0 };
  }
  if (inventory.method === 'instance-public-ip' && end === 'idle') {
    const ended = stop ?? Infinity;
    return { closes: () => ended, hold: protocol === 'tcp' ? timers.afterFin : timers.afterUdp };
  }
  // Nothing in a UDP packet says that it was the last.
  if (protocol === 'udp') {
    return { closes: (opened) => silentFrom(opened) + timers.udpIdle, hold: timers.afterUdp };
  }
  switch (end) {
    case 'fin':
      return { closes: silentFrom, hold: timers.afterFin };
    case 'rst':
      return { closes: silentFrom, hold: timers.afterRst };
    case 'idle':
    case 'half-open':
      return { closes: (opened) => silentFrom(opened) + timers.tcpIdle, hold: 0 };
  }
}
