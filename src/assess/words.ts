const units = ['bytes', 'KB', 'MB', 'GB', 'TB', 'PB'] as const;

/** A size in decimal units, as storage is sold: `1.4 TB`. */
export function bytesText(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${value.toLocaleString('en', { maximumFractionDigits: power === 0 ? 0 : 1 })} ${units[power] ?? ''}`;
}
