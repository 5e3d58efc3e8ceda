import * as vscode from 'vscode';
import type { VerificationRequest } from '../../services/verify/verification.ts';
import { back, type Choice } from '../platform/prompts.ts';
import type { Ui } from '../ui.ts';
import type { VerifiedPair } from '../verify/shownVerification.ts';
import { left } from './askFor.ts';

type What = 'ledger' | 'range' | 'ids' | 'content' | 'sample' | 'types' | 'time';
const sampleSize = 1_000;

/** Asks how deep two services are to be verified. @throws FailureError `cancelled` when the user left */
export async function askForVerification(ui: Ui, pair: VerifiedPair): Promise<VerificationRequest> {
  const what = await ui.prompts.pick({
    id: 'verify.depth',
    title: vscode.l10n.t('Verify {0} and {1}', pair.source.name, pair.target.name),
    placeholder: vscode.l10n.t('How deep?'),
    choices: choicesFor(pair),
  });
  if (what === undefined || what === back) throw left();
  switch (what) {
    case 'ledger':
    case 'range':
    case 'content':
      return { ...pair, depth: what };
    case 'ids':
      return { ...pair, depth: 'range', ids: true };
    case 'sample':
      return { ...pair, depth: 'content', sample: await askForSample(ui) };
    case 'types':
      return { ...pair, depth: 'content', types: await askForTypes(ui) };
    case 'time':
      return { ...pair, depth: 'content', ...(await askForTime(ui)) };
  }
}

function choicesFor({ migration }: VerifiedPair): readonly Choice<What>[] {
  return [
    {
      label: vscode.l10n.t('Ledger'),
      description: vscode.l10n.t('no requests'),
      detail: vscode.l10n.t('Every exported line against what the imports say became of it'),
      icon: 'book',
      value: 'ledger',
      ...(migration === undefined ? { unavailable: vscode.l10n.t('Only a migration has a ledger.') } : {}),
    },
    {
      label: vscode.l10n.t('Range'),
      description: vscode.l10n.t('a few requests per type, and few more for each difference'),
      detail: vscode.l10n.t('Counts per type and time on both sides, narrowed to the resources where they differ'),
      icon: 'graph',
      value: 'range',
    },
    {
      label: vscode.l10n.t('Ids and Versions'),
      description: vscode.l10n.t('about two requests for 1,000 resources'),
      detail: vscode.l10n.t('Every resource by its id and version; nothing can hide behind equal counts'),
      icon: 'list-ordered',
      value: 'ids',
    },
    {
      label: vscode.l10n.t('Content'),
      description: vscode.l10n.t('about two requests for 1,000 resources'),
      detail: vscode.l10n.t('Every resource, with its version and content, numbers as they are written'),
      icon: 'compare-changes',
      value: 'content',
    },
    {
      label: vscode.l10n.t('Content of a random sample…'),
      detail: vscode.l10n.t('Says with 95 % confidence how many can differ at most'),
      icon: 'beaker',
      value: 'sample',
    },
    { label: vscode.l10n.t('Content of some types…'), icon: 'symbol-class', value: 'types' },
    { label: vscode.l10n.t('Content of a time range…'), icon: 'calendar', value: 'time' },
  ];
}

async function askForSample(ui: Ui): Promise<number> {
  const text = await ui.prompts.input({
    id: 'verify.sample',
    title: vscode.l10n.t('Verify a Sample'),
    prompt: vscode.l10n.t('How many resources? 1,000 without a difference: fewer than 0.3 % differ'),
    value: String(sampleSize),
    problem: (entered) =>
      /^[1-9]\d{0,5}$/.test(entered.trim()) ? undefined : vscode.l10n.t('A whole number from 1 to 999,999'),
  });
  if (text === undefined || text === back) throw left();
  return Number(text);
}

async function askForTypes(ui: Ui): Promise<readonly string[]> {
  const text = await ui.prompts.input({
    id: 'verify.types',
    title: vscode.l10n.t('Verify Some Types'),
    prompt: vscode.l10n.t('Resource types, parted by commas'),
    placeholder: 'Patient, Observation',
    problem: (entered) =>
      typesIn(entered).length > 0 && typesIn(entered).every((type) => /^[A-Z][A-Za-z]{1,63}$/.test(type))
        ? undefined
        : vscode.l10n.t('Names of resource types, for example Patient, Observation'),
  });
  if (text === undefined || text === back) throw left();
  return typesIn(text);
}

const typesIn = (text: string): readonly string[] => [
  ...new Set(
    text
      .split(',')
      .map((type) => type.trim())
      .filter((type) => type !== ''),
  ),
];

async function askForTime(ui: Ui): Promise<Pick<VerificationRequest, 'since' | 'till'>> {
  const since = await askForInstant(ui, 'verify.since', vscode.l10n.t('From when? Empty: from the beginning'));
  const till = await askForInstant(ui, 'verify.till', vscode.l10n.t('Until when? Empty: until now'));
  return { ...(since === undefined ? {} : { since }), ...(till === undefined ? {} : { till }) };
}

async function askForInstant(ui: Ui, id: string, prompt: string): Promise<number | undefined> {
  const text = await ui.prompts.input({
    id,
    title: vscode.l10n.t('Verify a Time Range'),
    prompt,
    placeholder: '2024-05-01T00:00:00Z',
    problem: (entered) =>
      entered.trim() === '' || instantIn(entered) !== undefined
        ? undefined
        : vscode.l10n.t('A date, or a date and time, such as 2024-05-01T00:00:00Z'),
  });
  if (text === undefined || text === back) throw left();
  return text.trim() === '' ? undefined : instantIn(text);
}

function instantIn(text: string): number | undefined {
  const at = /^\d{4}-\d\d-\d\d/.test(text.trim()) ? Date.parse(text.trim()) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}
