// Plain JavaScript that every Node reads: without it an old one dies of a syntax error in a dependency.
const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  process.stderr.write(
    `mch needs Node 24 or newer and this is ${process.versions.node}: start it with npm after \`npm ci\`, which brings Node 24 along on Linux and 64-bit Windows, or install Node 24\n`,
  );
  process.exit(3);
}
