"""Messages between colleagues of several organisations: about something, never about who a client is."""
