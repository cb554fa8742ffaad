# The build: everything that is needed to bundle, and then what is needed to run. Both stages are of the architecture that the
# image is for; nothing here names one.
FROM node:24.22.3-trixie-slim AS build
WORKDIR /app
# better-sqlite3 comes with a prebuilt binary for most platforms; where there is none it is compiled.
RUN apt-get update && apt-get install -y --no-install-recommends python3 make g++ && rm -rf /var/lib/apt/lists/*
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
RUN npm run build
# What cannot be bundled: the driver, of which only its JavaScript and its binary run, with what finds the binary. `npm prune` would
# leave the packages that are in the bundle, too.
RUN mkdir unbundled && cp --recursive --parents node_modules/better-sqlite3/package.json node_modules/better-sqlite3/LICENSE \
  node_modules/better-sqlite3/lib node_modules/better-sqlite3/build/Release/better_sqlite3.node node_modules/bindings \
  node_modules/file-uri-to-path unbundled
# Which packages are in the image. `npm sbom --omit dev` would also leave out those that a tool needs as well, such as graphql: so the
# tools are taken out of a copy of the lockfile first.
RUN mkdir duplistatus && cp package.json package-lock.json duplistatus && cd duplistatus && npm pkg delete devDependencies && \
  npm prune --package-lock-only --offline && \
  npm sbom --package-lock-only --sbom-format cyclonedx --sbom-type application > ../sbom.json
# Whoever runs the server may read it, however strict the machine is where the sources were checked out.
RUN chmod -R a+rX dist prisma unbundled package.json sbom.json && chmod a+x dist/cli.js

# The image: the bundle, its migrations, and the one package that cannot be bundled.
FROM node:24.22.3-trixie-slim
# What SQLite or a command writes for a moment goes where there is room: nothing but the data need be writable.
ENV NODE_ENV=production HOST=0.0.0.0 DATABASE_URL=file:/app/data/backups.db TMPDIR=/app/data
# As the images of older releases had it: their files do not say by which clock they count.
ENV TZ=Europe/London
# However large the machine is, garbage is collected before there is much of it, and what threads leave is used again.
ENV NODE_OPTIONS="--max-old-space-size=1024 --max-semi-space-size=8" MALLOC_ARENA_MAX=2
WORKDIR /app
COPY --from=build /app/unbundled ./
COPY --from=build /app/dist ./dist
COPY --from=build /app/prisma ./prisma
COPY --from=build /app/package.json /app/sbom.json ./
# A new volume takes the rights of this folder over: any user may then write to it.
RUN mkdir -m 0777 data && ln -s /app/dist/cli.js /usr/local/bin/duplistatus
USER node
VOLUME /app/data
EXPOSE 9666
# The first check that succeeds ends the start period, which is as long as the upgrade of a large file may take.
HEALTHCHECK --interval=30s --timeout=5s --start-period=10m \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 9666}/api/health`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Not through npm: node itself is process 1, and hears SIGTERM.
CMD ["node", "dist/main.js"]
