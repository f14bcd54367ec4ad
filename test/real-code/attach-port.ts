/** The loop of the attach handler (models/attach/handler.ts), ported to `ws`, as a team has it: one slot, pings, a read deadline. */
import type { Server } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';

export interface PortConfig {
  readonly intervalMs: number;
  readonly pongWaitMs: number;
}

export type Log = (name: string, data?: Readonly<Record<string, string | number | boolean>>) => void;

export class AttachPort {
  readonly #config: PortConfig;
  readonly #log: Log;
  #isHeld = false;

  constructor(config: PortConfig, log: Log) {
    this.#config = config;
    this.#log = log;
  }

  serve(server: Server): void {
    const wss = new WebSocketServer({ noServer: true });
    server.on('upgrade', (request, socket, head) => {
      if (this.#isHeld) {
        this.#log('attach refused');
        socket.end('HTTP/1.1 409 Conflict\r\nConnection: close\r\n\r\n');
        return;
      }
      this.#isHeld = true;
      this.#log('slot taken');
      wss.handleUpgrade(request, socket, head, (ws) => this.#runAttachLoop(ws));
    });
  }

  #runAttachLoop(ws: WebSocket): void {
    const { intervalMs, pongWaitMs } = this.#config;
    let readDeadline: ReturnType<typeof setTimeout> | undefined;
    const rearm = (by: string) => {
      clearTimeout(readDeadline);
      readDeadline = setTimeout(() => this.fail(ws), pongWaitMs);
      this.#log('read deadline armed', { by });
    };
    rearm('start');
    ws.on('error', () => undefined);
    this.listen(ws, rearm);
    const keepalive = setInterval(() => {
      ws.ping(undefined);
      this.#log('ping sent');
    }, intervalMs);
    ws.on('close', () => {
      clearInterval(keepalive);
      clearTimeout(readDeadline);
      this.#isHeld = false;
      this.#log('slot released');
    });
  }

  protected listen(ws: WebSocket, rearm: (by: string) => void): void {
    ws.on('pong', () => rearm('pong'));
    ws.on('message', () => rearm('data'));
  }

  protected fail(ws: WebSocket): void {
    this.#log('fails');
    ws.terminate();
  }
}

/** A wrong edit: the end waits for a close handshake, which a peer that is gone never makes; `ws` gives it 30 s. */
export class PoliteAttachPort extends AttachPort {
  protected override fail(ws: WebSocket): void {
    ws.close(1001);
  }
}
