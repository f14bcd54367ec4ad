import { expect, test } from 'vitest';
import { drive } from '../../src/cli/drive.ts';
import { NOTHING_FOUND } from '../../src/gate/outcome.ts';
import { runTask, type Task } from '../../src/gate/tasks.ts';
import type { Unit } from '../../src/gate/unit.ts';
import { counter } from '../fixtures/counter.ts';
import { registryOf } from '../gate/conduct.ts';

test('a search that two units ask for is made once, and both get its result', async () => {
  const registry = registryOf(counter);
  const target = { model: 'counter', variant: 'reference', settings: {} };
  const search: Task = { kind: 'prove', target, properties: ['nothing-lost'], maxStates: 1000 };
  const [done, got]: [Task[], unknown[]] = [[], []];
  const asking = (name: string, task: Task): Unit => ({
    name,
    *work() {
      got.push(...(yield [task]));
      return NOTHING_FOUND;
    },
  });
  const units = [asking('one', search), asking('other', { ...search }), asking('third', { ...search, maxStates: 999 })];
  const crew = {
    size: 1,
    do: async (task: Task) => {
      done.push(task);
      return runTask(registry, task);
    },
    leave: async () => undefined,
  };
  await drive(units, crew, { mayBegin: () => true, progress: () => undefined });
  expect(done).toEqual([search, { ...search, maxStates: 999 }]);
  expect(got).toHaveLength(3);
  expect(got[0]).toBe(got[1]);
});
