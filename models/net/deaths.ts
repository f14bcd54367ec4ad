/** Ways in which a client, or the path to it, dies. */
export const KILLS = [
  'vanishes',
  'goes mute',
  'goes deaf',
  'freezes',
  'is reset',
  'exits',
  'exits, FIN swallowed',
] as const;

/** Ways in which a client ends. The first is the default of the decision. */
export const DEATHS = [...KILLS, 'says goodbye', 'stalls'] as const;
export type Death = (typeof DEATHS)[number];
