// For `halfopen simulate --registry test/real-code/registry.ts`.
import { realHeartbeat } from './arms.ts';
import { realAttach } from './attach-world.ts';

export const models = [realHeartbeat, realAttach];
