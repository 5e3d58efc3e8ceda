import { Presets, SingleBar } from 'cli-progress';
import type { MigrationOverview } from '../../engine/overview.ts';
import type { MigrationHandle } from '../../services/contract.ts';
import { progressText } from './describe.ts';
import type { Output } from './output.ts';

/** At most this often, so that a fast migration does not spend its time on drawing. */
const redrawMs = 200;

/**
 * Shows a migration while it runs: a bar on a terminal, lines on every tenth of the way elsewhere, records in JSON
 * mode. Returns how to stop showing.
 */
export function follow(handle: MigrationHandle, output: Output): () => void {
  const show = output.json ? records(output) : output.interactive ? bar() : lines(output);
  let timer: NodeJS.Timeout | undefined;
  const draw = (): void => {
    timer = undefined;
    show.draw(handle.overview());
  };
  const stopListening = handle.onChange(() => (timer ??= setTimeout(draw, redrawMs)));
  draw();
  return () => {
    stopListening();
    clearTimeout(timer);
    draw();
    show.end();
  };
}

interface Show {
  draw(overview: MigrationOverview): void;
  end(): void;
}

const fraction = ({ progress }: MigrationOverview): number =>
  progress.expected === undefined || progress.expected === 0
    ? progress.windowsDone / Math.max(1, progress.windowsKnown)
    : Math.min(1, progress.imported / progress.expected);

function bar(): Show {
  const single = new SingleBar({ format: '{bar} {percentage}% {words}', hideCursor: true }, Presets.shades_classic);
  single.start(1000, 0, { words: '' });
  return {
    draw: (overview) => single.update(Math.floor(fraction(overview) * 1000), { words: progressText(overview) }),
    end: () => single.stop(),
  };
}

function lines(output: Output): Show {
  let last = '';
  return {
    draw: (overview) => {
      const step = `${overview.phase} ${Math.floor(fraction(overview) * 10)}`;
      if (step !== last) output.line(progressText(overview));
      last = step;
    },
    end: () => undefined,
  };
}

function records(output: Output): Show {
  let last = '';
  return {
    draw: ({ id, phase, progress, waiting, watermark, sync, attention }) => {
      const lag = sync === undefined ? {} : { copiedUntil: sync.copiedUntil };
      const fields = { migration: id, phase, ...progress, waiting, watermark, ...lag, attention: attention.length };
      const text = JSON.stringify(fields);
      if (text !== last) output.record('progress', fields);
      last = text;
    },
    end: () => undefined,
  };
}
