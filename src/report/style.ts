/**
 * Style of the HTML report: the colours of the editor where it is shown there, its own in a browser, black on white on
 * paper. Changing a letter changes the hash in the policy by itself.
 */
export const reportStyle = `
:root { color-scheme: light dark; --back: #fff; --fore: #1f2328; --quiet: #59636e; --line: #d1d9e0; --band: #f6f8fa; --accent: #0969da; --good: #1a7f37; --open: #9a6700; }
@media (prefers-color-scheme: dark) {
  :root { --back: #0d1117; --fore: #e6edf3; --quiet: #9198a1; --line: #3d444d; --band: #151b23; --accent: #4493f8; --good: #3fb950; --open: #d29922; }
}
* { box-sizing: border-box; }
body { margin: 0; padding: 0; background: var(--vscode-editor-background, var(--back)); color: var(--vscode-editor-foreground, var(--fore)); font: 14px/1.5 var(--vscode-font-family, system-ui, "Segoe UI", sans-serif); }
main { max-width: 1080px; margin: 0 auto; padding: 24px 20px 64px; }
h1 { font-size: 1.7em; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 1.25em; margin: 2em 0 .6em; padding-bottom: .25em; border-bottom: 1px solid var(--vscode-editorWidget-border, var(--line)); }
.subtitle { margin: .2em 0 1em; color: var(--vscode-descriptionForeground, var(--quiet)); overflow-wrap: anywhere; }
.verdict { margin: 0 0 1em; padding: .6em .9em; font-weight: 600; border-left: 4px solid var(--open); background: var(--vscode-textBlockQuote-background, var(--band)); }
.verdict.good { border-left-color: var(--good); }
nav ul { display: flex; flex-wrap: wrap; gap: .3em 1.1em; margin: 0; padding: 0; list-style: none; }
a { color: var(--vscode-textLink-foreground, var(--accent)); }
:focus-visible { outline: 2px solid var(--vscode-focusBorder, var(--accent)); outline-offset: 2px; }
dl { margin: 0 0 1em; }
dl div { display: grid; grid-template-columns: minmax(9em, 16em) 1fr; gap: 0 1em; padding: .2em 0; }
dt { color: var(--vscode-descriptionForeground, var(--quiet)); }
dd { margin: 0; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; margin: 0 0 1.2em; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; padding: 0 0 .4em; color: var(--vscode-descriptionForeground, var(--quiet)); }
th, td { padding: .3em .7em; text-align: left; vertical-align: top; border-bottom: 1px solid var(--vscode-editorWidget-border, var(--line)); font-weight: inherit; overflow-wrap: anywhere; }
td { min-width: 4em; }
thead th { font-weight: 600; background: var(--vscode-textBlockQuote-background, var(--band)); overflow-wrap: normal; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
tbody th { white-space: nowrap; }
tr.sum { font-weight: 600; }
figure { margin: 0; }
svg { display: block; width: 100%; height: 160px; }
.bars { fill: var(--vscode-charts-blue, var(--accent)); }
.grid { fill: none; stroke: var(--vscode-editorWidget-border, var(--line)); }
figcaption { margin-top: .4em; color: var(--vscode-descriptionForeground, var(--quiet)); }
@media (max-width: 480px) { main { padding: 16px 12px 48px; } dl div { grid-template-columns: 1fr; } }
@media (forced-colors: active) { .bars { fill: CanvasText; } }
@media print {
  @page { margin: 16mm; }
  :root { color-scheme: light; --back: #fff; --fore: #000; --quiet: #444; --line: #999; --band: #eee; --accent: #333; --good: #000; --open: #000; }
  body { background: #fff; color: #000; font-size: 10pt; }
  main { max-width: none; padding: 0; }
  nav { display: none; }
  .scroll { overflow: visible; }
  th, td { padding: .2em .4em; }
  tbody th { white-space: normal; }
  thead { display: table-header-group; }
  tr, figure, dl div { break-inside: avoid; }
  h2 { break-after: avoid; }
  .bars { fill: #333; print-color-adjust: exact; }
}
`;
