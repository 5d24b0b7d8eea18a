import type { RefObject, VNode } from "preact";
import { useRef, useState } from "preact/hooks";

/** Stops the run, once its name has been typed. */
export function AbortRun({
  run,
  stopping,
  over,
}: {
  readonly run: string | null;
  readonly stopping: string | null;
  readonly over: boolean;
}): VNode | null {
  const dialog = useRef<HTMLDialogElement>(null);
  if (over) return null;
  return (
    <div class="abort">
      <button
        type="button"
        class="danger"
        disabled={run === null || stopping !== null}
        onClick={() => dialog.current?.showModal()}
      >
        {stopping === null ? "Abort the run" : "Stopping"}
      </button>
      <dialog ref={dialog} aria-labelledby="abort-title">
        <h2 id="abort-title">Abort this run?</h2>
        <p>
          The trial under way stops, the victim is healed and the desktop removed, and the run ends.
          To make sure, type its name:
        </p>
        <p>
          <code>{run}</code>
        </p>
        <Confirm run={run} dialog={dialog} />
      </dialog>
    </div>
  );
}

function Confirm({
  run,
  dialog,
}: {
  readonly run: string | null;
  readonly dialog: RefObject<HTMLDialogElement | null>;
}): VNode {
  const [typed, setTyped] = useState("");
  const [problem, setProblem] = useState("");
  const close = (): void => {
    setTyped("");
    setProblem("");
    dialog.current?.close();
  };
  const submit = async (): Promise<void> => {
    const why = await abort(typed.trim());
    if (why === null) close();
    else setProblem(why);
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <label for="abort-name">Name of the run</label>
      <input
        id="abort-name"
        autocomplete="off"
        spellcheck={false}
        value={typed}
        onInput={(event) => {
          setTyped(event.currentTarget.value);
        }}
      />
      <p class="problem" role="alert">
        {problem}
      </p>
      <div class="buttons">
        <button type="button" onClick={close}>
          Go on
        </button>
        <button type="submit" class="danger" disabled={run === null || typed.trim() !== run}>
          Abort and heal
        </button>
      </div>
    </form>
  );
}

/** With too many pages open a browser sends nothing any more. */
const PATIENCE_MS = 5000;

/** What went wrong; null: nothing, and the run stops. */
async function abort(name: string): Promise<string | null> {
  const token = document.querySelector<HTMLMetaElement>("meta[name=blackout-token]")?.content ?? "";
  try {
    const response = await fetch("/api/abort", {
      method: "POST",
      headers: { "content-type": "application/json", "x-blackout-token": token },
      body: JSON.stringify({ confirm: name }),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    return response.ok ? null : await response.text();
  } catch {
    return "The run cannot be reached: stop it with Ctrl-C where it was started";
  }
}
