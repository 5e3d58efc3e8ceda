import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { render, serviceTooltip } from '../../../src/ui/tree/render.ts';
import { hintOf } from '../../../src/ui/tree/hints.ts';
import { emptyStates } from '../../../src/ui/tree/emptyState.ts';
import { migrationChildren, migrationNodes, renderMigration } from '../../../src/ui/migrations/migrationNodes.ts';
import type { ServiceNode } from '../../../src/ui/tree/nodes.ts';
import { ahds, failure, service, state } from './samples.ts';

const node = (change: Partial<ServiceNode> = {}): ServiceNode => ({
  kind: 'service',
  id: 'service:x',
  service: service(),
  storedAddress: undefined,
  activity: undefined,
  children: [],
  ...change,
});

interface Menu {
  readonly command: string;
  readonly when: string;
}
const manifest = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
  contributes: { menus: Record<string, Menu[]>; viewsWelcome: { when: string }[] };
};
/** Commands that the manifest offers on a row, as the editor evaluates `viewItem =~` clauses. */
const offered = (view: string, contextValue: string): string[] => {
  const menus = manifest.contributes.menus['view/item/context'] ?? [];
  const fits = ({ when }: Menu): boolean =>
    when.includes(`view == fhirMigration.${view}`) &&
    [...when.matchAll(/viewItem =~ \/(.+?)\/(?= |$)/g)].every(([, pattern]) =>
      new RegExp(pattern ?? '').test(contextValue),
    );
  return [...new Set(menus.filter(fits).map(({ command }) => command.replace('fhirMigration.', '')))];
};

