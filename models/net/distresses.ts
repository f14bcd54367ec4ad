/** What can happen to a client that lives on. The first is the default of the decision. */
export const DISTRESSES = [
  'partition heals',
  'partition to client heals',
  'partition to runner heals',
  'reads slowly',
  'is forgotten',
] as const;
export type Distress = (typeof DISTRESSES)[number];
