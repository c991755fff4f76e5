import { labsOf, proveLabs } from './proofs.ts';

await proveLabs(labsOf(import.meta.filename));
