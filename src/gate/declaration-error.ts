/** A model that declares something that it does not have. The message is one line for its author. */
export class DeclarationError extends Error {}
