// Plain JavaScript, because an old Node fails with a syntax error before it can print this message.
const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  process.stderr.write(
    `mch needs Node 24 or newer, and this is ${process.versions.node}. Start it with npm after \`npm ci\`, which installs Node 24 on Linux and 64-bit Windows, or install Node 24.\n`,
  );
  process.exit(3);
}
