// `npm run openapi`: the API as the harness knows it, as an OpenAPI 3.0 document.
import { openApiDocument } from '../../contracts/index.ts';

process.stdout.write(`${JSON.stringify(openApiDocument(), null, 2)}\n`);
