import { type Composition, defineModel, type Model, type Variant } from '../../src/model/model.ts';
import { deaf, patient, recipe } from './ends.ts';
import { type HeartbeatConfig, parameters, watchedFor } from './parameters.ts';
import { properties } from './properties.ts';
import { type Arm, buildWorld, type World } from './world.ts';

const SLOW = 'the pong arrives only after the next sweep, or together with it';
const JITTER = 'one ping quick and the next one slow are more than patience apart';

const variants: Readonly<Record<string, Variant<Arm>>> = {
  recipe: {
    about: 'The heartbeat of the README of ws: a sweep each 30 s, and a client that waits 31 s for the next ping.',
    design: recipe,
    expect: { kind: 'system', violates: {} },
  },
  'round-trip-of-an-interval': {
    about: 'The same where a round trip takes one interval: a live client is evicted if the tie goes against it.',
    design: recipe,
    settings: { latency: '15s', death: 'never' },
    expect: { kind: 'system', violates: { 'live-client-spared': SLOW } },
  },
  'jitter-of-a-second': {
    about: 'The same where the latency varies by one second: the client gives up a live server.',
    design: recipe,
    settings: { latency: '1ms..1.001s', death: 'never' },
    expect: { kind: 'system', violates: { 'live-server-kept': JITTER } },
  },
  'pong-ignored': {
    about: 'The recipe without its listener for pongs.',
    design: deaf,
    expect: { kind: 'mutant', of: 'recipe', edit: "delete: ws.on('pong', heartbeat)", killedBy: 'live-client-spared' },
  },
  'terminate-forgotten': {
    about: 'The recipe without the line that terminates.',
    design: patient,
    expect: { kind: 'mutant', of: 'recipe', edit: 'delete: ws.terminate()', killedBy: 'dead-client-evicted' },
    unreachable: { evicted: 'nobody is evicted' },
  },
};

const compositions: Readonly<Record<string, Composition>> = {
  'any-time': {
    about: 'A client that connects and vanishes at any time.',
    settings: { ends: 'never' },
    variants: {
      recipe: {
        proves: ['dead-client-evicted', 'live-client-spared', 'live-server-kept'],
        measures: ['detection'],
      },
      'round-trip-of-an-interval': { refutes: ['live-client-spared'] },
      'jitter-of-a-second': { refutes: ['live-server-kept'] },
      'pong-ignored': { refutes: ['live-client-spared'] },
      'terminate-forgotten': { refutes: ['dead-client-evicted'] },
    },
  },
};

/** The model with other ends: real code, for one. */
export function heartbeatWith(
  name: string,
  variantsOf: Readonly<Record<string, Variant<Arm>>>,
): Model<typeof parameters, Arm, World> {
  return defineModel<typeof parameters, Arm, World>({
    name,
    question: 'Does the heartbeat of the README of ws evict a client that is gone in time, and a live one never?',
    parameters,
    variants: variantsOf,
    build: buildWorld,
    properties,
    limits: (config: HeartbeatConfig) => ({ horizon: 3 * watchedFor(config) }),
  });
}

export const wsHeartbeat = { ...heartbeatWith('ws-heartbeat', variants), compositions };
