/** The report page's style. No colour alone says what a table does not. */
export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --text: #1b1f24; --quiet: #59636e; --line: #d8dee4; --ground: #fff; --panel: #f6f8fa;
  --first: #818b95; --reranked: #0969da; --oracle: #d4a72c; --gain: #1a7f37; --loss: #cf222e;
}
@media (prefers-color-scheme: dark) {
  :root {
    --text: #e6edf3; --quiet: #9da7b1; --line: #3a424b; --ground: #0d1117; --panel: #161b22;
    --first: #8b949e; --reranked: #58a6ff; --oracle: #bb8009; --gain: #3fb950; --loss: #ff7b72;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 60rem;
  font: 1rem/1.5 system-ui, sans-serif; color: var(--text); background: var(--ground);
}
h1 { font-size: 1.6rem; margin: 0 0 .25rem; }
h2 { font-size: 1.15rem; margin: 2.5rem 0 .5rem; }
p { margin: .4rem 0; }
.quiet { color: var(--quiet); }
.verdict { margin: 1.25rem 0; padding: .75rem 1rem; border-left: .3rem solid var(--first); background: var(--panel); }
.verdict.better { border-color: var(--gain); }
.verdict.worse { border-color: var(--loss); }
h3 { font-size: 1rem; margin: 1.25rem 0 .25rem; }
.table, .chart { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: .3rem .6rem; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap; }
th { font-weight: 600; }
th:first-child, th.text, td.text { text-align: left; }
td.text { white-space: normal; overflow-wrap: anywhere; min-width: 14rem; }
th[scope=row] { font-weight: 400; overflow-wrap: anywhere; }
.gain { color: var(--gain); } .loss { color: var(--loss); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1.25rem; margin: .5rem 0; }
dt { color: var(--quiet); } dd { margin: 0; overflow-wrap: anywhere; }
@media (max-width: 36rem) { dl { display: block; } dd { margin: 0 0 .4rem; } }
svg { display: block; width: 100%; min-width: 32rem; height: auto; margin: .5rem 0 1rem; font-size: 11px; }
svg text { fill: var(--text); }
svg .name, svg .tick.start { text-anchor: end; }
svg .tick { fill: var(--quiet); text-anchor: middle; }
svg .value { paint-order: stroke; stroke: var(--ground); stroke-width: 3px; }
svg .middle { text-anchor: middle; }
svg .grid { stroke: var(--line); stroke-width: 1; }
svg rect.first { fill: var(--first); } svg rect.reranked { fill: var(--reranked); } svg rect.oracle { fill: var(--oracle); }
svg line.first { stroke: var(--first); stroke-width: 2; stroke-dasharray: 6 4; }
svg polyline { fill: none; stroke-width: 2; }
svg polyline.reranked { stroke: var(--reranked); } svg polyline.oracle { stroke: var(--oracle); }
svg circle.reranked { fill: var(--reranked); } svg circle.oracle { fill: var(--oracle); }
svg path.gain { fill: var(--gain); } svg path.loss { fill: var(--loss); }
.legend span { margin-right: 1.25rem; white-space: nowrap; }
.legend i { display: inline-block; width: .8em; height: .8em; margin-right: .4em; border-radius: 2px; }
.legend i.first { background: var(--first); } .legend i.reranked { background: var(--reranked); } .legend i.oracle { background: var(--oracle); }
summary { cursor: pointer; }
@media print { body { max-width: none; padding: 0; } }
`;
