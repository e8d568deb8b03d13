// `npm run openapi`: prints the API as an OpenAPI 3.0 document.
import { openApiDocument } from '../core/index.ts';

process.stdout.write(`${JSON.stringify(openApiDocument(), null, 2)}\n`);
