/** How words are made to stand out. On a terminal in colour; anywhere else they are left as they are. */
export interface Paint {
  good(text: string): string;
  bad(text: string): string;
  /** Neither: an answer is missing, or something was decided. */
  open(text: string): string;
  strong(text: string): string;
  faint(text: string): string;
}

const asItIs = (text: string): string => text;

export const PLAIN: Paint = { good: asItIs, bad: asItIs, open: asItIs, strong: asItIs, faint: asItIs };
