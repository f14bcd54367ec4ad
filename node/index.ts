// The entry `halfopen/node`: real Node code as a part of a model.
export { type Link, type TcpConnection, type TcpSettings, type TcpSocket, tcpConnection } from '../models/net/tcp.ts';
export { HostProgram } from './host-program.ts';
export { type NameBytes, SimulatedSocket } from './simulated-socket.ts';
export { nameWebSocketBytes } from './websocket-bytes.ts';
