// Builds app/web/static/build/ from our own assets and the locked npm packages: `npm run build`.
import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

import * as sass from 'sass'

const assets = dirname(fileURLToPath(import.meta.url))
const project = join(assets, '..', '..', '..')
const packages = join(project, 'node_modules')
const styles = join(assets, 'main.scss')
const build = join(assets, '..', 'static', 'build')
const draft = `${build}.new`

if (!existsSync(styles)) {
  console.error('There are no styles to build: app/web/assets/main.scss is missing.')
  process.exit(1)
}

// Built beside and renamed, so that a reader never meets half a build.
rmSync(draft, { recursive: true, force: true })
mkdirSync(draft, { recursive: true })

const { css } = sass.compile(styles, {
  importers: [new sass.NodePackageImporter(join(project, 'package.json'))],
  loadPaths: [project, packages],
  quietDeps: true,
  style: 'compressed',
  url: pathToFileURL(styles)
})
writeFileSync(join(draft, 'main.css'), css)

cpSync(
  join(packages, 'govuk-frontend', 'dist', 'govuk', 'govuk-frontend.min.js'),
  join(draft, 'govuk-frontend.min.js')
)
for (const name of readdirSync(assets).filter((name) => /\.(js|svg|png|ico)$/.test(name))) {
  cpSync(join(assets, name), join(draft, name))
}

rmSync(build, { recursive: true, force: true })
renameSync(draft, build)
