import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'

/** Files this process has. */
const held = new Set<string>()

/**
 * Takes a file for this process: two that write to one log would destroy it.
 *
 * @param file - The file, by its absolute path.
 * @returns Gives it up again.
 * @throws Error when a process that is running has it.
 * @internal
 */
export function lockFile(file: string): () => void {
  const lock = `${file}.lock`
  while (!tryLock(lock)) {
    const holder = readHolder(lock)
    if (holder !== undefined && isHolding(holder, file)) {
      throw new Error(
        `The file ${file} is in use by process ${processOf(holder)}. End that engine, or take another file.`,
      )
    }
    removeStale(lock, holder)
  }
  held.add(file)
  return () => {
    held.delete(file)
    rmSync(lock, { force: true })
  }
}

function tryLock(lock: string): boolean {
  try {
    writeFileSync(lock, nameOfProcess(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** A process id is used again sooner or later; together with when its process was started it is not. */
function nameOfProcess(pid: number): string {
  return `${String(pid)} ${startOf(pid)}`
}

/** When a process was started, where the system tells. */
function startOf(pid: number): string {
  try {
    // The name of the program, in parentheses, may hold anything.
    const status = readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
    return status.slice(status.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  } catch {
    return ''
  }
}

function readHolder(lock: string): string | undefined {
  try {
    return readFileSync(lock, 'utf8')
  } catch {
    return undefined
  }
}

function processOf(holder: string): string {
  return holder.split(' ')[0] ?? ''
}

function isHolding(holder: string, file: string): boolean {
  const pid = Number(processOf(holder))
  if (!Number.isInteger(pid) || pid <= 0) return false
  if (holder !== nameOfProcess(pid)) return false
  return pid === process.pid ? held.has(file) : isRunning(pid)
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Removes a lock whose process has ended. Another process may be about to do the same, and take the file then. */
function removeStale(lock: string, holder: string | undefined): void {
  const aside = `${lock}.${String(process.pid)}`
  try {
    renameSync(lock, aside)
    if (readHolder(aside) !== holder) linkSync(aside, lock)
  } catch {
    // Somebody else was quicker.
  }
  rmSync(aside, { force: true })
}
