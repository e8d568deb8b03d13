// `npm run openapi`: the API as the harness knows it, as an OpenAPI 3.0 document.
import { openApiDocument } from '../core/index.ts';

process.stdout.write(`${JSON.stringify(openApiDocument(), null, 2)}\n`);
