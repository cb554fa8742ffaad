// What may be the same machine or the same job twice, and cannot be told apart without a person.

import { to } from '../base.ts'
import { useAnswer } from '../client/useAnswer.ts'
import { DuplicatesDocument } from '../generated/graphql.ts'
import { Problem } from '../parts/Problem.tsx'
import { When } from '../parts/When.tsx'

export function Duplicates() {
  const { data, error } = useAnswer(DuplicatesDocument, {})
  if (!data) return <Problem error={error} />
  const { duplicateServers, duplicateJobs, clonedMachineIds } = data
  const isEmpty = duplicateServers.length + duplicateJobs.length + clonedMachineIds.length === 0
  if (isEmpty) return <p>Nothing looks like a duplicate.</p>
  return (
    <>
      {duplicateServers.map(({ name, servers }) => (
        <section key={name} class="card" aria-label={name}>
          <h3>{name}</h3>
          <p>
            Servers of the same name. If they are one machine that was made anew, open the newer one and merge it into
            the older, which keeps its number, names and rules.
          </p>
          <ul>
            {servers.map((server) => (
              <li key={server.id}>
                <a href={to(`servers/${server.databaseId}`)}>
                  {server.displayName} ({server.id})
                </a>
                {server.lastSeen && (
                  <>
                    , last report <When time={server.lastSeen} relative />
                  </>
                )}
              </li>
            ))}
          </ul>
        </section>
      ))}
      {duplicateJobs.map(({ name, server, jobs }) => (
        <section key={`${server.id} ${name}`} class="card" aria-label={`${name} on ${server.displayName}`}>
          <h3>
            {name} on {server.displayName}
          </h3>
          <p>
            Jobs of the same name on one server. If they are one, open the newer one and merge it into the older, which
            keeps its number, names and rules.
          </p>
          <ul>
            {jobs.map((job) => (
              <li key={job.id}>
                <a href={to(`jobs/${job.databaseId}`)}>
                  {job.displayName} ({job.id})
                </a>
                {job.latestBackupAt && (
                  <>
                    , last run <When time={job.latestBackupAt} relative />
                  </>
                )}
              </li>
            ))}
          </ul>
        </section>
      ))}
      {clonedMachineIds.map(({ machineId, servers }) => (
        <section key={machineId} class="card" aria-label={machineId}>
          <h3>{machineId}</h3>
          <p>
            Several machines use this machine-id: one was probably copied from another. They are told apart by their
            names.
          </p>
          <ul>
            {servers.map((server) => (
              <li key={server.id}>
                <a href={to(`servers/${server.databaseId}`)}>{server.displayName}</a>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </>
  )
}
