import type { PrepareFacts } from './facts.ts';
import type { PrepareRow } from './row.ts';
import { eventsRow } from './eventsRow.ts';
import { accessRow, exportRow, identityRow, importRow } from './serviceRows.ts';
import { containerRow, eventGridRow, firewallRow, privateLinkRow, stagingRoleRow } from './stagingRows.ts';

/** Everything that has to be set for a migration, in the order in which it is set. Pure. */
export const prepareRows = (facts: PrepareFacts): readonly PrepareRow[] => [
  identityRow(facts, 'source'),
  identityRow(facts, 'target'),
  stagingRoleRow(facts, 'source'),
  stagingRoleRow(facts, 'target'),
  exportRow(facts),
  importRow(facts),
  containerRow(facts),
  firewallRow(facts),
  accessRow(facts, 'source'),
  accessRow(facts, 'target'),
  eventsRow(facts),
  eventGridRow(facts),
  privateLinkRow(facts),
];
