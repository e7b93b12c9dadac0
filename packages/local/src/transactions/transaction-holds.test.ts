import { expect, test } from 'vitest'
import { TransactionHolds } from './transaction-holds.ts'

const item = (partition: string) => ({ table: 'Things', position: { hash: 1, partition, sort: '' } })

test('transactions conflict with all writes, other writes with transactions only', () => {
  const holds = new TransactionHolds()
  holds.mark('transaction', [item('a')])
  const answerTransaction = holds.hold()
  holds.mark('write', [item('b')])
  const answerWrite = holds.hold()
  expect(holds.isHeld(item('a'), 'write')).toBe(true)
  expect(holds.isHeld(item('a'), 'transaction')).toBe(true)
  expect(holds.isHeld(item('b'), 'write')).toBe(false)
  expect(holds.isHeld(item('b'), 'transaction')).toBe(true)
  expect(holds.isHeld({ ...item('a'), table: 'Others' }, 'transaction')).toBe(false)
  answerTransaction()
  answerWrite()
  expect(holds.isHeld(item('a'), 'transaction')).toBe(false)
  expect(holds.isHeld(item('b'), 'transaction')).toBe(false)
})

test('an item is held until all who hold it are answered, each of which counts once', () => {
  const holds = new TransactionHolds()
  const answers = [0, 1].map(() => {
    holds.mark('write', [item('a')])
    return holds.hold()
  })
  answers[0]?.()
  answers[0]?.()
  expect(holds.isHeld(item('a'), 'transaction')).toBe(true)
  answers[1]?.()
  expect(holds.isHeld(item('a'), 'transaction')).toBe(false)
})

test('an operation that wrote nothing holds nothing', () => {
  const holds = new TransactionHolds()
  holds.mark('transaction', [item('a')])
  holds.hold()()
  holds.hold()
  expect(holds.isHeld(item('a'), 'transaction')).toBe(false)
})
