import { awsDoors, layers, packagesOfLayers } from './layers.js'

const source = '^packages/dynakit/src/'
const tests = '\\.(test|test-d)\\.ts$'
const escape = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** One rule per layer: nothing above it may be imported. */
const upward = layers.slice(1).map(({ name }, at) => ({
  name: `upward-from-${name}`,
  comment: `${name} imports only layers below it; see layers.js`,
  severity: 'error',
  from: { path: `${source}${name}/`, pathNot: tests },
  to: {
    path: `${source}(${layers
      .slice(0, at + 1)
      .map((layer) => layer.name)
      .join('|')})/`,
  },
}))

const apart = layers
  .filter((layer) => layer.siblingsApart)
  .map(({ name }) => ({
    name: `siblings-of-${name}`,
    comment: `the folders of ${name} do not import each other`,
    severity: 'error',
    from: { path: `${source}${name}/([^/]+)/` },
    to: { path: `${source}${name}/[^/]+/`, pathNot: `${source}${name}/$1/` },
  }))

const localSource = '^packages/local/src/'

/** The embedded engine stands alone: no cycles, no dynakit, no AWS, nothing but Node. */
const local = [
  {
    name: 'local-no-cycles',
    severity: 'error',
    from: { path: localSource },
    to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
  },
  {
    name: 'local-stands-alone',
    comment: 'dynakit-local can be used without dynakit and without the AWS SDK',
    severity: 'error',
    from: { path: localSource, pathNot: tests },
    to: {
      path: ['^packages/dynakit/', '@(aws-sdk|smithy)/'],
    },
  },
  {
    name: 'local-no-runtime-dependencies',
    severity: 'error',
    from: { path: localSource, pathNot: tests },
    to: { dependencyTypes: ['npm', 'npm-dev', 'npm-unknown', 'npm-no-pkg'], pathNot: ['dynakit$'] },
  },
]

/** What counts as a package that consumers would have to install. */
const packages = { dependencyTypes: ['npm', 'npm-dev', 'npm-unknown', 'npm-no-pkg'] }
const optionalPeers = ['@aws-sdk/client-dynamodb']
const withPackages = Object.keys(packagesOfLayers).map((name) => `${source}${name}/`)

const ownPackages = Object.entries(packagesOfLayers).map(([name, allowed]) => ({
  name: `packages-of-${name}`,
  comment: `${name} imports ${allowed.join(', ')}; see layers.js`,
  severity: 'error',
  from: { path: `${source}${name}/`, pathNot: tests },
  to: { ...packages, pathNot: [...optionalPeers, ...allowed.map((one) => `node_modules/${escape(one)}/`)] },
}))

export default {
  forbidden: [
    ...local,
    {
      name: 'no-cycles',
      severity: 'error',
      from: { path: source },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    ...upward,
    ...apart,
    {
      name: 'index-is-the-top',
      comment: 'the public face is imported by nothing inside',
      severity: 'error',
      from: { path: source, pathNot: tests },
      to: { path: `${source}index\\.ts$` },
    },
    {
      name: 'one-door-to-aws',
      comment: 'the AWS SDK is imported in one file per layer that needs it',
      severity: 'error',
      from: { path: source, pathNot: [tests, ...awsDoors.map((file) => `${source}${escape(file)}$`)] },
      to: { path: '@(aws-sdk|smithy)/' },
    },
    {
      name: 'no-runtime-dependencies',
      comment: 'the core imports Node built-ins and optional peers only',
      severity: 'error',
      from: { path: source, pathNot: [tests, ...withPackages] },
      to: { ...packages, pathNot: optionalPeers },
    },
    ...ownPackages,
    {
      name: 'leads-somewhere',
      severity: 'error',
      from: { path: source, pathNot: tests },
      to: { couldNotResolve: true, pathNot: '@aws-sdk/' },
    },
    {
      name: 'known-layers-only',
      comment: 'a new folder is a new layer: add it to layers.js',
      severity: 'error',
      from: { path: source },
      to: { path: `${source}[^/]+/`, pathNot: `${source}(${layers.map((layer) => layer.name).join('|')})/` },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'types'] },
  },
}
