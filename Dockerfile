# The build: everything that is needed to compile, and then what is needed to run.
FROM node:22-bookworm-slim AS build
WORKDIR /app
# better-sqlite3 comes with a prebuilt binary for most platforms; where there is none it is compiled.
RUN apt-get update && apt-get install -y --no-install-recommends python3 make g++ && rm -rf /var/lib/apt/lists/*
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
# The Prisma CLI and its tools are optional peers of its client, and not needed to run.
RUN npm run build && npm prune --omit=dev --omit=optional

# The image: production dependencies, the compiled server and its migrations.
FROM node:22-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 DATABASE_URL=file:/app/data/backups.db
WORKDIR /app
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY --from=build /app/prisma ./prisma
COPY --from=build /app/package.json ./
RUN mkdir data && chown node:node data
USER node
VOLUME /app/data
EXPOSE 9666
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://localhost:${process.env.PORT ?? 9666}/api/health`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/main.js"]
