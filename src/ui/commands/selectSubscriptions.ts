import * as vscode from 'vscode';
import { back, type Choice, type ChoiceStream } from '../platform/prompts.ts';
import type { Ui } from '../ui.ts';
import { left } from './askFor.ts';

interface Place {
  readonly tenantId: string;
  readonly subscriptionId: string;
}

/** Chooses the subscriptions that are looked through, over all tenants. All of them chosen means: all, also future ones. */
export async function selectSubscriptions(ui: Ui): Promise<void> {
  const known = new Map<string, Choice<Place>>();
  const { subscriptionIds } = ui.memory.scope;
  const choices: ChoiceStream<Place> = (show) => {
    const abort = new AbortController();
    const list = (): readonly Choice<Place>[] => [...known.values()].sort(byTenantThenName);
    void (async () => {
      const services = await ui.services();
      const tenants = new Map<string, string>();
      const answered = new Set<string>();
      for await (const event of services.discover({}, abort.signal)) {
        if (event.type === 'tenants') for (const { tenantId, name } of event.tenants) tenants.set(tenantId, name);
        if (event.type !== 'subscriptions') continue;
        for (const { subscriptionId, tenantId, name } of event.subscriptions) {
          known.set(`${tenantId}/${subscriptionId}`, {
            label: name,
            description: subscriptionId,
            group: tenants.get(tenantId) ?? tenantId,
            value: { tenantId, subscriptionId },
            picked: subscriptionIds?.includes(subscriptionId) ?? true,
          });
        }
        show(list(), true);
        answered.add(event.tenantId);
        // The services themselves are not asked for here.
        if ([...tenants.keys()].every((tenantId) => answered.has(tenantId))) break;
      }
      show(list(), false);
    })().catch((error: unknown) => {
      show(list(), false);
      if (!abort.signal.aborted) void ui.presenter.present(error, 'fhirMigration.selectSubscriptions');
    });
    show(list(), true);
    return () => abort.abort();
  };
  const chosen = await ui.prompts.pickMany({
    id: 'selectSubscriptions',
    title: vscode.l10n.t('Subscriptions to Look Through'),
    placeholder: vscode.l10n.t('Tick what is looked through; nothing ticked means everything'),
    choices,
  });
  if (chosen === undefined || chosen === back) throw left();
  const all = chosen.length === 0 || chosen.length === known.size;
  await ui.memory.setScope(
    all
      ? { tenantIds: undefined, subscriptionIds: undefined }
      : {
          tenantIds: [...new Set(chosen.map(({ tenantId }) => tenantId))],
          subscriptionIds: [...new Set(chosen.map(({ subscriptionId }) => subscriptionId))],
        },
  );
  await ui.catalog.refresh();
}

const byTenantThenName = (a: Choice<Place>, b: Choice<Place>): number =>
  (a.group ?? '').localeCompare(b.group ?? '') || a.label.localeCompare(b.label);
