// More of test/models/inclusion.test.ts than a gate has time for: every variant, whole and on every composition that names it,
// many and long random runs. Each night has a seed of its own: the first argument, or the day.
import { registry } from '../models/registry.ts';
import { inclusion } from '../test/support/inclusion.ts';

const MILLISECONDS_IN_A_DAY = 86_400_000;

const [given] = process.argv.slice(2);
const seed = Number(given ?? Math.floor(Date.now() / MILLISECONDS_IN_A_DAY) * 1000);
if (!Number.isSafeInteger(seed)) {
  console.error(
    `nightly:inclusion: expected a whole number for a seed, got "${given}", do: npm run nightly:inclusion -- 1`,
  );
  process.exit(2);
}
console.log(`inclusion of random runs, seed ${seed}`);
let outside = 0;
for (const { model } of registry.entries) {
  for (const looked of inclusion(model, { variants: 'all', runs: 20, stepsMost: 1000, maxStates: 20_000, seed })) {
    console.log(`${looked.name}: ${looked.steps} steps${looked.explored ? ', along all that is explored' : ''}`);
    for (const each of looked.outside) console.log(`  OUTSIDE ${each}`);
    outside += looked.outside.length;
  }
}
console.log(outside === 0 ? 'all inside' : `${outside} outside: what prove says of these models cannot be believed`);
process.exit(outside === 0 ? 0 : 1);
