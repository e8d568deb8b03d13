// `npm run consumers`: installs the SDKs of Python and Go, as they are pinned, and says what is there.
import { setUpConsumers } from './set-up-consumers.ts';

process.stdout.write(`${(await setUpConsumers()).join('\n')}\n`);
