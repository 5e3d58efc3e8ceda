import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import jsonLanguage, { type LanguageService, type TextDocument } from 'vscode-json-languageservice';
import { planSchema } from '../../../src/engine/plan.ts';
import { planHover } from '../../../src/ui/plan/planHover.ts';
import { planProblems } from '../../../src/ui/plan/planProblems.ts';
import { planFileAddress } from '../../../src/ui/plan/planFile.ts';
import { ahds } from './samples.ts';

const schema = JSON.parse(
  readFileSync(new URL('../../../media/schemas/plan.schema.json', import.meta.url), 'utf8'),
) as Parameters<LanguageService['doValidation']>[3] & { default?: unknown };

/** The language service with which the editor checks JSON, set up with the schema as the editor does it. */
const service = jsonLanguage.getLanguageService({});
service.configure({
  validate: true,
  allowComments: true,
  schemas: [{ uri: 'schema://plan', fileMatch: ['*'], schema }],
});

const documentOf = (text: string): TextDocument =>
  jsonLanguage.TextDocument.create('file:///x.fhirmigration.json', 'jsonc', 1, text);

async function problemsInEditor(plan: unknown): Promise<unknown[]> {
  const document = documentOf(JSON.stringify(plan));
  return (await service.doValidation(document, service.parseJSONDocument(document))).map(({ message }) => message);
}

type Json = Record<string, unknown>;
const good = {
  version: 1,
  name: 'Contoso',
  source: { kind: 'azureApiForFhir', name: 'contoso', endpoint: 'https://contoso.azurehealthcareapis.com' },
  target: { kind: 'ahds', name: 'clinical', endpoint: 'https://h-clinical.fhir.azurehealthcareapis.com' },
  staging: { accountName: 'contosostaging', blobEndpoint: 'https://contosostaging.blob.core.windows.net' },
};
const without = (key: keyof typeof good): Json =>
  Object.fromEntries(Object.entries(good).filter(([name]) => name !== key));
const source = (change: Json): Json => ({ ...good, source: { ...good.source, ...change } });
const staging = (change: Json): Json => ({ ...good, staging: { ...good.staging, ...change } });
const scope = (change: Json): Json => ({ ...good, scope: change });
const limits = (change: Json): Json => ({ ...good, limits: change });
const options = (change: Json): Json => ({ ...good, options: change });

const calendar = (change: Json): Json => ({ ...good, calendar: { timeZone: 'Europe/Berlin', ...change } });
const rehearsal = {
  at: '2026-05-01T12:00:00.000Z',
  since: '2026-04-01T00:00:00.000Z',
  till: '2026-04-08T00:00:00.000Z',
  target: 'https://h-scratch.fhir.azurehealthcareapis.com',
  resources: 20_000,
  result: 'complete',
};
const predictions = {
  at: '2026-05-01T12:00:00Z',
  basis: ['Counted.'],
  variants: [
    {
      pattern: 'incremental',
      history: false,
      parallel: true,
      windows: '3',
      duration: '1 h to 2 h',
      writeFreeze: '5 min',
      staging: '1 GB',
      imported: '1,000',
    },
  ],
  leftOut: ['Nothing.'],
};

