import { readFileSync } from 'node:fs'
import {
  buildSchema,
  type GraphQLObjectType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isScalarType,
  lexicographicSortSchema,
  printSchema,
} from 'graphql'
import { expect, it } from 'vitest'
import { schema } from '../../src/graphql/schema.ts'

const printed = (any: GraphQLSchema) => printSchema(lexicographicSortSchema(any))

it('is the one that is committed as schema.graphql', () => {
  const committed = readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8')
  expect(printed(buildSchema(committed))).toBe(printed(schema))
})

it('describes every type, field, argument and enum value', () => {
  const silent: string[] = []
  const hear = (name: string, described: { description?: string | null | undefined }) => {
    if (!described.description) silent.push(name)
  }
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__') || ['ID', 'Int', 'Float', 'String', 'Boolean'].includes(type.name)) continue
    hear(type.name, type)
    if (isEnumType(type)) for (const value of type.getValues()) hear(`${type.name}.${value.name}`, value)
    if (isInputObjectType(type))
      for (const field of Object.values(type.getFields())) hear(`${type.name}.${field.name}`, field)
    if (isObjectType(type) || isInterfaceType(type)) {
      for (const field of Object.values(type.getFields())) {
        hear(`${type.name}.${field.name}`, field)
        for (const argument of field.args) hear(`${type.name}.${field.name}(${argument.name})`, argument)
      }
    }
  }
  expect(silent).toEqual([])
})

it('says where every scalar is specified', () => {
  const scalars = Object.values(schema.getTypeMap()).filter(isScalarType)
  const unspecified = scalars.filter(({ specifiedByURL }) => !specifiedByURL).map(({ name }) => name)
  expect(unspecified.sort()).toEqual(['Boolean', 'Float', 'ID', 'Int', 'String'])
})

it('has every name of the contract', () => {
  const fields = (type: string) => Object.keys((schema.getType(type) as GraphQLObjectType).getFields())
  expect(fields('Server')).toEqual(
    expect.arrayContaining(
      'id databaseId name alias notes displayName url machineIds lastSeen createdAt updatedAt state jobs latestBackup backups'.split(
        ' ',
      ),
    ),
  )
  expect(fields('BackupJob')).toEqual(
    expect.arrayContaining('id name server state lastStatus dueAt overdueAt totals latestBackup backups'.split(' ')),
  )
  expect(fields('Backup')).toEqual(
    expect.arrayContaining(
      'id status beganAt endedAt durationSeconds sourceSize uploadedSize storedSize examinedFiles warnings errors versions job server logLines'.split(
        ' ',
      ),
    ),
  )
  expect(fields('Summary').sort()).toEqual(
    'failedJobs id jobsByState lastBackupAt overdueJobs serversByState totalBackupJobs totalBackupSize totalBackups totalServers totalStorageUsed totalUploadedSize warningJobs'.split(
      ' ',
    ),
  )
})
