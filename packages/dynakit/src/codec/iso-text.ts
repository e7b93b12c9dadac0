const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** `2026-01-31T` by day since 1970. */
const dayTexts = new Map<number, string>()
const maximumDays = 1000
const twoDigits = Array.from({ length: 60 }, (_, value) => String(value).padStart(2, '0'))

let lastTime = Number.NaN
let lastText = ''

/**
 * Writes a date as `toISOString` does, which is slow.
 *
 * @param date - A valid date.
 * @returns Its text.
 * @throws RangeError when the date is invalid.
 * @internal
 */
export function toIsoText(date: Date): string {
  const time = date.getTime()
  // A new item has one time in two places.
  if (time === lastTime) return lastText
  const dayNumber = Math.floor(time / day)
  const ofDay = time - dayNumber * day
  const start = dayTexts.get(dayNumber) ?? addDay(dayNumber, date)
  const hours = twoDigits[Math.floor(ofDay / hour)] as string
  const minutes = twoDigits[Math.floor(ofDay / minute) % 60] as string
  const seconds = twoDigits[Math.floor(ofDay / second) % 60] as string
  const milliseconds = ofDay % second
  const zeros = milliseconds < 10 ? '00' : milliseconds < 100 ? '0' : ''
  lastText = `${start}${hours}:${minutes}:${seconds}.${zeros}${String(milliseconds)}Z`
  lastTime = time
  return lastText
}

function addDay(dayNumber: number, date: Date): string {
  const text = date.toISOString().slice(0, -'00:00:00.000Z'.length)
  if (dayTexts.size >= maximumDays) dayTexts.clear()
  dayTexts.set(dayNumber, text)
  return text
}
