const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** Kubernetes' own objects nest some twenty deep, schemas of its extensions some fifty. */
const DEEPEST = 200;
/** Of all pods of a cluster of ten thousand, about three million; together they take some 300 MB. */
const MOST_VALUES = 4_000_000;

/**
 * Whether a JSON text is neither nested so deeply that whoever walks through its value runs out of stack, nor made of so
 * many small values that they take many times its length. Told before it is parsed; whether it is JSON is not looked at.
 */
export function isModest(json: string): boolean {
  let depth = 0;
  let values = 0;
  for (let at = 0; at < json.length; at++) {
    switch (json.charCodeAt(at)) {
      case QUOTE:
        at = endOfString(json, at);
        break;
      case OPEN_ARRAY:
      case OPEN_OBJECT:
        depth += 1;
        values += 1;
        break;
      case CLOSE_ARRAY:
      case CLOSE_OBJECT:
        depth -= 1;
        break;
      case COMMA:
        values += 1;
        break;
    }
    if (depth > DEEPEST || values > MOST_VALUES) return false;
  }
  return true;
}

/** The place of the quote that ends the string which begins at `start`. */
function endOfString(json: string, start: number): number {
  let at = start + 1;
  while (at < json.length && json.charCodeAt(at) !== QUOTE) {
    at += json.charCodeAt(at) === BACKSLASH ? 2 : 1;
  }
  return at;
}
