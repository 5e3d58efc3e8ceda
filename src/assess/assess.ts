import { type Finding, severities, topics } from './finding.ts';
import type { Rule } from './rule.ts';
import { accessRules } from './rules/access.ts';
import { configurationRules } from './rules/configuration.ts';
import { contentRules } from './rules/content.ts';
import { dataRules } from './rules/data.ts';
import { integrationRules } from './rules/integration.ts';
import { lifecycleRules } from './rules/lifecycle.ts';
import { limitationRules } from './rules/limitations.ts';
import { platformRules } from './rules/platform.ts';
import { searchRules } from './rules/search.ts';
import { stagingRules } from './rules/staging.ts';
import { targetRules } from './rules/target.ts';
import { versioningRules } from './rules/versioning.ts';
import type { Snapshot } from './snapshot.ts';

const rules: readonly Rule[] = [
  lifecycleRules,
  dataRules,
  versioningRules,
  contentRules,
  accessRules,
  searchRules,
  integrationRules,
  platformRules,
  stagingRules,
  targetRules,
  configurationRules,
  limitationRules,
].flat();

/** What a snapshot means for a migration: the gravest findings first, then by topic. Pure. */
export function assess(snapshot: Snapshot): readonly Finding[] {
  return rules.flatMap((rule) => rule(snapshot)).sort((a, b) => rank(a) - rank(b));
}

const rank = ({ severity, topic }: Finding): number =>
  severities.indexOf(severity) * topics.length + topics.indexOf(topic);
