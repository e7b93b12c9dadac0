import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const inPackage = (file: string): string =>
  fileURLToPath(new URL(`packages/dynakit/${file}`, import.meta.url))

/** The AWS SDK's advice on Node versions is for its users, not for the log of the tests. */
const env = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' }

/** Tests run on the sources; only the consumer tests use the built package. */
const alias = [
  { find: /^dynakit$/, replacement: inPackage('src/index.ts') },
  { find: /^dynakit\/testing$/, replacement: inPackage('src/testing/index.ts') },
  { find: /^dynakit-local$/, replacement: inPackage('../local/src/index.ts') },
]

export default defineConfig({
  test: {
    // vitest leaves one core free, which on two cores would be half of the machine.
    maxWorkers: 2,
    projects: [
      {
        resolve: { alias },
        test: {
          name: 'unit',
          root: 'packages/dynakit',
          include: ['src/**/*.test.ts'],
          env,
        },
      },
      {
        resolve: { alias },
        test: {
          name: 'engine',
          root: 'packages/dynakit',
          include: ['test/engine/**/*.test.ts'],
          globalSetup: [inPackage('test/start-engine.ts')],
          env,
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        resolve: { alias },
        test: {
          name: 'transport',
          root: 'packages/dynakit',
          include: ['test/transport/**/*.test.ts'],
          globalSetup: [inPackage('test/start-engine.ts')],
          env,
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        resolve: { alias },
        test: {
          name: 'package',
          root: 'packages/dynakit',
          include: ['test/package/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 60_000,
        },
      },
      {
        // The engine loads dynakit when one of its adapters asks; it is the one the tests use.
        resolve: { alias },
        test: {
          name: 'local',
          root: 'packages/local',
          include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
          env,
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        resolve: { alias },
        test: {
          name: 'types',
          root: 'packages/dynakit',
          include: [],
          typecheck: {
            enabled: true,
            only: true,
            checker: 'tsc',
            include: ['src/**/*.test-d.ts'],
            tsconfig: '../../tsconfig.json',
          },
        },
      },
    ],
    coverage: {
      provider: 'v8',
      include: ['packages/*/src/**/*.ts'],
      exclude: ['**/*.test.ts', '**/*.test-d.ts', '**/index.ts'],
      reporter: ['json-summary', 'html'],
      thresholds: { lines: 95 },
    },
  },
})
