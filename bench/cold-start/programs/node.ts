import { reportStart } from '../cost.ts'

reportStart()
