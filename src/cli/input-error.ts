/** Bad usage or input: one line for the user, exit code 2. */
export class InputError extends Error {
  constructor(expected: string, got: string, todo: string, where = '') {
    super(`${where}expected ${expected}, got ${got}, do: ${todo}`);
  }
}
