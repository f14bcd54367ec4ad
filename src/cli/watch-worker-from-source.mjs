// The worker of --watch when halfopen runs from its sources: a thread does not inherit the TypeScript loader of its program.
import { register } from 'tsx/esm/api';

register();
await import('./watch-worker.ts');
