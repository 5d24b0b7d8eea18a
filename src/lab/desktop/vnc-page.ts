/** The page that a visitor's browser gets: noVNC's own RFB, full window, and a question for the password if there is one. */
export const vncPage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>noVNC</title>
<link rel="icon" href="data:,">
<style>
  html, body { height: 100%; margin: 0; background: #101c2a; color: #f4f1e8; font: 15px system-ui, sans-serif; }
  body { display: flex; flex-direction: column; }
  #status { padding: 6px 12px; }
  #screen { flex: 1; overflow: hidden; }
</style>
</head>
<body>
<div id="status" role="status">Connecting...</div>
<div id="screen"></div>
<script type="module">
import RFB from "./core/rfb.js";
const status = document.getElementById("status");
const query = new URLSearchParams(location.search);
const url = new URL(query.get("path") ?? "websockify", location.href);
url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
url.search = "";
const rfb = new RFB(document.getElementById("screen"), url.href, { wsProtocols: ["binary"] });
rfb.scaleViewport = true;
let name = "";
rfb.addEventListener("desktopname", (event) => { name = event.detail.name; document.title = name + " - noVNC"; });
rfb.addEventListener("connect", () => { status.textContent = "Connected to " + name; });
let refused = "";
rfb.addEventListener("securityfailure", (event) => { refused = event.detail.reason ?? "Security failure"; });
rfb.addEventListener("disconnect", (event) => {
  const lost = event.detail.clean ? "Disconnected" : "Something went wrong, connection is closed";
  status.textContent = refused || lost;
});
rfb.addEventListener("credentialsrequired", () => {
  rfb.sendCredentials({ password: window.prompt("Password of this desktop:") ?? "" });
});
</script>
</body>
</html>
`;
