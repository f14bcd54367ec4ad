import { batchSeed, findCounterexample, replay, Subject, simulateBatch } from 'halfopen';
import { lease } from './lease.ts';

const right = new Subject(lease, 'reference');
console.log('reference:', simulateBatch(right, batchSeed(1, 0), 2000).firstViolations);

const wrong = new Subject(lease, 'armed-by-beat', { patience: '1m' });
const found = findCounterexample(wrong, batchSeed(1, 0), 2000, 'dead-worker-expired');
if (found === undefined) throw new Error('not found');
console.log('armed-by-beat:', found.violation.message);
console.log('decisions:', Object.fromEntries(found.schedule));
console.log('the same run again:', replay(wrong, found.schedule).digest === found.run.digest);
