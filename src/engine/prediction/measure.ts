import type { EventOf, JournalEvent } from '../events.ts';
import type { Instant } from '../ports.ts';
import { isParallel } from '../windows/semantics.ts';
import { type Estimate, exactly } from './estimate.ts';
import { defaultRates, type Rates, type StageRate, usualFixedMs } from './rates.ts';

/** One job, or jobs that ran at the same time: how much they moved and how long it took. */
export interface Sample {
  readonly resources: number;
  readonly ms: number;
}

interface Span {
  readonly from: Instant;
  readonly to: Instant;
  readonly resources: number;
}

/** Fewer resources say nothing about a rate: the time that every job costs hides it. */
const leastResources = 20;
/** No two runs are alike; a measurement is trusted within this share at best. */
const leastSpread = 0.15;

/**
 * Rates of the jobs of one migration, as its journal tells them; undefined when too little was moved.
 * @param events the journal's records, oldest first; those of a rotated journal may begin late
 */
export function measureRates(events: Iterable<JournalEvent>, name: string): Rates | undefined {
  const starts = new Map<string, Instant>();
  const spans: { export: Span[]; import: Span[] } = { export: [], import: [] };
  let [parallel, bytes, sized, staged] = [true, 0, 0, 0];
  for (const event of events) {
    switch (event.kind) {
      case 'created':
        parallel = isParallel(event.plan);
        break;
      case 'exportAccepted':
      case 'importAccepted':
        starts.set(event.operation, event.at);
        break;
      case 'exportCompleted': {
        for (const part of event.parts) {
          staged += part.resources;
          // Of files that could not be looked at the size is not known.
          if (part.bytes > 0) sized += part.resources;
          bytes += part.bytes;
        }
        add(spans.export, starts.get(event.operation), event, event.resources);
        break;
      }
      case 'importCompleted': {
        const lines = event.parts.reduce((sum, part) => sum + part.imported + part.refused, 0);
        add(spans.import, starts.get(event.operation), event, lines);
        break;
      }
      default:
        break;
    }
  }
  const exporting = fit(together(spans.export), usualFixedMs.export);
  const importing = fit(together(spans.import), usualFixedMs.import);
  if (exporting === undefined || importing === undefined || staged === 0) return undefined;
  const perResource = bytes / sized;
  const jobs = `${spans.export.length.toLocaleString('en')} exports and ${spans.import.length.toLocaleString('en')} imports`;
  return {
    export: exporting,
    import: importing,
    bytesPerResource:
      sized === 0
        ? defaultRates.bytesPerResource
        : { least: perResource * 0.8, likely: perResource, most: perResource * 1.3 },
    parallel,
    basis: [`Rates are those of ${jobs} of ${staged.toLocaleString('en')} resources in "${name}".`],
  };
}

function add(
  spans: Span[],
  from: Instant | undefined,
  { at, seenRunningAt }: EventOf<'exportCompleted'> | EventOf<'importCompleted'>,
  resources: number,
): void {
  // The end lies between the last look that saw it run and the one that did not.
  const to = seenRunningAt === undefined ? at : (seenRunningAt + at) / 2;
  if (from !== undefined && to > from && resources > 0) spans.push({ from, to, resources });
}

/** Jobs that overlap share the service's speed and become one sample. */
function together(spans: readonly Span[]): readonly Sample[] {
  const groups: Span[] = [];
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    const last = groups.at(-1);
    if (last === undefined || span.from >= last.to) groups.push(span);
    else
      groups[groups.length - 1] = {
        from: last.from,
        to: Math.max(last.to, span.to),
        resources: last.resources + span.resources,
      };
  }
  return groups.map(({ from, to, resources }) => ({ resources, ms: to - from }));
}

/** The line through samples of different sizes; with samples of about one size, the usual time of a job is taken off. */
export function fit(samples: readonly Sample[], usual: Estimate): StageRate | undefined {
  const resources = samples.reduce((sum, each) => sum + each.resources, 0);
  if (samples.length === 0 || resources < leastResources) return undefined;
  const total = samples.reduce((sum, each) => sum + each.ms, 0);
  const sizes = samples.map((each) => each.resources);
  const differ = samples.length >= 3 && Math.max(...sizes) >= 2 * Math.min(...sizes);
  const line = differ ? regression(samples) : undefined;
  const shortest = Math.min(...samples.map(({ ms }) => ms));
  const fixedMs = Math.min(line?.fixedMs ?? Math.min(usual.likely, shortest / 2), shortest);
  const msPerResource = Math.max((total - fixedMs * samples.length) / resources, total / resources / 100);
  const spread = Math.max(leastSpread, ...samples.map((each) => deviation(each, fixedMs, msPerResource)));
  const likely = 1_000 / msPerResource;
  return {
    fixedMs: exactly(fixedMs),
    perSecond: { least: likely / (1 + spread), likely, most: likely * (1 + spread) },
  };
}

const deviation = ({ resources, ms }: Sample, fixedMs: number, msPerResource: number): number =>
  Math.min(1, Math.abs(ms / (fixedMs + msPerResource * resources) - 1));

/** Least squares; undefined when larger samples did not take longer, so that sizes explain nothing. */
function regression(samples: readonly Sample[]): { readonly fixedMs: number } | undefined {
  const meanOf = (of: (sample: Sample) => number): number =>
    samples.reduce((sum, sample) => sum + of(sample), 0) / samples.length;
  const [x, y] = [meanOf(({ resources }) => resources), meanOf(({ ms }) => ms)];
  const slope =
    meanOf(({ resources, ms }) => (resources - x) * (ms - y)) / meanOf(({ resources }) => (resources - x) ** 2);
  return slope <= 0 ? undefined : { fixedMs: Math.max(0, y - slope * x) };
}
