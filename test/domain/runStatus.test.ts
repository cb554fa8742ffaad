import { describe, expect, it } from 'vitest'
import { type Evidence, runStatus } from '../../src/domain/runStatus.ts'

const clean: Evidence = {
  exception: false,
  errors: 0,
  filesWithError: 0,
  warnings: 0,
  partial: false,
  interrupted: false,
}

describe('runStatus', () => {
  it.each([
    ['Success', {}, 'SUCCESS'],
    ['success', {}, 'SUCCESS'],
    ['Warning', {}, 'WARNING'],
    ['Error', {}, 'ERROR'],
    ['Fatal', {}, 'FATAL'],
    ['Failed', {}, 'ERROR'],
    ['Unknown', {}, 'UNKNOWN'],
    ['InProgress', {}, 'UNKNOWN'],
    [null, {}, 'UNKNOWN'],
    ['Success', { warnings: 1 }, 'WARNING'],
    ['Success', { partial: true }, 'WARNING'],
    ['Success', { interrupted: true }, 'WARNING'],
    ['Success', { errors: 1, warnings: 9 }, 'ERROR'],
    ['Success', { filesWithError: 1n }, 'ERROR'],
    ['Success', { exception: true }, 'ERROR'],
    ['Fatal', { exception: true, errors: 1, warnings: 1 }, 'FATAL'],
    ['Error', { warnings: 1 }, 'ERROR'],
    [null, { warnings: 1 }, 'WARNING'],
    [null, { errors: 1 }, 'ERROR'],
  ] as const)('takes %s with %o for %s', (stated, evidence, status) => {
    expect(runStatus(stated, { ...clean, ...evidence })).toBe(status)
  })
})
