/*
 * Preloaded into the Azurite process: it ends as soon as the channel to the process that started it closes, so that no
 * Azurite outlives a sandbox, however that one ended.
 */
process.once('disconnect', () => process.exit(0));
