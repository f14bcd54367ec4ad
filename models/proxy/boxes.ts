/**
 * WebSocket proxies. Stands for: BoxLite's `boxlite-ws-proxy`, which pipes bytes both ways, so that pings and pongs pass;
 * and proxies that terminate WebSocket, and deal with control frames themselves.
 */
import type { Proc } from '../../src/kernel/waitable.ts';
import { LoadBalancer } from '../net/load-balancer.ts';
import type { Frame, TcpSocket, WriteResult } from '../net/tcp.ts';
import { pong } from '../net/websocket.ts';

/** It terminates WebSocket: each hop has pings and pongs of its own. */
export class AnsweringProxy extends LoadBalancer {
  protected override *pass(frame: Frame, from: TcpSocket, to: TcpSocket): Proc<WriteResult> {
    if (frame.type !== 'ping') return yield* super.pass(frame, from, to);
    return yield* from.write(pong());
  }
}

/** It passes on messages only. */
export class MessageProxy extends LoadBalancer {
  protected override *pass(frame: Frame, from: TcpSocket, to: TcpSocket): Proc<WriteResult> {
    if (frame.type === 'ping' || frame.type === 'pong') return 'ok';
    return yield* super.pass(frame, from, to);
  }
}
