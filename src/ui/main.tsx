import { render } from "preact";
import { Page } from "./page.tsx";

const root = document.querySelector("#root");
if (root !== null) {
  // What says that the page is loading.
  root.replaceChildren();
  render(<Page />, root);
}
