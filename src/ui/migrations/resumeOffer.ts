import * as l10n from '@vscode/l10n';
import { toFailure } from '../../failure/failure.ts';
import type { Log } from '../../engine/ports.ts';
import type { Prompts } from '../platform/prompts.ts';
import type { ResumeChoice } from '../platform/settings.ts';
import type { Timers } from '../platform/throttle.ts';
import { isMoving } from '../words/migrationWords.ts';
import { isAbandoned } from './controls.ts';
import type { MigrationList } from './migrationList.ts';
import type { UnfinishedMarkers } from './unfinished.ts';

/** What the offer needs of the outside. */
export interface ResumeOfferPorts {
  readonly markers: UnfinishedMarkers;
  readonly migrations: MigrationList;
  readonly prompts: () => Prompts;
  readonly choice: () => ResumeChoice;
  readonly timers: Timers;
  readonly log: Log;
  readonly show: (id: string) => Promise<void>;
  readonly present: (error: unknown, during: string) => Promise<void>;
}

/** A driver that lets go may take up again at once, for example to hear a request that came too late for it. */
const graceMs = 1000;

/**
 * Offers, once after the start of the editor, to go on with migrations that were interrupted. One that another window
 * or program drives is only watched; when nobody drives it any more, it is offered then.
 */
export async function offerToResume(ports: ResumeOfferPorts): Promise<void> {
  const markers = await ports.markers.list();
  if (markers.length === 0) return;
  const interrupted: string[] = [];
  for (const { id, name } of markers) {
    try {
      await ports.migrations.open(id);
      const state = ports.migrations.state(id);
      if (state === undefined || !isMoving(state.overview.phase)) await ports.markers.clear(id);
      else if (isAbandoned(state.overview, state.driven)) interrupted.push(id);
      else offerWhenLeft(ports, id);
    } catch (error) {
      const failure = toFailure(error);
      ports.log.warn(`${name} was interrupted and cannot be opened: ${failure.message}`, { kind: failure.kind });
      // Only a journal that is gone ends the matter; an unreadable one shows in the list of migrations.
      if (failure.kind === 'notFound') await ports.markers.clear(id);
    }
  }
  if (interrupted.length > 0) await offer(ports, interrupted);
}

/** Offers a migration when its driver is gone, whether that let go or its lease ran out. */
function offerWhenLeft(ports: ResumeOfferPorts, id: string): void {
  const { migrations, timers } = ports;
  let cancel: (() => void) | undefined;
  const end = (): void => {
    cancel?.();
    stop();
  };
  const stop = migrations.onChange(() => {
    const state = migrations.state(id);
    if (state === undefined || state.driven === 'here') {
      end();
    } else if (!isAbandoned(state.overview, state.driven)) {
      cancel?.();
      cancel = undefined;
    } else {
      cancel ??= timers.after(graceMs, () => {
        end();
        void offer(ports, [id]);
      });
    }
  });
}

async function offer(ports: ResumeOfferPorts, ids: readonly string[]): Promise<void> {
  const choice = ports.choice();
  if (choice === 'never') return;
  if (choice === 'always') {
    ports.log.info('Interrupted migrations are resumed, as the settings say', { count: ids.length });
    await resume(ports, ids);
    return;
  }
  const names = ids.map((id) => ports.migrations.state(id)?.overview.name ?? id);
  const answer = await ports.prompts().message({
    id: 'resumeOffer',
    severity: 'info',
    text:
      names.length === 1
        ? l10n.t('The migration "{0}" was interrupted. It can go on where it was.', names[0] ?? '')
        : l10n.t(
            '{0} migrations were interrupted: {1}. They can go on where they were.',
            names.length,
            names.join(', '),
          ),
    buttons: [
      { id: 'resume', label: names.length === 1 ? l10n.t('Resume') : l10n.t('Resume All') },
      { id: 'show', label: l10n.t('Show') },
    ],
  });
  if (answer === 'resume') await resume(ports, ids);
  if (answer === 'show' && ids[0] !== undefined) await ports.show(ids[0]);
}

async function resume({ migrations, present }: ResumeOfferPorts, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    try {
      await migrations.handle(id)?.control('resume');
    } catch (error) {
      await present(error, 'fhirMigration.resume');
    }
  }
}
