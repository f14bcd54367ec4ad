// What the ends of a span are made of: the lengths that add up to them, whatever else takes time meanwhile.
import { expect, test } from 'vitest';
import { measureExactly } from '../../src/engine/prove.ts';
import type { Subject } from '../../src/engine/run.ts';
import { between } from '../../src/kernel/bounds.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import { measure } from '../../src/property/property.ts';
import { toy } from '../support/toy.ts';

const span = measure('span', 'From the cut to the end.', { from: 'cut', to: 'end' });

function endsOf(build: (sim: Sim) => void): readonly string[] {
  const subject: Subject = toy(build, { properties: [span] });
  const { least, greatest } = measureExactly(subject, 'span', { maxStates: 1000 });
  return [least, greatest].map((end) => {
    const terms = end?.terms?.map(({ name, length }) => `${length} ${name}`).join(', ');
    return `${end?.length} = ${terms}`;
  });
}

test('a message that is under way when a span begins, and a deadline that it arms', () => {
  const ends = endsOf((sim) => {
    const deadline = sim.time('deadline', () => sim.emit('end'));
    const line = sim.line('line', () => deadline.arm(45));
    line.send('pong', 'pong', between(2, 7));
    sim.time('cut', () => sim.emit('cut')).arm(between(0, 3));
    sim.time('something else').arm(between(1, 60));
  });
  expect(ends).toEqual(['44 = -3 cut, 2 line pong, 45 deadline', '52 = 7 line pong, 45 deadline']);
});

test('one length after the other, and only what is the longest', () => {
  const ends = endsOf((sim) => {
    sim.emit('cut');
    sim.spawn('both', function* () {
      const other = sim.spawn('other', () => sim.sleep(between(1, 8)));
      yield* sim.sleep(between(2, 4));
      yield* sim.sleep(5);
      yield* other.ended.wait();
      sim.emit('end');
    });
  });
  expect(ends).toEqual(['7 = 2 both sleep, 5 both sleep', '9 = 4 both sleep, 5 both sleep']);
});

test('nothing is said of an end that there is not', () => {
  const ends = endsOf((sim) => {
    sim.emit('cut');
    sim.moment('any time').onFire = () => sim.emit('end');
  });
  expect(ends).toEqual(['0 = ', 'Infinity = undefined']);
});
