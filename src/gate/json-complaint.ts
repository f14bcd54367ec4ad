import type { z } from 'zod';

/** What is wrong in a JSON file: where, what was expected there, and what was got. */
export interface JsonComplaint {
  /** Begins a sentence; empty for the file as a whole. */
  readonly where: string;
  readonly expected: string;
  readonly got: string;
}

/** What a schema has to say about `json`, in our words; `known` are the fields that the file may have. */
export function complaintOf(issue: z.core.$ZodIssue, json: unknown, known: readonly string[]): JsonComplaint {
  const path = issue.path.map((key) => (typeof key === 'number' ? `[${key}]` : `["${String(key)}"]`)).join('');
  const where = path === '' ? '' : `at ${path.replace(/^\["(\w+)"\]/, '$1')}: `;
  if (issue.code === 'unrecognized_keys') {
    return { where, expected: `no other fields than ${known.join(', ')}`, got: `"${issue.keys.join('", "')}"` };
  }
  const got = issue.path.reduce<unknown>(
    (value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key],
    json,
  );
  return { where, expected: expectedBy(issue), got: issue.code === 'invalid_key' ? 'that' : describeValue(got) };
}

function expectedBy(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.expected === 'record' || issue.expected === 'object') return 'an object';
      return issue.expected === 'array' ? 'an array' : `a ${issue.expected}`;
    case 'invalid_value':
      return issue.values.map((value) => JSON.stringify(value)).join(' or ');
    case 'invalid_key':
      return issue.issues[0]?.message ?? 'another name';
    case 'too_small':
    case 'too_big':
      return issue.origin === 'array' ? 'two texts, the least and the greatest' : 'a whole number in its range';
    default:
      return issue.message;
  }
}

export function describeValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length <= 60 ? text : `${text.slice(0, 57)}...`;
}
