import { defineModel, type Variant } from '../../src/model/model.ts';
import { Client } from './client.ts';
import { ExecManager } from './exec-manager.ts';
import { ManagedExec } from './managed-exec.ts';
import { mutants } from './mutants.ts';
import { abandonedBound, limitBound, parameters, type ReaperConfig, retentionBound } from './parameters.ts';
import { properties } from './properties.ts';
import { ReferenceExec, ReferenceManager, ReferenceManagerWithStaleNow } from './variants.ts';
import { buildWorld, type Design, type World } from './world.ts';

// The findings, each with the change of the reference that removes it; see variants.ts.
const SIGNAL_EATS_GRACE =
  'signal-eats-grace: the now of the sweep is stamped before the signal has arrived, up to 19 s later, so TERM follows too soon';
const ENDED_WHILE_REAPED =
  'ended-while-reaped: a signal that finds no process dooms it, and a kill that finds it closed drops it at once';
const STALE_NOW = 'stale-now: the end is stamped with the now of a sweep that began before it';
const STAYS_DOOMED = 'ended-while-reaped: where the kill finds nobody either, the entry is kept, but refused as doomed';

const variants: Readonly<Record<string, Variant<Design>>> = {
  'as-merged': {
    about: 'The exec manager as merged.',
    design: { Exec: ManagedExec, Manager: ExecManager, Client },
    expect: {
      kind: 'system',
      violates: {
        'shutdown-grace-given': SIGNAL_EATS_GRACE,
        'finished-kept': `${ENDED_WHILE_REAPED}; ${STALE_NOW}`,
        'finished-attachable': STAYS_DOOMED,
      },
    },
  },
  reference: {
    about: 'The exec manager with the smallest changes under which every property holds.',
    design: { Exec: ReferenceExec, Manager: ReferenceManager, Client },
    expect: { kind: 'system', violates: {} },
  },
  'reference-stale-now': {
    about: 'The reference without its change for stale-now.',
    design: { Exec: ReferenceExec, Manager: ReferenceManagerWithStaleNow, Client },
    expect: { kind: 'system', violates: { 'finished-kept': STALE_NOW } },
  },
  ...mutants,
};

export const reaper = defineModel<typeof parameters, Design, World>({
  name: 'reaper',
  question:
    'Is a process that nobody is attached to always reaped in time, and one that somebody is attached to never before its limit?',
  parameters,
  variants,
  build: buildWorld,
  properties,
  limits: (config: ReaperConfig) => ({
    horizon:
      config.cleanupTick +
      config.watched +
      abandonedBound(config) +
      limitBound(config) +
      retentionBound(config) +
      config.teardown.max,
  }),
});
