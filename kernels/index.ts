/** The kernels of one build. Memory is the caller's to divide: nothing here allocates. */
export { attend } from './attention';
export {
  activationBytes,
  linearByDotProduct,
  linearInPairs,
  linearOneByOne,
  packWeights,
  quantizeGelu,
  quantizeRows,
} from './linear';
export { dot, embed, layerNorm, loadStates, maxSimilarity, meanRow, storeStates } from './rows';
