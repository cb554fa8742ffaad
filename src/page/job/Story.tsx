// What became of a job: its changes of state, the messages about it, and who gets them.

import { to } from '../base.ts'
import { useAnswer } from '../client/useAnswer.ts'
import {
  type JobRowFragment,
  JobStoryDocument,
  type NotificationLineFragment,
  type TransitionLineFragment,
} from '../generated/graphql.ts'
import { OnlyLatest } from '../parts/OnlyLatest.tsx'
import { Problem } from '../parts/Problem.tsx'
import { State } from '../parts/State.tsx'
import { When } from '../parts/When.tsx'
import { toldOf } from './told.ts'

export function Story({ job }: { job: JobRowFragment }) {
  const { data, error } = useAnswer(
    JobStoryDocument,
    { id: job.id },
    (change) => change.job?.id === job.id || change.kind === 'SETTINGS',
  )
  if (!data?.backupJob) return <Problem error={error} />
  const told = toldOf(job, data.channels.nodes)
  const { transitions, notifications } = data.backupJob
  return (
    <>
      <section aria-labelledby="told">
        <h2 id="told">Who is told</h2>
        {told.length === 0 && <p>Nobody is told of this job.</p>}
        <ul>
          {told.map(({ channel, events, by }) => (
            <li key={channel.id}>
              <b>{channel.name}</b>
              {channel.enabled ? '' : ' (switched off)'}: {events.map((event) => event.toLowerCase()).join(', ')}, by
              the rule for {by}
            </li>
          ))}
        </ul>
      </section>
      <section aria-labelledby="messages">
        <h2 id="messages">Messages</h2>
        <Messages messages={notifications.nodes} />
        <OnlyLatest shown={notifications.nodes.length} />
      </section>
      <section aria-labelledby="states">
        <h2 id="states">Changes of state</h2>
        <Transitions transitions={transitions.nodes} />
        <OnlyLatest shown={transitions.nodes.length} />
      </section>
    </>
  )
}

function Messages({ messages }: { messages: NotificationLineFragment[] }) {
  if (messages.length === 0) return <p>No message was sent.</p>
  return (
    <ul>
      {messages.map(({ id, title, status, createdAt, channel, answer }) => (
        <li key={id}>
          <When time={createdAt} /> to {channel.name}: {title}
          {status !== 'SENT' && <span class="tag">{statusWords[status]}</span>}
          {status === 'DEAD' && answer && <span class="quiet"> {answer}</span>}
        </li>
      ))}
    </ul>
  )
}

const statusWords: Record<NotificationLineFragment['status'], string> = {
  PENDING: 'waiting',
  SENDING: 'being sent',
  SENT: 'sent',
  DEAD: 'not delivered',
}

const reasonWords: Record<TransitionLineFragment['reason'], string> = {
  REPORT: 'by a report',
  TIME: 'by time',
  PAUSE: 'by a pause',
  SCHEDULE: 'by its schedule',
  RUNS: 'because runs were removed or moved',
}

function Transitions({ transitions }: { transitions: TransitionLineFragment[] }) {
  if (transitions.length === 0) return <p>It has always been as it is.</p>
  return (
    <ul class="transitions">
      {transitions.map(({ id, from, to: into, at, reason, backup }) => (
        <li key={id}>
          <When time={at} /> <State state={from} /> → <State state={into} /> {reasonWords[reason]}
          {backup && (
            <>
              {' '}
              (<a href={to(`runs/${backup.databaseId}`)}>run {backup.databaseId}</a>)
            </>
          )}
        </li>
      ))}
    </ul>
  )
}