const documents: readonly (readonly [string, unknown, boolean])[] = [
  ['the smallest plan', good, true],
  ['a plan that names its schema', { $schema: 'schema://plan', ...good }, true],
  [
    'a whole plan',
    {
      ...scope({
        resourceTypes: ['Patient'],
        since: '2024-01-01',
        till: '2024-02-01T00:00:00Z',
        history: true,
        softDeleted: false,
      }),
      ...limits({ importsAtOnce: 5 }),
      ...options({ attempts: 3, parallelExport: true }),
    },
    true,
  ],
  ['no object', [], false],
  ['an unknown field', { ...good, sourcee: 1 }, false],
  ['an unknown field of a service', source({ url: 'https://x.example' }), false],
  ['an unknown field of the options', options({ retries: 3 }), false],
  ['no version', without('version'), false],
  ['a version of tomorrow', { ...good, version: 2 }, false],
  ['no name', without('name'), false],
  ['an empty name', { ...good, name: '' }, false],
  ['a name of 120 characters', { ...good, name: 'x'.repeat(120) }, true],
  ['a name that is too long', { ...good, name: 'x'.repeat(121) }, false],
  ['no source', without('source'), false],
  ['no target', without('target'), false],
  ['no staging account', without('staging'), false],
  ['an unknown kind', source({ kind: 'hapi' }), false],
  ['an address over http', source({ endpoint: 'http://contoso.example' }), false],
  ['an address with a query', source({ endpoint: 'https://contoso.example?x=1' }), false],
  ['an address with a fragment', source({ endpoint: 'https://contoso.example/#x' }), false],
  ['an address with credentials', source({ endpoint: 'https://u:p@contoso.example' }), false],
  ['an address with port and path', source({ endpoint: 'https://127.0.0.1:8443/fhir/contoso' }), true],
  ['no address', source({ endpoint: 'contoso' }), false],
  ['a resource id', source({ resourceId: '/subscriptions/s/resourceGroups/g/x' }), true],
  ['a resource id in capitals', source({ resourceId: '/SUBSCRIPTIONS/s' }), true],
  ['a resource id of nothing', source({ resourceId: 'contoso' }), false],
  ['an account name in capitals', staging({ accountName: 'Contoso' }), false],
  ['an account name of two letters', staging({ accountName: 'ab' }), false],
  ['a container', staging({ container: 'my-migration' }), true],
  ['a container with two dashes', staging({ container: 'my--migration' }), false],
  ['a container in capitals', staging({ container: 'Migration' }), false],
  ['no resource types', scope({ resourceTypes: [] }), false],
  ['a resource type in lower case', scope({ resourceTypes: ['patient'] }), false],
  ['a resource type that is a number', scope({ resourceTypes: [7] }), false],
  ['an instant with milliseconds', scope({ since: '2024-01-01T00:00:00.123+02:00' }), true],
  ['an instant without zone', scope({ since: '2024-01-01T00:00:00' }), false],
  ['a month that does not exist', scope({ since: '2024-13-01' }), false],
  ['a date in words', scope({ till: 'tomorrow' }), false],
  ['a flag in words', scope({ history: 'yes' }), false],
  ['no import at once', limits({ importsAtOnce: 0 }), false],
  ['six imports at once', limits({ importsAtOnce: 6 }), false],
  ['half an export', limits({ exportsAtOnce: 1.5 }), false],
  ['10,000 files', limits({ filesPerImport: 10_000 }), true],
  ['10,001 files', limits({ filesPerImport: 10_001 }), false],
  ['a day too many', limits({ windowDays: 3_661 }), false],
  ['no overlap', options({ overlapSeconds: 0 }), true],
  ['a negative overlap', options({ overlapSeconds: -1 }), false],
  ['more niceness than there is', options({ nice: 11 }), false],
  ['half a niceness', options({ nice: 0.5 }), true],
  ['sync', { ...good, sync: {} }, true],
  ['sync for a follower', { ...good, sync: { purpose: 'follow', lagTargetSeconds: 300 } }, true],
  ['a lag of seconds', { ...good, sync: { lagTargetSeconds: 5 } }, false],
  ['a calendar', calendar({ exports: [{ days: ['monday'], from: '18:00', till: '06:00' }], running: 'cancel' }), true],
  ['a calendar without a time zone', { ...good, calendar: {} }, false],
  ['a calendar in a time zone that is an offset', calendar({ timeZone: '+02:00' }), false],
  ['a calendar without periods', calendar({ imports: [] }), false],
  ['a period at 25 o’clock', calendar({ imports: [{ from: '25:00', till: '06:00' }] }), false],
  ['a period on a day that is none', calendar({ imports: [{ days: ['mon'], from: '18:00', till: '06:00' }] }), false],
  ['a page that is too large', options({ maxCount: 10_001 }), false],
  ['a finding that was accepted', { ...good, accepted: { 'access.audience': 'Known.' } }, true],
  ['a finding that was accepted without a reason', { ...good, accepted: { 'access.audience': '' } }, false],
  ['differences that were set aside', { ...good, setAside: ['capabilities/Patient/versioning'] }, true],
  ['a difference of nothing', { ...good, setAside: ['capabilities'] }, false],
  ['an accepted something', { ...good, accepted: { audience: 'Known.' } }, false],
  ['prices', { ...good, prices: { currency: 'EUR', importedMillion: 2.5 } }, true],
  ['prices without a currency', { ...good, prices: { importedMillion: 2.5 } }, false],
  ['a negative price', { ...good, prices: { currency: 'EUR', throughputHour: -1 } }, false],
  ['a rehearsal', { ...good, rehearsalOf: 'Contoso', rehearsals: [rehearsal] }, true],
  ['a rehearsal that ended at noon', { ...good, rehearsals: [{ ...rehearsal, at: 'noon' }] }, false],
  ['predictions', { ...good, predictions: predictions }, true],
  ['predictions of another pattern', { ...good, predictions: { ...predictions, variants: [{ pattern: 'x' }] } }, false],
];

