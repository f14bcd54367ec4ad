/**
 * One session at the runner, from the grant of the slot to its release. Stands for: the attach handler of #516 in a
 * small form; models/attach has the real thing. Modelled: what runner versions differ in, as far as a client can tell:
 * when it pings, and how long it holds a dead session; pongs that come late, since the reader may be busy, and then only
 * for the latest ping; a process that takes a paste late, while the reader waits for it; the exit frame. Left out:
 * goroutines, mutex, write deadlines; a session that is held longer for their sake is the parameter `teardown`.
 */
import type { Cell } from '../../src/kernel/cell.ts';
import type { Latch } from '../../src/kernel/latch.ts';
import { BREAK, loop, type Round } from '../../src/kernel/loop.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import type { Timer } from '../../src/kernel/timer.ts';
import type { Proc } from '../../src/kernel/waitable.ts';
import type { Frame } from '../net/tcp.ts';
import { CLOSE_GOING_AWAY, CLOSE_NORMAL, close, ping, pong } from '../net/websocket.ts';
import { type Connection, frame, frameIn, type Socket } from './connection.ts';
import type { ClientConfig } from './parameters.ts';

/** What a session is given. */
export interface SessionSetting {
  readonly sim: Sim;
  readonly config: ClientConfig;
  readonly connection: Connection;
  /** The process has ended. */
  readonly exited: Latch;
  /** Whether output was written before, which is replayed. */
  readonly hasBacklog: boolean;
  /** Whether its program runs. */
  isRunning(): boolean;
}

export type SessionClass = new (setting: SessionSetting) => Session;

export class Session {
  readonly connection: Connection;
  protected readonly sim: Sim;
  protected readonly config: ClientConfig;
  protected readonly pingDue: Timer;
  protected readonly readDeadline: Timer;
  readonly #setting: SessionSetting;
  readonly #socket: Socket;
  readonly #pongDue: Timer;
  /** The process has not taken a paste yet: neither frames nor the read deadline are looked at. */
  readonly #readerIsBusy: Cell<boolean>;
  readonly #pasteTaken: Timer;

  constructor(setting: SessionSetting) {
    this.sim = setting.sim;
    this.config = setting.config;
    this.connection = setting.connection;
    this.#setting = setting;
    this.#socket = setting.connection.runner;
    this.pingDue = this.sim.time('ping due');
    this.readDeadline = this.sim.time('read deadline');
    this.#readerIsBusy = this.sim.cell('reader is busy', false);
    this.#pasteTaken = this.sim.time('paste taken');
    this.#pongDue = this.sim.time('pong due', () => void (setting.isRunning() && this.#socket.put(pong())));
  }

  *serve(): Proc {
    this.#socket.put(frame('101'));
    this.rearmReadDeadline();
    this.armFirstPing();
    if (this.#setting.hasBacklog) this.write();
    yield* loop(() => this.#serveOnce());
    this.halt();
    yield* this.sim.sleep(this.config.teardown, 'teardown');
    this.#socket.close();
  }

  /** Output of the process. */
  write(): void {
    this.#socket.put(frame('stdout'));
  }

  /** Stop all that is armed: the session is over, or its program is gone. */
  halt(): void {
    this.pingDue.stop();
    this.readDeadline.stop();
    this.#pongDue.stop();
    this.#pasteTaken.stop();
  }

  protected rearmReadDeadline(): void {
    this.readDeadline.arm(this.config.pongWait);
  }

  /** The first ping comes one interval after the start, none at the attach. */
  protected armFirstPing(): void {
    this.pingDue.arm(this.config.interval);
  }

  *#serveOnce(): Round {
    const always = { ping: this.pingDue, exited: this.#setting.exited };
    const got = yield* this.#readerIsBusy.get()
      ? this.sim.select({ ...always, taken: this.#pasteTaken })
      : this.sim.select({ ...always, frame: this.#socket.inbox.receive, expired: this.readDeadline });
    switch (got.case) {
      case 'frame':
        return this.#handle(frameIn(got.value));
      case 'taken':
        this.#readerIsBusy.set(false);
        this.connection.pasteRead();
        return undefined;
      case 'ping':
        this.pingDue.arm(this.config.interval);
        this.#socket.put(ping());
        return undefined;
      case 'exited':
        this.#socket.put(frame('exit'));
        this.#socket.put(close(CLOSE_NORMAL));
        return BREAK;
      case 'expired':
        this.#socket.put(close(CLOSE_GOING_AWAY));
        return BREAK;
    }
  }

  #handle({ type }: Frame): typeof BREAK | undefined {
    switch (type) {
      case 'end':
      case 'close':
        return BREAK;
      case 'ping':
        if (!this.#pongDue.pending) this.#pongDue.arm(this.config.answer);
        return undefined;
      case 'pong':
        this.rearmReadDeadline();
        return undefined;
      default:
        this.rearmReadDeadline();
        this.#readInput(type);
        return undefined;
    }
  }

  #readInput(type: string): void {
    if (type === 'paste') {
      this.#readerIsBusy.set(true);
      this.#pasteTaken.arm(this.config.pasteTaken);
    }
    if (this.sim.chooseFault('stdin write', ['ok', 'fails']) === 'fails') this.#socket.put(frame('error'));
  }
}

/** #505: pings, and nothing that listens for the answer. */
export class PingOnlySession extends Session {
  protected override rearmReadDeadline(): void {}
}

/** Before #505: no pings either. */
export class NoPingSession extends PingOnlySession {
  protected override armFirstPing(): void {}
}

/** The reference server (`serve`): the first ping comes at once, and nothing listens for the answer. */
export class ServeSession extends PingOnlySession {
  protected override armFirstPing(): void {
    this.pingDue.arm(0);
  }
}
