"""Running things: child processes, supervised tasks, fair queues, jobs. Nothing here knows what media is."""
