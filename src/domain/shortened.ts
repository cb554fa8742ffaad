// Cuts text that is longer than anybody reads. Without a bound, one report could fill the memory of whoever asks for it later.

/** The longest entry of a log that is kept or shown, in bytes of UTF-8. */
export const maxLineBytes = 8 * 1024
/** The longest exception. */
export const maxExceptionBytes = 64 * 1024
/** The longest label, path or reason. */
export const maxLabelBytes = 1024

/** As much as there is room for in `… (1234567890 more bytes)`. */
const noteBytes = 32

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/**
 * The text if it takes at most `maxBytes` in UTF-8. Otherwise its beginning, cut between two characters, and how much is missing:
 * `… (17 more bytes)`. Both together take at most `maxBytes`.
 *
 * @param bytes how many the whole takes; given if `text` is only its beginning
 */
export function shortened(text: string, maxBytes: number, bytes = Buffer.byteLength(text)): string {
  if (bytes <= maxBytes) return text
  // Decoded into a string of its own: a slice would keep the whole text in memory.
  const kept = new Uint8Array(maxBytes - noteBytes)
  const { written } = encoder.encodeInto(text, kept)
  return `${decoder.decode(kept.subarray(0, written))}… (${bytes - written} more bytes)`
}
