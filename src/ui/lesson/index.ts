/** What lessons import from `@lesson`. All of it, styles included, comes with each lesson: what few need stands apart. */
export { default as Address } from '../address/Address.astro';
export { default as Calc } from '../calc/Calc.astro';
export { default as PluginComparison } from '../comparison/PluginComparison.astro';
export { default as PacketPath } from '../packet-path/PacketPath.astro';
export { default as Predict } from '../predict/Predict.astro';
export { default as Quiz } from '../quiz/Quiz.astro';
export { default as Transcript } from '../transcript/Transcript.astro';
export { default as Erratum } from './Erratum.astro';
export { default as Fact } from './Fact.astro';
