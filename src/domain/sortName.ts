// The form of a name that lists are sorted by.

/** Names that differ in case or accents alone have the same: `Ärzte` stands with `arzt`, and not after `z`. */
export function sortNameOf(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toUpperCase()
    .toLowerCase()
}
