/** The handler before #516, and the reference: #516 with the smallest change under which every property holds. */
import type { Proc } from '../../src/kernel/waitable.ts';
import { TerminalHandler } from './handler.ts';

/** Before #516: nothing is ever pinged. */
export class NoKeepalive extends TerminalHandler {
  protected override *runKeepalive(): Proc {}
}

/**
 * Finding `terminal-outlives-client`: the handler learns of a client's end from a read error only, and a silent path gives
 * none. The same change as in the attach handler: a read deadline that pongs and data re-arm. The reader is the handler
 * itself and closes the connection at once, so nothing that is blocked in a write delays the end.
 */
export class Reference extends TerminalHandler {
  protected override setInitialReadDeadline(): void {
    this.rearmReadDeadline('start');
  }

  protected override setHandlers(): void {
    this.conn.setPongHandler(() => this.onPong());
  }

  protected override onDataFrame(): void {
    this.rearmReadDeadline('data');
  }

  protected override onPong(): void {
    this.rearmReadDeadline('pong');
  }

  protected rearmReadDeadline(by: string): void {
    this.conn.setReadDeadline(this.config.pongWait);
    this.sim.emit('read deadline armed', { by });
  }
}
