/** What goes over a WebSocket connection, in the words of models/net: so that decisions of both are called the same. */

const OPCODES: Readonly<Record<number, string>> = {
  0: 'more',
  1: 'text',
  2: 'binary',
  8: 'close',
  9: 'ping',
  10: 'pong',
};

/** `request` and `response` of the upgrade, then the kind of the first frame. */
export function nameWebSocketBytes(bytes: Buffer): string {
  const start = bytes.toString('latin1', 0, 5);
  if (start.startsWith('GET ')) return 'request';
  if (start === 'HTTP/') return 'response';
  return OPCODES[(bytes[0] ?? 0) & 0x0f] ?? 'bytes';
}
