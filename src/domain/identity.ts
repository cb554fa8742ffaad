// Whose report this is. Duplicati's ids change when a container is recreated, and names are shared; a report finds its
// server and its job by these rules, and nothing is ever merged by name alone.

/** What to do with a report: it belongs to `known`; or `known` takes the new id; or something new begins. */
export type Identity = { kind: 'known'; known: number } | { kind: 'adopt'; known: number } | { kind: 'new' }

export interface Candidate {
  id: number
  /** Whether any Duplicati id leads to it already. */
  identified: boolean
}

/**
 * Resolves the id a report carries, where nothing is known by that id yet.
 *
 * A single namesake that has no id yet adopts it: it was taken over from an old database, or only ever reported by a
 * release of Duplicati that sends no ids. Every other unknown id is something new.
 *
 * @param namesakes everything of the reported name, by ascending id
 */
export function resolveUnknownId(namesakes: Candidate[]): Identity {
  const [only, ...others] = namesakes.filter((namesake) => !namesake.identified)
  return only && others.length === 0 ? { kind: 'adopt', known: only.id } : { kind: 'new' }
}

/**
 * Resolves a report that carries only a name.
 *
 * A single namesake is meant. Among several, the reports without an id have one of their own: the first that no id leads
 * to, which is made if there is none.
 *
 * @param namesakes everything of the reported name, by ascending id
 */
export function resolveName(namesakes: Candidate[]): Identity {
  const meant = namesakes.length === 1 ? namesakes[0] : namesakes.find((namesake) => !namesake.identified)
  return meant ? { kind: 'known', known: meant.id } : { kind: 'new' }
}
