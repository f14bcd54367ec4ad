import { z } from 'zod';

// Before any schema is made: a page need not be allowed to make code out of text.
z.config({ jitless: true });
