import { type RunResult, run, type Subject } from '../../src/engine/run.ts';
import type { Site, Strategy } from '../../src/kernel/decision.ts';

/**
 * Every run that lengths in whole ticks, orders and choices can give, one after the other: depth first through all that
 * is asked. A length without an end is as long as its least, each tick up to `longest`, or never.
 */
export function* everyTiming(subject: Subject, longest = 4): Generator<RunResult> {
  const path: { picked: number; readonly count: number }[] = [];
  let depth = 0;
  const pick = (count: number): number => {
    if (depth === path.length) path.push({ picked: 0, count });
    return (path[depth++] as { picked: number }).picked;
  };
  const strategy: Strategy = {
    delay: (_site: Site, least: number, greatest: number) => {
      if (greatest !== Infinity) return least + pick(greatest - least + 1);
      const index = pick(longest - least + 2);
      return index === 0 ? Infinity : least + index - 1;
    },
    order: (_site: Site, count: number) => pick(count),
    choice: (_site: Site, options: readonly string[]) => pick(options.length),
  };
  for (;;) {
    depth = 0;
    yield run(subject, () => strategy);
    let last = path.at(-1);
    while (last !== undefined && last.picked + 1 === last.count) {
      path.pop();
      last = path.at(-1);
    }
    if (last === undefined) return;
    last.picked++;
  }
}
