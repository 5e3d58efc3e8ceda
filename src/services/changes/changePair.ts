import type { ChangePair } from '../../compare/changes/remembered.ts';

interface Named {
  readonly endpoint: string;
  readonly resourceId?: string | undefined;
}

/** How two services are remembered together: by their resource ids, or by their addresses where they have none. */
export const changePair = (source: Named, target: Named): ChangePair => ({
  source: keyOf(source),
  target: keyOf(target),
});

const keyOf = ({ endpoint, resourceId }: Named): string => (resourceId ?? endpoint).replace(/\/+$/, '').toLowerCase();
