import type { Browser } from "playwright-core";
import type { Recording, Screen } from "./recording.ts";
import { recordRun } from "./recording.ts";
import type { Scene } from "./scene.ts";

const SCREEN: Screen = { columns: 104, rows: 64 };
/** With it the result begins. */
const TITLE = "Failover of a desktop, Proxmox VE HA against Kubernetes";
const XTERM = "node_modules/@xterm/xterm";
const THEME = {
  background: "#14171b",
  foreground: "#e7eaee",
  cursor: "#14171b",
  red: "#ff8a4c",
  green: "#2fc795",
  yellow: "#f0c14b",
  cyan: "#56b4e9",
};
const LOOK = {
  drawBoldTextInBrightColors: false,
  fontFamily: "DejaVu Sans Mono",
  fontSize: 14,
  theme: THEME,
};

/** What a terminal shows that was written to so far, as xterm.js draws it, without the empty rows below. */
async function drawn(browser: Browser, text: string): Promise<Buffer> {
  const page = await browser.newPage({ viewport: { width: 1100, height: 900 } });
  try {
    await page.setContent('<body style="margin: 0"><div id="terminal"></div></body>');
    await page.addStyleTag({ path: `${XTERM}/css/xterm.css` });
    await page.addScriptTag({ path: `${XTERM}/lib/xterm.js` });
    const options = { cols: SCREEN.columns, rows: SCREEN.rows, ...LOOK };
    await page.evaluate(`new Promise((written) => {
      const terminal = new Terminal(${JSON.stringify(options)});
      terminal.open(document.getElementById("terminal"));
      terminal.write(${JSON.stringify(text)}, () => {
        terminal.resize(terminal.cols, terminal.buffer.active.cursorY + 1);
        requestAnimationFrame(() => requestAnimationFrame(written));
      });
    })`);
    return await page.locator(".xterm-screen").screenshot();
  } finally {
    await page.close();
  }
}

/** From the line of the title on. */
const resultIn = (whole: string): string =>
  whole.slice(whole.lastIndexOf("\n", whole.lastIndexOf(TITLE)) + 1);

/** One run for both. */
let recording: Promise<Recording> | null = null;
const recorded = async (): Promise<Recording> => await (recording ??= recordRun(SCREEN));

/** A run on its terminal: in the middle of an outage, and at its end. */
export const terminalScenes: readonly Scene[] = [
  {
    name: "terminal-live",
    take: async (browser) => await drawn(browser, (await recorded()).inOutage),
  },
  {
    name: "terminal-result",
    take: async (browser) => await drawn(browser, resultIn((await recorded()).whole)),
  },
];
