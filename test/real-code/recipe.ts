/** The heartbeat of the README of `ws`, as a team has it in its code: it knows nothing of simulations. */
import type { Server } from 'node:http';
import { WebSocket, WebSocketServer } from 'ws';

type Watched = WebSocket & { isAlive?: boolean; pingTimeout?: ReturnType<typeof setTimeout> };

export function serve(server: Server, intervalMs: number): WebSocketServer {
  const wss = new WebSocketServer({ server });

  wss.on('connection', (ws: Watched) => {
    ws.isAlive = true;
    ws.on('error', () => undefined);
    ws.on('pong', () => {
      ws.isAlive = true;
    });
  });

  const interval = setInterval(() => {
    for (const ws of wss.clients as Set<Watched>) {
      if (ws.isAlive === false) {
        ws.terminate();
        continue;
      }
      ws.isAlive = false;
      ws.ping(undefined);
    }
  }, intervalMs);

  wss.on('close', () => clearInterval(interval));
  return wss;
}

/** A wrong edit: nobody listens for the pong. */
export function serveDeaf(server: Server, intervalMs: number): WebSocketServer {
  const wss = serve(server, intervalMs);
  wss.on('connection', (ws) => ws.removeAllListeners('pong'));
  return wss;
}

export function watch(client: Watched, patienceMs: number): void {
  const heartbeat = () => {
    clearTimeout(client.pingTimeout);
    client.pingTimeout = setTimeout(() => client.terminate(), patienceMs);
  };
  client.on('error', () => undefined);
  client.on('open', heartbeat);
  client.on('ping', heartbeat);
  client.on('close', () => clearTimeout(client.pingTimeout));
}

export function connect(socket: NodeJS.ReadWriteStream): WebSocket {
  return new WebSocket('ws://server.example/', { createConnection: () => socket as never, perMessageDeflate: false });
}
