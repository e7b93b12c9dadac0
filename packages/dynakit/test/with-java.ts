import { spawnSync } from 'node:child_process'
import { describe } from 'vitest'

const hasJava = spawnSync('java', ['-version']).status === 0

if (!hasJava) {
  process.stderr.write(
    'Java was not found: tests that compare with DynamoDB Local are skipped. Install it with: apt-get install -y openjdk-17-jre-headless\n',
  )
}

/** Describes tests that need AWS's DynamoDB Local. Without Java they are skipped, loudly; in CI they fail. */
export const describeWithJava: typeof describe | typeof describe.skip =
  hasJava || process.env.CI === 'true' ? describe : describe.skip
