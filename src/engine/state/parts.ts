import type { PartRef } from '../events.ts';
import type { WindowId } from '../ids.ts';
import type { Instant } from '../ports.ts';
import type { Draft } from './draft.ts';
import { settleWindow } from './settle.ts';
import type { Part } from './state.ts';

/**
 * Changes parts of windows and derives the windows' states; parts of an earlier export of a window are left alone.
 * `among`: where the index that the change is told comes from; absent: the parts themselves.
 */
export function changeParts<Ref extends PartRef>(
  draft: Draft,
  refs: readonly Ref[],
  at: Instant,
  change: (part: Part, ref: Ref, index: number) => Part,
  among: readonly PartRef[] = refs,
): void {
  const places = new Map(among.map((ref, index) => [keyOf(ref), index]));
  const byWindow = new Map<WindowId, Ref[]>();
  for (const ref of refs) {
    const group = byWindow.get(ref.window);
    if (group === undefined) byWindow.set(ref.window, [ref]);
    else group.push(ref);
  }
  for (const [id, group] of byWindow) {
    const window = draft.windows.get(id);
    if (window?.exported === undefined) continue;
    const parts = [...window.parts];
    for (const ref of group) {
      const part = parts[ref.part];
      if (part === undefined || ref.operation !== window.exported.operation) continue;
      parts[ref.part] = change(part, ref, places.get(keyOf(ref)) ?? 0);
    }
    draft.windows.set(id, settleWindow({ ...window, parts }, at));
  }
}

function keyOf({ window, part }: PartRef): string {
  return `${window}/${part}`;
}
