import { expect, test } from 'vitest'
import { PageSizer } from './page-sizer.ts'

test('without a filter, asks for exactly as many as are wanted', () => {
  const sizer = new PageSizer(undefined, false)
  expect(sizer.next(7)).toBe(7)
  sizer.observe(7, 7)
  expect(sizer.next(3)).toBe(4)
  expect(sizer.next(undefined)).toBeUndefined()
})

test('with a filter, starts small and follows the share of matches', () => {
  const sizer = new PageSizer(undefined, true)
  expect(sizer.next(5)).toBe(20)
  sizer.observe(20, 2)
  expect(sizer.next(3)).toBe(38)
})

test('grows fast while nothing matches, up to whole pages', () => {
  const sizer = new PageSizer(undefined, true)
  const sizes: (number | undefined)[] = []
  for (let round = 0; round < 6; round++) {
    const size = sizer.next(1)
    sizes.push(size)
    sizer.observe(size ?? 5000, 0)
  }
  expect(sizes).toEqual([20, 80, 320, 1280, undefined, undefined])
})

test('a size fixed by the caller is kept', () => {
  expect(new PageSizer(10, true).next(3)).toBe(10)
  expect(new PageSizer(10, false).next(3)).toBe(3)
  expect(new PageSizer(10, false).next(undefined)).toBe(10)
})
