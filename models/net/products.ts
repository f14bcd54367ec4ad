/** What stands in front of a runner, by product: its layer, and when it cuts a connection that is all right. */
import type { Ticks } from '../../src/kernel/bounds.ts';
import type { TimeLimit } from './load-balancer.ts';

/** In microseconds: the models' tick. */
const SECOND: Ticks = 1_000_000;

export interface Product {
  /** 7: it terminates TCP, and resets both sides. 4: it tracks the flow, and drops it silently. */
  readonly layer: 4 | 7;
  readonly time: Ticks;
  /** What starts the time anew. At layer 4 any segment does. */
  readonly restartedBy: TimeLimit['restartedBy'] | 'any segment';
}

export const PRODUCTS = {
  alb: { layer: 7, time: 60 * SECOND, restartedBy: 'data' },
  nginx: { layer: 7, time: 60 * SECOND, restartedBy: 'data from upstream' },
  envoy: { layer: 7, time: 300 * SECOND, restartedBy: 'data' },
  nlb: { layer: 4, time: 350 * SECOND, restartedBy: 'any segment' },
  azure: { layer: 4, time: 240 * SECOND, restartedBy: 'any segment' },
  nat: { layer: 4, time: 7440 * SECOND, restartedBy: 'any segment' },
  gcp: { layer: 7, time: 30 * SECOND, restartedBy: 'nothing' },
} as const satisfies Readonly<Record<string, Product>>;

export type ProductName = keyof typeof PRODUCTS;
