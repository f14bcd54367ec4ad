/** Wrong edits between the parts: each part is right by itself, and does not fit the other one. */
import type { Variant } from '../../src/model/model.ts';
import { mutantsOf } from '../../src/model/mutant.ts';
import { PingOnly, Reference } from '../attach/variants.ts';
import { ReferencePump, referenceSettings } from '../client/variants.ts';
import { LoadBalancer } from '../net/load-balancer.ts';
import { AnsweringProxy } from '../proxy/boxes.ts';
import { ReferenceExec, ReferenceManager } from '../reaper/variants.ts';
import type { Connection } from './connection.ts';
import type { Design } from './world.ts';

export const reference: Design = {
  Pump: ReferencePump<Connection>,
  Handler: Reference,
  Proxy: LoadBalancer,
  Exec: ReferenceExec,
  Manager: ReferenceManager,
};

class ReleaseAtNextPing extends Reference {
  protected override releaseAfterFailedUpgrade(): void {}
}

class AttachKeepsReapClock extends ReferenceExec {
  protected override clearDisconnect(): void {}
}

const mutant = mutantsOf(
  'reference',
  (change: Partial<Design>): Design => ({ ...reference, ...change }),
  referenceSettings,
);

export const mutants: Readonly<Record<string, Variant<Design>>> = {};
export { AnsweringProxy, AttachKeepsReapClock, mutant, PingOnly, ReleaseAtNextPing };
