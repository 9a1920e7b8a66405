# Builds the gateway, then keeps only what it needs to run: Node, the compiled control plane, the
# addon and the packages it loads. With a telephony card the container needs the card's device
# nodes and the group that owns them, and with real-time scheduling one capability:
#
#   docker run --network host --device /dev/dahdi --group-add "$(getent group dahdi | cut -d: -f3)" \
#     --cap-add SYS_NICE -v ./trunkgate.yaml:/etc/trunkgate.yaml:ro \
#     trunkgate run --config /etc/trunkgate.yaml
FROM node:20-bookworm AS build
WORKDIR /trunkgate
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY . .
RUN node src/setup.mjs --verbose && npm prune --omit=dev --ignore-scripts

FROM node:20-bookworm-slim
LABEL org.opencontainers.image.title="trunkgate" org.opencontainers.image.licenses="MIT"
WORKDIR /trunkgate
COPY --from=build /trunkgate/package.json ./
COPY --from=build /trunkgate/node_modules node_modules
COPY --from=build /trunkgate/dist dist
COPY --from=build /trunkgate/build/Release/trunkgate.node build/Release/
COPY --from=build /trunkgate/src/exchange/sounds src/exchange/sounds
USER node
ENTRYPOINT ["node", "dist/cli/main.js"]
CMD ["run"]
