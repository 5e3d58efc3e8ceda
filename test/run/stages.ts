/** One part of `npm test`. */
export interface Stage {
  readonly name: string;
  /** The npm script that runs it. */
  readonly script: string;
  /** `mocha`: its totals are read from what it prints. `check`: passing or failing, it counts as one. */
  readonly kind: 'mocha' | 'check';
  /** Minutes after which it is stopped and has failed. */
  readonly limitMinutes: number;
}

/** Groups run one after the other, the stages of a group at the same time: two cores are the machine to expect. */
export const stageGroups: readonly (readonly Stage[])[] = [
  [
    { name: 'lint', script: 'lint', kind: 'check', limitMinutes: 10 },
    { name: 'types', script: 'types', kind: 'check', limitMinutes: 10 },
  ],
  [
    { name: 'unit', script: 'test:unit', kind: 'mocha', limitMinutes: 10 },
    { name: 'package', script: 'package', kind: 'check', limitMinutes: 10 },
  ],
  [
    { name: 'contract', script: 'test:contract', kind: 'mocha', limitMinutes: 12 },
    { name: 'host', script: 'test:host', kind: 'mocha', limitMinutes: 12 },
  ],
  [{ name: 'faults', script: 'test:faults', kind: 'mocha', limitMinutes: 10 }],
  [{ name: 'scenarios', script: 'test:scenarios', kind: 'mocha', limitMinutes: 12 }],
  [{ name: 'e2e', script: 'test:e2e', kind: 'mocha', limitMinutes: 15 }],
];
