import { svg, type SVGTemplateResult, type TemplateResult, html } from 'lit/html.js';
import type { WindowState } from '../protocol.ts';
import type { Tone } from '../words.ts';

/** Drawings on a 16 by 16 grid, stroked in the colour of the text around them. */
const drawings = {
  check: svg`<circle cx="8" cy="8" r="6.25"/><path d="M5.2 8.3l2 2 3.7-4.3"/>`,
  error: svg`<circle cx="8" cy="8" r="6.25"/><path d="M8 4.6v4M8 10.9v.3"/>`,
  warning: svg`<path d="M8 2.2l6.2 11.3H1.8z"/><path d="M8 6.4v3.4M8 11.4v.3"/>`,
  info: svg`<circle cx="8" cy="8" r="6.25"/><path d="M8 7.3v4M8 4.8v.3"/>`,
  clock: svg`<circle cx="8" cy="8" r="6.25"/><path d="M8 4.4V8l2.4 1.7"/>`,
  circle: svg`<circle cx="8" cy="8" r="6.25"/>`,
  dash: svg`<circle cx="8" cy="8" r="6.25"/><path d="M5.4 8h5.2"/>`,
  up: svg`<path d="M8 10.5V2.8M4.9 5.8L8 2.7l3.1 3.1M2.5 10.5v2.8h11v-2.8"/>`,
  down: svg`<path d="M8 2.5v7.7M4.9 7.2L8 10.3l3.1-3.1M2.5 10.5v2.8h11v-2.8"/>`,
  box: svg`<path d="M2.3 5.2L8 2.4l5.7 2.8v5.9L8 13.9l-5.7-2.8zM2.3 5.2L8 8l5.7-2.8M8 8v5.9"/>`,
  split: svg`<path d="M8 13.5V9.2L3.4 4.4M8 9.2l4.6-4.8M3.2 7V4.2H6M12.8 7V4.2H10"/>`,
  pause: svg`<path d="M5.4 3.2v9.6M10.6 3.2v9.6"/>`,
  play: svg`<path d="M4.6 2.9l8 5.1-8 5.1z"/>`,
  retry: svg`<path d="M13 8a5 5 0 1 1-1.6-3.7M13.2 2.2v2.9h-2.9"/>`,
  close: svg`<path d="M4 4l8 8M12 4l-8 8"/>`,
  trash: svg`<path d="M2.8 4.4h10.4M6 4.2V2.5h4v1.7M4.3 4.5l.6 9h6.2l.6-9M6.8 7v4M9.2 7v4"/>`,
  stop: svg`<circle cx="8" cy="8" r="6.25"/><path d="M5.7 5.7l4.6 4.6M10.3 5.7l-4.6 4.6"/>`,
  forward: svg`<path d="M3 3.4L7.4 8 3 12.6M8.6 3.4L13 8l-4.4 4.6"/>`,
  flag: svg`<path d="M4 14V2.4M4 3h8.4L10.6 6l1.8 3H4"/>`,
  arrow: svg`<path d="M2 8h11.4M9.6 4.2L13.5 8l-3.9 3.8"/>`,
  key: svg`<circle cx="5.2" cy="10.8" r="2.9"/><path d="M7.3 8.7l5.9-5.9M10.6 5.4l2 2"/>`,
  book: svg`<path d="M3 2.6h8.2a1.6 1.6 0 0 1 1.6 1.6v9.2H4.4A1.4 1.4 0 0 1 3 12zM3 12a1.4 1.4 0 0 1 1.4-1.4h8.4M5.8 5.4h4"/>`,
  copy: svg`<path d="M5.5 5.5h7.7v7.7H5.5zM3.4 10.5h-.6V2.8h7.7v.6"/>`,
  lines: svg`<path d="M2.6 4h10.8M2.6 8h10.8M2.6 12h6.6"/>`,
  file: svg`<path d="M4 2.4h5.2L12.4 5.6v8H4zM9 2.5v3.3h3.3"/>`,
  storage: svg`<path d="M2.4 3h11.2v3.8H2.4zM2.4 9.2h11.2V13H2.4zM4.6 4.9h.3M4.6 11.1h.3"/>`,
  list: svg`<path d="M5.6 4h8M5.6 8h8M5.6 12h8M2.5 4h.3M2.5 8h.3M2.5 12h.3"/>`,
  eye: svg`<path d="M1.6 8S4 3.8 8 3.8 14.4 8 14.4 8 12 12.2 8 12.2 1.6 8 1.6 8z"/><circle cx="8" cy="8" r="1.9"/>`,
} satisfies Record<string, SVGTemplateResult>;

export type IconName = keyof typeof drawings;

/** A drawing beside words that say the same; `slot` places it in a control. */
export function icon(name: IconName, slot = ''): TemplateResult {
  return html`<svg class="icon" slot=${slot} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
    ${drawings[name]}
  </svg>`;
}

export function toneIcon(tone: Tone): IconName {
  switch (tone) {
    case 'quiet':
      return 'dash';
    case 'waiting':
      return 'pause';
    case 'active':
      return 'forward';
    case 'good':
      return 'check';
    case 'warning':
      return 'warning';
    case 'bad':
      return 'error';
  }
}

export function windowIcon(state: WindowState): { readonly name: IconName; readonly tone: Tone } {
  switch (state) {
    case 'planned':
      return { name: 'circle', tone: 'quiet' };
    case 'exporting':
      return { name: 'down', tone: 'active' };
    case 'exported':
      return { name: 'box', tone: 'active' };
    case 'importing':
      return { name: 'up', tone: 'active' };
    case 'done':
      return { name: 'check', tone: 'good' };
    case 'empty':
      return { name: 'dash', tone: 'quiet' };
    case 'split':
      return { name: 'split', tone: 'quiet' };
    case 'needsAttention':
      return { name: 'error', tone: 'bad' };
  }
}
