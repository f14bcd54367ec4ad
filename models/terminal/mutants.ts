/** Wrong edits of the reference, a line each, that must be caught: each overrides the method that the edit is in. */
import type { Proc } from '../../src/kernel/waitable.ts';
import type { Variant } from '../../src/model/model.ts';
import { mutantsOf } from '../../src/model/mutant.ts';
import { noInitialDeadline, pingWithoutMutex, pongDoesNotRearm, tickerNotStopped } from '../net/keepalive-edits.ts';
import { CLOSE_GOING_AWAY, close, type Err } from '../net/websocket.ts';
import type { HandlerClass } from './handler.ts';
import { Reference } from './variants.ts';

class OwnWriteRearms extends Reference {
  protected override *ping(): Proc<Err> {
    const err = yield* super.ping();
    if (err === undefined) this.rearmReadDeadline('own ping');
    return err;
  }
}

class ShellNotEnded extends Reference {
  protected override endShell(): void {}
}

class GracefulCloseOfDead extends Reference {
  protected override *closeConn(): Proc {
    yield* this.writeMu.lock();
    yield* this.conn.writeControl(
      close(CLOSE_GOING_AWAY),
      this.sim.deadline('close deadline', this.config.writeDeadline),
    );
    this.writeMu.unlock();
    yield* super.closeConn();
  }
}

const mutant = mutantsOf('reference', (changed: HandlerClass) => changed);

export const mutants: Readonly<Record<string, Variant<HandlerClass>>> = {
  'no-write-mutex': mutant(
    'writes-never-overlap',
    'the ping goes the data path, without the mutex',
    pingWithoutMutex(Reference),
  ),
  'pong-does-not-rearm': mutant(
    'live-client-spared',
    'the pong handler does not re-arm: armed once',
    pongDoesNotRearm(Reference),
  ),
  'no-initial-deadline': mutant(
    'dead-client-shell-ended',
    'the deadline is first armed by the first frame',
    noInitialDeadline(Reference),
  ),
  'own-write-rearms': mutant('dead-client-shell-ended', 'a successful ping re-arms the read deadline', OwnWriteRearms),
  'shell-not-ended': mutant('shell-not-orphaned', 'the teardown does not end the shell', ShellNotEnded),
  'graceful-close-of-dead': mutant(
    'silence-ended',
    'the teardown sends 1001 under the mutex first',
    GracefulCloseOfDead,
  ),
  'timer-leak': mutant('nothing-leaks', 'no ticker.Stop()', tickerNotStopped(Reference)),
};
