/** What the page is made of; all addresses as the webview gives them. */
export interface PanelPage {
  readonly cspSource: string;
  /** Fresh for every page, base64 or hexadecimal. */
  readonly nonce: string;
  readonly script: string;
  readonly styles: string;
  readonly language: string;
  readonly title: string;
}

/** The page's policy: nothing but our own script, named by nonce, and our own style sheet. No connection, no frame, no image. */
export function contentSecurityPolicy({ cspSource, nonce }: Pick<PanelPage, 'cspSource' | 'nonce'>): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${cspSource}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

/** The document of the panel. Its body is empty: the page fills it with text nodes. */
export function panelHtml(page: PanelPage): string {
  return `<!DOCTYPE html>
<html lang="${attribute(page.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${attribute(contentSecurityPolicy(page))}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${attribute(page.styles)}">
<title>${attribute(page.title)}</title>
</head>
<body>
<script nonce="${attribute(page.nonce)}" src="${attribute(page.script)}"></script>
</body>
</html>
`;
}

const attribute = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
