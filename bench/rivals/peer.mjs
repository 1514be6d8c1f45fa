// One peer of one system, in a process of its own. The parent calls its methods by messages; when the parent goes away, so does the peer.

const [system, folder, options] = process.argv.slice(2);
let peer;
let ending;

const end = () => ending ??= (async () => {
  await peer?.close();
  process.exit(0);
})();

process.on('message', async ({ id, method, parameters }) => {
  try {
    process.send({ id, result: await peer[method](...parameters) });
  } catch (error) {
    process.send({ id, error: error.stack });
  }
});
process.on('disconnect', end);
process.on('SIGINT', () => {});                      // Ctrl-C reaches the whole group; the parent decides

const { open } = await import(`./rivals/${system}.mjs`);
peer = await open(folder, JSON.parse(options));
if (process.connected) process.send({ id: 0, result: { pid: peer.pid ?? process.pid } });
else await end();
