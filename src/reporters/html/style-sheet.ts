/**
 * Colours are those of Okabe and Ito, which the colour-blind tell apart, darkened or lightened where text needs it; they hold
 * on light and on dark paper. No fonts, nothing is fetched.
 */
export const styleSheet = `
:root { color-scheme: light dark; --paper: #fff; --card: #f5f6f8; --ink: #1b1f24; --soft: #59636e; --line: #d8dde3; --accent: #005a9c; --pass: #00704f; --fail: #b34700; --unsure: #8a6100; --warn: #fff4dc; --untold: #9aa4af; --black: #000; --shade: #e2e6eb; --arm-1: #0072b2; --arm-2: #b34700; --arm-3: #00704f; --arm-4: #9c4f7a; }
@media (prefers-color-scheme: dark) { :root { --paper: #14171b; --card: #1e2329; --ink: #e7eaee; --soft: #a0a9b4; --line: #353c45; --accent: #7cc4f0; --pass: #2fc795; --fail: #ff8a4c; --unsure: #f0c14b; --warn: #352c17; --untold: #5f6a76; --black: #777; --shade: #323a44; --arm-1: #56b4e9; --arm-2: #ff8a4c; --arm-3: #2fc795; --arm-4: #e0a3c4; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
main { max-width: 70rem; margin: 0 auto; padding: 1.5rem 1.25rem 4rem; }
a { color: var(--accent); } a:focus-visible, summary:focus-visible, [tabindex]:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.skip { position: absolute; left: -100rem; } .skip:focus { left: 1rem; top: 1rem; background: var(--paper); padding: .5rem 1rem; z-index: 1; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
h1 { font-size: 1rem; font-weight: 500; color: var(--soft); margin: 0; overflow-wrap: anywhere; }
.headline { font-size: clamp(1.3rem, 1rem + 1.5vw, 1.85rem); line-height: 1.25; font-weight: 650; letter-spacing: -.01em; margin: .4rem 0 1rem; text-wrap: balance; max-width: none; overflow-wrap: anywhere; }
h2 { font-size: 1.3rem; margin: 2.75rem 0 .75rem; padding-top: 1rem; border-top: 1px solid var(--line); }
h3 { font-size: 1.05rem; margin: 2rem 0 .25rem; overflow-wrap: anywhere; }
h4 { font-size: .95rem; margin: 1.25rem 0 .25rem; }
p { margin: .4rem 0; max-width: 52rem; overflow-wrap: anywhere; }
.soft, figcaption { color: var(--soft); font-size: .875rem; }
.verdict { display: flex; gap: .75rem; align-items: baseline; flex-wrap: wrap; margin: .5rem 0; }
.badge { font-size: .8rem; font-weight: 700; letter-spacing: .06em; padding: .1rem .6rem; border-radius: 99px; border: 2px solid currentColor; white-space: nowrap; }
.pass { color: var(--pass); } .fail { color: var(--fail); } .inconclusive { color: var(--unsure); }
.caveats { list-style: none; margin: 1rem 0; padding: 0; display: grid; gap: .4rem; }
.caveats li { background: var(--warn); border-left: 4px solid #e69f00; border-radius: 4px; padding: .45rem .8rem; font-size: .925rem; overflow-wrap: anywhere; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr)); gap: 1rem; margin: 1.25rem 0; }
.card { background: var(--card); border-radius: 10px; padding: 1rem 1.15rem; overflow-wrap: anywhere; }
.card .name { font-weight: 650; }
.card .big { font-size: 2.5rem; line-height: 1.15; font-weight: 650; letter-spacing: -.02em; font-variant-numeric: tabular-nums; }
.card .big small { font-size: 1.1rem; font-weight: 500; color: var(--soft); letter-spacing: 0; }
.card p { font-size: .9rem; margin: .15rem 0; } .card p.soft { font-size: .875rem; }
nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; padding: 0; margin: 1rem 0 0; font-size: .925rem; }
.scroll { overflow-x: auto; }
td .soft { font-size: .92em; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; margin: .5rem 0; }
th { text-align: left; font-weight: 600; color: var(--soft); font-size: .82rem; vertical-align: bottom; }
th, td { padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
tbody th { color: inherit; font-size: inherit; font-weight: 500; vertical-align: top; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td.name, th.name { white-space: nowrap; } td.meaning { color: var(--soft); min-width: 14rem; }
tr.reference td, tr.reference th { color: var(--soft); }
td.rule { min-width: 18rem; } td.test { min-width: 9rem; } td.wrap { overflow-wrap: anywhere; min-width: 12rem; }
figure { margin: 1.25rem 0; } figcaption { margin-bottom: .5rem; max-width: 52rem; } figcaption b { color: var(--ink); }
.drawing svg { display: block; font-variant-numeric: tabular-nums; } .narrow { display: none; }
details { border-top: 1px solid var(--line); font-size: .9rem; } summary { cursor: pointer; padding: .35rem 0; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
details[open] { padding-bottom: 1rem; } details[open] summary { font-weight: 650; }
.facts { margin: .3rem 0; padding-left: 1.3rem; overflow-wrap: anywhere; } .facts b { font-weight: 600; color: var(--soft); }
.pictures { display: flex; flex-wrap: wrap; gap: 1rem; } .pictures figure { margin: .3rem 0; max-width: 16rem; } .pictures img { display: block; max-width: 100%; border: 1px solid var(--line); } .pictures figcaption { margin: .25rem 0 0; overflow-wrap: anywhere; font-size: .8rem; }
pre { background: var(--card); border-radius: 6px; padding: .6rem .8rem; overflow-x: auto; font: .78rem/1.5 ui-monospace, "Cascadia Mono", "DejaVu Sans Mono", monospace; margin: .3rem 0 .8rem; }
code { font: .85em ui-monospace, "Cascadia Mono", "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .3rem 1.25rem; font-size: .9rem; } dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
@media (max-width: 48rem) { main { padding: 1rem .9rem 3rem; } dl { grid-template-columns: minmax(0, 1fr); gap: 0; } dd { margin-bottom: .5rem; } }
@media screen and (max-width: 48rem) { .wide { display: none; } .narrow { display: block; max-width: 27rem; } .narrow svg { width: 100%; height: auto; } }
@media print { body { font-size: 10.5pt; } main { max-width: none; padding: 0; } nav, .skip { display: none; } .card, .caveats li, svg, pre { print-color-adjust: exact; -webkit-print-color-adjust: exact; } h2, h3, h4, figcaption { break-after: avoid; } .card, tr, .wide { break-inside: avoid; } .scroll { overflow: visible; } .drawing svg { width: 100%; height: auto; } table, th, tbody th { font-size: 8.5pt; } th, td { padding-right: .4rem; } td.name, th.name, td.number { white-space: normal; } td.wrap, td.meaning, td.rule, td.test { min-width: 0; } pre { white-space: pre-wrap; } a { color: inherit; text-decoration: none; } }
`;
