// The worker when halfopen runs from its sources: a thread does not inherit the TypeScript loader of its program.
import { register } from 'tsx/esm/api';

register();
const { default: work } = await import('./worker.ts');
export default work;
