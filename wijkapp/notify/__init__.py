"""From the outbox to people: live socket, web push, mail. Nobody imports this room."""
