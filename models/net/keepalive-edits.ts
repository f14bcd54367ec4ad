/** Wrong edits that any handler can have which keeps a gorilla connection alive by pings, each an override of one step. */
import type { Ticker } from '../../src/kernel/ticker.ts';
import type { Proc } from '../../src/kernel/waitable.ts';
import { type Err, ping, type WebSocketConn } from './websocket.ts';

/** The steps of such a handler that these edits are in. */
export abstract class KeepaliveHandler {
  protected abstract get conn(): WebSocketConn;
  protected abstract setInitialReadDeadline(): void;
  protected abstract onPong(): void;
  protected abstract ping(): Proc<Err>;
  protected abstract stopTicker(ticker: Ticker): void;
}

// biome-ignore lint/suspicious/noExplicitAny: whatever the handler is given, an edit hands it on
type HandlerClass = abstract new (...given: any[]) => KeepaliveHandler;

export function pingWithoutMutex<H extends HandlerClass>(Reference: H): H {
  abstract class PingWithoutMutex extends Reference {
    protected override *ping(): Proc<Err> {
      return yield* this.conn.writeMessage(ping());
    }
  }
  return PingWithoutMutex;
}

export function pongDoesNotRearm<H extends HandlerClass>(Reference: H): H {
  abstract class PongDoesNotRearm extends Reference {
    protected override onPong(): void {}
  }
  return PongDoesNotRearm;
}

export function noInitialDeadline<H extends HandlerClass>(Reference: H): H {
  abstract class NoInitialDeadline extends Reference {
    protected override setInitialReadDeadline(): void {}
  }
  return NoInitialDeadline;
}

export function tickerNotStopped<H extends HandlerClass>(Reference: H): H {
  abstract class TickerNotStopped extends Reference {
    protected override stopTicker(): void {}
  }
  return TickerNotStopped;
}
