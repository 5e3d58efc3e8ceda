import { provideVSCodeDesignSystem, vsCodeButton } from '@vscode/webview-ui-toolkit';
import { html, type TemplateResult } from 'lit/html.js';
import { icon, type IconName } from './icons.ts';

/*
 * The only place that knows the component library. It is no longer developed: what is used of it is what native
 * elements would need most styling for, and replacing it changes this file alone. Its badge writes a style attribute,
 * which the policy refuses, and its data grid and progress ring are weaker than native elements.
 */

/** Makes the controls known to the document; once, before the first rendering. */
export function registerControls(): void {
  provideVSCodeDesignSystem().register(vsCodeButton());
}

export interface ButtonOptions {
  readonly label: string;
  readonly icon: IconName;
  readonly primary?: boolean;
  /** More words for assistive technology; must contain the label. */
  readonly name?: string;
  readonly press: () => void;
}

/** A button with an icon and its words. */
export function button(options: ButtonOptions): TemplateResult {
  return html`<vscode-button
    appearance=${options.primary === true ? 'primary' : 'secondary'}
    aria-label=${options.name ?? options.label}
    @click=${options.press}
    >${icon(options.icon, 'start')}${options.label}</vscode-button
  >`;
}
