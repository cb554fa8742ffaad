// Tells what has changed from what was only read again: parts of the page that show the same need not be drawn anew.

/** The old one if both say the same. */
export function sameOr<Value>(old: Value | undefined, read: Value): Value {
  return old !== undefined && JSON.stringify(old) === JSON.stringify(read) ? old : read
}
