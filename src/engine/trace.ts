import type { Ticks } from '../kernel/bounds.ts';
import type { Plain } from '../kernel/cell.ts';

/** One thing that happened in a run. */
export interface TraceEvent {
  /** Ticks since the start. */
  readonly at: Ticks;
  /** Who it happened to: a process, an object, a place. */
  readonly lane: string;
  readonly name: string;
  readonly data?: Plain;
}

/** A short text that differs where two traces do: 64 bits, made of two independent 32-bit hashes (FNV-1a and a variant). */
export function digestOf(trace: readonly TraceEvent[]): string {
  let a = 0x811c9dc5;
  let b = 0x9e3779b9;
  for (const event of trace) {
    const line = `${event.at}\t${event.lane}\t${event.name}\t${JSON.stringify(event.data) ?? ''}\n`;
    for (let i = 0; i < line.length; i++) {
      const code = line.charCodeAt(i);
      a = Math.imul(a ^ code, 0x01000193);
      b = Math.imul(b ^ code, 0x85ebca6b);
      b ^= b >>> 13;
    }
  }
  return [a, b].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('');
}
