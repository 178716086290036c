# syntax=docker/dockerfile:1
FROM node:22.21-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
RUN npm run build

FROM node:22.21-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts

FROM node:22.21-bookworm-slim
LABEL org.opencontainers.image.title="moneytrail" org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production MONEYTRAIL_STATE_DIR=/var/lib/moneytrail
WORKDIR /app
# The code belongs to root, so that the process cannot change it; only its state directory is its own.
RUN mkdir --mode=0700 /var/lib/moneytrail && chown node:node /var/lib/moneytrail
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json LICENSE ./
COPY rules ./rules
COPY fixtures/simulation ./fixtures/simulation
USER node
VOLUME /var/lib/moneytrail
EXPOSE 9464
STOPSIGNAL SIGTERM
ENTRYPOINT ["node", "/app/dist/cli/main.js"]
CMD ["run"]
