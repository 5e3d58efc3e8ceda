const maxLength = 500;

/** What is removed from a server's words: things that can name a patient or open a door. */
const patterns: readonly (readonly [RegExp, string])[] = [
  [/\b(Bearer\s+)[\w~+/.=-]+/gi, '$1***'],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, '***'],
  [/([?&](?:sig|se|sp|sv|skoid|sktid|token|access_token|code)=)[^&\s"'<>]+/gi, '$1***'],
  [/\b(resource id:\s*)[^\s,;]+/gi, '$1***'],
  [/\b(resource ids?:?\s+)'[^']*'/gi, "$1'***'"],
  [/\b(with id\s+)'[^']*'/gi, "$1'***'"],
  [/\b([A-Z][A-Za-z]{2,40})\/[A-Za-z0-9.-]{1,64}(?=[\s/'",.;)\]]|$)/g, '$1/***'],
];

/** Path segments that look like `Type/id` but are words of the protocol. */
const protocolWords =
  /^(?:Microsoft|Azure|StructureDefinition|SearchParameter|OperationDefinition|ValueSet|CodeSystem)\b/;

/**
 * Takes resource ids, tokens and signatures out of a text that a server sent, flattens it to one line and cuts it to
 * 500 characters, so that it may be shown, logged and journalled.
 */
export function redact(text: string): string {
  // Control and bidirectional characters could forge log lines or hide words.
  let out = text.replace(/[\p{Cc}\u200e\u200f\u2028-\u202e\u2066-\u2069]+/gu, ' ');
  for (const [pattern, replacement] of patterns) {
    out = out.replace(pattern, (match: string, ...groups: unknown[]) =>
      protocolWords.test(match) ? match : replacement.replace(/\$1/g, String(groups[0])),
    );
  }
  return out.length > maxLength ? `${out.slice(0, maxLength - 1)}…` : out;
}
