import type { DiagnosticSetting, ResourceLock } from '../azure/diagnosticSettings.ts';
import type { ComparedEntry } from './comparison.ts';
import { documentText } from './stableOrder.ts';

const lastPart = (id: string): string => id.split('/').at(-1) ?? id;

const words = ({ destinations, categories }: DiagnosticSetting): string =>
  `${categories.join(', ') || 'nothing'} to ${destinations.map(lastPart).join(', ') || 'nowhere'}`;

const keyOf = ({ destinations }: DiagnosticSetting): string =>
  destinations
    .map((one) => one.toLowerCase())
    .sort()
    .join(' ');

/**
 * Diagnostic settings by where they send logs to; their names and categories differ between the two products. Locks of
 * the target are listed, because they refuse what is carried over.
 */
export function diagnosticDrift(
  source: readonly DiagnosticSetting[],
  target: readonly DiagnosticSetting[],
  locks: readonly ResourceLock[],
): readonly ComparedEntry[] {
  const [from, to] = [new Map(source.map((one) => [keyOf(one), one])), new Map(target.map((one) => [keyOf(one), one]))];
  const settings = [...new Set([...from.keys(), ...to.keys()])].sort().flatMap((key): readonly ComparedEntry[] => {
    const [left, right] = [from.get(key), to.get(key)];
    const name = (left ?? right)?.name;
    if (name === undefined) return [];
    return [
      {
        path: ['Diagnostic setting', name],
        state: right === undefined ? 'missing' : left === undefined ? 'onlyOnTarget' : 'copied',
        source: left === undefined ? undefined : words(left),
        target: right === undefined ? undefined : words(right),
        when: 'before',
        guidance: 'The target has the category AuditLogs alone; send it where the logs of the source go.',
      },
    ];
  });
  const held = locks.map((lock): ComparedEntry => ({
    path: ['Lock', lock.name],
    state: 'byDesign',
    source: undefined,
    target: lock.level,
    when: 'before',
    guidance:
      lock.level === 'ReadOnly'
        ? 'Settings of the target cannot be changed while this lock is there.'
        : 'The target cannot be deleted while this lock is there.',
  }));
  return [...settings, ...held];
}

/** Diagnostic settings and locks as text. */
export const diagnosticsText = (settings: readonly DiagnosticSetting[], locks: readonly ResourceLock[]): string =>
  documentText({ diagnosticSettings: settings, ...(locks.length === 0 ? {} : { locks }) });
