// Cuts texts to what a service takes.

/**
 * The text, if the service takes all of it. Otherwise its beginning and the mark, which together are within the limit.
 *
 * @param how.size how much a part of the text counts; its length in UTF-16 if left out
 * @param how.piece what must stay whole, such as `&amp;`; a character if left out. Every place of a text belongs to one piece
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

/** Tells a reader of a long text that it goes on elsewhere. */
export const cutMark = '… (cut)'

/** How many bytes a text takes within JSON, without the quotation marks. */
export function jsonSize(text: string): number {
  return Buffer.byteLength(JSON.stringify(text)) - 2
}

function lengthOf({ length }: string): number {
  return length
}
