// Whose report this is. Duplicati's ids change when a container is recreated, and names are shared: a report finds its
// server and its job by their ids, and only where nothing is known by that id do these rules look at the name. Nothing is
// ever merged by name alone.

/** A server or job of the reported name. */
export interface Namesake {
  id: number
  /** Whether an id of Duplicati leads to it already. */
  identified: boolean
}

/**
 * The namesake that a report belongs to, or undefined if something new begins with it.
 *
 * With an id that is not known yet: the single namesake without an id takes it. That one was taken over from an old
 * database, or only ever reported by a release of Duplicati that sends no ids. Every other unknown id is something new.
 *
 * Without an id: the only namesake is meant. Among several, the reports without an id have one of their own.
 *
 * @param hasId whether the report carries an id
 * @param namesakes everything of the reported name, by ascending id
 */
export function namesakeOf(hasId: boolean, namesakes: Namesake[]): number | undefined {
  const unidentified = namesakes.filter((namesake) => !namesake.identified)
  if (hasId) return unidentified.length === 1 ? unidentified[0]?.id : undefined
  return (namesakes.length === 1 ? namesakes : unidentified)[0]?.id
}

/** A job as Duplicati names it. */
export interface IdentifiedJob {
  backupId: string | null
  name: string
}

/**
 * The job of another server that is the same as this one, when the two servers prove to be one; undefined if none is. It is
 * the one of the same id and name, or else the one of its name, if both servers have only one like that: Duplicati numbers
 * its jobs anew when it is set up anew, so that a number alone says nothing.
 *
 * @param siblings the jobs of this one's server, itself among them
 */
export function twinOf<Job extends IdentifiedJob>(
  job: IdentifiedJob,
  siblings: IdentifiedJob[],
  others: Job[],
): Job | undefined {
  const only = (isLike: (other: IdentifiedJob) => boolean) => {
    const alike = others.filter(isLike)
    return alike.length === 1 && siblings.filter(isLike).length === 1 ? alike[0] : undefined
  }
  return (
    only(({ backupId, name }) => backupId === job.backupId && name === job.name) ??
    only(({ name }) => name === job.name)
  )
}
