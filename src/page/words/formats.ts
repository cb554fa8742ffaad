// What puts times and numbers into words. To make one takes longer than to use it a hundred times, and a page with a thousand jobs
// says thousands of times anew every 20 seconds.

export const dateFormat = kept(
  (language, options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(language, options),
)

export const numberFormat = kept(
  (language, options: Intl.NumberFormatOptions) => new Intl.NumberFormat(language, options),
)

export const relativeFormat = kept(
  (language, options: Intl.RelativeTimeFormatOptions) => new Intl.RelativeTimeFormat(language, options),
)

/** Makes one for each language and options, of which there are a few. */
function kept<Options, Format>(
  make: (language: string | undefined, options: Options) => Format,
): (language: string | undefined, options: Options) => Format {
  const made = new Map<string, Format>()
  return (language, options) => {
    const key = JSON.stringify([language, options])
    let format = made.get(key)
    if (!format) {
      format = make(language, options)
      made.set(key, format)
    }
    return format
  }
}
