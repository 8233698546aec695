"""Messages between colleagues of several organisations, always about something, never about who a client is."""