describe('a row of a service', () => {
  it('says kind, version, place and state in words', () => {
    const { accessibleLabel, description } = render(node({ service: service({ provisioningState: 'Updating' }) }));
    assert.equal(accessibleLabel, 'Azure API for FHIR contoso, FHIR R4, westeurope, state Updating');
    assert.equal(description, 'Azure API for FHIR · R4 · westeurope · Updating');
  });

  it('differs in shape by kind and by state, not in colour alone', () => {
    const icons = [
      render(node()),
      render(node({ service: ahds() })),
      render(node({ service: service({ kind: 'fhirServer' }) })),
      render(node({ service: service({ provisioningState: 'Updating' }) })),
      render(node({ service: service({ provisioningState: 'Failed' }) })),
      render(node({ activity: 'Source, 42 %' })),
    ].map(({ icon }) => icon);
    assert.equal(new Set(icons).size, icons.length);
  });

  it('shows markup in names and endpoints as text', () => {
    const evil = service({ name: '[x](command:evil) $(trash) <img>', location: '**bold**\n# head' });
    const { label, tooltip } = render(node({ service: evil }));
    assert.doesNotMatch(label, /\$\(/);
    assert.doesNotMatch(tooltip ?? '', /(?<!\\)\[x\]|<img|\n# head|(?<!\\)\*\*bold/);
  });

  it('tells everything that is known in the tooltip, and that export storage is missing', () => {
    const tooltip = serviceTooltip(ahds({ exportStorageAccount: undefined }));
    for (const fact of ['Endpoint', 'Resource group', 'Tenant', 'Provisioning state', 'Import mode']) {
      assert.match(tooltip, new RegExp(`\\*\\*${fact}:\\*\\*`));
    }
    assert.match(tooltip, /Export storage:\*\* not configured/);
  });

  it('offers migration, comparison, portal and copying in its menu', () => {
    const menu = offered('services', render(node({ service: ahds() })).contextValue);
    for (const command of ['migrate', 'openInPortal', 'compareMetadata', 'copyEndpoint', 'copyResourceId']) {
      assert.ok(menu.includes(command), command);
    }
    assert.ok(!menu.includes('removeServer') && !menu.includes('retryProblem'));
  });

  it('offers neither portal nor resource id, but removal, for a server added by address', () => {
    const added = node({ service: service({ resourceId: undefined }), storedAddress: 'https://fhir.example' });
    const menu = offered('services', render(added).contextValue);
    assert.ok(menu.includes('removeServer') && menu.includes('migrate'));
    assert.ok(!menu.includes('openInPortal') && !menu.includes('copyResourceId'));
  });
});

describe('a row of a problem', () => {
  const row = (kind: 'forbidden' | 'notSignedIn', tenantId?: string) =>
    render({
      kind: 'problem',
      id: 'p',
      about: 'Tenant Contoso',
      problem: {
        failure: failure({ kind, requestId: 'r-1', status: 403 }),
        ...(tenantId === undefined ? {} : { tenantId }),
      },
      storedAddress: undefined,
    });

  it('names place and cause, and offers to try again and the details', () => {
    const { accessibleLabel, tooltip, contextValue } = row('forbidden');
    assert.equal(accessibleLabel, 'Problem with Tenant Contoso: Listing was refused.');
    assert.match(tooltip ?? '', /request id r\\-1/);
    assert.deepEqual(offered('services', contextValue), ['retryProblem', 'showProblem']);
  });

  it('offers to sign in to the tenant that needs it', () => {
    const { contextValue, command } = row('notSignedIn', 't1');
    assert.equal(command?.id, 'fhirMigration.signInToTenant');
    assert.ok(offered('services', contextValue).includes('signInToTenant'));
  });
});

describe('the reasons for a missing list', () => {
  it('have different words as nodes', () => {
    const labels = emptyStates.map((each) => hintOf(each).label);
    assert.equal(new Set(labels).size, emptyStates.length);
  });

  it('have a welcome in the manifest wherever the view is left empty for it', () => {
    const welcomed = manifest.contributes.viewsWelcome.map(({ when }) => when);
    for (const each of [
      'signingIn',
      'signedOut',
      'tenantNeedsSignIn',
      'noSubscription',
      'filteredOut',
      'noneFound',
      'forbidden',
      'offline',
    ]) {
      assert.ok(welcomed.includes(`fhirMigration.servicesState == ${each}`), each);
    }
  });
});

describe('a row of a migration', () => {
  const rowOf = (...args: Parameters<typeof state>) => {
    const [row] = migrationNodes([state(...args)], new Map());
    assert.ok(row);
    return renderMigration(row);
  };

  it('says its state and progress in words', () => {
    const { accessibleLabel, description } = rowOf();
    assert.equal(description, 'Moving the backlog · 40 % · 1 of 2 windows');
    assert.match(accessibleLabel, /^Migration Contoso, from contoso to clinical, Moving the backlog/);
  });

  it('says that it was interrupted when nobody drives it, and offers to resume', () => {
    const row = rowOf({}, 'none');
    assert.match(row.description ?? '', /interrupted/);
    const menu = offered('migrations', row.contextValue);
    assert.ok(menu.includes('resume') && !menu.includes('pause'));
  });

  it('offers to pause while it runs, and cancellation last', () => {
    const menu = offered('migrations', rowOf().contextValue);
    assert.ok(menu.includes('pause') && !menu.includes('resume') && !menu.includes('retry'));
    assert.ok(menu.includes('cancel'));
  });

  it('has what needs attention below it', () => {
    const attention = [{ about: {}, failure: failure(), actions: ['retry' as const] }];
    const [row] = migrationNodes([state({ phase: 'needsAttention', attention })], new Map());
    assert.ok(row);
    assert.deepEqual(
      migrationChildren(row).map((child) => renderMigration(child).accessibleLabel),
      ['Needs attention: contoso: Listing was refused.'],
    );
  });

  it('stands before others when it needs a person, and an unreadable one hides none', () => {
    const rows = migrationNodes(
      [state({ phase: 'complete', name: 'done' }), state({ phase: 'needsAttention', name: 'stuck' })],
      new Map([['m9', failure({ kind: 'journal', message: 'The journal is damaged.' })]]),
    );
    assert.deepEqual(
      rows.map((row) => renderMigration(row).label),
      ['stuck', 'done', 'm9'],
    );
  });
});
