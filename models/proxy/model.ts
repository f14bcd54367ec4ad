import { type Composition, defineModel, type Variant } from '../../src/model/model.ts';
import type { Settings } from '../../src/model/parameters.ts';
import { NoPing, PingOnly } from '../attach/variants.ts';
import { PRODUCTS } from '../net/products.ts';
import { mutants, reference } from './mutants.ts';
import type { Design } from './network.ts';
import { KEEPABLE, type ProxyConfig, parameters, watchedFor } from './parameters.ts';
import { properties } from './properties.ts';
import { buildWorld, type World } from './world.ts';

const NEVER_NOTICES = 'a blocked read, for ever: whoever is in the path acknowledges, or drops silently';
const ACKNOWLEDGED =
  'proxy-acknowledges: nothing listens for the pong, and a proxy acknowledges for a dead client: TCP of the last hop gives up after 924.6 s, of a frozen client nothing ever does';
const CUT_IDLE = 'an idle live connection is cut, by some products with a reset, by others silently';
const LIFETIME = '30 s is the lifetime of the connection: no ping interval helps';
const TOO_LONG =
  'a partition that lasts longer than pongWait - interval evicts: the session cannot be told from a dead one';

const NO_DEADLINE = 'this variant sets no read deadline';
const NO_PINGS = 'this variant does not ping';

const variants: Readonly<Record<string, Variant<Design>>> = {
  'no-ping': {
    about: 'Before #505: nothing is ever pinged.',
    heavy: true,
    design: { ...reference, Handler: NoPing },
    expect: {
      kind: 'system',
      violates: {
        'dead-client-evicted': NEVER_NOTICES,
        'deaf-client-evicted': NEVER_NOTICES,
        'distressed-client-evicted': NEVER_NOTICES,
        'silent-drop-noticed': NEVER_NOTICES,
        'idle-connection-kept': CUT_IDLE,
        'live-client-spared': CUT_IDLE,
      },
    },
    unreachable: { 'evicted-by-deadline': NO_DEADLINE, 'tick-late': NO_PINGS, 'ping-answered': NO_PINGS },
  },
  'ping-only': {
    about: '#505: a ping every 15 s; nobody listens for the pong.',
    heavy: true,
    design: { ...reference, Handler: PingOnly },
    expect: {
      kind: 'system',
      violates: {
        'dead-client-evicted': ACKNOWLEDGED,
        'deaf-client-evicted': ACKNOWLEDGED,
        'distressed-client-evicted': ACKNOWLEDGED,
        'silent-drop-noticed': ACKNOWLEDGED,
      },
    },
    unreachable: { 'evicted-by-deadline': NO_DEADLINE, 'tick-late': 'seen from the start of the read deadline' },
  },
  reference: {
    about: '#516 with the changes of models/attach, through any product that pings can keep a connection through.',
    design: reference,
    expect: { kind: 'system', violates: {} },
  },
  gcp: {
    about: 'The reference behind a product that limits the lifetime of a connection.',
    heavy: true,
    design: reference,
    settings: { product: 'gcp' },
    expect: { kind: 'system', violates: { 'idle-connection-kept': LIFETIME, 'live-client-spared': LIFETIME } },
    unreachable: { 'hops-1': 'this product terminates TCP' },
  },
  'long-partition': {
    about: 'The reference, and partitions of up to a minute.',
    heavy: true,
    design: reference,
    settings: { partition: '1s..1m' },
    expect: { kind: 'system', violates: { 'live-client-spared': TOO_LONG } },
  },
  ...mutants,
};

/** One client that vanishes at any moment; silent, and nothing else goes wrong. */
const CORE: Settings = {
  ends: 'never',
  entry: 'succeeds',
  clientPings: 'never',
  outputs: '0',
  typing: '0',
  proxy: 'none',
  distress: 'never',
  clock: 'steady',
  lateTick: '0',
  death: 'vanishes',
};