describe('the JSON schema of plan files', () => {
  for (const [what, document, isGood] of documents) {
    it(`${isGood ? 'takes' : 'refuses'} ${what}, as the reader does`, async () => {
      assert.equal(v.is(planSchema, document), isGood, 'the reader');
      const found = await problemsInEditor(document);
      assert.equal(found.length === 0, isGood, `the schema: ${found.join('; ')}`);
    });
  }

  it('has the fields of the reader, with the same defaults, and words for each', () => {
    interface Part {
      properties?: Record<string, Part>;
      default?: unknown;
      description?: string;
    }
    const filled = v.parse(planSchema, good) as unknown as Record<string, Json>;
    const root = schema as Part;
    assert.deepEqual(Object.keys(root.properties ?? {}).sort(), Object.keys(planSchema.entries).sort());
    for (const name of ['scope', 'limits', 'options', 'staging'] as const) {
      const part = root.properties?.[name];
      const defaults = Object.entries(part?.properties ?? {}).filter(([, each]) => each.default !== undefined);
      const ours = Object.fromEntries(defaults.map(([key, each]) => [key, each.default]));
      const given = Object.keys(name === 'staging' ? good.staging : {});
      const theirs = Object.fromEntries(Object.entries(filled[name] ?? {}).filter(([key]) => !given.includes(key)));
      assert.deepEqual(ours, theirs, name);
      for (const [key, each] of Object.entries(part?.properties ?? {})) assert.ok(each.description, `${name}.${key}`);
    }
  });

  it('completes fields and explains them', async () => {
    const text = '{\n  "version": 1,\n  "limits": { "" }\n}';
    const document = documentOf(text);
    const position = document.positionAt(text.indexOf('""') + 1);
    const found = await service.doComplete(document, position, service.parseJSONDocument(document));
    assert.ok(found?.items.some(({ label }) => label === 'importsAtOnce'));
    const hours = documentOf('{\n  "calendar": \n}');
    const offered = await service.doComplete(hours, hours.positionAt(15), service.parseJSONDocument(hours));
    const snippets = (offered?.items ?? []).filter(({ label }) => label.includes('hours'));
    assert.equal(snippets.length, 2);
    for (const { insertText = '' } of snippets) {
      const text = insertText.replaceAll(/\$\{\d+:([^}]*)\}/g, '$1').replaceAll(/\$\{\d+\|([^,|]*)[^}]*\}/g, '$1');
      assert.ok(v.is(planSchema, { ...good, calendar: JSON.parse(text) as unknown }), text);
    }
    const hoverText = JSON.stringify(good, null, 2);
    const hovered = documentOf(hoverText);
    const hover = await service.doHover(
      hovered,
      hovered.positionAt(hoverText.indexOf('"staging"') + 2),
      service.parseJSONDocument(hovered),
    );
    assert.match(JSON.stringify(hover?.contents), /The storage account that the source exports to/);
  });
});

describe('problems of a plan file in the editor', () => {
  const equal = JSON.stringify({ ...good, target: { ...good.source, kind: 'ahds' } });
  const broken = JSON.stringify({ ...good, version: 2 });

  it('are left to the schema where it sees them, and are ours where it cannot', () => {
    assert.match(planProblems(equal, true)[0]?.message ?? '', /same service/);
    assert.deepEqual(planProblems(broken, true), []);
    assert.equal(planProblems(broken, false).length, 1);
    assert.deepEqual(planProblems(JSON.stringify(good), false), []);
  });
});

describe('what is known of a service in a plan file', () => {
  const text = JSON.stringify(good, null, 2);
  const at = (part: string) => planHover(text, text.indexOf(part) + 3, [ahds({ endpoint: good.target.endpoint })]);

  it('shows at its address and its name, and nowhere else', () => {
    assert.match(at('"https://h-clinical')?.markdown ?? '', /Import mode:\*\* incremental/);
    assert.match(at('"clinical"')?.markdown ?? '', /AHDS FHIR service/);
    assert.equal(at('"contosostaging"'), undefined);
    assert.equal(at('"endpoint"'), undefined);
    assert.equal(at('"https://contoso.azure'), undefined);
  });
});

describe('the name of a new plan file', () => {
  it('follows the name of the migration and takes no file that is there', async () => {
    const there = new Set(['file:///w/contoso-to-clinical.fhirmigration.json']);
    const address = await planFileAddress('file:///w/', 'Contoso to Clinical', (each) =>
      Promise.resolve(there.has(each)),
    );
    assert.equal(address, 'file:///w/contoso-to-clinical-2.fhirmigration.json');
  });
});
