// The ways to tell people, what each is told, and a way to try them.

import { useState } from 'preact/hooks'
import { useAction } from '../client/useAction.ts'
import { useAnswer } from '../client/useAnswer.ts'
import {
  type ChannelCardFragment,
  ChannelsDocument,
  DeleteChannelDocument,
  DeleteRuleDocument,
  TestChannelDocument,
  UpdateChannelDocument,
} from '../generated/graphql.ts'
import { Dialog } from '../parts/Dialog.tsx'
import { Form } from '../parts/Form.tsx'
import { Problem } from '../parts/Problem.tsx'
import { When } from '../parts/When.tsx'
import { ChannelForm } from './ChannelForm.tsx'
import { channelKinds } from './channelKinds.ts'
import { DigestForm } from './DigestForm.tsx'
import { RuleForm } from './RuleForm.tsx'

export function Channels() {
  const { data, error } = useAnswer(ChannelsDocument, {})
  const [isNew, setIsNew] = useState(false)
  if (!data) return <Problem error={error} />
  const { nodes } = data.channels
  return (
    <>
      {nodes.length === 0 && <p>Nobody is told of anything yet: make a channel, and then a rule for it.</p>}
      {nodes.map((channel) => (
        <Channel key={channel.id} channel={channel} />
      ))}
      <p>
        <button type="button" class="primary" onClick={() => setIsNew(true)}>
          New channel
        </button>
      </p>
      {isNew && (
        <Dialog title="New channel" close={() => setIsNew(false)}>
          <ChannelForm channel={null} close={() => setIsNew(false)} />
        </Dialog>
      )}
    </>
  )
}

function Channel({ channel }: { channel: ChannelCardFragment }) {
  const { id, kind, name, enabled, rules, digest, latest, updatedAt } = channel
  const [open, setOpen] = useState<'edit' | 'rule' | 'digest' | 'remove' | null>(null)
  const [tried, setTried] = useState<{ delivered: boolean; answer: string } | null>(null)
  const test = useAction(TestChannelDocument)
  const update = useAction(UpdateChannelDocument)
  const remove = useAction(DeleteChannelDocument)
  const removeRule = useAction(DeleteRuleDocument)
  const close = () => setOpen(null)
  const [last] = latest.nodes
  return (
    <section class="card" aria-label={name}>
      <h3>
        {name} <span class="tag">{channelKinds[kind].word}</span>
        {!enabled && <span class="tag">switched off</span>}
      </h3>
      {last && (
        <p class="quiet">
          Latest message <When time={last.createdAt} relative />: {last.status.toLowerCase()}
          {last.status === 'DEAD' && last.answer && `, ${last.answer}`}
        </p>
      )}
      {rules.length === 0 && !digest && <p>It has no rule and no digest yet, so that it is told nothing.</p>}
      {digest?.nextAt && (
        <p>
          The next digest goes out <When time={digest.nextAt} />.
        </p>
      )}
      <ul class="rules">
        {rules.map((rule) => (
          <li key={rule.id}>
            {rule.events.length === 0 ? 'nothing' : rule.events.map((event) => event.toLowerCase()).join(', ')} of{' '}
            {targetOf(rule)}
            {rule.repeat !== 'ONCE' && `, again ${rule.repeat.toLowerCase()}`}{' '}
            <button
              type="button"
              aria-label={`Delete the rule for ${targetOf(rule)}`}
              onClick={() => removeRule.run({ id: rule.id })}
            >
              Delete
            </button>
          </li>
        ))}
      </ul>
      <div class="actions">
        <button type="button" onClick={() => setOpen('rule')}>
          Add a rule
        </button>
        <button type="button" onClick={() => setOpen('digest')}>
          Digest
        </button>
        <button
          type="button"
          disabled={test.busy}
          onClick={async () => {
            setTried(null)
            setTried((await test.run({ channel: id }))?.testNotification ?? null)
          }}
        >
          Send a test
        </button>
        <button type="button" onClick={() => setOpen('edit')}>
          Edit
        </button>
        <button
          type="button"
          onClick={() => update.run({ id, input: { enabled: !enabled, ifUnmodifiedSince: updatedAt } })}
        >
          {enabled ? 'Switch off' : 'Switch on'}
        </button>
        <button type="button" class="danger" onClick={() => setOpen('remove')}>
          Delete
        </button>
      </div>
      {tried && (
        <p class={tried.delivered ? 'remarks' : 'problem'} role="status">
          {tried.delivered ? 'Delivered' : 'Not delivered'}: {tried.answer}
        </p>
      )}
      <Problem error={test.error ?? update.error ?? removeRule.error} />
      {open === 'edit' && (
        <Dialog title={`Change ${name}`} close={close}>
          <ChannelForm channel={channel} close={close} />
        </Dialog>
      )}
      {open === 'rule' && (
        <Dialog title={`What ${name} is told`} close={close}>
          <RuleForm channel={id} close={close} />
        </Dialog>
      )}
      {open === 'digest' && (
        <Dialog title={`The digest of ${name}`} close={close}>
          <DigestForm channel={channel} close={close} />
        </Dialog>
      )}
      {open === 'remove' && (
        <Dialog title={`Delete ${name}`} close={close}>
          <Form
            submit={async () => {
              if (await remove.run({ id })) close()
            }}
            button="Delete it and its rules"
            busy={remove.busy}
            error={remove.error}
            cancel={close}
            danger
          >
            <p>Messages that wait for it are given up.</p>
          </Form>
        </Dialog>
      )}
    </section>
  )
}

function targetOf({ job, server, tag }: ChannelCardFragment['rules'][number]): string {
  if (job) return `the job ${job.displayName}`
  if (server) return `the server ${server.displayName}`
  return tag === null || tag === undefined ? 'everything' : `what is tagged ${tag}`
}
