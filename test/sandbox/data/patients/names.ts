/** Names in several scripts, so that text of every kind passes through. */
export const families: readonly [string, ...string[]] = [
  'Okafor',
  'Lindqvist',
  'Müller',
  'Nguyễn',
  'García Márquez',
  "O'Brien",
  'Ivanova',
  'Иванов',
  '山田',
  'Al-Khatib',
  'Schmidt',
  'Kowalski',
  'Smith',
  'Rossi',
  'Papadopoulos',
  'Hansen',
];

export const givens: readonly [string, ...string[]] = [
  'Amara',
  'Björn',
  'Chloé',
  'Dmitri',
  'Elif',
  'Fatima',
  'Giulia',
  'Hiroshi',
  'Ingrid',
  'José',
  'Katarzyna',
  'Liam',
  'Мария',
  '太郎',
  'Noor',
  'Zoë',
];

export const cities: readonly [string, ...string[]] = [
  'Berlin',
  'Göteborg',
  'Kraków',
  'Lagos',
  'Ōsaka',
  'Québec',
  'Seattle',
];
