import { migrationId } from '../../../../src/engine/ids.ts';

/** The migration of every journal in these tests. */
export const migration = migrationId('m1');
