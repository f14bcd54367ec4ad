/** The ways in which a client ends or stands still, each to be seen in some run. */
import { type Property, sometimes } from '../../src/property/property.ts';
import { KILLS } from './deaths.ts';

export function endsAreSeen(): readonly Property[] {
  return [
    ...KILLS.map((kind) =>
      sometimes(`client-${kind.replaceAll(/[ ,]+/g, '-')}`, `A client ${kind}.`, {
        event: 'client dead',
        where: (data: { readonly kind: string }) => data.kind === kind,
      }),
    ),
    sometimes('client-leaves', 'A client closes in good order.', 'leaves'),
    sometimes('client-stalls', 'A client stalls.', 'stalls'),
    sometimes('client-resumes', 'A stalled client resumes.', 'resumes'),
  ];
}
