/**
 * Question: does the checker still bite? A counter that two processes raise without a lock must lose an update in some
 * order; if no engine finds that, nothing that any engine says can be believed, and the gate fails.
 */
import type { Cell } from '../../src/kernel/cell.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import type { Proc } from '../../src/kernel/waitable.ts';
import { defineModel } from '../../src/model/model.ts';
import { always, sometimes } from '../../src/property/property.ts';

interface World {
  readonly counter: Cell<number>;
  readonly finished: Cell<number>;
}

function* raise(sim: Sim, { counter, finished }: World): Proc {
  const read = counter.get();
  yield* sim.yield();
  counter.set(read + 1);
  finished.set(finished.get() + 1);
  sim.emit('raised', { to: read + 1 });
}

export const canary = defineModel({
  name: 'canary',
  question: 'Does the checker still find a lost update?',
  parameters: {},
  variants: {
    'lost-update': {
      about: 'Two processes read, yield and write back.',
      design: undefined,
      expect: { kind: 'system', violates: { 'no-update-lost': 'the second read may come before the first write' } },
    },
  },
  build(sim: Sim): World {
    const world = { counter: sim.cell('counter', 0), finished: sim.cell('finished', 0) };
    sim.spawn('first', () => raise(sim, world));
    sim.spawn('second', () => raise(sim, world));
    return world;
  },
  properties: () => [
    always<World>(
      'no-update-lost',
      'Two processes that have both raised the counter leave it at 2.',
      ({ counter, finished }) => finished.get() < 2 || counter.get() === 2,
    ),
    sometimes('both-raise', 'The counter reaches 2.', {
      event: 'raised',
      where: (data: { to: number }) => data.to === 2,
    }),
  ],
});
