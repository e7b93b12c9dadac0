import { readFileSync } from 'node:fs'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { userAgent } from './user-agent.ts'
import { version } from './version.ts'

test('the version is that of the package', () => {
  const file = new URL('../../package.json', import.meta.url)
  expect(version).toBe((JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version)
})

test('names dynakit, the platform and Node', () => {
  const node = process.versions.node
  const written = userAgent({}, {})
  expect(written).toMatch(/^dynakit\/[\d.]+ ua\/2\.1 os\/\w+#\S+ lang\/js md\/nodejs#[\d.]+$/)
  expect(written).toContain(`dynakit/${version} `)
  expect(written).toContain(` md/nodejs#${node}`)
})

test('describes the platform as the SDK does', async () => {
  const client = new DynamoDBClient({ region: 'eu-west-1' })
  const parts = await client.config.defaultUserAgentProvider()
  const platform = parts
    .map(([name, partVersion]) => (partVersion ? `${name}#${partVersion}` : name))
    .filter((part) => /^(os|lang|md)\//.test(part))
  expect(userAgent({}, {}).split(' ').slice(2)).toEqual(platform)
})

test('adds the execution environment, the application and parts', () => {
  const written = userAgent(
    { appId: 'shop/v 2', parts: [['acme/1.2'], ['lib', '3.0'], ['']] },
    { AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' },
  )
  expect(written).toMatch(/ exec-env\/AWS_Lambda_nodejs20\.x app\/shop-v-2 acme\/1\.2 lib#3\.0$/)
})

test('leaves out what is empty', () => {
  expect(userAgent({ appId: '' }, { AWS_EXECUTION_ENV: '' })).toBe(userAgent({}, {}))
})

test('has only characters a header may have', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (appId, text) => {
      const written = userAgent({ appId, parts: [[text, text]] }, { AWS_EXECUTION_ENV: text })
      expect(written).toMatch(/^[!#$%&'*+\-./^_`|~\w ]+$/)
      expect(written).not.toMatch(/ {2}| $/)
    }),
  )
})
