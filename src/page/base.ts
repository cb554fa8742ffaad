// Where the page is: behind a proxy, it may be served under another path than `/`.

/** The path of the page, with a slash at its end. Its files are one folder below. */
export const base: string = new URL('..', import.meta.url).pathname

/** The path of a part of the page, such as `jobs/7`; that of its first screen without one. */
export function to(part = ''): string {
  return base + part
}

/** An address of the API, such as `graphql`. */
export function apiUrl(part: string): string {
  return new URL(base + part, location.href).href
}
