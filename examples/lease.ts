/**
 * Question: does a worker that crashes always lose its lease, and a live one never?
 * Modelled: a worker that beats, a network that delays each beat, a keeper with a watchdog. Left out: who gets the
 * lease next. Time passes: from beat to beat, on the network, and in the watchdog.
 */
import { BREAK, type Config, defineModel, duration, loop, never, range, type Sim, sometimes, within } from 'halfopen';

const parameters = {
  interval: duration('10s', 'from one beat to the next'),
  patience: duration('30s', 'how long the keeper waits for the next beat'),
  latency: range('1ms..50ms', 'how long a beat is on its way'),
};

function makeWorld(sim: Sim, config: Config<typeof parameters>) {
  const alive = sim.cell<boolean>('alive', true);
  const crash = sim.faultMoment('worker crashes');
  const nextBeat = sim.time('next beat');
  const watchdog = sim.time('watchdog');
  const beats = sim.line<'beat'>('worker→keeper', () => watchdog.arm(config.patience));
  return { sim, config, alive, crash, nextBeat, watchdog, beats };
}
type World = ReturnType<typeof makeWorld>;

function* beatOnce({ sim, config, alive, crash, nextBeat, beats }: World) {
  nextBeat.arm(config.interval);
  const got = yield* sim.select({ crash, due: nextBeat });
  if (got.case === 'crash') {
    alive.set(false);
    sim.emit('worker dead');
    return BREAK;
  }
  beats.send('beat', 'beat', config.latency);
  sim.emit('beat sent');
  return undefined;
}

function* keep({ sim, alive, watchdog }: World) {
  yield* watchdog.wait();
  sim.emit('lease expires', { workerAlive: alive.get() });
  sim.finish();
}

export const lease = defineModel({
  name: 'lease',
  question: 'Does a worker that crashes always lose its lease, and a live one never?',
  parameters,
  variants: {
    reference: {
      about: 'The watchdog runs from the grant of the lease.',
      design: { armedAtGrant: true },
      expect: { kind: 'system', violates: {} },
    },
    'armed-by-beat': {
      about: 'The watchdog is armed by the first beat.',
      design: { armedAtGrant: false },
      expect: { kind: 'system', violates: { 'dead-worker-expired': 'one that never beats is never watched' } },
    },
    'patience-is-interval': {
      about: 'patience = interval',
      design: { armedAtGrant: true },
      settings: { patience: '10s' },
      expect: { kind: 'mutant', of: 'reference', edit: 'patience = interval', killedBy: 'live-worker-spared' },
    },
  },
  build(sim, config, { armedAtGrant }) {
    const world = makeWorld(sim, config);
    if (armedAtGrant) world.watchdog.arm(config.patience);
    sim.spawn('worker', () => loop(() => beatOnce(world)), { daemon: true });
    sim.spawn('keeper', () => keep(world), { daemon: true });
    return world;
  },
  properties: ({ patience, latency }) => [
    within('dead-worker-expired', 'A crash ends the lease within patience + one latency.', patience + latency.max, {
      from: 'worker dead',
      to: 'lease expires',
    }),
    never('live-worker-spared', 'A live worker keeps its lease.', {
      event: 'lease expires',
      where: (data: { workerAlive: boolean }) => data.workerAlive,
    }),
    sometimes('lease-expires', 'A lease expires.', 'lease expires'),
  ],
  limits: ({ patience }) => ({ horizon: 5 * patience }),
});

export const models = [lease];
