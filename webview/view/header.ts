import * as l10n from '@vscode/l10n';
import { html, type TemplateResult } from 'lit/html.js';
import type { Control, HeadView, ServiceView } from '../protocol.ts';
import { phaseSentence, phaseTone, phaseWords } from '../words.ts';
import { actionButton } from './actionButton.ts';
import type { ViewContext } from './context.ts';
import { icon, toneIcon } from './icons.ts';

/** Name, route, phase and the buttons for the migration as a whole. */
export function header(head: HeadView, context: ViewContext): TemplateResult {
  const tone = phaseTone(head.phase);
  return html`<header class="header">
    <div class="title">
      <h1>${head.name}</h1>
      <span class="phase tone-${tone}">${icon(toneIcon(tone))}<span>${phaseWords(head.phase)}</span></span>
    </div>
    <div class="toolbar" role="group" aria-label=${l10n.t('Actions')}>
      ${head.controls.map((control) => actionButton(control, context, { primary: control === mainControl(head) }))}
      ${actionButton('openJournal', context)} ${actionButton('copyForSupport', context)}
    </div>
    <p class="sentence">${phaseSentence(head)}</p>
    <div class="route">
      ${service(l10n.t('Source'), head.source, context)} ${icon('arrow')}
      ${service(l10n.t('Target'), head.target, context)}
    </div>
  </header>`;
}

/** The one button that stands out: what most people want next. */
function mainControl({ controls, phase }: HeadView): Control | undefined {
  // After the end, the way on stands with the result.
  if (phase === 'complete') return undefined;
  return (['resume', 'retry', 'finish', 'catchUp'] as const).find((control) => controls.includes(control));
}

function service(role: string, value: ServiceView, context: ViewContext): TemplateResult {
  return html`<div class="service">
    <span class="role">${role}</span>
    <strong class="name" title=${value.name}>${value.name}</strong>
    <span class="kind">${value.kind}</span>
    ${endpoint(value.endpoint, context)}
  </div>`;
}

/** A link only for what is one: anything but https is shown as the text that it is. */
function endpoint(address: string, context: ViewContext): TemplateResult {
  if (!URL.canParse(address) || new URL(address).protocol !== 'https:') {
    return html`<span class="endpoint" title=${address}>${address}</span>`;
  }
  const open = (event: Event): void => {
    event.preventDefault();
    context.dispatch({ type: 'link', href: address });
  };
  return html`<a class="endpoint" href=${address} title=${address} @click=${open}
    >${address.replace(/^https:\/\//, '')}</a
  >`;
}
