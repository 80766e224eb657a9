"""The command line, one file a command. Each reads the same office as the console; each can answer in JSON."""
