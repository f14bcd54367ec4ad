import { type TcpConnection, type TcpSettings, type TcpSocket, tcpConnection } from '../../models/net/tcp.ts';
import { between } from '../../src/kernel/bounds.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import type { Timer } from '../../src/kernel/timer.ts';
import type { Proc } from '../../src/kernel/waitable.ts';

/** Small buffers, so that little fills them. One tick is a millisecond; a segment takes 10 of them unless it is decided otherwise. */
export const SETTINGS: TcpSettings = {
  latency: between(10, 50),
  sendBuffer: 100,
  receiveBuffer: 100,
  giveUp: between(924_600, 940_000),
};

/** A connection between `a` and `b`. */
export function connect(sim: Sim, settings: Partial<TcpSettings> = {}): TcpConnection {
  return tcpConnection(sim, 'a', 'b', { ...SETTINGS, ...settings });
}

/** At `time` from now on `act` runs, as an interrupt does. */
export function at(sim: Sim, time: number, act: () => void): void {
  sim.deadline(`at ${time}`, time).onFire = act;
}

/** A goroutine that may wait for ever. */
export function go(sim: Sim, name: string, body: () => Proc<unknown>): void {
  sim.spawn(name, body, { daemon: true });
}

/** Write one frame and say how that ended. */
export function* write(sim: Sim, socket: TcpSocket, type: string, bytes: number, deadline?: Timer): Proc {
  const result = yield* socket.write({ type, bytes }, deadline, {
    writeBlocks: (frame) => sim.emit(`${frame.type} blocks`),
  });
  sim.emit(`wrote ${type}: ${result}`);
}

/** Read until that fails, and say what came and how it ended. */
export function* read(sim: Sim, socket: TcpSocket, deadline?: Timer): Proc {
  for (;;) {
    const ready = yield* socket.waitReadable(deadline);
    if (ready !== 'data') return sim.emit(`read ends: ${ready}`);
    for (const frame of socket.readFrames(Infinity)) sim.emit(`read ${frame.type}`);
  }
}
