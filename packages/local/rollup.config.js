import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { dts } from 'rollup-plugin-dts'
import esbuild from 'rollup-plugin-esbuild'

const input = { index: 'src/index.ts', cli: 'src/cli.ts' }

/** Everything that is not ours stays an import. */
const external = (id) => !id.startsWith('.') && !id.startsWith('/')

rmSync('dist', { recursive: true, force: true })

/** One file holds the engine: two hundred take four times as long to load, in every test process. */
const code = (format, extension) => ({
  input,
  external,
  plugins: [esbuild({ target: 'node20', sourceMap: true })],
  output: {
    dir: 'dist',
    format,
    entryFileNames: `[name].${extension}`,
    chunkFileNames: `[name].${extension}`,
    sourcemap: true,
    exports: 'named',
  },
})

/** The declarations for CJS are those for ESM, importing each other under their own extension. */
const declareForCommonJs = {
  name: 'declare-for-commonjs',
  writeBundle() {
    for (const name of readdirSync('dist', { recursive: true })) {
      if (!name.endsWith('.d.ts')) continue
      const text = readFileSync(path.join('dist', name), 'utf8')
      const renamed = text.replace(/(from ')(\.{1,2}\/[^']+)\.js'/g, "$1$2.cjs'")
      writeFileSync(path.join('dist', name.replace(/\.d\.ts$/, '.d.cts')), renamed)
    }
  },
}

const types = {
  input,
  external,
  plugins: [dts(), declareForCommonJs],
  output: {
    dir: 'dist',
    format: 'es',
    preserveModules: true,
    preserveModulesRoot: 'src',
    entryFileNames: '[name].d.ts',
  },
}

export default [code('es', 'js'), code('cjs', 'cjs'), types]
