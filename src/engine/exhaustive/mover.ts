/** What goes first in a step. Timers of a line change places as messages arrive, so they are known by their rank. */
export type Mover = { readonly process: number } | { readonly timer: number };

/** The same as a number: timers are known by negative ones where processes are known by theirs. */
export function keyOf(mover: Mover): number {
  return 'timer' in mover ? -mover.timer - 1 : mover.process;
}

export function moverOf(key: number): Mover {
  return key < 0 ? { timer: -key - 1 } : { process: key };
}
