/** A row of a tree as plain data; the providers turn it into the editor's own. */
export interface ItemData {
  readonly id: string;
  readonly label: string;
  readonly description?: string;
  /** Markdown without HTML, links or commands. */
  readonly tooltip?: string;
  /** Name of a codicon and of a theme colour. */
  readonly icon: string;
  readonly color?: string;
  readonly expansion: 'none' | 'collapsed' | 'expanded';
  /** `;token;token;…;` in fixed order, for the manifest's `when` clauses: `viewItem =~ /;service;/`. */
  readonly contextValue: string;
  /** Kind, name and state in words. */
  readonly accessibleLabel: string;
  /** What a click does; it gets the node. */
  readonly command?: { readonly id: string; readonly title: string };
}

/** Joins the tokens that apply, in the order given. */
export function contextTokens(...tokens: readonly (string | false | undefined)[]): string {
  return `;${tokens.filter((token): token is string => typeof token === 'string' && token !== '').join(';')};`;
}
