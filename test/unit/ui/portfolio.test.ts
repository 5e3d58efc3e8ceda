import assert from 'node:assert/strict';
import { silentLog } from '../../../src/http/log.ts';
import type { ServiceFacts } from '../../../src/services/portfolio/contract.ts';
import { Portfolio } from '../../../src/ui/tree/portfolio.ts';
import { emptyCatalog, type LoadState } from '../../../src/ui/tree/catalog.ts';
import type { ServiceCatalog } from '../../../src/ui/tree/serviceCatalog.ts';
import { portfolioSummary } from '../../../src/ui/words/portfolioWords.ts';
import { fakeServices } from '../cli/fakeServices.ts';
import { ahds, service } from './samples.ts';

const sized = (id: string, value: number): ServiceFacts => ({ id, size: { known: true, value }, retirement: 'none' });

function watched(answer: (id: string) => ServiceFacts) {
  const listeners: (() => void)[] = [];
  let state: LoadState = 'notLoaded';
  const found = [service(), ahds(), service({ id: 'https://open.example', resourceId: undefined })];
  const catalog = {
    get current() {
      return { ...emptyCatalog, state };
    },
    services: found,
    onChange: (listener: () => void) => {
      listeners.push(listener);
      return () => undefined;
    },
  } as unknown as ServiceCatalog;
  const asked: string[][] = [];
  const services = fakeServices({
    serviceFacts: (list, _, told) => {
      asked.push(list.map(({ id }) => id));
      for (const { id } of list) told(answer(id));
      return Promise.resolve();
    },
  });
  const portfolio = new Portfolio({
    services: () => Promise.resolve(services),
    catalog,
    log: { ...silentLog, error: () => undefined },
  });
  const become = (next: LoadState): void => {
    state = next;
    for (const listener of listeners) listener();
  };
  return { portfolio, asked, become };
}

describe('sizes of services in the view', () => {
  it('are asked once when services are loaded, and again after another load', async () => {
    const { portfolio, asked, become } = watched((id) => sized(id, 5));
    become('loading');
    become('loaded');
    become('loaded');
    await portfolio.load();
    assert.deepEqual(asked, [[service().id, ahds().id]], 'what is not in Azure has no size');
    become('loading');
    assert.equal(portfolio.facts.get(ahds().id)?.size.known, true, 'what was known stays');
    become('loaded');
    await portfolio.load();
    assert.equal(asked.length, 2);
    portfolio.dispose();
  });

  it('are left out when they cannot be asked', async () => {
    const { portfolio, become } = watched(() => {
      throw new Error('no');
    });
    become('loaded');
    await portfolio.load();
    assert.equal(portfolio.facts.size, 0);
  });

  it('stand beside a retirement that is felt and the migration', () => {
    const untouched = { state: 'untouched' as const, role: undefined, migration: undefined };
    const gone = { ...sized('x', 2e12), retirement: 'exportsOnly' as const };
    assert.deepEqual(portfolioSummary('azureApiForFhir', gone, untouched), [
      '2 TB',
      'only exports answer',
      'not migrated',
    ]);
    assert.deepEqual(portfolioSummary('ahds', sized('x', 1e9), untouched), ['1 GB']);
    const finished = { state: 'finished' as const, role: 'source' as const, migration: 'Night' };
    assert.deepEqual(portfolioSummary('azureApiForFhir', undefined, finished), ['migrated']);
  });
});
