/**
 * Parts of a tick that are tried: times that no whole ticks show, between strict bounds, are written in tenths of it,
 * hundredths and so on, which people read.
 */
export const FINER_SCALES = [10, 100, 1000, 10_000, 100_000];
