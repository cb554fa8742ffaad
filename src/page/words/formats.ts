// The formats of the browser's language. Making one takes as long as using it a hundred times, and a page shows thousands of times and
// sizes: each is made once.

const made = new Map<string, unknown>()

export function dateFormat(language: string | undefined, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return once(`date ${language} ${JSON.stringify(options)}`, () => new Intl.DateTimeFormat(language, options))
}

export function numberFormat(language: string | undefined, options: Intl.NumberFormatOptions = {}): Intl.NumberFormat {
  return once(`number ${language} ${JSON.stringify(options)}`, () => new Intl.NumberFormat(language, options))
}

export function relativeFormat(
  language: string | undefined,
  options: Intl.RelativeTimeFormatOptions,
): Intl.RelativeTimeFormat {
  return once(`relative ${language} ${JSON.stringify(options)}`, () => new Intl.RelativeTimeFormat(language, options))
}

function once<Format>(name: string, make: () => Format): Format {
  if (!made.has(name)) made.set(name, make())
  return made.get(name) as Format
}
