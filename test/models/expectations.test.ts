// The small models of this repository, and those of the tests, as their authors would test them.
import { testModel } from 'halfopen/vitest';
import { lease } from '../../examples/lease.ts';
import { canary } from '../../models/canary/model.ts';
import { counter } from '../fixtures/counter.ts';
import { heartbeat } from '../fixtures/heartbeat.ts';

testModel(lease);
testModel(canary);
testModel(counter, { runs: 250, beside: new URL('../fixtures/counter/model.ts', import.meta.url).href });
testModel(heartbeat, { runs: 250 });
