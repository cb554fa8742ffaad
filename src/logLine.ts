// Makes what is written to a terminal or a log safe to look at and to keep: whatever clients send may come to stand in it.

/** Control characters with those of ANSI sequences, and the marks that turn the direction of a text around. */
const unseen =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /\u001b\[[\d;:?]*[ -/]*[@-~]|\u001b[@-_]?|[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g
/** Of a token of ours its prefix, which is no secret, and nothing of what stands where a token may. */
const tokens: [RegExp, string][] = [
  [/\b(dst_[\w-]{6})[\w-]+/g, '$1…'],
  [/([?&]token=)[^&\s"'#]+/gi, '$1…'],
  [/(\/api\/(?:upload|progress)\/)[^/?\s"'#]+/gi, '$1…'],
  [/\b(Bearer\s+)(?!dst_)[^\s"',]+/gi, '$1…'],
]

/**
 * @param line JSON, as pino writes it
 * @returns the same without control characters, direction marks and tokens; a stack keeps its line breaks
 */
export function cleanLogLine(line: string): string {
  return `${JSON.stringify(JSON.parse(line), (key, value) => (typeof value === 'string' ? clean(key, value) : value))}\n`
}

/** The same on one line, without control characters and direction marks. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\r\n\t]+/g, ' ').replaceAll(unseen, '')
}

function clean(key: string, text: string): string {
  const lines = key === 'stack' ? text.split('\n') : [text]
  const seen = lines.map(oneLine).join('\n')
  return tokens.reduce((masked, [pattern, mask]) => masked.replaceAll(pattern, mask), seen)
}
