import type { Bounds, Ticks } from '../../src/kernel/bounds.ts';
import { type Config, duration, oneOf, range } from '../../src/model/parameters.ts';
import { parameters as attachParameters, PING_WAITS_MOST } from '../attach/parameters.ts';
import { DISTRESSES } from '../net/distresses.ts';
import { latencyBoundOver, MILLISECOND } from '../net/parameters.ts';
import { PRODUCTS, type ProductName } from '../net/products.ts';

/** Those through which some ping interval keeps a connection for ever. */
export const KEEPABLE = ['alb', 'nginx', 'envoy', 'nlb', 'azure', 'nat'] as const;

/** Constants of the modelled system, under their real values. Times are in microseconds inside the model. */
export const parameters = {
  ...attachParameters,
  lateTick: range('0..2s', 'how late the scheduler or a garbage collection makes a tick of the ping ticker'),
  product: oneOf(
    ['any', ...KEEPABLE, 'gcp'],
    'what stands before the proxy; any: the schedule decides on one that pings can keep a connection through',
  ),
  proxy: oneOf(['any', 'there', 'none'], 'whether a WebSocket proxy is in the path; any: the schedule decides'),
  distress: oneOf(['any', 'never', ...DISTRESSES], 'what happens to a client that lives on'),
  partition: range('1s..19s', 'how long a cut lasts that heals'),
  clock: oneOf(['steps', 'steady'], 'whether the wall clock is set at some time'),
  clockStep: duration('1h', 'by how much the wall clock is set'),
  readPause: { ...attachParameters.readPause, default: '1ms..500ms' },
  reading: { ...attachParameters.reading, default: 'at once' },
  texts: { ...attachParameters.texts, default: '0' },
  excess: { ...attachParameters.excess, default: 'never' },
  outputs: { ...attachParameters.outputs, default: '1' },
  rival: { ...attachParameters.rival, default: 'none' },
  exits: { ...attachParameters.exits, default: 'never' },
  stdin: { ...attachParameters.stdin, default: 'read' },
} as const;

export type ProxyConfig = Config<typeof parameters>;

/** What is in the path of one run. */
export interface Setup {
  readonly product: ProductName;
  readonly proxy: boolean;
}

/** TCP connections between client and runner. */
export function hopsOf({ product, proxy }: Setup): number {
  return 1 + (PRODUCTS[product].layer === 7 ? 1 : 0) + (proxy ? 1 : 0);
}

/** The most that there can be with these parameters. */
function hopsMost({ product, proxy }: ProxyConfig): number {
  const products = product === 'any' ? KEEPABLE : [product];
  return Math.max(...products.map((each) => hopsOf({ product: each, proxy: proxy !== 'none' })));
}

/** The most that the path can delay a frame. */
export function inFlight(config: ProxyConfig): Ticks {
  return latencyBoundOver(config, hopsMost(config));
}

/** From a ping to its pong, at most, where nothing is wrong. */
export function roundTrip(config: ProxyConfig): Ticks {
  return 2 * inFlight(config) + config.answer.max;
}

/** All that one burst can be, in chunks. */
const CHUNKS_MOST = 24;
/** Pings, input and what else is small, in segments: more than there can be before the last chunk is read. */
const SMALL_MOST = 8;

/** By how much more a ping or its pong can be delayed while a client is in distress. */
export function disturbance({ distress, partition, readPause, outputs }: ProxyConfig): Ticks {
  const slow = (outputs * CHUNKS_MOST + SMALL_MOST) * readPause.max;
  if (distress === 'never' || distress === 'is forgotten') return 0;
  if (distress === 'any') return Math.max(partition.max, slow);
  return distress === 'reads slowly' ? slow : partition.max;
}

/**
 * The condition under which a live client is promised to be spared. Equality is not enough: pong and deadline would be due
 * at one instant. Output that is read slowly or held is taken before the write deadline, and a ping may wait for it.
 */
export function liveClientIsPromised(config: ProxyConfig): boolean {
  const late = roundTrip(config) + disturbance(config);
  const writesMayWait = config.outputs > 0;
  const pingWaits = writesMayWait ? PING_WAITS_MOST * roundTrip(config) : 0;
  return (
    config.interval + config.lateTick.max + pingWaits + late < config.pongWait &&
    (!writesMayWait || late < config.writeDeadline)
  );
}

/** Whether pings come more often than the product's time: two of them pass it at most so far apart. */
export function pingsKeep(config: ProxyConfig, product: ProductName): boolean {
  const { time, restartedBy } = PRODUCTS[product];
  const variation = inFlight(config) - config.latency.min;
  return restartedBy !== 'nothing' && config.interval + config.lateTick.max + variation < time;
}

/** How long a client that nothing happens to is watched: long enough for its product's time, but not for a NAT's. */
export function watchedFor(config: ProxyConfig, product: ProductName): Ticks {
  const { time } = PRODUCTS[product];
  return 2 * config.pongWait + (product === 'nat' ? 0 : time) + config.partition.max;
}

/** What the facts say of Go: on by default. */
export const TCP_KEEPALIVE = { idle: 15_000 * MILLISECOND, interval: 15_000 * MILLISECOND, count: 9 } as const;

export function distressOf({
  distress,
  partition,
}: ProxyConfig): { readonly kind: Exclude<ProxyConfig['distress'], 'never'>; readonly partition: Bounds } | undefined {
  return distress === 'never' ? undefined : { kind: distress, partition };
}
