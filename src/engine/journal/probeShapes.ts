import { count, list } from './shape.ts';
import { address, most, serverName } from './valueShapes.ts';

/** A probe export that runs. */
export const probeFields = { statusUrl: address, jobId: serverName };

/** What a probe export showed. */
export const provenFields = { lines: count, marked: count, folders: list(serverName, most.parts) };
