/** WebGPU's flags by their numbers in the specification: TypeScript's library has no names for them. */
export const bufferUsage = {
  mapRead: 0x1,
  copySource: 0x4,
  copyTarget: 0x8,
  uniform: 0x40,
  storage: 0x80,
} as const;

export const MAP_READ = 0x1;

export const COMPUTE_STAGE = 0x4;
