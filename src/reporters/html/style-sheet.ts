/**
 * Colours are those of Okabe and Ito, which the colour-blind tell apart; they hold on light and on dark paper. No fonts,
 * no images: nothing is fetched.
 */
export const styleSheet = `
:root { color-scheme: light dark; --paper: #fff; --card: #f5f6f8; --ink: #1b1f24; --soft: #59636e; --line: #d8dde3; --accent: #0072b2; --pass: #00704f; --fail: #b34700; --unsure: #8a6100; --mark: #0072b2; --warn: #fff4dc; --untold: #9aa4af; --black: #000; }
@media (prefers-color-scheme: dark) { :root { --paper: #14171b; --card: #1e2329; --ink: #e7eaee; --soft: #a0a9b4; --line: #353c45; --accent: #56b4e9; --pass: #2fc795; --fail: #ff8a4c; --unsure: #f0c14b; --mark: #56b4e9; --warn: #352c17; --untold: #5f6a76; --black: #777; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
main { max-width: 70rem; margin: 0 auto; padding: 1.5rem 1.25rem 4rem; }
h1 { font-size: 1rem; font-weight: 500; color: var(--soft); margin: 0; }
.headline { font-size: clamp(1.3rem, 1rem + 1.5vw, 1.85rem); line-height: 1.25; font-weight: 650; letter-spacing: -.01em; margin: .4rem 0 1rem; text-wrap: balance; max-width: none; }
h2 { font-size: 1.25rem; margin: 2.75rem 0 .75rem; padding-top: 1rem; border-top: 1px solid var(--line); }
h3 { font-size: 1.05rem; margin: 2rem 0 .25rem; }
h4 { font-size: .95rem; margin: 1.25rem 0 .25rem; }
p { margin: .4rem 0; max-width: 52rem; }
.soft, .legend, figcaption { color: var(--soft); font-size: .875rem; }
.verdict { display: flex; gap: .75rem; align-items: baseline; flex-wrap: wrap; margin: .5rem 0; }
.badge { font-size: .8rem; font-weight: 700; letter-spacing: .06em; padding: .1rem .6rem; border-radius: 99px; border: 2px solid currentColor; white-space: nowrap; }
.pass { color: var(--pass); } .fail { color: var(--fail); } .inconclusive { color: var(--unsure); }
.caveats { list-style: none; margin: 1rem 0; padding: 0; display: grid; gap: .4rem; }
.caveats li { background: var(--warn); border-left: 4px solid #e69f00; border-radius: 4px; padding: .45rem .8rem; font-size: .925rem; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr)); gap: 1rem; margin: 1.25rem 0; }
.card { background: var(--card); border-radius: 10px; padding: 1rem 1.15rem; }
.card .name { font-weight: 650; }
.card .big { font-size: 2.5rem; line-height: 1.15; font-weight: 650; letter-spacing: -.02em; font-variant-numeric: tabular-nums; }
.card .big small { font-size: 1.1rem; font-weight: 500; color: var(--soft); letter-spacing: 0; }
.card p { font-size: .9rem; margin: .15rem 0; }
.scroll { overflow-x: auto; }
td .soft { font-size: .92em; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; margin: .5rem 0; }
th { text-align: left; font-weight: 600; color: var(--soft); font-size: .82rem; vertical-align: bottom; }
th, td { padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
tbody th { color: inherit; font-size: inherit; font-weight: 500; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td.name, th.name { white-space: nowrap; } td.meaning { color: var(--soft); min-width: 14rem; }
tr.reference td, tr.reference th { color: var(--soft); }
td.rule { min-width: 20rem; }
details { border-top: 1px solid var(--line); font-size: .9rem; } summary { cursor: pointer; padding: .3rem 0; font-variant-numeric: tabular-nums; }
td.wrap { overflow-wrap: anywhere; min-width: 12rem; }
code { font: .85em ui-monospace, "Cascadia Mono", "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
svg { display: block; overflow: visible; }
.plot { margin: .5rem 0 1rem; }
.axis line { stroke: var(--line); } .axis text { fill: var(--soft); font-size: 12px; }
text { text-anchor: middle; } text.start { text-anchor: start; } text.end { text-anchor: end; }
.dot line { stroke: var(--mark); stroke-width: 2; opacity: .6; } .dot circle { fill: var(--mark); stroke: var(--paper); stroke-width: 1; }
line.median { stroke: var(--ink); stroke-width: 1.5; stroke-dasharray: 4 3; }
.bound { fill: var(--fail); font-size: 15px; } text.open { fill: var(--ink); font-size: 13px; text-anchor: end; } text.reference { fill: var(--soft); font-size: 15px; }
.timelines { display: grid; grid-template-columns: auto minmax(0, 1fr) auto; gap: .3rem .75rem; align-items: start; margin: .75rem 0; font-size: .875rem; line-height: 1.2; font-variant-numeric: tabular-nums; }
.timelines .label { color: var(--soft); text-align: right; } .timelines .value { text-align: right; white-space: nowrap; }
.timelines .empty { color: var(--soft); overflow-wrap: anywhere; border-left: 2px solid var(--line); padding-left: .5rem; }
.whisker { stroke: var(--ink); stroke-width: 3; }
.legend { display: flex; flex-wrap: wrap; gap: .2rem .9rem; } .key { display: inline-flex; align-items: center; gap: .35rem; }
.key i { width: 1rem; height: .8rem; border-radius: 2px; } .key i.band { height: .35rem; }
rect.detection { fill: #e69f00; } rect.fencing { fill: #0072b2; } rect.placement { fill: #cc79a7; } rect.start { fill: #56b4e9; } rect.service { fill: #009e73; } rect.untold { fill: var(--untold); }
i.detection { background: #e69f00; } i.fencing { background: #0072b2; } i.placement { background: #cc79a7; } i.start { background: #56b4e9; } i.service { background: #009e73; } i.untold { background: var(--untold); }
rect.answering { fill: #009e73; } rect.silent { fill: var(--untold); } rect.unreachable { fill: #cc79a7; } rect.frozen { fill: #0072b2; } rect.refused { fill: #d55e00; } rect.http-error { fill: #f0e442; } rect.handshake { fill: #56b4e9; } rect.black { fill: var(--black); } rect.unobserved { fill: var(--line); }
i.answering { background: #009e73; } i.silent { background: var(--untold); } i.unreachable { background: #cc79a7; } i.frozen { background: #0072b2; } i.refused { background: #d55e00; } i.http-error { background: #f0e442; } i.handshake { background: #56b4e9; } i.black { background: var(--black); } i.unobserved { background: var(--line); }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .3rem 1.25rem; font-size: .9rem; } dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
@media (max-width: 40rem) { main { padding: 1rem .9rem 3rem; } dl { grid-template-columns: minmax(0, 1fr); gap: 0; } dd { margin-bottom: .5rem; } .timelines { gap: .3rem .45rem; font-size: .8rem; } .axis text { font-size: 10px; } }
@media print { body { font-size: 10.5pt; } main { max-width: none; padding: 0; } .card, .caveats li, rect, i, circle { print-color-adjust: exact; -webkit-print-color-adjust: exact; } h2, h3 { break-after: avoid; } .card, tr, .plot, .timelines > * { break-inside: avoid; } table { font-size: 8.5pt; } th, td { padding-right: .4rem; } td.name, th.name, td.number { white-space: normal; } td.wrap, td.meaning { min-width: 0; } }
`;
