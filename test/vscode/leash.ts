/*
 * Loaded into VS Code's server before its own code: when the process that started the server is gone, however it
 * ended, the server and everything that it started end as well.
 */
if (process.connected) {
  process.channel?.unref();
  process.once('disconnect', () => {
    try {
      process.kill(-process.pid, 'SIGKILL');
    } catch {
      process.exit(1);
    }
  });
}
