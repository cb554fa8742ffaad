// Names in reports call nobody.

/**
 * The text with a space of no width behind each `@` that begins a name: services then see none. The `@` of an e-mail address stays as
 * it is.
 */
export function silentMentions(text: string): string {
  return text.replace(/(?<![\p{L}\p{N}])@(?=[\p{L}\p{N}_])/gu, '@\u200b')
}
