// Plain JavaScript that every Node reads: without it an old one dies of a syntax error in a dependency.
const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  process.stderr.write(
    `mch needs Node 24 or newer and this is ${process.versions.node}: run \`npm ci\` and start it with npm, which brings Node 24 along\n`,
  );
  process.exit(3);
}
