import { html, type TemplateResult } from 'lit/html.js';

/** A term and what is to be said of it. */
export type Fact = readonly [term: string, value: string];

/** Facts as a list of terms and values. */
export function factList(facts: readonly Fact[], style: 'figures' | 'facts-list'): TemplateResult {
  return html`<dl class=${style}>
    ${facts.map(
      ([term, value]) =>
        html`<div>
          <dt>${term}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}
