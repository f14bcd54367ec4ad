// What an edit of a model is made of: a mutant is a class that overrides one method of the original's.

export type Class = abstract new (...given: never[]) => object;

/** The methods and accessors that a class has of its own. */
export function ownMethods(of: Class): readonly string[] {
  return Object.getOwnPropertyNames(of.prototype).filter((name) => name !== 'constructor');
}

/** What reflection does not show: fields, the constructor, private methods. */
export function hiddenParts(of: Class): readonly string[] {
  const parts = of.toString().matchAll(/^\s*(#?\w+(?: = .*)?;$|constructor\(|\*?#\w+\()/gm);
  return [...parts].map((part) => part[1] as string);
}

/** Each class from this one up to `top`, exclusive. */
export function classesUpTo(top: Class, from: Class): readonly Class[] {
  const parent = Object.getPrototypeOf(from) as Class | null;
  if (from === top) return [];
  if (parent === null) throw new Error(`${from.name} is not derived from ${top.name}`);
  return [from, ...classesUpTo(top, parent)];
}
