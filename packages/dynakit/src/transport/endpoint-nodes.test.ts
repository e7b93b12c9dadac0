import { expect, test } from 'vitest'
import { type EndpointNode, EndpointNodes } from './endpoint-nodes.ts'

function cluster(...hosts: string[]) {
  let now = 0
  const nodes = new EndpointNodes(
    hosts.map((host) => ({ host }) as EndpointNode),
    () => now,
  )
  const hostsOf = (count: number): string[] => Array.from({ length: count }, () => nodes.next().host)
  const node = (host: string): EndpointNode => nodes.all.find((one) => one.host === host)!
  return { nodes, hostsOf, node, advance: (by: number) => (now += by) }
}

test('goes round', () => {
  expect(cluster('a', 'b', 'c').hostsOf(7)).toEqual(['a', 'b', 'c', 'a', 'b', 'c', 'a'])
})

test('a single node is always used', () => {
  const { nodes, hostsOf, node } = cluster('a')
  nodes.failed(node('a'))
  expect(hostsOf(2)).toEqual(['a', 'a'])
})

test('passes over a node that failed, lets one request try it after its pause, and takes it back', () => {
  const { nodes, hostsOf, node, advance } = cluster('a', 'b', 'c')
  nodes.failed(node('b'))
  expect(hostsOf(4)).toEqual(['a', 'c', 'a', 'c'])
  advance(1000)
  // One request tries it; until that one has ended, the others do not.
  expect(hostsOf(6).filter((host) => host === 'b')).toHaveLength(1)
  nodes.answered(node('b'))
  expect(new Set(hostsOf(3))).toEqual(new Set(['a', 'b', 'c']))
})

test('the pause doubles up to half a minute', () => {
  const { nodes, hostsOf, node, advance } = cluster('a', 'b')
  const pauses = Array.from({ length: 8 }, () => {
    nodes.failed(node('b'))
    let pause = 0
    while (!hostsOf(2).includes('b')) pause += (advance(500), 500)
    return pause
  })
  expect(pauses).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000])
})

test('when all rest, the one that has rested longest is tried', () => {
  const { nodes, hostsOf, node, advance } = cluster('a', 'b')
  nodes.failed(node('b'))
  advance(10)
  nodes.failed(node('a'))
  expect(hostsOf(1)).toEqual(['b'])
})
