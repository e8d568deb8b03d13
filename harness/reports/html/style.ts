/** Colours of Okabe and Ito, which people with colour vision deficiency can tell apart. Text keeps the ink colour. */
export const style = `
:root { color-scheme: light dark; --ink: #1b1d22; --paper: #fff; --soft: #f3f4f6; --line: #d5d8de; --dim: #555b66;
  --pass: #0072b2; --fail: #d55e00; --unknown: #cc79a7; --link: #005a8f; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8eaee; --paper: #16181d; --soft: #20242b; --line: #3a404a;
  --dim: #aab1bd; --link: #6db9ec; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 76rem; padding: 1rem 1.25rem 4rem; font: 16px/1.5 system-ui, sans-serif;
  color: var(--ink); background: var(--paper); overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: .5rem 0; border-left: .4rem solid var(--unknown); padding-left: .75rem; }
h1.pass { border-color: var(--pass); } h1.fail { border-color: var(--fail); }
h2 { font-size: 1.2rem; margin: 2.2rem 0 .6rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 1.2rem 0 .3rem; }
h4 { font-size: .85rem; margin: .8rem 0 .2rem; color: var(--dim); }
a { color: var(--link); }
nav { display: flex; flex-wrap: wrap; gap: .2rem 1rem; margin: .8rem 0; }
p, ul, dl { margin: .4rem 0; }
ul { padding-left: 1.2rem; }
.dim { color: var(--dim); }
.facts { display: flex; flex-wrap: wrap; gap: .1rem 1.5rem; }
.facts div { display: flex; gap: .4rem; }
.facts dt, .pairs dt { color: var(--dim); }
.facts dd, .pairs dd { margin: 0; }
.pairs { display: grid; grid-template-columns: 11rem 1fr; gap: .1rem .8rem; }
.gaps { border-left: .4rem solid var(--unknown); padding: .1rem 0 .1rem .9rem; }
table { border-collapse: collapse; font-size: .9rem; }
.wide { overflow-x: auto; }
th, td { text-align: left; padding: .25rem .7rem; border-bottom: 1px solid var(--line); vertical-align: top; }
tbody th { font-weight: 500; }
summary h3 { display: inline; margin: 0; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
.mark { font-weight: 600; white-space: nowrap; }
.mark::before { content: ""; display: inline-block; width: .7em; height: .7em; margin-right: .4em; background: var(--unknown); }
.mark.pass::before { background: var(--pass); border-radius: 50%; }
.mark.fail::before { background: var(--fail); transform: rotate(45deg); }
.mark.none::before { background: none; border: 1px solid var(--dim); }
details { border: 1px solid var(--line); border-radius: .3rem; margin: .35rem 0; padding: 0 .7rem; }
details[open] { padding-bottom: .7rem; }
summary { cursor: pointer; padding: .35rem 0; }
summary:focus-visible, a:focus-visible, button:focus-visible, input:focus-visible, pre:focus-visible {
  outline: 3px solid var(--link); outline-offset: 2px; }
.columns { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: .8rem; }
pre { margin: .2rem 0; padding: .6rem .7rem; background: var(--soft); border-radius: .3rem; font: 13px/1.45 ui-monospace, monospace;
  white-space: pre-wrap; max-height: 24rem; overflow: auto; }
.command { display: flex; gap: .5rem; align-items: start; }
.command pre { flex: 1; }
button, input, select { font: inherit; color: inherit; background: var(--soft); border: 1px solid var(--dim); border-radius: .3rem;
  padding: .2rem .6rem; }
.tools label { display: flex; gap: .4rem; align-items: center; }
.tools { display: none; gap: .6rem 1.2rem; flex-wrap: wrap; align-items: center; margin: .6rem 0; }
.scripted .tools { display: flex; }
.command button { display: none; } .scripted .command button { display: block; }
.hidden { display: none; }
svg { max-width: 100%; height: auto; display: block; margin: .5rem 0; }
svg text { fill: var(--ink); font: 12px system-ui, sans-serif; }
svg .axis { stroke: var(--dim); } svg .pass { fill: var(--pass); } svg .fail { stroke: var(--fail); fill: none; stroke-width: 1.6; }
svg .promise { stroke: var(--unknown); stroke-width: 1.5; } svg .bar { fill: var(--pass); } svg .bar.write { fill: var(--fail); }
.heat { display: block; padding: 0 .3rem; }
.heat0 { background: none; } .heat1 { background: #fbe3d4; color: #1b1d22; } .heat2 { background: #f4b78f; color: #1b1d22; }
.heat3 { background: #e8833f; color: #1b1d22; }
@media (max-width: 45rem) { .columns { grid-template-columns: minmax(0, 1fr); } .pairs { grid-template-columns: 1fr; }
  .pairs dt { margin-top: .3rem; } body { padding: .5rem .75rem 3rem; } th, td { padding: .25rem .4rem; } }
@media print { body { max-width: none; font-size: 11px; } nav, .tools, .command button { display: none; } pre { max-height: none; }
  details { break-inside: avoid-page; } details.cause::details-content, details.full::details-content {
  content-visibility: visible; block-size: auto; } }
`;
