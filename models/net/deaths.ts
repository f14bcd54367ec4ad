/** Ways in which a client ends. The first is the default of the decision. */
export const DEATHS = [
  'vanishes',
  'goes mute',
  'goes deaf',
  'freezes',
  'is reset',
  'exits',
  'exits, FIN swallowed',
  'says goodbye',
  'stalls',
] as const;
export type Death = (typeof DEATHS)[number];
