// Cuts texts to what a service takes.

/**
 * The whole text if it fits; otherwise its beginning and the mark, which together are within the limit.
 *
 * @param how.size how much a part of the text counts; by default its length in UTF-16
 * @param how.piece what must stay whole, such as `&amp;`; by default a character. The pieces must cover the whole text
 */
export function fitting(
  text: string,
  limit: number,
  {
    size = lengthOf,
    piece = /./gsu,
    mark = '…',
  }: { size?: (part: string) => number; piece?: RegExp; mark?: string } = {},
): string {
  if (size(text) <= limit) return text
  let room = limit - size(mark)
  let end = 0
  for (const [part] of text.matchAll(piece)) {
    room -= size(part)
    if (room < 0) break
    end += part.length
  }
  return text.slice(0, end) + mark
}

/** Tells readers that a text was cut. */
export const cutMark = '… (cut)'

/** How many bytes a text takes within JSON, without the quotation marks. */
export function jsonSize(text: string): number {
  return Buffer.byteLength(JSON.stringify(text)) - 2
}

function lengthOf({ length }: string): number {
  return length
}
