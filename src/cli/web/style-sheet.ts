/** Of the live page and of the list of runs. Colours are the report's: those of Okabe and Ito, on light and on dark paper. */
export const styleSheet = `
:root { color-scheme: light dark; --paper: #fff; --card: #f5f6f8; --ink: #1b1f24; --soft: #59636e; --line: #d8dde3; --accent: #0072b2; --good: #00704f; --bad: #b34700; --unsure: #8a6100; --untold: #9aa4af; --black: #000; --band: #0072b230; }
@media (prefers-color-scheme: dark) { :root { --paper: #14171b; --card: #1e2329; --ink: #e7eaee; --soft: #a0a9b4; --line: #353c45; --accent: #56b4e9; --good: #2fc795; --bad: #ff8a4c; --unsure: #f0c14b; --untold: #5f6a76; --black: #777; --band: #56b4e94d; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
header, main { max-width: 84rem; margin: 0 auto; padding: 0 1.25rem; }
header { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: .25rem 1rem; align-items: start; padding-top: 1rem; }
h1 { font-size: 1.35rem; line-height: 1.25; margin: 0; letter-spacing: -.01em; }
h2 { font-size: 1.05rem; margin: 0 0 .5rem; }
h3 { font-size: .82rem; font-weight: 600; color: var(--soft); margin: 1rem 0 .25rem; }
p { margin: .25rem 0; }
.soft, .legend, .caption { color: var(--soft); font-size: .875rem; }
.title p { overflow-wrap: anywhere; margin: 0; }
.progress { grid-column: 1 / -1; display: flex; flex-wrap: wrap; gap: .1rem 1.25rem; align-items: baseline; }
.progress p { font-variant-numeric: tabular-nums; margin: 0; font-size: .925rem; overflow-wrap: anywhere; }
progress { width: 100%; height: .5rem; appearance: none; border: 0; border-radius: 99px; overflow: hidden; background: var(--line); accent-color: var(--accent); }
progress::-webkit-progress-bar { background: var(--line); } progress::-webkit-progress-value { background: var(--accent); } progress::-moz-progress-bar { background: var(--accent); }
.now { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 1rem; margin: 1rem 0; }
section { background: var(--card); border-radius: 10px; padding: 1rem 1.15rem; min-width: 0; }
.screen { position: relative; aspect-ratio: 4 / 3; background: #0b0e11; border-radius: 6px; overflow: hidden; }
.screen > canvas { width: 100%; height: 100%; object-fit: contain; display: block; filter: grayscale(1) brightness(.7); }
.caption { display: flex; gap: .5rem; align-items: center; margin-top: .5rem; }
.lamp { flex: none; width: .7rem; height: .7rem; border-radius: 50%; border: 2px solid var(--soft); }
[data-shows=live] .lamp { background: var(--good); border-color: var(--good); }
[data-shows=frozen] .lamp { background: var(--bad); border-color: var(--bad); border-radius: 2px; }
.doing { font-size: .95rem; overflow-wrap: anywhere; }
.gone { font-size: 1.05rem; font-variant-numeric: tabular-nums; } .gone b { font-size: 1.6rem; letter-spacing: -.01em; margin-right: .4rem; overflow-wrap: anywhere; }
.layers { list-style: none; display: flex; flex-wrap: wrap; gap: .4rem; padding: 0; margin: .75rem 0; }
.layers li { border: 1px solid var(--line); border-radius: 6px; padding: .15rem .55rem; font-size: .875rem; font-variant-numeric: tabular-nums; }
.layers small { color: var(--soft); } .layers .good { border-color: var(--good); } .layers .bad { border-color: var(--bad); border-style: dashed; }
.layers .good > span:first-child { color: var(--good); } .layers .bad > span:first-child { color: var(--bad); }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th { text-align: left; font-weight: 600; color: var(--soft); font-size: .82rem; vertical-align: bottom; }
th, td { padding: .25rem .75rem .25rem 0; border-bottom: 1px solid var(--line); }
tbody th { color: inherit; font-size: inherit; font-weight: 500; white-space: nowrap; vertical-align: middle; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.phases td:last-child, .phases th:last-child { width: 6.5rem; }
.heard { list-style: none; margin: 0; padding: 0; font-size: .875rem; } .heard .number { display: inline-block; min-width: 4rem; margin-right: .5rem; color: var(--soft); }
.runs th[scope=row] { white-space: normal; overflow-wrap: anywhere; min-width: 12rem; } .pass { color: var(--good); } .fail { color: var(--bad); } .inconclusive { color: var(--unsure); }
tr.running th { font-weight: 700; } tr.waiting th, tr.waiting td { color: var(--soft); } td.late { color: var(--bad); font-weight: 600; }
.trials { margin-bottom: 2rem; } header + main > p { margin: 0 0 .75rem; } .scroll { overflow-x: auto; }
.trials .wide { width: 60%; min-width: 14rem; } .where { font-size: .85rem; color: var(--soft); min-width: 9rem; overflow-wrap: anywhere; }
.legend { display: flex; flex-wrap: wrap; gap: .2rem .9rem; } .legend span { display: inline-flex; align-items: center; gap: .35rem; }
.key { display: inline-block; width: .9rem; height: .75rem; border-radius: 2px; } .key.band { height: .3rem; }
.axis { display: flex; justify-content: space-between; font-weight: 400; font-variant-numeric: tabular-nums; }
svg.bar { display: block; } rect.predicted, i.predicted { fill: var(--band); background: var(--band); } line.end { stroke: var(--ink); stroke-width: 3; }
rect.detection { fill: #e69f00; } rect.fencing { fill: #0072b2; } rect.placement { fill: #cc79a7; } rect.start { fill: #56b4e9; } rect.service { fill: #009e73; } rect.untold { fill: var(--untold); }
i.detection { background: #e69f00; } i.fencing { background: #0072b2; } i.placement { background: #cc79a7; } i.start { background: #56b4e9; } i.service { background: #009e73; } i.untold { background: var(--untold); }
i.answering { background: #009e73; } i.silent { background: var(--untold); } i.unreachable { background: #cc79a7; } i.refused { background: #d55e00; } i.http-error { background: #f0e442; } i.handshake { background: #56b4e9; } i.black { background: var(--black); } i.unobserved { background: var(--line); }
rect.answering { fill: #009e73; } rect.silent { fill: var(--untold); } rect.unreachable { fill: #cc79a7; } rect.refused { fill: #d55e00; } rect.http-error { fill: #f0e442; } rect.handshake { fill: #56b4e9; } rect.black { fill: var(--black); } rect.unobserved { fill: var(--line); }
button, input, select { font: inherit; color: inherit; border-radius: 6px; border: 1px solid var(--soft); background: var(--paper); padding: .35rem .8rem; }
button { cursor: pointer; } button:disabled { cursor: default; color: var(--soft); border-color: var(--line); }
button.danger:not(:disabled) { border-color: var(--bad); color: var(--bad); font-weight: 600; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
a { color: var(--accent); }
dialog { max-width: 32rem; border: 1px solid var(--line); border-radius: 10px; background: var(--paper); color: var(--ink); padding: 1.25rem; } dialog::backdrop { background: #0009; }
dialog input { width: 100%; } dialog code { user-select: all; overflow-wrap: anywhere; } .buttons { display: flex; justify-content: flex-end; gap: .6rem; margin-top: .75rem; } .problem { color: var(--bad); min-height: 1.4em; }
code { font: .9em ui-monospace, "Cascadia Mono", "DejaVu Sans Mono", monospace; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.loading { padding: 2rem; }
@media (max-width: 52rem) { .now { grid-template-columns: minmax(0, 1fr); } header, main { padding-left: .75rem; padding-right: .75rem; } section { padding: .8rem .85rem; } .gone b { font-size: 1.35rem; } header { grid-template-columns: minmax(0, 1fr); } th, td { padding-right: .5rem; } .axis span:nth-child(even) { display: none; } }
@media (max-width: 52rem) { .stacked, .stacked thead, .stacked tbody { display: block; } .stacked tr { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: .1rem .75rem; align-items: center; padding: .4rem 0; border-bottom: 1px solid var(--line); } .stacked th, .stacked td { border: 0; padding: 0; min-width: 0; overflow-wrap: anywhere; white-space: normal; } .stacked .whole { grid-column: 1 / -1; width: auto; } .stacked .last { order: 1; } .stacked .told { position: absolute; clip-path: inset(50%); } .stacked [data-is]::before { content: attr(data-is) " "; color: var(--soft); } .runs thead { display: none; } .runs .number { text-align: left; } }
`;