const KEPT = ['idle-connection-kept', 'live-client-spared', 'dead-client-evicted'] as const;

const products = Object.fromEntries(
  KEEPABLE.map((product): [string, Composition] => [
    product,
    {
      about: `One client that vanishes at any moment behind ${product}; no proxy, no output, no input.`,
      settings: { ...CORE, product },
      variants: {
        reference: { proves: product === 'alb' || product === 'nlb' ? KEPT : ['idle-connection-kept'] },
        'no-ping': {
          refutes: ['idle-connection-kept', ...(PRODUCTS[product].layer === 4 ? ['silent-drop-noticed'] : [])],
        },
      },
    },
  ]),
);

const compositions: Readonly<Record<string, Composition>> = {
  ...products,
  'at-idle-timeout': {
    about: 'Behind an ALB, whose 60 s a wrong edit meets.',
    settings: { ...CORE, product: 'alb' },
    variants: {
      'ping-equals-balancer-idle': { refutes: ['idle-connection-kept'] },
      'tcp-keepalive-for-balancer': { refutes: ['idle-connection-kept'] },
    },
  },
  'through-nat': {
    about: 'The same through a box of layer 4, for which TCP keepalive is traffic like any other.',
    settings: { ...CORE, product: 'azure' },
    variants: { 'tcp-keepalive-for-balancer': { proves: ['idle-connection-kept'] } },
  },
  lifetime: {
    about: 'Behind a product that limits the lifetime of a connection.',
    settings: { ...CORE, product: 'gcp' },
    variants: { gcp: { refutes: ['idle-connection-kept', 'live-client-spared'] } },
  },
  'through-proxy': {
    about: 'Behind an ALB and a WebSocket proxy: three TCP connections.',
    settings: { ...CORE, product: 'alb', proxy: 'there' },
    variants: {
      reference: { proves: ['dead-client-evicted'], measures: ['dead-client-evicted'] },
      'ping-only': { refutes: ['dead-client-evicted'] },
      'proxy-answers-pings': { refutes: ['dead-client-evicted'] },
      'proxy-drops-control-frames': { refutes: ['live-client-spared'] },
    },
  },
  partition: {
    about: 'One TCP connection that is cut both ways at any moment, and heals.',
    settings: { ...CORE, product: 'nlb', death: 'stays', distress: 'partition heals' },
    variants: {
      reference: { proves: ['live-client-spared'] },
      'long-partition': { refutes: ['live-client-spared'] },
      'pong-wait-below-partition': { refutes: ['live-client-spared'] },
    },
  },
  'late-ticks': {
    about: 'Ticks that come up to 2 s late, and a client that vanishes.',
    settings: { ...CORE, product: 'nlb', lateTick: '0..2s' },
    variants: { reference: { proves: ['live-client-spared', 'dead-client-evicted'] } },
  },
  'clock-step': {
    about: 'A wall clock that is set at any moment, and a client that stays.',
    settings: { ...CORE, product: 'nlb', clock: 'steps', death: 'stays' },
    variants: {
      reference: { proves: ['live-client-spared'] },
      'deadline-on-wall-clock': { refutes: ['live-client-spared'] },
    },
  },
  'clock-step-and-death': {
    about: 'The same with a client that vanishes.',
    settings: { ...CORE, product: 'nlb', clock: 'steps' },
    variants: { 'deadline-on-wall-clock': { refutes: ['dead-client-evicted'] } },
  },
};

export const proxy = defineModel<typeof parameters, Design, World>({
  name: 'proxy',
  question: 'What do a proxy and a load balancer in the path hide from a runner and its client, and what do they cut?',
  parameters,
  variants,
  build: buildWorld,
  properties,
  compositions,
  limits: (config: ProxyConfig) => ({
    // A NAT's time is the longest, and of the others that of an NLB.
    horizon: PRODUCTS.nat.time + watchedFor(config, 'nlb') + config.giveUp.max + 4 * config.pongWait,
  }),
});
