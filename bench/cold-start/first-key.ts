import { userId } from '../wire/items.ts'

/** The key every cold-start program reads. */
export const firstKey = { tenant: 'hundred', id: userId(1) }
